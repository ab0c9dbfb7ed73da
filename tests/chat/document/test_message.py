"""Briefings in words: the lines beside the news."""

from __future__ import annotations

import pytest

from bot.chat.document.message import support_line
from bot.chat.document.notices import draft_line
from bot.model.story import Corroboration, StorySupport


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_draft_says_what_to_type_only_where_it_has_no_buttons(language):
    pressed, typed = (
        draft_line("dlv-1", channel="webhook:news", buttons=buttons, language=language)
        for buttons in (True, False)
    )
    assert "wirebrief" not in pressed
    assert "wirebrief approve dlv-1" in typed
    assert "wirebrief reject dlv-1" in typed
    assert typed.startswith(pressed)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ("ABCD", "4 independent sources: A, B, C, D"),
        ("ABCDE", "5 independent sources: A, B, C, D and 1 more"),
        ("ABCDEFGH", "8 independent sources: A, B, C, D and 4 more"),
    ],
)
def test_sources_that_are_counted_are_named_or_counted_as_more(names, says):
    assert support_line(Corroboration(support=StorySupport.CONFIRMED, originators=tuple(names))) == says

"""A text on several things is a roundup: by its title and greeting, or because it is the note of a broadcast."""

from __future__ import annotations

import pytest

from bot.feeds.judge.classify import judge_text
from bot.model.news import PageKind

NOTE = (
    "The ferry line was hacked, and two of its managers had sold their shares before. Storm Ilsa nears the coast; Tora Lie "
    "weighs in on what it costs. We have got {end}"
)


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        ("that and more on this episode of Harbour Talk!", PageKind.ROUNDUP),
        ("that, and much more, in tonight's programme.", PageKind.ROUNDUP),
        ("what they said on this episode of Harbour Talk.", PageKind.ARTICLE),
    ],
)
def test_the_note_of_a_broadcast_belongs_to_no_story(end, kind):
    assert judge_text(NOTE.format(end=end), title="Ferry line hacked", language="en") is kind


def test_a_long_report_that_ends_with_a_word_on_its_broadcast_is_a_report():
    report = "\n".join(f"Witness {number} told the court what she saw." for number in range(12))
    text = f"{report}\nHear that and more on this episode of Harbour Talk."
    assert judge_text(text, title="Ferry trial opens", language="en") is PageKind.ARTICLE

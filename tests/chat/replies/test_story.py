"""A story's page is in the language of its reader, down to the kind of story and what was taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.chat.replies.story import StoryPage, story_message
from bot.chat.replies.translated import message_in
from bot.language.locale.phrases import phrases
from bot.model.news import Citation
from bot.model.story import Ledger, LedgerEntry, LedgerTopic, Status
from tests.support.hostile import source

SOURCE = replace(source(1), article_id="art-a", revision=1)
AT = datetime(2025, 7, 9, 9, tzinfo=UTC)


def page(kind):
    here = Citation(article_id="art-a", sentences=(1,))
    status = Status(kind=kind, state="stalled", line="Talks stall in Doha", as_of=AT, since=AT, citation=here)
    entry = LedgerEntry(
        number=1,
        story_id="sto-a",
        fact=LedgerTopic.STATUS,
        key="status",
        value=status,
        as_of=AT,
        recorded_at=AT,
        withdrawn=True,
    )
    return StoryPage(
        story_id="sto-a",
        headline="Talks stall",
        ledger=Ledger(story_id="sto-a", kind=kind, statuses=(status,)),
        rows=(entry,),
        articles=2,
        at=AT,
        timezone="UTC",
    )


@pytest.mark.parametrize(
    ("language", "kind", "title", "withdrawn"),
    [
        ("en", "negotiation", "negotiation: stalled", "no longer stated: "),
        ("de", "negotiation", "Verhandlung: festgefahren", "nicht mehr berichtet: "),
        ("es", "negotiation", "negociación: estancado", "ya no se informa: "),
        ("de", "our own kind", "our own kind: festgefahren", "nicht mehr berichtet: "),
    ],
)
def test_the_kind_of_a_story_and_what_was_taken_back_are_told_in_the_language(
    language, kind, title, withdrawn
):
    shown = message_in(
        story_message(page(kind), sources=lambda _: (SOURCE,), say=phrases(language)), language
    )
    status, timeline = shown.parts
    assert status.title == title
    assert timeline.lines[0].text.startswith(withdrawn)

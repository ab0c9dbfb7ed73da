"""What changed, in sections: "also" stands only behind something."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.briefings.assemble import sources_of
from bot.chat.replies.catchup import CatchupStory, catchup_message
from bot.model.story import Course, Status
from tests.support.passages import article

AT = datetime(2025, 7, 9, 6, tzinfo=UTC)


def story(name, *, new=False):
    return CatchupStory(story_id=f"sto-{name}", headline=name, new=new, was=None, now=None, rows=())


@pytest.mark.parametrize(
    ("stories", "titles"),
    [
        ([story("Ferry")], ["News"]),
        ([story("Crane", new=True), story("Ferry")], ["New", "Also new"]),
    ],
)
def test_news_of_a_story_is_also_new_only_beside_others(stories, titles):
    message = catchup_message(stories, since=AT, at=AT, timezone="UTC", left=0, sources=lambda _: ())
    assert [part.title for part in message.parts] == titles


@pytest.mark.parametrize(
    ("was", "chip"), [("called", "announced → demand met"), ("met", "demand met"), (None, "demand met")]
)
def test_a_state_is_shown_in_the_words_of_a_briefing(was, chip):
    strike = article("They walked out. They won.", title="Strike")
    then, now = (
        Status(kind="protest", state=state, line=line, as_of=AT, since=AT, citation=strike.cite(1))
        for state, line in ((was or "", "They walked out"), ("met", "They won"))
    )
    told = replace(story("Strike"), was=then if was else None, now=now)
    available = {(strike.id, strike.revision): strike}
    message = catchup_message(
        [told], since=AT, at=AT, timezone="UTC", left=0, sources=lambda cited: sources_of(cited, available)
    )
    (block,) = message.parts[0].stories
    assert block.chip == chip


def test_a_day_of_another_year_has_its_year():
    old, new = AT - timedelta(days=300), AT - timedelta(days=2)
    ferry = article("It sank.", title="Ferry")
    here = ferry.cite(1)
    first, last = (
        Status(kind="other", state="", line=line, as_of=at, since=at, citation=here)
        for line, at in (("It sank", old), ("It was raised", new))
    )
    told = replace(story("Ferry"), course=Course(first=first, last=last, began=False))
    available = {(ferry.id, ferry.revision): ferry}
    message = catchup_message(
        [told], since=AT, at=AT, timezone="UTC", left=0, sources=lambda cited: sources_of(cited, available)
    )
    (block,) = message.parts[0].stories
    assert [line.lead for line in block.bullets] == ["Thu 12 September 2024", "Mon 7 July"]

"""When a story that was read lately is read again: only for what may decide something."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.flows.updates.due import is_due
from bot.model.briefing import Writer
from bot.model.update import StoryUpdate
from tests.flows.ferry import ARTICLES, KINDS, MONDAY, STORY, article

HOUR = timedelta(hours=1)
READ = StoryUpdate(
    id="u1",
    story_id=STORY,
    articles=(("art-0", 1),),
    as_of=MONDAY.date(),
    made_at=MONDAY,
    kind="negotiation",
    written_by=Writer.MODEL,
)
FIRST = ARTICLES[:1]
BLAND = "The mood at the harbour of Brekk was quiet in the evening, people there said."


def due(
    text,
    *,
    after=0.5 * HOUR,
    every=2 * HOUR,
    updates=(READ,),
    read=FIRST,
    followed=False,
    site="art-0.example",
):
    later = article("later", text, hours=1, site=site, url=f"https://{site}/later")
    seen = [replace(a, url=f"https://{a.site}/{a.id}") for a in read]
    return is_due(
        [later], read=seen, updates=updates, kinds=KINDS, followed=followed, at=MONDAY + after, every=every
    )  # fmt: skip


def test_rule_2_a_story_is_read_at_most_once_in_so_many_hours():
    assert not due(BLAND)
    assert due(BLAND, after=2 * HOUR)
    assert not due(BLAND, after=2 * HOUR - timedelta(seconds=1))
    assert due(BLAND, every=timedelta())


def test_rule_2_a_story_that_nobody_read_is_read():
    assert due(BLAND, updates=())
    copied = replace(READ, written_by=Writer.EXTRACTS)  # no model was asked: only copies came
    assert due(BLAND, updates=(copied,))


def test_rule_2_a_followed_story_is_read_whenever_an_article_comes():
    assert due(BLAND, followed=True)


@pytest.mark.parametrize(
    ("text", "decides"),
    [
        ("The crews now want 9 percent, people at the harbour said.", True),
        ("Some 40 people stood at the quay in the evening.", True),
        ("The crews still want 8 percent, people at the harbour said.", False),  # a number that was read
        ("The two sides agreed in the evening, people at the harbour said.", True),
        ("Both sides stalled in the evening, people at the harbour said.", True),
        ("The talks collapsed in the evening.", True),
        ("The talks went on in the evening.", False),
    ],
)
def test_rule_2_a_new_number_or_a_word_of_a_state_is_read_at_once(text, decides):
    assert due(text) is decides


def test_rule_2_the_second_source_is_read_at_once_and_a_third_is_not():
    assert due(BLAND, site="other.example")
    assert not due(BLAND, site="other.example", read=ARTICLES)


def test_rule_2_a_copy_of_what_was_read_decides_nothing():
    assert not due(" ".join(s.text for s in FIRST[0].sentences))


def test_rule_2_where_a_clock_was_set_back_the_story_is_read():
    assert due(BLAND, after=-HOUR)

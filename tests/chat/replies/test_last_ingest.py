"""How the last ingest is told: when it ended and how, and what is set aside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.chat.replies.last_ingest import IngestState, ingest_line, set_aside_lines
from bot.model.briefing import FeedFailure

BEGAN = datetime(2025, 7, 8, 6, tzinfo=UTC)
STATE = {
    "started_at": BEGAN,
    "finished_at": BEGAN + timedelta(seconds=12),
    "feeds_due": 3,
    "feeds_read": 2,
    "articles_new": 1,
    "failures": (FeedFailure(feed="Post", reason="It did not answer"),),
}


def test_an_ingest_that_ended_says_when_and_how():
    state = IngestState(**STATE)
    assert (
        ingest_line(state)
        == "ended Tue 8 July 06:00:12 UTC: 2 of 3 feeds read, 1 failed, 1 new article, 12 s"
    )
    assert not state.failed


def test_one_that_was_cut_off_is_a_failure():
    state = IngestState(**STATE, cut_off=True)
    assert ingest_line(state).startswith("interrupted at Tue 8 July 06:00:12 UTC: 2 of 3 feeds read")
    assert state.failed


def test_one_at_work_is_none():
    state = IngestState(**STATE, cut_off=True, running=True)
    assert ingest_line(state).startswith("running since Tue 8 July 06:00:00 UTC")
    assert not state.failed


def test_one_that_read_nothing_is_a_failure():
    assert IngestState(**STATE | {"feeds_read": 0}).failed


def test_none_at_all_is_said():
    assert ingest_line(IngestState()) == "no feed was read yet"
    assert not IngestState().failed


def test_what_is_set_aside_is_named_and_the_rest_counted():
    state = IngestState(set_aside=7, things=tuple((f"Title {n}", "why") for n in range(5)))
    assert set_aside_lines(state)[0] == "Title 0: why"
    assert set_aside_lines(state)[-1] == "and 2 more"

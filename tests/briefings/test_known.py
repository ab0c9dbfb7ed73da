"""Delta: a channel hears what changed, never the same twice, and each story says why it is there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.briefings.known import due_on
from bot.language.similarity import is_restated
from bot.model.news import Citation
from bot.model.story import Announcement, Outcome, Status

NOW = datetime(2025, 7, 8, 6, tzinfo=UTC)
HERE = Citation(article_id="a", sentences=(1,))


def status(state, line="The talks are where they are", at=NOW):
    return Status(kind="negotiation", state=state, line=line, as_of=at, since=at, citation=HERE)


@pytest.mark.parametrize(
    ("statement", "known", "expected"),
    [
        ("Rescuers found 19 bodies in the valley.", "Rescuers found 16 bodies in the valley.", False),
        ("Rescuers found 16 bodies in the valley.", "In the valley, rescuers found 16 bodies.", True),
        ("The minister denied the report.", "The minister confirmed the report.", False),
        ("Ten thousand people left Selin.", "Some 10,000 people left Selin.", True),
        ("Judge Ada Lind freed the captain.", "The court in Selin heard the captain.", False),
        ("Anything at all.", "", False),
    ],
)
def test_numbers_names_and_negation_decide_what_is_new(statement, known, expected):
    assert is_restated(statement, [known] if known else []) is expected


def test_announcements_are_watched_on_their_day_alone():
    def announced(what, due, end=None, outcome=Outcome.OPEN):
        return Announcement(what=what, due=due, due_end=end, citation=HERE, as_of=NOW, outcome=outcome)

    today = date(2025, 7, 8)
    announcements = [
        announced("The board holds a hearing today", today),
        announced("Parliament votes on the budget tomorrow", today + timedelta(1)),
        announced("The envoy arrives later this week", today, today + timedelta(4)),
        announced("The bridge opened", today, outcome=Outcome.HAPPENED),
    ]
    found = due_on(today, {"s": announcements}, {"s": "Talks"})
    assert [w.expectation.what for w in found] == ["The board holds a hearing today"]


@pytest.mark.parametrize(
    ("what", "when", "watched"),
    [
        ("The cup begins in Osby", "on Tuesday", True),
        ("The cup begins in Osby in 100 days", "in 100 days", False),
        ("Lund testifies in Osby", "on or around Tuesday", False),
        ("The bridge opens in Osby", "as early as Tuesday", False),
    ],
)
def test_a_day_that_is_open_or_counted_from_another_day_is_not_watched(what, when, watched):
    said = NOW - timedelta(days=3)
    one = Announcement(what=what, when=when, due=NOW.date(), citation=HERE, as_of=said, outcome=Outcome.OPEN)
    assert bool(due_on(NOW.date(), {"s": [one]}, {})) is watched


@pytest.mark.parametrize(
    ("when", "last", "watched"),
    [
        ("between 8 and 12 July", 12, True),
        ("July 8-9", 9, True),
        ("from the 8th until 31st of July", 31, True),
        ("on 8 or 9 July", 9, False),
        ("later in July", 31, False),
        ("this week", 13, False),
    ],
)
def test_a_span_is_watched_on_its_first_day_where_that_is_named(when, last, watched):
    one = Announcement(
        what="Osby votes", when=when, due=NOW.date(), due_end=date(2025, 7, last), citation=HERE, as_of=NOW
    )
    found = [bool(due_on(NOW.date() + timedelta(days=day), {"s": [one]}, {})) for day in (-1, 0, 1)]
    assert found == [False, watched, False]


def test_an_announcement_of_two_stories_is_watched_once():
    today = date(2025, 7, 8)

    def announced(what):
        return Announcement(what=what, due=today, citation=HERE, as_of=NOW, outcome=Outcome.OPEN)

    given = {
        "s": [announced("The government shuts down at midnight without a deal")],
        "t": [announced("Without a deal the government shuts down at midnight"), announced("A court rules")],
    }
    found = due_on(today, given, {})
    assert [(w.story_id, w.expectation.what) for w in found] == [
        ("s", "The government shuts down at midnight without a deal"),
        ("t", "A court rules"),
    ]

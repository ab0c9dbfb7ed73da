"""What became of announcements: each outcome once, by a report that can know it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from bot.model.story import Expectation, Outcome
from bot.model.update import AnnouncementOutcome, SettledAnnouncement
from bot.stories.announcements import lapse
from bot.stories.fold import fold
from tests.updates.made import STORY, announcement, cite, update

MONDAY = date(2025, 3, 3)
FRIDAY, SUNDAY = MONDAY + timedelta(days=4), MONDAY + timedelta(days=6)
TOLD = update(
    "u1",
    announcements=(announcement("a1", "The crews will vote on the offer", due=FRIDAY, when="on Friday"),),
)


def report(name, outcome, *, day, made=None, due=None, of="a1"):
    """Return an update of an article of the ``day``-th day that says what became of an announcement."""
    said = SettledAnnouncement(
        announcement=of, outcome=AnnouncementOutcome(outcome), due=due, citations=(cite(f"art-{name}"),)
    )
    return update(name, day=day, made=made, articles=(f"art-{name}",), settled=(said,))


def outcome(*updates):
    """Return the outcome and the day of the announcement, the same in whatever order the updates come."""
    folded = [fold(STORY, order) for order in permutations((TOLD, *updates))]
    assert all(one == folded[0] for one in folded)
    (one,) = folded[0].announcements
    became = [settled.outcome.value for settled in folded[0].settled]
    assert len(became) <= 1
    assert bool(became) is not bool(folded[0].open_announcements)
    return (became[0] if became else "open"), one.due


@pytest.mark.parametrize(("day", "found"), [(3, "open"), (4, "happened"), (9, "happened")])
def test_happened_is_believed_of_no_report_from_before_the_day(day, found):
    # The day before in UTC may be the day itself where the report is from.
    assert outcome(report("u2", "happened", day=day - (day == 3)))[0] == found


def test_an_outcome_that_is_reported_twice_is_one():
    assert outcome(report("u2", "happened", day=4), report("u3", "happened", day=5)) == ("happened", FRIDAY)


def test_what_moved_twice_has_its_newest_day_by_the_reports_and_not_by_when_they_were_read():
    later = report("u2", "moved", day=3, made=3, due=SUNDAY)
    earlier = report("u3", "moved", day=2, made=9, due=MONDAY + timedelta(days=8))
    assert outcome(later, earlier) == ("open", SUNDAY)


def test_what_happened_is_neither_moved_nor_undone():
    happened = report("u2", "happened", day=4)
    assert outcome(happened, report("u3", "moved", day=5, due=SUNDAY)) == ("happened", FRIDAY)
    assert outcome(happened, report("u3", "did not happen", day=5)) == ("happened", FRIDAY)


def test_what_was_moved_happens_on_its_new_day_and_not_before():
    moved = report("u2", "moved", day=1, due=SUNDAY)
    assert outcome(moved, report("u3", "happened", day=4)) == ("open", SUNDAY)
    assert outcome(moved, report("u3", "happened", day=6)) == ("happened", SUNDAY)


def test_what_did_not_happen_may_be_moved_or_happen_later():
    not_yet = report("u2", "did not happen", day=4)
    assert outcome(not_yet) == ("did not happen", FRIDAY)
    assert outcome(not_yet, report("u3", "moved", day=5, due=SUNDAY)) == ("open", SUNDAY)
    assert outcome(not_yet, report("u3", "happened", day=6)) == ("happened", FRIDAY)


def test_what_is_moved_to_no_day_is_not_going_to_happen_on_the_one_announced():
    assert outcome(report("u2", "moved", day=2)) == ("did not happen", FRIDAY)


@pytest.mark.parametrize("said", ["happened", "did not happen", "moved"])
def test_an_article_from_before_the_announcement_says_nothing_of_it(said):
    assert outcome(report("u2", said, day=-1, made=6, due=SUNDAY)) == ("open", FRIDAY)


def test_an_announcement_stays_open_whatever_is_read_in_between():
    between = [update(f"u{n}", day=n, articles=(f"art-{n}",)) for n in (1, 2, 3)]
    assert outcome(*between) == ("open", FRIDAY)


def test_the_same_thing_announced_again_for_the_same_day_is_one_and_settled_by_either_name():
    again = update(
        "u2",
        day=1,
        articles=("art-1",),
        announcements=(announcement("a2", "The crews will vote on the offer.", due=FRIDAY, article="art-1"),),
    )
    ledger = fold(STORY, (TOLD, again))
    (one,) = ledger.open_announcements
    assert (one.id, one.when, len(one.citations)) == ("a1", "on Friday", 2)
    settled = fold(STORY, (TOLD, again, report("u3", "happened", day=4, of="a2")))
    assert [s.announcement for s in settled.settled] == ["a1"]
    assert settled.open_announcements == ()


def test_for_another_day_it_is_another_announcement():
    again = update("u2", announcements=(announcement("a2", "The crews will vote on the offer", due=SUNDAY),))
    assert len(fold(STORY, (TOLD, again)).open_announcements) == 2


def test_what_became_of_an_unknown_announcement_is_nothing():
    assert outcome(report("u2", "happened", day=4, of="a9")) == ("open", FRIDAY)


@pytest.mark.parametrize(("days", "outcome"), [(0, Outcome.OPEN), (1, Outcome.OPEN), (2, Outcome.NO_REPORT)])
def test_without_a_report_nothing_is_known_two_days_after_the_last_one(days, outcome):
    at = datetime(2025, 3, 3, 8, tzinfo=UTC)
    vote = Expectation(what="The crews will vote", due=MONDAY, due_end=FRIDAY, citation=cite(), as_of=at)
    found = lapse(vote, today=FRIDAY + timedelta(days=days))
    assert (found.outcome, found.settled_by) == (outcome, None)

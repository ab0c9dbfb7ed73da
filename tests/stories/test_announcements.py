"""What became of announcements: each outcome once, by a report that can know it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from bot.model.briefing import Writer
from bot.model.story import Announcement, Outcome
from bot.model.update import AnnouncementOutcome, SettledAnnouncement
from bot.stories.announcements import lapse
from bot.stories.fold import fold
from tests.updates.made import STORY, announcement, cite, fact, update

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


def test_who_announced_the_old_day_is_not_said_to_have_announced_the_new_one():
    told = replace(TOLD, announcements=(replace(TOLD.announcements[0], announced_by="Tove Lind"),))
    same, new = (report("u2", "moved", day=1, due=due) for due in (FRIDAY, SUNDAY))
    for moved, by in ((same, "Tove Lind"), (new, "")):
        assert [one.announced_by for one in fold(STORY, [told, moved]).announcements] == [by]


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
    (one,) = ledger.announcements
    assert not ledger.settled
    assert (one.id, one.when, len(one.citations)) == ("a1", "on Friday", 2)
    settled = fold(STORY, (TOLD, again, report("u3", "happened", day=4, of="a2")))
    assert [s.announcement for s in settled.settled] == ["a1"]


def test_for_another_day_it_is_another_announcement():
    again = update("u2", announcements=(announcement("a2", "The crews will vote on the offer", due=SUNDAY),))
    assert len(fold(STORY, (TOLD, again)).announcements) == 2


def test_what_became_of_an_unknown_announcement_is_nothing():
    assert outcome(report("u2", "happened", day=4, of="a9")) == ("open", FRIDAY)


@pytest.mark.parametrize(("days", "outcome"), [(0, Outcome.OPEN), (1, Outcome.OPEN), (2, Outcome.NO_REPORT)])
def test_without_a_report_nothing_is_known_two_days_after_the_last_one(days, outcome):
    at = datetime(2025, 3, 3, 8, tzinfo=UTC)
    vote = Announcement(what="The crews will vote", due=MONDAY, due_end=FRIDAY, citation=cite(), as_of=at)
    found = lapse(vote, today=FRIDAY + timedelta(days=days))
    assert (found.outcome, found.settled_by) == (outcome, None)


WRITTEN = tomllib.loads((Path(__file__).parent / "reported.toml").read_text("utf-8"))["announced"]
OUTCOMES = {"happened": "happened", "moved": "open", "off": "did not happen", "open": "open"}
# Of each kind how many are found at least; of what says nothing, every one stays open.
LEAST = {"happened": 0.8, "moved": 0.9, "off": 0.95, "open": 1.0}


@pytest.mark.parametrize("kind", OUTCOMES)
@pytest.mark.parametrize("by", [Writer.MODEL, Writer.EXTRACTS])
def test_what_later_articles_tell_settles_an_announcement_that_nobody_settled(kind, by):
    right = total = 0
    for one in WRITTEN:
        announced = update("u1", announcements=(announcement("a1", one["what"], due=FRIDAY),), written_by=by)
        for text in one[kind]:
            told = update(
                "u2", day=5, articles=("art-2",), facts=(fact("f1", text, article="art-2"),), written_by=by
            )
            ledger = fold(STORY, (announced, told))
            became = ledger.settled[0].outcome.value if ledger.settled else "open"
            moved = ledger.announcements[0].due != FRIDAY
            total += 1
            right += became == OUTCOMES[kind] and moved is (kind == "moved")
            assert all(settled.citations == (cite("art-2"),) for settled in ledger.settled)
    assert right >= LEAST[kind] * total, f"{right} of {total}"


VOTED = "The crews voted on the offer."


def told(text=VOTED, *, day=5, **changes):
    return update("u2", day=day, articles=("art-2",), facts=(fact("f1", text, article="art-2", **changes),))


def test_a_fact_from_before_the_day_or_of_another_day_settles_nothing():
    assert outcome(told()) == ("happened", FRIDAY)
    assert outcome(told(day=3)) == ("open", FRIDAY)
    assert outcome(told(happened_on=MONDAY)) == ("open", FRIDAY)
    assert outcome(told(day=20)) == ("open", FRIDAY)


def test_what_a_report_says_stands_before_what_code_finds():
    assert outcome(told(), report("u3", "did not happen", day=6)) == ("did not happen", FRIDAY)
    put_off = told("The crews' vote on the offer was postponed to Sunday 16 March.", day=2)
    assert outcome(put_off, report("u3", "moved", day=3, due=SUNDAY)) == ("open", SUNDAY)


def test_what_code_found_is_still_asked_of_who_reads_next():
    ledger = fold(STORY, (TOLD, told()))
    assert [one.id for one in ledger.unreported_announcements] == ["a1"]
    assert fold(STORY, (TOLD, report("u3", "happened", day=5))).unreported_announcements == ()


def test_what_moved_by_a_fact_happens_on_its_new_day():
    put_off = told("The crews' vote on the offer was postponed to Sunday.", day=3)
    later = update("u4", day=7, articles=("art-4",), facts=(fact("f4", VOTED, article="art-4"),))
    assert outcome(put_off) == ("open", SUNDAY)
    assert outcome(put_off, later) == ("happened", SUNDAY)

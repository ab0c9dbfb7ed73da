"""How a story went while somebody was away, in at most four lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.model.ledger import CoursePoint, KnownFact, StoryLedger
from bot.model.news import Citation
from bot.model.story import Announcement, Figure, Ledger, Outcome, Status
from bot.model.update import ChangeKind, Fact, Importance, StatusLine
from bot.stories.course import MAX_COURSE_LINE_CHARS, MAX_COURSE_LINES, course_since

MONDAY = datetime(2025, 3, 3, 8, tzinfo=UTC)
HERE = Citation(article_id="a", sentences=(1,))


def ledger_of(*changes):
    """Return a ledger with a point a day, and its public form."""
    days = [MONDAY + timedelta(days=n) for n in range(len(changes))]
    course = tuple(
        CoursePoint(
            as_of=day,
            known_at=day,
            status=StatusLine(text=f"Day {n}", as_of=day.date(), citations=(HERE,)),
            change=change,
        )
        for n, (day, change) in enumerate(zip(days, changes, strict=True))
    )
    statuses = tuple(
        Status(kind="other", state="", line=p.status.text, as_of=p.as_of, since=p.as_of, citation=HERE)
        for p in course
    )
    return StoryLedger(story_id="s", course=course), Ledger(
        story_id="s", kind="other", statuses=statuses, expectations=()
    )


def announced(day, outcome=Outcome.OPEN):
    return Announcement(
        what=f"on {day}", when="", due=date(2025, 3, day), citation=HERE, as_of=MONDAY, outcome=outcome
    )


def lines(course):
    last = [course.last.line] if course.last else []
    return [course.first.line, *(s.line for s in course.turns), *last]


def course(*changes, away=0, announcements=()):
    """Return how a story with these points went since ``away`` days after the first."""
    ledger, public = ledger_of(*changes)
    since = MONDAY + timedelta(days=away, hours=1)
    public = replace(public, expectations=tuple(announcements))
    return course_since(ledger, public, since=since, today=date(2025, 3, 10))


ACT, FIGURE, PHASE = ChangeKind.ACT, ChangeKind.FIGURE, ChangeKind.PHASE


def test_it_begins_where_the_story_stood_and_ends_where_it_stands():
    assert lines(course(None, ACT, None, ACT, PHASE, away=1)) == ["Day 1", "Day 3", "Day 4"]


def test_what_changed_nothing_is_no_turning_point():
    assert lines(course(None, None, None, PHASE)) == ["Day 0", "Day 3"]


def test_of_many_turning_points_the_most_decisive_stay_in_their_order():
    found = course(None, PHASE, FIGURE, FIGURE, ACT, ACT, PHASE)
    assert lines(found) == ["Day 0", "Day 1", "Day 5", "Day 6"]


def test_what_is_announced_takes_a_line():
    ahead = [announced(20), announced(12), announced(4), announced(11, Outcome.HAPPENED)]
    found = course(None, PHASE, ACT, ACT, PHASE, announcements=ahead)
    assert found.announced.what == "on 12"
    assert len(lines(found)) == MAX_COURSE_LINES - 1


@pytest.mark.parametrize(("away", "began"), [(-1, True), (0, False)])
def test_a_story_that_began_meanwhile_says_so(away, began):
    assert course(None, PHASE, away=away).began is began


def test_where_nothing_came_since_it_stands_as_it_stood():
    found = course(None, PHASE, away=3)
    assert (lines(found), found.last) == (["Day 1"], None)


def test_without_a_status_there_is_nothing_to_tell():
    assert course() is None


def known(text, *, day, importance=Importance.KEY, superseded=""):
    at = MONDAY + timedelta(days=day)
    made = Fact(id=text, text=text, citations=(HERE,), importance=importance, claimant="police")
    return KnownFact(fact=made, known_at=at, as_of=at, citations=(HERE,), superseded_by=superseded)


def beside(*facts, changes=(None, ACT, PHASE), away=0):
    """Return the facts beside each line of a course with these ``facts``."""
    ledger, public = ledger_of(*changes)
    since = MONDAY + timedelta(days=away, hours=1) if away >= 0 else MONDAY - timedelta(days=1)
    made = course_since(replace(ledger, facts=facts), public, since=since, today=date(2025, 3, 10))
    return [[fact.text for fact in some] for some in made.facts]


def test_each_line_has_beside_it_what_mattered_since_the_one_before():
    told = beside(
        known("Nine people were hurt", day=0),
        known("The bridge stays closed", day=1),
        known("The mayor resigns", day=2),
        away=-1,
    )
    assert told == [["Nine people were hurt"], ["The bridge stays closed"], ["The mayor resigns"]]


def test_what_was_known_before_somebody_left_is_not_told_again():
    assert beside(known("Nine people were hurt", day=0), known("The mayor resigns", day=2)) == [
        [],
        [],
        ["The mayor resigns"],
    ]


def test_what_was_replaced_is_not_told():
    assert beside(known("Nine people were hurt", day=2, superseded="later")) == [[], [], []]


def test_the_facts_that_say_most_and_fit_stand_beside_a_line_each_once():
    many = [known(f"Street {n} " + f"word{n} " * 12, day=2, importance=Importance.DETAIL) for n in range(30)]
    told = beside(
        *many,
        known("The mayor resigns over the bridge", day=2),
        known("So the mayor resigns over a bridge", day=2),
    )
    assert "The mayor resigns over the bridge" in told[2]
    assert "So the mayor resigns over a bridge" not in told[2]
    assert sum(len(text) for text in told[2]) <= MAX_COURSE_LINE_CHARS


def test_a_day_that_changed_no_state_is_a_turning_point_where_it_brought_what_decides():
    ledger, public = ledger_of(None, None, None, None)
    facts = (
        known("Nine people were hurt", day=1),
        known("A lamp broke", day=2, importance=Importance.DETAIL),
    )
    made = course_since(
        replace(ledger, facts=facts), public, since=MONDAY - timedelta(days=1), today=date(2025, 3, 10)
    )
    assert lines(made) == ["Day 0", "Day 1", "Day 3"]


def test_of_equal_turning_points_the_one_with_most_of_what_decides_stays():
    ledger, public = ledger_of(None, ACT, ACT, ACT, ACT, None)
    facts = (
        known("Nine people were hurt", day=2),
        known("The mayor resigns", day=2),
        known("The bridge is shut", day=4),
    )
    made = course_since(
        replace(ledger, facts=facts), public, since=MONDAY - timedelta(days=1), today=date(2025, 3, 10)
    )
    assert lines(made) == ["Day 0", "Day 2", "Day 4", "Day 5"]


def test_a_turning_point_without_a_line_is_told_beside_the_next_one():
    ledger, public = ledger_of(None, PHASE, ACT, ACT, ACT, PHASE)
    made = course_since(ledger, public, since=MONDAY - timedelta(days=1), today=date(2025, 3, 10))
    assert lines(made) == ["Day 0", "Day 1", "Day 4", "Day 5"]
    assert [[fact.text for fact in some] for some in made.facts] == [[], [], ["Day 2", "Day 3"], []]


def test_where_it_stood_before_somebody_left_is_not_told_beside_a_line():
    ledger, public = ledger_of(None, ACT, None, PHASE)
    made = course_since(ledger, public, since=MONDAY + timedelta(days=2, hours=1), today=date(2025, 3, 10))
    assert (lines(made), made.facts) == (["Day 2", "Day 3"], ((), ()))


def test_where_a_story_stood_that_had_slept_is_not_told_while_it_goes_on():
    ledger, public = ledger_of(None, PHASE, ACT, PHASE)
    old = MONDAY - timedelta(days=60)
    first = replace(ledger.course[0], as_of=old, known_at=old)
    slept = replace(ledger, course=(first, *ledger.course[1:]))
    made = course_since(slept, public, since=MONDAY + timedelta(hours=1), today=date(2025, 3, 10))
    assert (lines(made), made.began) == (["Day 1", "Day 2", "Day 3"], False)
    only = replace(slept, course=(first,)), replace(public, statuses=public.statuses[:1])
    assert lines(course_since(*only, since=MONDAY, today=date(2025, 3, 10))) == ["Day 0"]


def test_newest_figures_stand_behind_the_facts_of_their_line_where_they_say_more():
    ledger, public = ledger_of(None, ACT, PHASE)
    values = [("2,700 km", "distance the missile flew", 2), ("second day", "of it", 2), ("40", "boats", 0)]
    figures = tuple(
        Figure(value=value, counts=counts, citation=HERE, as_of=MONDAY + timedelta(days=day))
        for value, counts, day in values
    )
    facts = (known("Nine people were hurt on the second day", day=2),)
    made = course_since(
        replace(ledger, facts=facts),
        replace(public, figures=figures),
        since=MONDAY + timedelta(hours=1),
        today=date(2025, 3, 10),
    )
    assert [fact.text for fact in made.facts[2]] == [
        "Nine people were hurt on the second day",
        "Distance the missile flew: 2,700 km",
    ]
    assert made.facts[:2] == ((), ())

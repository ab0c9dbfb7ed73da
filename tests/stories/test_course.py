"""How a story went while somebody was away, in at most four lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.model.ledger import CoursePoint, StoryLedger
from bot.model.news import Citation
from bot.model.story import Expectation, Ledger, Outcome, Status
from bot.model.update import ChangeKind, StatusLine
from bot.stories.course import MAX_LINES, course_since

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
    return Expectation(
        what=f"on {day}", when="", due=date(2025, 3, day), citation=HERE, as_of=MONDAY, outcome=outcome
    )


def lines(course):
    last = [course.last.line] if course.last else []
    return [course.first.line, *(s.line for s in course.turns), *last]


def course(*changes, away=0, expectations=()):
    """Return how a story with these points went since ``away`` days after the first."""
    ledger, public = ledger_of(*changes)
    since = MONDAY + timedelta(days=away, hours=1)
    public = replace(public, expectations=tuple(expectations))
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
    found = course(None, PHASE, ACT, ACT, PHASE, expectations=ahead)
    assert found.announced.what == "on 12"
    assert len(lines(found)) == MAX_LINES - 1


@pytest.mark.parametrize(("away", "began"), [(-1, True), (0, False)])
def test_a_story_that_began_meanwhile_says_so(away, began):
    assert course(None, PHASE, away=away).began is began


def test_where_nothing_came_since_it_stands_as_it_stood():
    found = course(None, PHASE, away=3)
    assert (lines(found), found.last) == (["Day 1"], None)


def test_without_a_status_there_is_nothing_to_tell():
    assert course() is None

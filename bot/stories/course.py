"""How a story went while somebody was away: where it stood, its turning points, where it stands, what is announced. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.model.ledger import CoursePoint, StoryLedger
from bot.model.story import Course, Expectation, Ledger, Outcome, Status
from bot.model.update import ChangeKind

MAX_LINES = 4  # of one story
_DECISIVE = (ChangeKind.PHASE, ChangeKind.STATE, ChangeKind.ACT, ChangeKind.FIGURE)  # the most decisive first


def course_since(ledger: StoryLedger, public: Ledger, *, since: datetime, today: date) -> Course | None:
    """Return how the story of ``ledger``, with its ``public`` form, went since a moment; None where no status is known.

    Of more turning points than four lines hold, the most decisive stay, of equal ones the latest. Announced is what
    comes next from ``today`` on.
    """
    points = list(zip(ledger.course, public.statuses, strict=True))
    if not points:
        return None
    before = [pair for pair in points if pair[0].known_at <= since]
    first = before[-1] if before else points[0]
    later = points[points.index(first) + 1 :]
    announced = _next(public.expectations, today=today)
    turns, last = later[:-1], later[-1:]
    room = MAX_LINES - 1 - len(last) - (announced is not None)
    return Course(
        first=first[1],
        turns=tuple(status for _, status in _decisive(turns, most=room)),
        last=last[0][1] if last else None,
        announced=announced,
        began=not before,
    )


def _decisive(points: Sequence[tuple[CoursePoint, Status]], *, most: int) -> list[tuple[CoursePoint, Status]]:
    """Return at most ``most`` of ``points`` that changed something, in their order."""
    turns = [(place, pair) for place, pair in enumerate(points) if pair[0].change]
    turns.sort(key=lambda item: (_DECISIVE.index(item[1][0].change or ChangeKind.FIGURE), -item[0]))
    return [pair for _, pair in sorted(turns[:most], key=lambda item: item[0])]


def _next(expectations: Sequence[Expectation], *, today: date) -> Expectation | None:
    """Return what is announced for the soonest day from ``today`` on."""
    ahead = [
        (e.due, e)
        for e in expectations
        if e.outcome is Outcome.OPEN and e.due and (e.due_end or e.due) >= today
    ]
    return min(ahead, key=lambda item: item[0], default=(None, None))[1]

"""How a story went while somebody was away: where it stood, its turning points, where it stands, what is announced. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from bot.language.words import content_terms
from bot.model.ledger import CoursePoint, KnownFact, StoryLedger
from bot.model.story import Course, CourseFact, Expectation, Ledger, Outcome, Status
from bot.model.update import ChangeKind, Importance

MAX_LINES = 4  # of one story
MAX_CHARS = 1_600  # characters of statuses and of the facts beside them
MAX_LINE_CHARS = 800  # of them in one line
USUAL_FACT_CHARS = 80  # added to a fact's length when it is weighed: a very short one says little
MIN_NEW_SHARE = 0.5  # share of a fact's terms from which it adds something
_DECISIVE = (ChangeKind.PHASE, ChangeKind.STATE, ChangeKind.ACT, ChangeKind.FIGURE)  # the most decisive first


def course_since(
    ledger: StoryLedger,
    public: Ledger,
    *,
    since: datetime,
    today: date,
    most_chars: int = MAX_CHARS,
) -> Course | None:
    """Return how the story of ``ledger``, with its ``public`` form, went since a moment; None where no status is known.

    Of more turning points than four lines hold, the most decisive stay, of equal ones those with most of what decides a story. Announced is what
    comes next from ``today`` on. Facts stand beside a status as far as ``most_chars`` characters hold them all.
    """
    points = list(zip(ledger.course, public.statuses, strict=True))
    if not points:
        return None
    before = [pair for pair in points if pair[0].known_at <= since]
    first = before[-1] if before else points[0]
    later = points[points.index(first) + 1 :]
    announced = next_announced(public.expectations, today=today)
    turns, last = later[:-1], later[-1:]
    room = MAX_LINES - 1 - len(last) - (announced is not None)
    decisive = _decisive(turns, ledger.facts, first=first[0].status.as_of, most=room)
    return Course(
        first=first[1],
        turns=tuple(status for _, status in decisive),
        last=last[0][1] if last else None,
        facts=_beside(
            [first, *decisive, *last], ledger.facts, since=since, began=not before, most_chars=most_chars
        ),
        announced=announced,
        began=not before,
    )


def _decisive(
    points: Sequence[tuple[CoursePoint, Status]], known: Sequence[KnownFact], *, first: date, most: int
) -> list[tuple[CoursePoint, Status]]:
    """Return at most ``most`` of ``points`` that changed something or brought what decides a story, in their order."""
    key = Counter(fact.known_at for fact in known if fact.fact.importance is Importance.KEY)

    def rank(item: tuple[int, tuple[CoursePoint, Status]]) -> tuple[int, int, int]:
        place, (point, _) = item
        decisive = _DECISIVE.index(point.change) if point.change else len(_DECISIVE)
        return decisive, -key[point.known_at], -place

    days = [point.status.as_of for point, _ in points]
    turns = [
        (place, (point, status))
        for place, (point, status) in enumerate(points)
        if point.change or (key[point.known_at] and point.status.as_of not in {first, *days[:place]})
    ]
    return [pair for _, pair in sorted(sorted(turns, key=rank)[:most], key=lambda item: item[0])]


def _beside(
    points: Sequence[tuple[CoursePoint, Status]],
    known: Sequence[KnownFact],
    *,
    since: datetime,
    began: bool,
    most_chars: int,
) -> tuple[tuple[CourseFact, ...], ...]:
    """Return for each of ``points`` facts that became known with it or since the one before: of all those that say most.

    What was known at ``since`` is not told again; nothing is told twice. ``most_chars`` bounds them all, statuses included.
    """
    said = {term for _, status in points for term in content_terms(status.line)}
    room = most_chars - sum(len(status.line) for _, status in points)
    left = [fact for fact in known if not fact.superseded_by and (began or fact.known_at > since)]
    line_rooms = [MAX_LINE_CHARS - len(status.line) for _, status in points]
    chosen: list[KnownFact] = []
    while left:
        best = max(left, key=lambda fact: _worth(fact, said))
        left.remove(best)
        place = _place(best, points)
        size = len(best.fact.text)
        if size <= min(room, line_rooms[place]) and _adds(best, said) >= MIN_NEW_SHARE:
            chosen.append(best)
            said |= {*content_terms(best.fact.text)}
            room -= size
            line_rooms[place] -= size
    return tuple(
        tuple(_fact(fact) for fact in known if fact in chosen and _place(fact, points) == place)
        for place in range(len(points))
    )


def _place(known: KnownFact, points: Sequence[tuple[CoursePoint, Status]]) -> int:
    """Return beside which of ``points`` a fact stands: the first that was known with it or later, else the last."""
    later = (place for place, (point, _) in enumerate(points) if known.known_at <= point.known_at)
    return next(later, len(points) - 1)


def _worth(known: KnownFact, said: set[str]) -> float:
    """Return how much a fact adds to what is ``said`` for its length, more where it is important."""
    new = {*content_terms(known.fact.text)} - said
    return known.fact.importance * len(new) / (len(known.fact.text) + USUAL_FACT_CHARS)


def _adds(known: KnownFact, said: set[str]) -> float:
    """Return the share of a fact's terms that are not said."""
    terms = {*content_terms(known.fact.text)}
    return len(terms - said) / len(terms) if terms else 0.0


def _fact(known: KnownFact) -> CourseFact:
    return CourseFact(
        text=known.fact.text,
        said_by=known.fact.claimant,
        as_of=known.as_of,
        citation=known.fact.citations[0],
    )


def next_announced(expectations: Sequence[Expectation], *, today: date) -> Expectation | None:
    """Return what is announced for the soonest day from ``today`` on."""
    ahead = [
        (e.due, e)
        for e in expectations
        if e.outcome is Outcome.OPEN and e.due and (e.due_end or e.due) >= today
    ]
    return min(ahead, key=lambda item: item[0], default=(None, None))[1]

"""The course of a story during a time away: first status, turning points, present status, announcements. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.language.words import content_terms
from bot.model.ledger import CoursePoint, KnownFact, StoryLedger
from bot.model.story import Announcement, Course, CourseFact, Figure, Ledger, Outcome, Status
from bot.model.update import ChangeKind, Importance
from bot.stories.coverage import Sayable, choose

MAX_COURSE_LINES = 4  # of one story
MAX_COURSE_CHARS = 1_600  # characters of statuses and of the facts beside them
MAX_COURSE_LINE_CHARS = 800  # of them in one line
STATE_WEIGHT = (
    4.0  # of a state beside a line, where facts have their importance (at most 3): it was written to say most
)
FIGURE_WEIGHT = 2.0  # of a figure
MIN_NEW_FACT_SHARE = 0.4  # of the terms of a fact: each names its story's people and places anew
MAX_DORMANT_TIME = timedelta(days=30)  # before a reader left; an older status is not shown
_DECISIVE = (ChangeKind.PHASE, ChangeKind.STATE, ChangeKind.ACT, ChangeKind.FIGURE)  # the most decisive first


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """What may be added to a line: a fact, or the status at a turning point that has no line."""

    known_at: datetime
    fact: CourseFact
    weight: float


def course_since(
    ledger: StoryLedger,
    public: Ledger,
    *,
    since: datetime,
    today: date,
    most_chars: int = MAX_COURSE_CHARS,
) -> Course | None:
    """Return the course of the story of ``ledger``, with its ``public`` form, since a time; None if no status is known.

    If there are more turning points than fit into four lines, the most decisive stay. Announcements are those
    from ``today`` on. Facts are added to the statuses as far as they fit into ``most_chars`` characters.
    """
    points = list(zip(ledger.course, public.statuses, strict=True))
    if not points:
        return None
    before = [pair for pair in points if pair[0].known_at <= since]
    first = next((pair for pair in reversed(before) if pair[0].as_of >= since - MAX_DORMANT_TIME), None)
    first = first or points[min(len(before), len(points) - 1)]
    later = points[points.index(first) + 1 :]
    announced = next_announced(public.expectations, today=today)
    turns, last = later[:-1], later[-1:]
    room = MAX_COURSE_LINES - 1 - len(last) - (announced is not None)
    decisive = _decisive(turns, ledger.facts, first=first[0].status.as_of, most=room)
    line_points = [first, *decisive, *last]
    known = [fact for fact in ledger.facts if not before or fact.known_at > since]
    figures = [one for one in public.figures if not before or one.as_of > since]
    # Where it stood meanwhile is the shortest word for what happened; the line has the turning points that decide.
    items = sorted(
        [*_states(pair for pair in later if pair not in line_points), *_facts(known)],
        key=lambda one: one.known_at,
    )
    return Course(
        first=first[1],
        turns=tuple(status for _, status in decisive),
        last=last[0][1] if last else None,
        facts=_beside(line_points, [*items, *_figures(figures)], most_chars=most_chars),
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
    items: Sequence[_Beside],
    *,
    most_chars: int,
) -> tuple[tuple[CourseFact, ...], ...]:
    """Return for each of ``points`` those of ``items`` that became known with it or since the one before: of all those that say most.

    Nothing is repeated. ``most_chars`` bounds them all, statuses included.
    """
    lines = [status.line for _, status in points]
    texts = [
        Sayable(
            text=one.fact.text,
            line=_point_index(one.known_at, points),
            weight=one.weight,
            terms=frozenset(content_terms(one.fact.text)),
        )
        for one in items
    ]
    chosen = choose(
        texts,
        said={term for line in lines for term in content_terms(line)},
        rooms={place: MAX_COURSE_LINE_CHARS - len(line) for place, line in enumerate(lines)},
        room=most_chars - sum(map(len, lines)),
        new_share=MIN_NEW_FACT_SHARE,
    )
    return tuple(
        tuple(items[n].fact for n in sorted(chosen) if texts[n].line == place) for place in range(len(points))
    )


def _facts(known: Iterable[KnownFact]) -> Iterator[_Beside]:
    """Yield the facts of ``known`` that no later one replaced."""
    for one in known:
        if not one.superseded_by:
            fact = CourseFact(
                text=one.fact.text,
                said_by=one.fact.claimant,
                as_of=one.as_of,
                citation=one.fact.citations[0],
            )
            yield _Beside(known_at=one.known_at, fact=fact, weight=one.fact.importance)


def _figures(figures: Iterable[Figure]) -> Iterator[_Beside]:
    """Yield ``figures`` as facts: in little room they say how many and how far. When an article was published is when it became known."""
    for one in figures:
        text = f"{one.counts[:1].upper()}{one.counts[1:]}: {one.value}"
        fact = CourseFact(text=text, said_by=one.claimant, as_of=one.as_of, citation=one.citation)
        yield _Beside(known_at=one.as_of, fact=fact, weight=FIGURE_WEIGHT)


def _states(points: Iterable[tuple[CoursePoint, Status]]) -> Iterator[_Beside]:
    """Yield where the story stood at ``points``, which have no line of their own."""
    for point, status in points:
        fact = CourseFact(
            text=status.line, said_by=status.said_by, as_of=status.as_of, citation=status.citation
        )
        yield _Beside(known_at=point.known_at, fact=fact, weight=STATE_WEIGHT)


def _point_index(known_at: datetime, points: Sequence[tuple[CoursePoint, Status]]) -> int:
    """Return the index of the first of ``points`` that was known at ``known_at`` or later, else that of the last."""
    later = (index for index, (point, _) in enumerate(points) if known_at <= point.known_at)
    return next(later, len(points) - 1)


def next_announced(announcements: Sequence[Announcement], *, today: date) -> Announcement | None:
    """Return the announcements for the soonest day from ``today`` on."""
    ahead = [
        (e.due, e)
        for e in announcements
        if e.outcome is Outcome.OPEN and e.due and (e.due_end or e.due) >= today
    ]
    return min(ahead, key=lambda item: item[0], default=(None, None))[1]

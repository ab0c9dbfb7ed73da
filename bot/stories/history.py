"""The ledger as rows that are only ever added: what was held when, and what must be added for it to hold now. Pure.

    rows + ledger folded now ──changes──▶ new rows          rows + moment ──ledger_at──▶ ledger as held then

Two clocks: ``as_of`` is the article's, ``recorded_at`` ours. "What did we know on 3 May?" asks the second.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.model.ids import derive_id
from bot.model.story import (
    Actor,
    Disagreement,
    Expectation,
    Figure,
    Ledger,
    LedgerEntry,
    LedgerTopic,
    Outcome,
    Status,
    StoryKind,
)
from bot.stories.announcements import lapse

Value = Status | Actor | Figure | Expectation | Disagreement | None
Row = tuple[LedgerTopic, str]


def changes(
    known: Sequence[LedgerEntry], ledger: Ledger, *, at: datetime, read: Collection[str]
) -> tuple[LedgerEntry, ...]:
    """Return the rows to add to ``known`` so that they hold exactly ``ledger`` at ``at``.

    ``read`` are the ids of the articles the ledger was folded from: what rests on another article is beyond
    the fold's reach and stays.
    """
    held = current(known, at=at)
    wanted = dict(_rows(ledger))
    added: list[LedgerEntry] = []

    def add(row: Row, value: Value, as_of: datetime, *, withdrawn: bool = False) -> None:
        number = len(known) + len(added) + 1
        fact, key = row
        added.append(
            LedgerEntry(
                story_id=ledger.story_id,
                number=number,
                fact=fact,
                key=key,
                as_of=as_of,
                recorded_at=at,
                withdrawn=withdrawn,
                value=value,
            )
        )

    for row, value in wanted.items():
        if row not in held or held[row].value != value:
            add(row, value, _as_of(value, at))
    for row, entry in held.items():
        if row not in wanted and all(c.article_id in read for c in entry.citations):
            add(row, entry.value, entry.as_of, withdrawn=True)
    return tuple(added)


def current(entries: Iterable[LedgerEntry], *, at: datetime) -> dict[Row, LedgerEntry]:
    """Return the row that holds for each fact at ``at``."""
    held: dict[Row, LedgerEntry] = {}
    for entry in sorted(entries, key=lambda e: e.number):
        if entry.recorded_at > at:
            continue
        held.pop((entry.fact, entry.key), None)
        if not entry.withdrawn:
            held[entry.fact, entry.key] = entry
    return held


def ledger_at(story_id: str, entries: Iterable[LedgerEntry], *, at: datetime, today: date) -> Ledger:
    """Return the ledger of ``story_id`` as it was held at ``at``, facts in order of their own time.

    An announcement whose day went by without a report is so by ``today``, not by a row.
    """
    held = current(entries, at=at)
    values = [entry.value for entry in held.values()]
    kind = next((key for fact, key in held if fact is LedgerTopic.KIND), StoryKind.OTHER.value)
    return Ledger(
        story_id=story_id,
        kind=StoryKind(kind),
        statuses=tuple(sorted((v for v in values if isinstance(v, Status)), key=lambda s: (s.as_of, s.line))),
        actors=tuple(sorted((v for v in values if isinstance(v, Actor)), key=lambda a: (a.as_of, a.name))),
        figures=tuple(sorted((v for v in values if isinstance(v, Figure)), key=_order)),
        expectations=tuple(
            lapse(v, today=today)
            for v in sorted(
                (v for v in values if isinstance(v, Expectation)), key=lambda e: (e.as_of, e.what)
            )
        ),
        disagreements=tuple(
            sorted((v for v in values if isinstance(v, Disagreement)), key=lambda d: d.issue)
        ),
    )


def _order(figure: Figure) -> tuple[datetime, str, str]:
    return figure.as_of, figure.counts, figure.value


def _rows(ledger: Ledger) -> Iterator[tuple[Row, Value]]:
    yield (LedgerTopic.KIND, ledger.kind), None
    for status in ledger.statuses:
        yield (LedgerTopic.STATUS, _key(status.state, status.line)), status
    for actor in ledger.actors:
        yield (LedgerTopic.ACTOR, actor.name), actor
    for figure in ledger.figures:
        yield (LedgerTopic.FIGURE, _key(figure.value, figure.counts, figure.claimant)), figure
    for expectation in ledger.expectations:
        day = expectation.due.isoformat() if expectation.due else ""
        # That nobody reported is no evidence: it follows from the day it is asked on.
        silent = expectation.outcome is Outcome.NO_REPORT
        value = replace(expectation, outcome=Outcome.OPEN) if silent else expectation
        yield (LedgerTopic.EXPECTATION, _key(expectation.what, day)), value
    for disagreement in ledger.disagreements:
        yield (LedgerTopic.DISAGREEMENT, disagreement.issue), disagreement


def _key(*parts: str) -> str:
    """Return a short key of ``parts``; an id without a prefix."""
    return derive_id("", *parts).removeprefix("-")


def _as_of(value: Value, at: datetime) -> datetime:
    if isinstance(value, Status | Actor | Figure | Expectation):
        return value.as_of
    return at

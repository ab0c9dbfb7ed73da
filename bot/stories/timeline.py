"""A story's ledger as rows: what was learned and what stopped being valid, between two moments. Pure.

    ledgers at their moments ──changes from each to the next──▶ rows

Two clocks: ``as_of`` is the article's, ``recorded_at`` ours. "What did we know on 3 May?" asks the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.model.ids import derive_id
from bot.model.story import (
    Actor,
    Announcement,
    Disagreement,
    Figure,
    Ledger,
    LedgerEntry,
    LedgerTopic,
    Outcome,
    Status,
)

Value = Status | Actor | Figure | Announcement | Disagreement | None
Row = tuple[LedgerTopic, str]


def rows_of(story_id: str, known: Sequence[tuple[datetime, Ledger]]) -> tuple[LedgerEntry, ...]:
    """Return the ledger rows of a story from what was ``known`` from each moment on, oldest first."""
    rows: list[LedgerEntry] = []
    held: dict[Row, Value] = {}
    for at, ledger in known:
        now = dict(_rows(ledger))
        changed = [(row, value, False) for row, value in now.items() if row not in held or held[row] != value]
        gone = [(row, value, True) for row, value in held.items() if row not in now]
        for (topic, key), value, withdrawn in (*changed, *gone):
            rows.append(
                LedgerEntry(
                    story_id=story_id,
                    number=len(rows) + 1,
                    fact=topic,
                    key=key,
                    as_of=_as_of(value, at),
                    recorded_at=at,
                    withdrawn=withdrawn,
                    value=value,
                )
            )
        held = now
    return tuple(rows)


def _rows(ledger: Ledger) -> Iterator[tuple[Row, Value]]:
    yield (LedgerTopic.KIND, ledger.kind), None
    for status in ledger.statuses:
        # Since when it holds is seen by the rows.
        yield (LedgerTopic.STATUS, _key(status.state, status.line)), replace(status, since=status.as_of)
    for actor in ledger.actors:
        yield (LedgerTopic.ACTOR, actor.name), actor
    for figure in ledger.figures:
        yield (LedgerTopic.FIGURE, _key(figure.value, figure.counts, figure.claimant)), figure
    for announcement in ledger.expectations:
        day = announcement.due.isoformat() if announcement.due else ""
        # A missing report has no evidence: it depends only on the day of the question.
        silent = announcement.outcome is Outcome.NO_REPORT
        value = replace(announcement, outcome=Outcome.OPEN) if silent else announcement
        yield (LedgerTopic.EXPECTATION, _key(announcement.what, day)), value
    for disagreement in ledger.disagreements:
        yield (LedgerTopic.DISAGREEMENT, disagreement.issue), disagreement


def _key(*parts: str) -> str:
    """Return a short key of ``parts``; an id without a prefix."""
    return derive_id("", *parts).removeprefix("-")


def _as_of(value: Value, at: datetime) -> datetime:
    if isinstance(value, Status | Actor | Figure | Announcement):
        return value.as_of
    return at

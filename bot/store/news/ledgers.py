"""Ledgers: the rows of each story, only ever added to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.codec import from_plain, to_plain
from bot.errors import StoreError
from bot.model.scope import Scope
from bot.model.story import Actor, Disagreement, Expectation, Figure, LedgerEntry, LedgerTopic, Status
from bot.store import tables
from bot.store.engine import Database
from bot.store.rows import ROWS_PER_CALL, chunks, scope_columns

_TYPES: dict[LedgerTopic, type] = {
    LedgerTopic.STATUS: Status,
    LedgerTopic.ACTOR: Actor,
    LedgerTopic.FIGURE: Figure,
    LedgerTopic.EXPECTATION: Expectation,
    LedgerTopic.DISAGREEMENT: Disagreement,
}


class Ledgers:
    """What each story remembers, with when we learned it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, entries: Sequence[LedgerEntry], *, scopes: dict[str, Scope]) -> bool:
        """Add ``entries``, all or nothing: False where one's number stands already, since another was quicker."""
        if not entries:
            return True
        try:
            async with self._database.writing() as connection:
                for some in chunks(entries, ROWS_PER_CALL):
                    rows = [_row(entry) | scope_columns(scopes[entry.story_id]) for entry in some]
                    await connection.execute(sa.insert(tables.ledger_entry), rows)
        except StoreError as error:
            if _stands_already(error):
                return False
            raise
        return True

    async def replace(self, story_id: str, entries: Sequence[LedgerEntry], *, scope: Scope) -> None:
        """Put ``entries`` in the place of all rows of ``story_id``, all or nothing: a rebuild."""
        table = tables.ledger_entry
        async with self._database.writing() as connection:
            await connection.execute(sa.delete(table).where(table.c.story_id == story_id))
            for some in chunks(entries, ROWS_PER_CALL):
                rows = [_row(entry) | scope_columns(scope) for entry in some]
                await connection.execute(sa.insert(table), rows)

    async def missing(self) -> list[str]:
        """Return the ids of stories with articles and without a row: their ledgers are to be written anew."""
        story, placed, table = (
            tables.story.c.id,
            tables.story_article.c.story_id,
            tables.ledger_entry.c.story_id,
        )
        statement = sa.select(story).where(
            sa.exists().where(placed == story), ~sa.exists().where(table == story)
        )
        async with self._database.reading() as connection:
            return [row[0] for row in await connection.execute(statement.order_by(story))]

    async def of(self, ids: Sequence[str]) -> dict[str, tuple[LedgerEntry, ...]]:
        """Return the rows of each of the stories ``ids``, in the order they were written."""
        table = tables.ledger_entry
        found: defaultdict[str, list[LedgerEntry]] = defaultdict(list)
        async with self._database.reading() as connection:
            for part in chunks(ids):
                rows = await connection.execute(
                    sa.select(table).where(table.c.story_id.in_(part)).order_by(table.c.number)
                )
                for row in rows.mappings():
                    found[row["story_id"]].append(_entry(dict(row)))
        return {story_id: tuple(found[story_id]) for story_id in ids}


def _stands_already(error: StoreError) -> bool:
    """Tell whether a row was refused because another has its number."""
    cause = error.__cause__.orig if isinstance(error.__cause__, IntegrityError) else None
    # The driver of SQLite names it so, that of PostgreSQL by its code.
    name = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return name in {"SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE", "23505"}


def _row(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "story_id": entry.story_id,
        "number": entry.number,
        "fact": entry.fact.value,
        "key": entry.key,
        "as_of": entry.as_of,
        "recorded_at": entry.recorded_at,
        "withdrawn": entry.withdrawn,
        "data": to_plain(entry.value) or {},
    }


def _entry(row: dict[str, Any]) -> LedgerEntry:
    fact = LedgerTopic(row["fact"])
    value = from_plain(_TYPES[fact], row["data"]) if fact in _TYPES else None
    return LedgerEntry(
        story_id=row["story_id"],
        number=row["number"],
        fact=fact,
        key=row["key"],
        as_of=row["as_of"],
        recorded_at=row["recorded_at"],
        withdrawn=row["withdrawn"],
        value=value,
    )

"""Watches: questions whose askers are notified once, by a delivery that is stored together with the watch's end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from bot.model.chat import Delivery, DeliveryPart
from bot.model.conversation.reader import QuestionWatch, WatchState
from bot.store import tables
from bot.store.briefings.delivery_rows import new_row, part_rows
from bot.store.engine import Database
from bot.store.rows import insert_missing, scope_columns, scope_of


class Watches:
    """Questions that wait for an answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, watch: QuestionWatch) -> bool:
        """Store ``watch``; return False if the same person already watches the same question in the same place."""
        row = {f.name: getattr(watch, f.name) for f in fields(QuestionWatch) if f.name != "scope"}
        row |= {"state": watch.state.value} | scope_columns(watch.scope)
        async with self._database.writing() as connection:
            return bool(await insert_missing(connection, tables.watch, [row]))

    async def open(self, *, limit: int, asker: str = "", workspace: str = "") -> list[QuestionWatch]:
        """Return the open watches, those that expire soonest first; only those of one person if given."""
        table = tables.watch
        statement = sa.select(table).where(table.c.state == WatchState.OPEN.value)
        if asker:
            statement = statement.where(table.c.asker == asker, table.c.workspace == workspace)
        statement = statement.order_by(table.c.expires_at, table.c.id).limit(limit)
        async with self._database.reading() as connection:
            return [_watch(row) for row in (await connection.execute(statement)).mappings()]

    async def ended(self, *, asker: str, destination: str) -> int:
        """Return the number of ended watches of a person in a place."""
        table = tables.watch
        statement = sa.select(sa.func.count()).where(
            table.c.asker == asker,
            table.c.destination == destination,
            table.c.state != WatchState.OPEN.value,
        )
        async with self._database.reading() as connection:
            return int((await connection.execute(statement)).scalar_one())

    async def end(
        self,
        watch: QuestionWatch,
        state: WatchState,
        *,
        delivery: Delivery | None = None,
        parts: Sequence[DeliveryPart] = (),
    ) -> bool:
        """End ``watch`` in ``state`` and store its ``delivery`` with the messages ``parts``, in one transaction.

        Return False if it has already ended or was deleted; then nothing is delivered.
        """
        table = tables.watch
        statement = (
            sa.update(table)
            .where(table.c.id == watch.id, table.c.state == WatchState.OPEN.value)
            .values(state=state.value)
        )
        async with self._database.writing() as connection:
            if not (await connection.execute(statement)).rowcount:
                return False
            if delivery:
                await insert_missing(connection, tables.delivery, [new_row(delivery)])
                rows = part_rows(parts, scope=delivery.scope)
                await insert_missing(connection, tables.delivery_part, rows)
        return True


def _watch(row: Mapping[Any, Any]) -> QuestionWatch:
    values = {f.name: row[f.name] for f in fields(QuestionWatch) if f.name != "scope"}
    return QuestionWatch(**values | {"state": WatchState(row["state"])}, scope=scope_of(row))

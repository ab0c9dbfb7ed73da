"""Requests begun in chats, threads with their turns, and who looked when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model.conversation.reader import Thread, ThreadTurn, Topic
from bot.model.scope import Scope
from bot.store import tables
from bot.store.engine import Database
from bot.store.rows import insert_missing, readable_rows, scope_columns, scope_of, upsert

_BEGUN_SINCE = (  # asked of every request: it is made once
    sa.select(sa.func.count())
    .select_from(tables.seen)
    .where(
        tables.seen.c.workspace == sa.bindparam("workspace"),
        tables.seen.c.at >= sa.bindparam("since"),
    )
)


class Conversations:
    """Requests, threads and turns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, request_id: str, *, at: datetime, scope: Scope) -> bool:
        """Store that a request was begun; return False if it was begun before, so that it is handled once."""
        row = {"id": request_id, "at": at} | scope_columns(scope)
        async with self._database.writing() as connection:
            return bool(await insert_missing(connection, tables.seen, [row]))

    async def begun(self, workspace: str, *, since: datetime) -> int:
        """Return how many requests a workspace has made since ``since``."""
        asked = {"workspace": workspace, "since": since}
        async with self._database.reading() as connection:
            return int((await connection.execute(_BEGUN_SINCE, asked)).scalar() or 0)

    async def open(self, thread: Thread) -> None:
        """Store the subject of a thread; a later one replaces an earlier one."""
        row = {
            "destination": thread.destination,
            "root": thread.root,
            "topic": thread.topic.value,
            "subject": thread.subject,
            "stories": list(thread.stories),
            "kept_under": thread.kept_under,
            "at": thread.at,
        }
        async with self._database.writing() as connection:
            await upsert(connection, tables.thread, [row | scope_columns(thread.scope)])

    async def thread(self, destination: str, root: str) -> Thread | None:
        """Return the thread under the message ``root``, if the bot knows it."""
        table = tables.thread
        statement = sa.select(table).where(table.c.destination == destination, table.c.root == root)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).mappings().first()
        return _thread(row) if row else None

    async def keep(self, turn: ThreadTurn) -> None:
        """Store one question with its answer."""
        row = {name: getattr(turn, name) for name in _PLAIN_COLUMNS}
        row |= {"topic": turn.topic.value, "document": dict(turn.document), "stories": list(turn.stories)}
        async with self._database.writing() as connection:
            await upsert(connection, tables.turn, [row | scope_columns(turn.scope)])

    async def turns(self, destination: str, root: str, *, most: int) -> list[ThreadTurn]:
        """Return the newest turns of a thread, oldest first."""
        table = tables.turn
        statement = (
            sa.select(table)
            .where(table.c.destination == destination, table.c.root == root)
            .order_by(table.c.at.desc(), table.c.id)
            .limit(most)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [_thread_turn(row) for row in reversed(rows)]

    async def document(self, subject: str, *, by: Scope) -> ThreadTurn | None:
        """Return the newest turn whose document is ``subject``, if the destination ``by`` may read it."""
        return await self._newest(tables.turn.c.subject == subject, readable_rows(tables.turn, by))

    async def own(self, subject: str, *, asker: str) -> ThreadTurn | None:
        """Return the newest turn whose document is ``subject``, if ``asker`` asked it."""
        return await self._newest(tables.turn.c.subject == subject, tables.turn.c.asker == asker)

    async def _newest(self, *conditions: sa.ColumnElement[bool]) -> ThreadTurn | None:
        table = tables.turn
        statement = sa.select(table).where(*conditions).order_by(table.c.at.desc(), table.c.id).limit(1)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).mappings().first()
        return _thread_turn(row) if row else None

    async def look(self, destination: str, asker: str, *, at: datetime, scope: Scope) -> datetime | None:
        """Store that ``asker`` looked at ``at`` and return the time before."""
        table = tables.look
        row = {"destination": destination, "asker": asker, "at": at} | scope_columns(scope)
        async with self._database.writing() as connection:
            before: datetime | None = (
                await connection.execute(
                    sa.select(table.c.at).where(table.c.destination == destination, table.c.asker == asker)
                )
            ).scalar()
            await upsert(connection, table, [row])
        return before


_PLAIN_COLUMNS = ("id", "destination", "root", "at", "asker", "question", "answer", "subject")


def _thread(row: Mapping[Any, Any]) -> Thread:
    values = {f.name: row[f.name] for f in fields(Thread) if f.name in row}
    values |= {"topic": Topic(row["topic"]), "stories": tuple(row["stories"])}
    return Thread(**values, scope=scope_of(row))


def _thread_turn(row: Mapping[Any, Any]) -> ThreadTurn:
    values = {name: row[name] for name in _PLAIN_COLUMNS}
    values |= {"topic": Topic(row["topic"]), "stories": tuple(row["stories"]), "document": row["document"]}
    return ThreadTurn(**values, scope=scope_of(row))

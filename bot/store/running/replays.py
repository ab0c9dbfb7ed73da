"""Signed requests already handled, for all processes: a repeated request does nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.store import tables
from bot.store.engine import Database
from bot.store.rows import insert_missing

REQUEST_RETENTION = timedelta(minutes=15)  # a signature is good for five minutes on either side of its time


class SeenRequests:
    """The signed requests handled in the last minutes, by an opaque key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def first(self, key: str, *, at: datetime) -> bool:
        """Store that the request ``key`` is handled; return False if a process has handled it before."""
        table = tables.replay
        async with self._database.writing() as connection:
            await connection.execute(sa.delete(table).where(table.c.at < at - REQUEST_RETENTION))
            return bool(await insert_missing(connection, table, [{"key": key, "at": at}]))

"""Notices to admins, each sent once; and leases for work that only one process may do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.errors import StoreError
from bot.model.scope import SHARED, Scope
from bot.store import tables
from bot.store.engine import Database
from bot.store.rows import insert_missing, scope_columns, scope_of
from bot.store.signals import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice to admins; ``key`` identifies it, so that it is sent once. ``scope`` is whom it concerns."""

    key: str
    text: str
    at: datetime
    scope: Scope = SHARED


class Notices:
    """Notices to admins."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, notice: Notice) -> bool:
        """Store ``notice`` to be sent; False when its key is known."""
        row = {"key": notice.key, "text": notice.text, "at": notice.at, "sent": False}
        row |= scope_columns(notice.scope)
        async with self._database.writing() as connection:
            added = bool(await insert_missing(connection, tables.notice, [row]))
            if added:
                await self._database.signals.send(connection, Signal.NOTICES)
        return added

    async def unsent(self) -> list[Notice]:
        """Return the notices not sent yet, oldest first."""
        return await self._select(tables.notice.c.sent.is_(False))

    async def recent(self, limit: int) -> list[Notice]:
        """Return the newest notices, newest first."""
        return (await self._select(sa.true()))[::-1][:limit]

    async def keys(self, *, start: str) -> list[str]:
        """Return the keys that begin with ``start``."""
        key = tables.notice.c.key
        async with self._database.reading() as connection:
            rows = await connection.execute(sa.select(key).where(key.startswith(start, autoescape=True)))
            return [row[0] for row in rows]

    async def mark_sent(self, key: str) -> None:
        """Store that the notice ``key`` was sent."""
        table = tables.notice
        async with self._database.writing() as connection:
            await connection.execute(sa.update(table).where(table.c.key == key).values(sent=True))

    async def clear(self, key: str) -> None:
        """Delete the notice ``key``, so that it can be sent again."""
        table = tables.notice
        async with self._database.writing() as connection:
            await connection.execute(sa.delete(table).where(table.c.key == key))

    async def _select(self, wanted: sa.ColumnElement[bool]) -> list[Notice]:
        table = tables.notice
        async with self._database.reading() as connection:
            rows = await connection.execute(sa.select(table).where(wanted).order_by(table.c.at, table.c.key))
            return [
                Notice(key=row["key"], text=row["text"], at=row["at"], scope=scope_of(dict(row)))
                for row in rows.mappings()
            ]


# Put together once: each delivery asks whether feeds are being read.
_TAKEN = sa.select(tables.lease.c.taken).where(
    tables.lease.c.name == sa.bindparam("which"), tables.lease.c.until > sa.bindparam("now")
)


class Leases:
    """Leases for work that only one process may do at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def hold(
        self, name: str, *, holder: str, now: Callable[[], datetime], lasting: timedelta
    ) -> AsyncIterator[bool]:
        """Hold the lease ``name`` and renew it in time; yield False while another process holds it.

        However its work ends, it is given back, so that nobody waits until it runs out.
        """
        # Shielded: what is stopped while it asks, or twice, would leave the lease taken.
        asked = asyncio.ensure_future(self.acquire(name, holder=holder, now=now(), lasting=lasting))
        try:
            held = await asyncio.shield(asked)
        except asyncio.CancelledError:
            await asyncio.shield(asyncio.ensure_future(self._give_back(asked, name, holder=holder)))
            raise
        if not held:
            yield False
            return
        keeping = asyncio.create_task(self._keep(name, holder=holder, now=now, lasting=lasting))
        try:
            yield True
        finally:
            keeping.cancel()
            await asyncio.shield(asyncio.ensure_future(self._give_back(asked, name, holder=holder)))

    async def _keep(self, name: str, *, holder: str, now: Callable[[], datetime], lasting: timedelta) -> None:
        while True:
            await asyncio.sleep(lasting.total_seconds() / 4)
            with suppress(StoreError):  # the next one may succeed
                await self.renew(name, holder=holder, now=now(), lasting=lasting)

    async def _give_back(self, asked: asyncio.Future[bool], name: str, *, holder: str) -> None:
        with suppress(StoreError):  # it runs out by itself
            if await asked:
                await self.release(name, holder=holder)

    async def acquire(self, name: str, *, holder: str, now: datetime, lasting: timedelta) -> bool:
        """Acquire the lease ``name``; return False while another process holds it."""
        table = tables.lease
        values = {"holder": holder, "taken": now, "until": now + lasting}
        over = sa.or_(table.c.until <= now, table.c.until > now + 100 * lasting)  # the latter: a wrong clock
        async with self._database.writing() as connection:
            if await insert_missing(connection, table, [{"name": name} | values]):
                return True
            done = await connection.execute(
                sa.update(table).where(table.c.name == name, over).values(**values)
            )
        return bool(done.rowcount)

    async def renew(self, name: str, *, holder: str, now: datetime, lasting: timedelta) -> bool:
        """Renew the lease ``name``; return False if another process has it."""
        table = tables.lease
        async with self._database.writing() as connection:
            done = await connection.execute(
                sa.update(table)
                .where(table.c.name == name, table.c.holder == holder)
                .values(until=now + lasting)
            )
        return bool(done.rowcount)

    async def taken(self, name: str, *, now: datetime) -> datetime | None:
        """Return since when the lease ``name`` is held at ``now``."""
        async with self._database.reading() as connection:
            found: datetime | None = (await connection.execute(_TAKEN, {"which": name, "now": now})).scalar()
        return found

    async def held(self, start: str, *, now: datetime, but: str = "") -> bool:
        """Return whether a lease whose name begins with ``start`` is held at ``now`` by another holder than ``but``."""
        table = tables.lease
        theirs = sa.exists().where(
            table.c.name.startswith(start, autoescape=True), table.c.until > now, table.c.holder != but
        )
        async with self._database.reading() as connection:
            return bool((await connection.execute(sa.select(theirs))).scalar())

    async def run_out(self, start: str, *, now: datetime) -> list[str]:
        """Return the expired leases whose name begins with ``start``."""
        table = tables.lease
        statement = sa.select(table.c.name).where(
            table.c.name.startswith(start, autoescape=True), table.c.until <= now
        )
        async with self._database.reading() as connection:
            return [row[0] for row in await connection.execute(statement.order_by(table.c.name))]

    async def drop(self, name: str, *, now: datetime) -> bool:
        """Delete the lease ``name`` if it has expired; return False if another process did so, or holds it again."""
        table = tables.lease
        async with self._database.writing() as connection:
            done = await connection.execute(
                sa.delete(table).where(table.c.name == name, table.c.until <= now)
            )
        return bool(done.rowcount)

    async def clear(self, start: str) -> None:
        """Delete every lease whose name begins with ``start``, also those of other processes."""
        table = tables.lease
        async with self._database.writing() as connection:
            await connection.execute(sa.delete(table).where(table.c.name.startswith(start, autoescape=True)))

    async def release(self, name: str, *, holder: str) -> None:
        """Release the lease ``name`` if ``holder`` has it."""
        table = tables.lease
        async with self._database.writing() as connection:
            await connection.execute(sa.delete(table).where(table.c.name == name, table.c.holder == holder))

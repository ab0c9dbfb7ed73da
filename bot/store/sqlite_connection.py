"""SQLite connections for SQLAlchemy that switch to their thread once for a statement and its rows.

SQLAlchemy's adapter visits the thread of an aiosqlite connection four times: to make a cursor, execute the statement, read
the rows and close the cursor; and once more to end a transaction that was never begun. Each visit wakes two threads.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite

ROWS_AT_ONCE = 1000  # read with their statement; of a stream, the rest is read in as many at a time

Parameters = Sequence[Any] | Mapping[str, Any]


class SqliteConnection(aiosqlite.Connection):
    """A connection whose cursors read their first rows with the statement, and that ends only transactions that were begun."""

    # Set while work is in the thread. It stays set if the waiting task was cancelled: what the work does, a BEGIN for
    # instance, may be done after it was asked for.
    _unsure = False

    async def visit(self, work: Callable[[], Any]) -> Any:
        """Return what ``work`` returns in the connection's thread."""
        self._unsure = True
        try:
            result = await self._execute(work)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            raise
        except BaseException:
            self._unsure = False
            raise
        self._unsure = False
        return result

    def cursor(self) -> SqliteCursor:  # type: ignore[override] # SQLAlchemy enters it, as it does aiosqlite's
        """Return a cursor; SQLite's own is made with its statement."""
        return SqliteCursor(self)

    async def commit(self) -> None:
        """Commit the transaction, if one may have begun."""
        if self._unsure or self.in_transaction:
            await self.visit(self._conn.commit)

    async def rollback(self) -> None:
        """Roll the transaction back, if one may have begun."""
        if self._unsure or self.in_transaction:
            await self.visit(self._conn.rollback)

    def open_cursor(self) -> sqlite3.Cursor:
        """Return SQLite's own cursor; to be called in the connection's thread."""
        return self._conn.cursor()


class SqliteCursor:
    """A statement and its rows, as SQLAlchemy's adapter for drivers of asyncio asks for them."""

    arraysize = 1

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        self._rows: list[Any] = []  # read, and not yet asked for
        self._has_more = False

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:
        """The columns; None before a statement and after one that has no rows."""
        return self._cursor and self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows the statement changed, -1 for one that changes none."""
        return self._cursor.rowcount if self._cursor else -1

    @property
    def lastrowid(self) -> int | None:
        """The number of the row that the statement inserted."""
        return self._cursor.lastrowid if self._cursor else None

    async def execute(self, statement: str, parameters: Parameters = ()) -> None:
        """Execute ``statement`` and read its first rows."""
        await self._connection.visit(partial(self._execute, statement, parameters))

    async def executemany(self, statement: str, parameters: Iterable[Parameters]) -> None:
        """Execute ``statement`` with each of ``parameters``."""
        await self._connection.visit(lambda: self._open().executemany(statement, parameters))

    async def fetchone(self) -> Any:
        """Return the next row, None after the last."""
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return up to ``size`` of the next rows, fewer only at their end."""
        size = size or self.arraysize
        if len(self._rows) < size and self._has_more:
            await self._connection.visit(partial(self._read, max(size, ROWS_AT_ONCE)))
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    async def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        while self._has_more:
            await self._connection.visit(partial(self._read, ROWS_AT_ONCE))
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Close the statement if it has unread rows, because it would block writers."""
        if self._has_more and self._cursor:
            self._has_more = False
            await self._connection.visit(self._cursor.close)

    def _open(self) -> sqlite3.Cursor:
        self._cursor = self._cursor or self._connection.open_cursor()
        return self._cursor

    def _execute(self, statement: str, parameters: Parameters) -> None:
        self._rows, self._has_more = [], False
        if self._open().execute(statement, parameters).description:
            self._read(ROWS_AT_ONCE)

    def _read(self, count: int) -> None:
        if self._cursor:
            rows = self._cursor.fetchmany(count)
            self._rows += rows
            self._has_more = len(rows) == count


def connect(database: str, **options: Any) -> SqliteConnection:
    """Return a connection that opens ``database`` when it is awaited; ``options`` are those of ``sqlite3.connect``."""
    connection = SqliteConnection(partial(sqlite3.connect, database, **options), ROWS_AT_ONCE)
    # As SQLAlchemy does for its own connections: an open one would keep the process from ending.
    connection._thread.daemon = True  # noqa: SLF001
    return connection

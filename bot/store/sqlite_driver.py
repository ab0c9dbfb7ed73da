"""The driver of SQLite with one change of threads a statement: ``aiosqlite`` has four, which take longer than most statements.

    execute ──▶ the connection's thread: open a cursor, execute, fetch all rows, close ──▶ what it answered

A transaction that was never begun is not ended either: after what was only read, and after a commit, there is none.
"""
# ruff: noqa: SLF001 - neither SQLAlchemy nor aiosqlite lets anybody else run a function in the connection's thread

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)

DRIVER = "sqlite+one_change"
NOT_COUNTED = -1  # how many rows a statement changed that changes none, as the interface of databases has it


@dataclass(slots=True, kw_only=True)
class _Answer:
    """What a cursor says of the statement it executed last."""

    description: Any = None
    rowcount: int = NOT_COUNTED
    lastrowid: int | None = None
    arraysize: int = 1


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor that holds all rows from the start: nothing of it is left open in the connection's thread."""

    __slots__ = ()

    def __init__(self, adapt_connection: AsyncAdapt_aiosqlite_connection) -> None:
        # Not the base's, which would open one now.
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._cursor: Any = _Answer()
        self._rows = deque()

    @property
    def description(self) -> Any:
        return self._cursor.description

    def close(self) -> None:
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """There is nothing to close."""

    async def _execute_async(self, operation: Any, parameters: Any = None) -> None:
        await self._answered(sqlite3.Cursor.execute, operation, () if parameters is None else parameters)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        await self._answered(sqlite3.Cursor.executemany, operation, seq_of_parameters)

    async def _answered(
        self, execute: Callable[..., object], operation: str, parameters: Sequence[Any]
    ) -> None:
        ours: Any = self._adapt_connection
        theirs: Any = self._connection
        async with ours._execute_mutex:
            self._cursor, self._rows = await theirs._execute(
                _answer, theirs._conn, execute, operation, parameters
            )


class _Connection(AsyncAdapt_aiosqlite_connection):
    """A connection that ends no transaction where there is none.

    Whoever is cut off while a statement runs, which may begin one, leaves a connection that SQLAlchemy closes.
    """

    __slots__ = ()

    _cursor_cls: type[AsyncAdapt_aiosqlite_cursor] = _Cursor

    def rollback(self) -> None:
        if self._in_transaction():
            super().rollback()

    def commit(self) -> None:
        if self._in_transaction():
            super().commit()

    def _in_transaction(self) -> bool:
        driver: Any = self._connection._connection
        return driver is None or driver.in_transaction


class _Module(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *arg: Any, **kw: Any) -> _Connection:
        return _Connection(self, super().connect(*arg, **kw)._connection)


class OneChangeDialect(SQLiteDialect_aiosqlite):
    """SQLAlchemy's dialect for ``aiosqlite``, with these connections; what is streamed has cursors as before."""

    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> AsyncAdapt_aiosqlite_dbapi:
        """Return the modules behind it."""
        import aiosqlite  # noqa: PLC0415 - as SQLAlchemy has it: only for who opens a database

        return _Module(aiosqlite, sqlite3)


def _answer(
    connection: sqlite3.Connection, execute: Callable[..., object], operation: str, parameters: Sequence[Any]
) -> tuple[_Answer, deque[Any]]:
    cursor = connection.cursor()
    try:
        execute(cursor, operation, parameters)
        rows = deque(cursor.fetchall() if cursor.description else ())
        said = _Answer(description=cursor.description, rowcount=cursor.rowcount, lastrowid=cursor.lastrowid)
    finally:
        cursor.close()
    return said, rows


registry.register(DRIVER.replace("+", "."), __name__, OneChangeDialect.__name__)

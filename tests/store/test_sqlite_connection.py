"""A statement and its rows cost one visit to the connection's thread; a transaction that nobody waits for is ended."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store.sqlite_connection import ROWS_AT_ONCE, SqliteConnection, connect

pytestmark = pytest.mark.slow
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a database with one empty table."""
    path = tmp_path / "one.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE line (number INTEGER PRIMARY KEY)")
    connection.close()
    return path


@pytest.fixture
async def engine(path: Path) -> AsyncIterator[AsyncEngine]:
    """Yield an engine with our connections."""
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}",
        connect_args={"async_creator_fn": connect, "timeout": 0.0},
        pool_size=1,
        max_overflow=0,
    )
    yield engine
    await engine.dispose()


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], Any]]:
    """Return a list that each visit to a connection's thread is added to."""
    seen: list[Callable[[], Any]] = []
    visit = SqliteConnection.visit

    async def noted(self: SqliteConnection, work: Callable[[], Any]) -> Any:
        seen.append(work)
        return await visit(self, work)

    monkeypatch.setattr(SqliteConnection, "visit", noted)
    return seen


async def test_a_statement_its_rows_and_the_end_of_no_transaction_are_one_visit(
    engine: AsyncEngine, visits: list[Callable[[], Any]]
) -> None:
    for _ in range(2):  # a connection is set up when it is first used
        visits.clear()
        async with engine.connect() as connection:
            found = await connection.exec_driver_sql(NUMBERS.format(count=3))
            assert found.scalars().all() == [1, 2, 3]
    assert len(visits) == 1


async def test_a_transaction_is_committed_with_one_visit_more(
    engine: AsyncEngine, visits: list[Callable[[], Any]]
) -> None:
    for number in (6, 7):
        visits.clear()
        async with engine.begin() as connection:
            written = await connection.exec_driver_sql("INSERT INTO line VALUES (?)", (number,))
            assert (written.rowcount, written.lastrowid) == (1, number)
    assert len(visits) == 2


@pytest.mark.parametrize("count", [0, 1, ROWS_AT_ONCE - 1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1, 3 * ROWS_AT_ONCE])
async def test_all_rows_come_however_many_there_are(engine: AsyncEngine, count: int) -> None:
    numbers = f"{NUMBERS.format(count=max(count, 1))} LIMIT {count}"
    async with engine.connect() as connection:
        assert len((await connection.exec_driver_sql(numbers)).all()) == count
        async with connection.stream(sa.text(numbers)) as stream:
            assert [row.i async for row in stream] == list(range(1, count + 1))


async def test_a_stream_that_is_left_early_holds_no_writer_back(engine: AsyncEngine, path: Path) -> None:
    async with engine.begin() as connection:
        await connection.exec_driver_sql(f"INSERT INTO line {NUMBERS.format(count=2 * ROWS_AT_ONCE)}")
    async with (
        engine.connect() as connection,
        connection.stream(sa.text("SELECT number FROM line")) as stream,
    ):
        assert await anext(aiter(stream))
    await asyncio.to_thread(_exclude, path)


async def test_what_a_statement_did_wrong_is_raised_and_the_next_one_is_executed(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        with pytest.raises(OperationalError, match="no such table"):
            await connection.exec_driver_sql("SELECT * FROM nowhere")
        assert (await connection.exec_driver_sql("SELECT 1")).scalar() == 1


async def test_a_transaction_that_begins_when_nobody_waits_any_more_is_rolled_back(path: Path) -> None:
    held, go_on = threading.Event(), threading.Event()
    async with connect(str(path)) as connection:
        holding = asyncio.create_task(connection.visit(lambda: (held.set(), go_on.wait())))
        await asyncio.to_thread(held.wait)
        beginning = asyncio.create_task(connection.cursor().execute("BEGIN IMMEDIATE"))
        await asyncio.sleep(0)  # it waits for the thread
        beginning.cancel()
        with pytest.raises(asyncio.CancelledError):
            await beginning
        ending = asyncio.create_task(connection.rollback())
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(holding, ending)
        await asyncio.to_thread(_exclude, path)


async def test_a_cancelled_writer_leaves_a_database_that_others_can_write(
    engine: AsyncEngine, path: Path
) -> None:
    async def write() -> None:
        async with engine.begin() as connection:
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
            writing.set()
            await asyncio.Event().wait()

    writing = asyncio.Event()
    task = asyncio.create_task(write())
    await writing.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.to_thread(_exclude, path)


def _exclude(path: Path) -> None:
    """Have the database alone: refused where another connection reads or writes."""
    with sqlite3.connect(path, timeout=0, isolation_level=None) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("ROLLBACK")
    other.close()

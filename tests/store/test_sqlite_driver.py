"""The driver of SQLite: one change of threads a statement, and no transaction left behind, whoever breaks off."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3

import aiosqlite
import pytest
import sqlalchemy as sa

from bot.store.engine import open_database

pytestmark = pytest.mark.slow


@pytest.fixture
async def database(tmp_path):
    opened = await open_database(f"sqlite:///{tmp_path / 'wire.db'}")
    async with opened.writing() as connection:
        await connection.exec_driver_sql("CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT)")
    yield opened
    await opened.engine.dispose()


@pytest.fixture
def changes(monkeypatch):
    """Return the calls that went to a connection's thread, as they come."""
    made, execute = [], aiosqlite.Connection._execute

    async def counted(self, function, *args, **more):
        made.append(function)
        return await execute(self, function, *args, **more)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    return made


async def test_what_is_read_costs_one_change_of_threads(database, changes):
    async with database.reading() as connection:
        assert (await connection.exec_driver_sql("SELECT name FROM place")).all() == []
    assert len(changes) == 1


async def test_what_is_written_costs_its_statements_a_beginning_and_an_end(database, changes):
    async with database.writing() as connection:
        await connection.exec_driver_sql("INSERT INTO place (name) VALUES ('here')")
    assert len(changes) == 3


async def test_a_cursor_says_what_it_did(database):
    name, key = sa.column("name"), sa.column("id")
    place = sa.table("place", key, name)
    async with database.writing() as connection:
        rows = await connection.execute(place.insert().values(name="a").returning(key, name))
        assert rows.all() == [(1, "a")]
        await connection.execute(place.insert(), [{"name": "b"}, {"name": "c"}])
        assert (await connection.execute(sa.update(place).values(name="d").where(key > 1))).rowcount == 2
        rows = await connection.execute(sa.select(key, name).order_by(key))
        assert list(rows.keys()) == ["id", "name"]
        assert rows.all() == [(1, "a"), (2, "d"), (3, "d")]
        with pytest.raises(sa.exc.IntegrityError):
            await connection.exec_driver_sql("INSERT INTO place (id) VALUES (1)")
        assert [row async for row in await connection.stream(sa.select(key))] == [(1,), (2,), (3,)]


async def test_who_is_cut_off_while_it_begins_leaves_no_transaction_to_the_next(database, tmp_path, changes):
    other = sqlite3.connect(tmp_path / "wire.db", isolation_level=None)
    with contextlib.closing(other):
        other.execute("BEGIN IMMEDIATE")
        cut_off = asyncio.ensure_future(database.write(sa.text("INSERT INTO place (name) VALUES ('lost')")))
        while not changes:  # noqa: ASYNC110 - until it waits for the other's lock
            await asyncio.sleep(0)
        cut_off.cancel()
        await asyncio.sleep(0)
        other.execute("COMMIT")
        with pytest.raises(asyncio.CancelledError):
            await cut_off
        other.execute("BEGIN IMMEDIATE")  # refused while anybody is in a transaction that writes
        other.execute("ROLLBACK")
    await database.write(sa.text("INSERT INTO place (name) VALUES ('kept')"))
    async with database.reading() as connection:
        assert (await connection.exec_driver_sql("SELECT name FROM place")).scalars().all() == ["kept"]

"""Forgetting: nothing of a channel, a workspace or a person is left, in whichever table and byte it stood."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.store import open_store, tables
from bot.store.retention import PEOPLE, theirs

pytestmark = pytest.mark.slow
SCOPE = {"workspace", "channel", "visibility"}
WHO = {"workspace": "T1", "channel": "slack:T1/C1", "destination": "slack:T1/C1", "user": "U1", "asker": "U1"}
CANARY = "zyzzogeton"

SCOPED = [t for t in tables.metadata.sorted_tables if {c.name for c in t.c} >= SCOPE]
ASKED = [t for t in tables.metadata.sorted_tables if {c.name for c in t.c} & set(PEOPLE)]


def row_of(table, **known):
    """Return a row of ``table`` that is theirs, with the canary wherever text can stand."""
    values = {}
    for column in table.c:
        if column.name in known:
            values[column.name] = known[column.name]
        elif column.name == "visibility":
            values[column.name] = "channel"
        elif column.name in WHO:
            values[column.name] = WHO[column.name]
        elif isinstance(column.type, tables.UtcTime):
            values[column.name] = datetime(2025, 7, 8, tzinfo=UTC)
        elif isinstance(column.type, sa.LargeBinary):
            values[column.name] = CANARY.encode()
        elif isinstance(column.type, sa.JSON):
            values[column.name] = {"text": CANARY * 30}
        elif isinstance(column.type, sa.Boolean | sa.Integer | sa.BigInteger | sa.Float):
            values[column.name] = 1
        else:
            values[column.name] = _allowed(table, column) or f"{CANARY} {table.name} {column.name}"
    return values


def _allowed(table, column):
    """Return a value that the table's check admits, where it has one for ``column``."""
    for check in table.constraints:
        text = str(getattr(check, "sqltext", ""))
        if text.startswith(f"{column.name} IN"):
            return text.split("'")[1]
    return ""


async def fill(store, wanted, **known):
    """Put a row into each of the tables ``wanted``, after those that its foreign keys name."""
    made = {}
    async with store.database.writing() as connection:
        for table in tables.metadata.sorted_tables:
            if table not in wanted:
                continue
            row = row_of(table, **known)
            for key in table.foreign_keys:
                row[key.parent.name] = made[key.column.table.name][key.column.name]
            await connection.execute(sa.insert(table), [row])
            made[table.name] = row


def with_parents(wanted):
    found = set(wanted)
    while more := {k.column.table for t in found for k in t.foreign_keys} - found:
        found |= more
    return found


async def counted(store, wanted):
    async with store.database.reading() as connection:
        return {
            table.name: count
            for table in wanted
            if (count := (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar())
        }


async def everything(store):
    found = []
    async with store.database.reading() as connection:
        for table in tables.metadata.sorted_tables:
            found += [str(row) for row in await connection.execute(sa.select(table))]
    return " ".join(found)


@pytest.fixture
async def store(database_url):
    async with open_store(database_url) as opened:
        yield opened


@pytest.mark.parametrize("who", [{"channel": "slack:T1/C1"}, {"workspace": "T1"}])
async def test_every_table_with_a_scope_forgets_a_channel_and_a_workspace(store, who):
    await fill(store, with_parents(SCOPED))
    assert set(await counted(store, SCOPED)) == {t.name for t in SCOPED}
    forgotten = await store.forget(**who)
    assert await counted(store, SCOPED) == {}
    assert set(forgotten) >= {t.name for t in SCOPED} - {"delivery_part"}
    assert CANARY not in await everything(store)


async def test_every_table_with_an_asker_forgets_a_person_alone(store):
    await fill(store, with_parents(ASKED))
    await store.forget(user="U2")
    assert set(await counted(store, ASKED)) == {t.name for t in ASKED}
    await store.forget(user="U1")
    assert await counted(store, ASKED) == {}


async def test_another_channel_and_what_is_shared_stay(store):
    other = {"channel": "slack:T1/C2", "destination": "slack:T1/C2"}
    await fill(store, with_parents(SCOPED), **other)
    before = await counted(store, tables.metadata.sorted_tables)
    assert await store.forget(channel="slack:T1/C1") == {}
    assert await store.forget(workspace="T2") == {}
    assert await store.forget(workspace="T2", channel="slack:T1/C2") == {}
    after = await counted(store, tables.metadata.sorted_tables)
    assert {name: count for name, count in after.items() if name != "forgotten"} == before


async def test_a_forgetting_leaves_a_mark_for_running_bots_and_says_nobody_in_it(store):
    assert await store.last_forgotten() == ""
    await store.forget(channel="slack:T1/C1")
    first = await store.last_forgotten()
    await store.forget(channel="slack:T1/C1")
    assert first
    assert await store.last_forgotten() not in {"", first}
    assert "C1" not in await everything(store)


async def test_nobody_is_not_everybody(store):
    with pytest.raises(ValueError, match="nobody"):
        await store.forget()


async def test_no_byte_of_it_is_left_in_any_file_of_the_database(tmp_path):
    url = f"sqlite:///{tmp_path / 'wire.db'}"
    async with open_store(url) as store:
        await fill(store, with_parents(SCOPED))
        assert any(CANARY.encode() in file.read_bytes() for file in tmp_path.iterdir())
        await store.forget(channel="slack:T1/C1")
        # While the bot is at it still, not only after it has closed its files.
        left = [file.name for file in tmp_path.iterdir() if CANARY.encode() in file.read_bytes()]
    assert left == []


async def test_a_reader_that_does_not_end_is_named_and_the_rows_are_gone(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.store.engine.BUSY_MILLISECONDS", 10)
    path = tmp_path / "wire.db"
    async with open_store(f"sqlite:///{path}") as store:
        await fill(store, with_parents(SCOPED))
        reader = sqlite3.connect(path)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM delivery").fetchone()
        with pytest.raises(Exception, match="another program is reading"):
            await store.forget(channel="slack:T1/C1")
        assert await counted(store, SCOPED) == {}
        reader.close()
        await store.forget(channel="slack:T1/C1")
        assert not any(CANARY.encode() in file.read_bytes() for file in tmp_path.iterdir())


def test_a_table_that_names_a_person_in_another_way_is_found_out():
    columns = {c.name for t in tables.metadata.sorted_tables for c in t.c}
    alike = {name for name in columns if any(word in name for word in ("user", "asker", "person", "member"))}
    assert alike <= set(PEOPLE)


def test_a_table_without_owner_is_nobodys():
    assert theirs(tables.corpus, workspace="T1", channel="", user="") is None
    assert theirs(tables.lease, workspace="", channel="c", user="") is None
    assert theirs(tables.feed, workspace="", channel="c", user="U1") is None

"""Forgetting: nothing of a channel, a workspace or a person is left, in whichever table and byte it stood."""

from __future__ import annotations

import sqlite3

import pytest
import sqlalchemy as sa

from bot.store import open_store, tables
from bot.store.forget import PERSON_COLUMNS, rows_of_owner
from tests.store.filled import CANARY, SCOPE, counted, everything, fill, with_parents

pytestmark = pytest.mark.slow

SCOPED = [t for t in tables.metadata.sorted_tables if {c.name for c in t.c} >= SCOPE]
ASKED = [t for t in tables.metadata.sorted_tables if {c.name for c in t.c} & set(PERSON_COLUMNS)]


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


async def test_no_byte_of_it_is_left_in_any_table_or_index_of_postgresql(postgres_url):
    mixed = {tables.delivery, tables.delivery_part, tables.notice, tables.briefing, tables.sent_story}
    async with open_store(postgres_url) as store:
        for n in range(20):
            other = {"channel": "slack:T1/C2", "destination": "slack:T1/C2", "text": f"other {n}"}
            await fill(store, mixed, **other)
        await fill(store, with_parents(SCOPED))
        assert CANARY in await in_files(store)
        await store.forget(channel="slack:T1/C1")
        assert CANARY not in await in_files(store)
        assert await counted(store, mixed) == {table.name: 20 for table in mixed}


async def in_files(store):
    """Return what stands in the files of the database's tables and indexes."""
    files = (
        "SELECT encode(pg_read_binary_file(pg_relation_filepath(oid)), 'escape') FROM pg_class "
        "WHERE relkind IN ('r', 't', 'i') AND relnamespace::regnamespace::text IN ('public', 'pg_toast')"
    )
    async with store.database.exclusive() as connection:
        await connection.execute(sa.text("CHECKPOINT"))
        return "".join((await connection.execute(sa.text(files))).scalars())


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
    assert alike <= set(PERSON_COLUMNS)


def test_a_table_without_owner_is_nobodys():
    assert rows_of_owner(tables.corpus_term, workspace="T1", channel="", user="") is None
    assert rows_of_owner(tables.lease, workspace="", channel="c", user="") is None
    assert rows_of_owner(tables.feed, workspace="", channel="c", user="U1") is None

"""Backups: whole, of one moment, for either engine; and nothing is posted twice after a restore."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.errors import WirebriefError
from bot.flows.delivery.approvals import Decision, apply_decision
from bot.flows.maintenance.backup import restore
from bot.model.chat import State
from bot.store import open_store, tables
from bot.store.backup import back_up, copied
from bot.store.running.workflows import WORKFLOW_SCHEMA
from tests.flows.delivery.conftest import world  # noqa: F401 - a fixture
from tests.flows.delivery.world import DAY, World, posts
from tests.store.filled import NOW, fill

pytestmark = pytest.mark.slow


@pytest.fixture
async def store(engine_url):
    async with open_store(engine_url) as opened:
        yield opened


async def rows(store):
    found = {}
    async with store.database.reading() as connection:
        for table in copied():
            some = await connection.execute(sa.select(table).order_by(*table.primary_key))
            found[table.name] = [dict(row) for row in some.mappings()]
    return found


async def put_back(file, store, *, now=NOW, over=False, url="sqlite:////nowhere/wire.db"):
    return await restore(file, store=store, url=url, now=now, grace=DAY, over=over)


@pytest.mark.parametrize("route", ["sqlite to sqlite", "sqlite to postgresql", "postgresql to sqlite"])
async def test_every_row_comes_back_on_the_same_engine_and_on_the_other(route, tmp_path, request):
    source, target = (
        request.getfixturevalue("postgres_url") if kind == "postgresql" else f"sqlite:///{tmp_path / end}"
        for kind, end in zip(route.split(" to "), ("one.db", "other.db"), strict=True)
    )
    file = tmp_path / "backup.db"
    async with open_store(source) as store, open_store(target) as other:
        await fill(store, set(copied()))
        async with store.database.writing() as connection:
            await connection.execute(sa.delete(tables.subscription))  # it would be fired
            await connection.execute(sa.update(tables.delivery).values(state=State.POSTED.value, open=False))
        count = await back_up(store.database, file)
        assert count == len(copied()) - 1
        assert [f.name for f in tmp_path.iterdir() if f.name.startswith("backup")] == ["backup.db"]
        assert file.stat().st_mode & 0o077 == 0
        if target.startswith("postgresql"):
            await other.database.write(sa.text(f'CREATE SCHEMA "{WORKFLOW_SCHEMA}"'))
        assert await put_back(file, other, url=target) == (count, 0)
        assert await rows(other) == await rows(store)
        if target.startswith("postgresql"):  # nothing that was begun there is gone on with
            async with other.database.reading() as connection:
                schemas = await connection.run_sync(lambda inner: sa.inspect(inner).get_schema_names())
            assert WORKFLOW_SCHEMA not in schemas


async def test_a_backup_is_of_one_moment_while_others_write(tmp_path):
    async with open_store(f"sqlite:///{tmp_path / 'wire.db'}") as store:
        await fill(store, {tables.feed})
        stop = asyncio.Event()

        async def write():
            number = 0
            while not stop.is_set():
                number += 1
                async with store.database.writing() as connection:
                    told = {"key": f"{number}", "text": "", "at": NOW, "sent": True}
                    await connection.execute(sa.insert(tables.notice), [told])
                    await connection.execute(sa.insert(tables.passage_day), [{"day": number, "used": 1}])
            return number

        writing = asyncio.create_task(write())
        for i in range(5):
            await back_up(store.database, tmp_path / f"{i}.db")
        stop.set()
        assert await writing > 5
    for i in range(5):
        with sqlite3.connect(tmp_path / f"{i}.db") as file:
            notices = file.execute("SELECT count(*) FROM notice").fetchone()
            days = file.execute("SELECT count(*) FROM passage_day").fetchone()
        file.close()
        assert notices == days


async def restored(stack, world, file, tmp_path):  # noqa: F811 - the fixture's value
    """Return the world as it is after its database was lost and the backup ``file`` was restored."""
    store = await stack.enter_async_context(open_store(f"sqlite:///{tmp_path / 'after.db'}"))
    await put_back(file, store, now=world.time)
    after = World(store, world.platform, world.chat, world.clock)
    after.time = world.time
    return after


@pytest.mark.parametrize("backed_up_after", ["", "render", "post"])
async def test_what_was_open_and_posted_since_is_found_and_not_posted_again(
    world,  # noqa: F811
    backed_up_after,
    tmp_path,
):
    await world.subscribe(channel="webhook:small")
    await world.news("Talks on Monday ended with no breakthrough. The talks resume on Friday.")
    (key,) = await world.fire()
    if backed_up_after:
        await world.step_through(key, stop_after=backed_up_after)
    await back_up(world.store.database, tmp_path / "backup.db")
    await world.step_through(key)
    said = posts(world, "small")
    async with AsyncExitStack() as stack:
        after = await restored(stack, world, tmp_path / "backup.db", tmp_path)
        (delivery,) = await after.deliver()
        assert delivery.state is State.POSTED
        assert posts(world, "small") == said
        assert await after.store.briefings.sent_stories("webhook:small")


async def test_a_slot_that_was_due_and_posted_after_the_backup_is_not_posted_again(world, tmp_path):  # noqa: F811
    await world.subscribe()
    await back_up(world.store.database, tmp_path / "backup.db")
    await world.deliver()
    world.time += timedelta(minutes=1)
    async with AsyncExitStack() as stack:
        after = await restored(stack, world, tmp_path / "backup.db", tmp_path)
        (delivery,) = await after.deliver()
        assert delivery.state is State.POSTED
        assert len(posts(world)) == 1
        after.time += DAY
        await after.deliver()
        assert len(posts(world)) == 2


async def test_a_draft_approved_after_the_backup_and_once_more_is_posted_once(world, tmp_path):  # noqa: F811
    await world.subscribe(approval="webhook:editors")
    (delivery,) = await world.deliver()
    await back_up(world.store.database, tmp_path / "backup.db")
    await apply_decision(delivery.id, Decision.APPROVE, store=world.store, now=world.time)
    await world.step_through(delivery.id)
    async with AsyncExitStack() as stack:
        after = await restored(stack, world, tmp_path / "backup.db", tmp_path)
        await apply_decision(delivery.id, Decision.APPROVE, store=after.store, now=world.time)
        await after.step_through(delivery.id)
        assert (await after.store.deliveries.get(delivery.id)).state is State.POSTED
        assert len(posts(world)) == 1


async def test_a_database_that_holds_something_is_replaced_on_demand_alone(store, tmp_path):
    await fill(store, {tables.feed})
    file = tmp_path / "back #1? %41.db"  # signs that mean something in an address
    await back_up(store.database, file)
    before = await rows(store)
    async with store.database.writing() as connection:
        await connection.execute(sa.update(tables.feed).values(title="changed since"))
    with pytest.raises(WirebriefError, match="is not empty"):
        await put_back(file, store)
    assert await rows(store) != before
    await put_back(file, store, over=True)
    assert await rows(store) == before


async def test_a_database_a_bot_runs_on_is_left_alone(store, tmp_path):
    await fill(store, {tables.feed})
    await back_up(store.database, tmp_path / "backup.db")
    await store.leases.acquire("replica x", holder="x", now=NOW, lasting=timedelta(seconds=30))
    with pytest.raises(WirebriefError, match="A bot runs"):
        await put_back(tmp_path / "backup.db", store, over=True)


def letter(path):
    path.write_text("This is a letter. " * 100)


def foreign(path):
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE recipe (name)")
    file.close()


def newer(path):
    with sqlite3.connect(path) as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    file.close()


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwritten(path):
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 8192)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (letter, "is not a backup of Wirebrief"),
        (foreign, "is not a backup of Wirebrief"),
        (newer, "newer version of Wirebrief"),
        (cut, "is damaged"),
        (overwritten, "is damaged"),
        (lambda path: path.unlink(), "cannot be read: No such file"),
    ],
)
async def test_a_wrong_file_gets_one_sentence_and_the_database_stays(spoil, words, tmp_path):
    file = tmp_path / "backup.db"
    async with open_store(f"sqlite:///{tmp_path / 'wire.db'}") as store:
        await fill(store, {tables.feed})
        if spoil is not foreign:
            await back_up(store.database, file)
        await asyncio.to_thread(spoil, file)
        before = await rows(store)
        with pytest.raises(WirebriefError, match=words) as error:
            await put_back(file, store, over=True)
        assert error.value.hint
        assert "\n" not in str(error.value)
        assert await rows(store) == before


async def test_a_backup_is_never_written_over_and_an_unwritable_place_is_named(store, tmp_path):
    file = tmp_path / "backup.db"
    await fill(store, {tables.feed})
    await back_up(store.database, file)
    with pytest.raises(WirebriefError, match="already exists"):
        await back_up(store.database, file)
    with pytest.raises(WirebriefError, match="cannot be written"):
        await back_up(store.database, file / "deeper" / "backup.db")

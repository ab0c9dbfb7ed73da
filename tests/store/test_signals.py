"""Signals: what is written for the running bot reaches it at once, whoever wrote it, and only when it is kept."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.model.news import Feed
from bot.store import open_store
from bot.store.signals import Signal

pytestmark = pytest.mark.slow


@asynccontextmanager
async def hearing(store):
    """Yield a queue of the signals that ``store`` hears from now on."""
    heard = asyncio.Queue()
    async with store.database.signals.subscribed(heard.put_nowait):
        if not str(store.database.engine.url).startswith("sqlite"):
            for _ in Signal:  # each comes once as soon as it is listened to
                await heard.get()
        yield heard


def names_in(folder):
    """Return the names of the sockets in ``folder``."""
    return [path.name for path in folder.iterdir() if path.suffix == ".signal"]


@pytest.fixture
async def store(engine_url):
    async with open_store(engine_url) as opened:
        yield opened


FEED = Feed(id="fee-1", url="https://one.example/feed")


async def test_what_this_process_or_another_writes_is_heard_once_it_is_committed(store, engine_url):
    async with hearing(store) as heard, open_store(engine_url) as other:
        await store.feeds.add([FEED])
        assert await heard.get() is Signal.FEEDS
        await other.feeds.add([Feed(id="fee-2", url="https://two.example/feed")])
        assert await heard.get() is Signal.FEEDS
        await other.feeds.tell_of_articles()
        assert await heard.get() is Signal.ARTICLES
        await other.forget(channel="console:a")
        assert await heard.get() is Signal.FORGOTTEN
        assert heard.empty()


async def test_what_is_rolled_back_is_not_heard(store):
    async with hearing(store) as heard:

        async def broken():
            async with store.database.writing() as connection:
                await store.database.signals.send(connection, Signal.NOTICES)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            await broken()
        await store.feeds.add([FEED])
        assert await heard.get() is Signal.FEEDS


@pytest.mark.one_engine
async def test_a_socket_of_a_process_that_was_killed_is_no_obstacle_and_none_is_left_behind(
    sqlite_url,
):
    path = Path(sqlite_url.removeprefix("sqlite:///") + ".signal")
    dead = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    dead.bind(str(path))
    dead.close()
    async with open_store(sqlite_url) as store:
        await store.feeds.add([FEED])  # nobody hears there
        async with hearing(store) as heard, open_store(sqlite_url) as other:
            await other.feeds.add([Feed(id="fee-2", url="https://two.example/feed")])
            assert await heard.get() is Signal.FEEDS
    assert names_in(path.parent) == []


@pytest.mark.one_engine
async def test_where_there_can_be_no_socket_a_process_hears_itself(tmp_path):
    folder = tmp_path / ("long" * 30)
    async with open_store(f"sqlite:///{folder}/wire.db") as store, hearing(store) as heard:
        await store.feeds.add([FEED])
        assert await heard.get() is Signal.FEEDS
        assert names_in(folder) == []


@pytest.mark.one_engine
async def test_after_a_break_of_the_connection_everything_is_looked_at_again(postgres_url):
    async with open_store(postgres_url) as store, hearing(store) as heard:
        async with store.database.writing() as connection:
            await connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN wirebrief'"
            )
        assert {await heard.get() for _ in Signal} == set(Signal)

"""The running bot reads ahead on its durable queue: once, also where it is cut off in the middle."""

from __future__ import annotations

import asyncio
import gc
from datetime import UTC, datetime, timedelta

import pytest

from bot.runtime.monitoring.metrics import Metrics
from bot.runtime.open_service import open_service
from bot.runtime.service import PREPARE_SECONDS
from tests.flows.delivery.prepared import SLOT, TOPICS, open_prepared

pytestmark = pytest.mark.slow

READ = 'wirebrief_stories_read_ahead_total{outcome="read"} 4.0'


@pytest.fixture
async def bot(engine_url, tmp_path):
    async with open_prepared(engine_url, tmp_path) as opened:
        await opened.subscribe()
        await opened.news(*TOPICS)
        yield opened


async def all_read(bot):
    async with asyncio.timeout(300):
        while len(await bot.updates()) < len(TOPICS):  # noqa: ASYNC110 - the store is asked
            await asyncio.sleep(0.05)


@pytest.mark.one_engine
async def test_stories_are_read_before_the_slot_and_counted(bot):
    metrics = Metrics()
    async with open_service(bot.app, chats=bot.chats, metrics=metrics) as service:
        for _ in range(3):  # as three processes would in the same half minute
            await service.prepare()
        async with asyncio.timeout(300):
            while READ not in metrics.text(tick_age=0.0).decode():  # noqa: ASYNC110 - a round is counted when it ends
                await asyncio.sleep(0.05)
        await service.end()
    assert len(bot.model.reads) == len(TOPICS)
    assert len(await bot.updates()) == len(TOPICS)


@pytest.mark.one_engine
async def test_what_an_ingest_brings_while_a_slot_is_near_is_read_at_once(sqlite_url, tmp_path):
    async with open_prepared(sqlite_url, tmp_path) as bot:
        await bot.subscribe()
        bot.publish(*TOPICS)
        async with open_service(bot.app, chats=bot.chats, metrics=Metrics()) as service:
            await service.begin()  # the next look would be later than this test waits
            await all_read(bot)
            await service.end()


@pytest.mark.one_engine
async def test_stories_are_read_as_soon_as_a_slot_comes_near(bot):
    now, bot.clock[0] = bot.clock[0], SLOT - timedelta(minutes=bot.preparer.minutes, milliseconds=500)
    async with open_service(bot.app, chats=bot.chats, metrics=Metrics()) as service:
        await service.prepare()
        assert await bot.updates() == []
        bot.clock[0] = now
        await all_read(bot)
        await service.end()


@pytest.mark.one_engine
async def test_nothing_is_enqueued_while_no_slot_is_near(bot):
    bot.clock[0] -= timedelta(minutes=40)
    async with open_service(bot.app, chats=bot.chats, metrics=Metrics()) as service:
        await service.prepare()
        assert await service.durable.prune(before=datetime.now(UTC) + timedelta(hours=1)) == 0


# A process that ends so takes its connections with it; here the garbage collector does, and warns of them.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_rule_8_a_process_that_ends_between_reading_and_keeping_loses_and_doubles_nothing(bot):
    answered = asyncio.Event()
    keep = bot.store.updates.keep

    async def never(*_, **__):
        answered.set()
        await asyncio.Event().wait()

    bot.store.updates.keep = never
    async with open_service(bot.app, chats=bot.chats, metrics=Metrics()) as service:
        await service.prepare()
        async with asyncio.timeout(300):
            await answered.wait()
    gc.collect()  # before another test would meet it
    bot.store.updates.keep = keep
    assert await bot.updates() == []
    bot.clock[0] += timedelta(seconds=PREPARE_SECONDS)
    async with open_service(bot.app, chats=bot.chats, metrics=Metrics()) as service:
        await service.prepare()
        await all_read(bot)
        await service.end()
    read = [key for update in await bot.updates() for key in update.articles]
    assert len(read) == len(set(read)) == len(TOPICS)

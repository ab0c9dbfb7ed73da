"""What the running bot does once its clock, which ran ahead, is set back."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from dbos import DBOS

from bot.chat.terminal import TerminalChat
from bot.config import Config, DatabaseSettings
from bot.runtime.compose import open_app
from bot.runtime.monitoring.metrics import Metrics
from bot.runtime.open_service import open_service
from bot.store import StoredDraft
from tests.servers.written import article

pytestmark = pytest.mark.slow
NOW = datetime(2031, 3, 10, 7, 29, tzinfo=UTC)
AHEAD = NOW + timedelta(hours=5)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    return request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url")


@pytest.fixture
async def clock():
    return [AHEAD]


@pytest.fixture
async def service(url, tmp_path, clock):
    async with AsyncExitStack() as stack:
        config = Config(database=DatabaseSettings(url=url))
        app = await stack.enter_async_context(open_app(config, now=lambda: clock[0]))
        chats = {"console": TerminalChat(folder=tmp_path)}
        yield await stack.enter_async_context(open_service(app, chats=chats, metrics=Metrics()))


async def keep(store, at, *, revision=1, name="a"):
    one = replace(article("The talks ended."), id=f"art-{name}", fetched_at=at, revision=revision)
    keys = (("link", one.id),)
    await store.articles.save([StoredDraft(article=one, keys=keys, entry_hash="h", fingerprint=b"\0" * 8)])


async def fetched(store):
    return (await store.articles.many(["art-a"]))[0].fetched_at


async def test_the_first_tick_after_it_moves_what_was_stored_ahead(service, clock):
    store = service.app.store
    await service.tick()
    await keep(store, AHEAD)
    await service.tick()
    assert await fetched(store) == AHEAD
    clock[0] = NOW
    await service.tick()
    assert await fetched(store) < NOW


@pytest.mark.one_engine
async def test_the_first_tick_of_a_process_moves_what_another_had_stored_ahead(service, clock):
    await keep(service.app.store, AHEAD)
    clock[0] = NOW
    await service.tick()
    assert await fetched(service.app.store) < NOW


@pytest.mark.one_engine
async def test_an_ingest_moves_what_was_stored_ahead_of_what_it_reads(service, clock):
    await keep(service.app.store, AHEAD)
    clock[0] = NOW
    await service.app.ingest()
    assert await service.app.store.times.corrected_at() == NOW


@pytest.mark.one_engine
async def test_feeds_are_read_again_in_a_period_in_which_a_wrong_clock_read_them(service, clock):
    await keep(service.app.store, AHEAD)

    async def started():
        await service.ingest()
        return {run.workflow_id for run in await DBOS.list_workflows_async()}

    before = await started()
    assert await started() == before
    clock[0] = NOW
    await service.tick()
    clock[0] = AHEAD
    await service.tick()
    assert len(await started() - before) == 1

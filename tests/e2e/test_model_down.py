"""A model that fails, some or all of the time, makes no slot late: what it could not word is told in extracts, and says so."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.chat.webhook import WebhookChat
from bot.config import Config, DatabaseSettings, Fetch, Model, RunSettings, Webhook
from bot.flows.requests.subscribe import SubscriptionRequest, subscribe
from bot.model.briefing import Mode, Writer
from bot.model.chat import State
from bot.runtime.compose import open_app
from bot.runtime.metrics import Metrics
from bot.runtime.service import open_service
from tests.e2e.test_model_failures import NOW, WINDOW, archive, honest
from tests.servers.model import ModelServer, says, stalls, status
from tests.servers.platform import Platform

pytestmark = pytest.mark.slow
CHANNELS = 8
WRITING = 3.0  # seconds from its minute that a model gets; 40 where nothing else is configured
IN_TIME = WRITING + 20.0  # 60 by the same measure


def failing(share, *, seed):
    """Fail in ``share`` of all calls, one way or another, and answer the others."""
    chance = random.Random(seed)

    async def behave(server, request, body):
        if chance.random() < share:
            return await chance.choice([stalls, status(500), status(429, Retry_After="30")])(
                server, request, body
            )
        return await says(honest)(server, request, body)

    return behave


def configured(tmp_path, *, platform, model):
    hook = f"http://127.0.0.1:{platform}"
    return Config(
        database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'wire.db'}"),
        fetch=Fetch(workers=1),
        briefings=WINDOW,
        run=RunSettings(http="", write_seconds=WRITING, concurrency=CHANNELS),
        model=Model(name="m", base_url=model, api_key=SecretStr("sk-canary")),
        webhooks={
            f"c{i}": Webhook(url=f"{hook}/hook/c{i}", lookup=f"{hook}/find/c{i}") for i in range(CHANNELS)
        },
    )


async def one_slot(config):
    """Let the slot of all channels come and go; return their deliveries and briefings."""
    start = NOW + timedelta(seconds=57)
    begun = []  # the clock stands until the archive is filled, however long that takes

    def now():
        return start + timedelta(seconds=time.monotonic() - begun[0] if begun else 0)

    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(config, now=now))
        hooks = await stack.enter_async_context(WebhookChat(config.webhooks, window=5.0, settle_seconds=0.5))
        chats = {"webhook": hooks}
        await archive(app)
        for i in range(CHANNELS):
            # Each asks for something else, so that none is worded by another's calls.
            requested = SubscriptionRequest(
                channel=f"webhook:c{i}", times="daily 06:01 UTC", title=f"Morning {i}"
            )
            await subscribe(requested, store=app.store, chats=chats, now=now(), zone="UTC")
        begun.append(time.monotonic())
        service = await stack.enter_async_context(open_service(app, chats=chats, metrics=Metrics()))
        await service.begin()
        async with asyncio.timeout(IN_TIME + 30):
            while len(found := await app.store.deliveries.recent(100)) < CHANNELS or any(  # noqa: ASYNC110 - the store is asked
                d.state is not State.POSTED for d in found
            ):
                await asyncio.sleep(0.1)
        await service.end()
        return [
            (d, await app.store.briefings.get(d.briefing_id), await app.store.deliveries.parts(d.id))
            for d in found
        ]


def assert_in_time_and_labelled(found):
    for delivery, briefing, parts in found:
        assert (delivery.posted_at - delivery.due_at).total_seconds() < IN_TIME
        extracts = [s for s in briefing.stories if s.writer is Writer.EXTRACTS]
        assert briefing.stories
        assert (briefing.mode is Mode.DEGRADED) == bool(extracts)
        assert ("Degraded" in parts[0].payload) == bool(extracts)


@pytest.fixture
async def platform(tmp_path, unused_tcp_port):
    served = Platform(log=tmp_path / "platform.log")
    served.log.touch()
    runner = await served.serve(unused_tcp_port)
    yield unused_tcp_port
    await runner.cleanup()


async def test_a_model_that_is_down_makes_no_slot_late(platform, tmp_path):
    found = await one_slot(configured(tmp_path, platform=platform, model="http://127.0.0.1:9/v1"))
    assert_in_time_and_labelled(found)
    assert all(briefing.mode is Mode.DEGRADED for _, briefing, _ in found)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.1])
async def test_a_model_that_fails_makes_no_slot_late_and_what_it_lacks_is_labelled(platform, tmp_path, share):
    async with ModelServer(failing(share, seed=7)) as model:
        found = await one_slot(configured(tmp_path, platform=platform, model=model.base))
    assert_in_time_and_labelled(found)
    degraded = sum(briefing.mode is Mode.DEGRADED for _, briefing, _ in found)
    assert degraded == CHANNELS if share == 1 else degraded > 0
    if share < 0.5:
        assert any(s.writer is Writer.MODEL for _, briefing, _ in found for s in briefing.stories)

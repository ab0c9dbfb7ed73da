"""A model that fails, some or all of the time, keeps no briefing back: what it could not word is told in extracts, and says so.

How long a model has from a slot's minute on is the composer's test; how late the briefings are then, ``make bench-slots``.
"""

from __future__ import annotations

import asyncio
import itertools
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.chat.webhook import WebhookChat
from bot.config import Config, DatabaseSettings, Fetch, Model, RunSettings, Webhook
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
from bot.model.briefing import Mode, Writer
from bot.model.chat import State
from bot.runtime.compose import open_app
from bot.runtime.monitoring.metrics import Metrics
from bot.runtime.open_service import open_service
from tests.e2e.test_model_failures import NOW, WINDOW, archive, honest
from tests.servers.model import ModelServer, says, stalls, status
from tests.servers.platform import Platform

pytestmark = pytest.mark.slow
CHANNELS = 8
BRIEFLY, AMPLY = 1.0, 300.0  # seconds from its minute that a model gets


def in_turn(*behaviours):
    """Behave at one call after another in these ways, over and over."""
    turns = itertools.cycle(behaviours)

    async def behave(server, request, body):
        return await next(turns)(server, request, body)

    return behave


def configured(tmp_path, *, platform, model, seconds=BRIEFLY):
    hook = f"http://127.0.0.1:{platform}"
    return Config(
        database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'wire.db'}"),
        fetch=Fetch(workers=1),
        briefings=WINDOW,
        run=RunSettings(http="", write_seconds=seconds, concurrency=CHANNELS),
        model=Model(name="m", base_url=model, api_key=SecretStr("sk-canary")),
        webhooks={
            f"c{i}": Webhook(url=f"{hook}/hook/c{i}", lookup=f"{hook}/find/c{i}") for i in range(CHANNELS)
        },
    )


async def one_slot(config):
    """Let the slot of all channels come and go; return their deliveries and briefings."""
    clock = [NOW + timedelta(seconds=57)]  # it stands: what is posted is posted, however long that takes

    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(config, now=lambda: clock[0]))
        hooks = await stack.enter_async_context(WebhookChat(config.webhooks, window=60.0, settle_seconds=0.0))
        chats = {"webhook": hooks}
        await archive(app)
        for i in range(CHANNELS):
            # Each asks for something else, so that none is worded by another's calls.
            requested = SubscriptionRequest(
                channel=f"webhook:c{i}", times="daily 06:01 UTC", title=f"Morning {i}"
            )
            await subscribe(requested, store=app.store, chats=chats, now=clock[0], zone="UTC")
        clock[0] += timedelta(seconds=4)
        service = await stack.enter_async_context(open_service(app, chats=chats, metrics=Metrics()))
        await service.begin()
        async with asyncio.timeout(240):
            while len(found := await app.store.deliveries.recent(100)) < CHANNELS or any(  # noqa: ASYNC110 - the store is asked
                d.state is not State.POSTED for d in found
            ):
                await asyncio.sleep(0.1)
        await service.end()
        return [
            (d, await app.store.briefings.get(d.briefing_id), await app.store.deliveries.parts(d.id))
            for d in found
        ]


def assert_labelled(found):
    for _, briefing, parts in found:
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


async def test_a_model_that_is_down_keeps_no_briefing_back(platform, tmp_path):
    found = await one_slot(configured(tmp_path, platform=platform, model="http://127.0.0.1:9/v1"))
    assert_labelled(found)
    assert all(briefing.mode is Mode.DEGRADED for _, briefing, _ in found)


async def test_a_model_that_never_answers_as_it_should_keeps_no_briefing_back(platform, tmp_path):
    async with ModelServer(in_turn(stalls, status(500), status(429, Retry_After="30"))) as model:
        found = await one_slot(configured(tmp_path, platform=platform, model=model.base))
        assert model.requests
    assert_labelled(found)
    assert all(briefing.mode is Mode.DEGRADED for _, briefing, _ in found)


async def test_a_model_that_fails_now_and_then_keeps_no_briefing_back_and_what_it_lacks_is_labelled(
    platform, tmp_path
):
    answers = in_turn(says(honest), status(429, Retry_After="30"), says(honest), status(500))
    async with ModelServer(answers) as model:
        found = await one_slot(configured(tmp_path, platform=platform, model=model.base, seconds=AMPLY))
    assert_labelled(found)
    assert any(briefing.mode is Mode.DEGRADED for _, briefing, _ in found)
    assert any(s.writer is Writer.MODEL for _, briefing, _ in found for s in briefing.stories)

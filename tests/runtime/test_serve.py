"""The bot put together: what is tried before it runs."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from bot.config import Config, DatabaseSettings, Model
from bot.model.chat import Channel, Delivery, State
from bot.runtime.checks import examine_model
from bot.runtime.compose import open_app
from bot.runtime.health import overdue_note
from bot.runtime.serve import until_idle
from bot.store import open_store
from bot.web.health import Readiness, serve_health
from tests.servers.model import ModelServer, says, status
from tests.servers.written import MONDAY

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("behaviour", "mark", "words"),
    [(says({"ready": True}), "✓", "answers"), (status(401), "✗", "key")],
)
async def test_a_configured_model_is_asked_whether_it_answers(behaviour, mark, words):
    async with ModelServer(behaviour) as server:
        config = Config(
            database=DatabaseSettings(url="sqlite:///"), model=Model(name="m", base_url=server.base)
        )
        async with open_app(config) as app:
            ((found, sentence),) = await examine_model(app)
    assert found == mark
    assert words in sentence


async def test_a_broken_model_is_not_hidden_by_its_fallback():
    refused = status(402, message="Insufficient credits, see https://endpoint.example/credits")
    async with ModelServer(refused) as broken, ModelServer(says({"ready": True})) as sound:
        config = Config(
            database=DatabaseSettings(url="sqlite:///"),
            model=Model(name="m", base_url=broken.base),
            fallback_model=Model(name="n", base_url=sound.base),
        )
        async with open_app(config) as app:
            first, second = await examine_model(app)
    assert first[0] == "✗"
    assert "model: The account at the model's endpoint has no credit" in first[1]
    assert "“Insufficient credits, see •••”" in first[1]
    assert second == ("✓", "fallback_model: loopback-1 answers")


async def test_nothing_is_said_of_a_model_where_none_is_configured():
    async with open_app(Config(database=DatabaseSettings(url="sqlite:///"))) as app:
        assert await examine_model(app) == []


def a_delivery(channel, *, wall="2031-03-10T07:30", failing=False):
    return Delivery(
        id=f"dlv-{channel}{wall}",
        subscription_id=f"sub-{channel}",
        channel=Channel.read(channel),
        wall=wall,
        due_at=MONDAY,
        updated_at=MONDAY,
        failing_since=MONDAY if failing else None,
    )


async def test_a_run_that_is_to_end_waits_two_minutes_for_what_a_channel_does_not_take():
    clock = itertools.count(0, 61)
    async with open_store("sqlite:///") as store:
        await store.deliveries.add(a_delivery("webhook:broken", failing=True))
        await store.deliveries.add(a_delivery("webhook:broken", wall="2031-03-10T08:30"))
        left = await until_idle(store, asyncio.Event(), clock=lambda: next(clock))
    assert left.startswith("2 deliveries are left for the next run")
    assert next(clock) > 120


async def test_a_run_that_is_to_end_waits_for_what_has_not_failed():
    clock, looks = itertools.count(0, 1000), asyncio.Queue()
    async with open_store("sqlite:///") as store:
        await store.deliveries.add(a_delivery("webhook:broken", failing=True))
        waiting = a_delivery("webhook:healthy")
        await store.deliveries.add(waiting)
        left = store.deliveries.open

        async def looked():
            looks.put_nowait(found := await left())
            return found

        store.deliveries.open = looked
        ending = asyncio.create_task(until_idle(store, asyncio.Event(), clock=lambda: next(clock)))
        async with asyncio.timeout(300):
            assert [await looks.get() for _ in range(3)] == [2, 2, 2], (
                "it looked again, though hours had passed"
            )
            assert not ending.done()
            await store.deliveries.reopen(replace(waiting, state=State.POSTED))
            assert "1 delivery is left" in await ending


async def test_a_late_briefing_is_named_and_takes_no_process_away(unused_tcp_port):
    readiness = [Readiness(note=overdue_note(timedelta(seconds=140)))]

    async def ready():
        return readiness[0]

    async def metrics():
        return b""

    async with (
        serve_health(f"127.0.0.1:{unused_tcp_port}", ready=ready, metrics=metrics) as address,
        aiohttp.ClientSession() as session,
    ):
        for found, status in ((readiness[0], 200), (Readiness(problem="the scheduler has stopped"), 503)):
            readiness[0] = found
            async with session.get(f"http://{address}/readyz") as answer:
                assert answer.status == status
                text = await answer.text()
            assert (found.problem or "ready\nthe oldest delivery is 140 s overdue") in text

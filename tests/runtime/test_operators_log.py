"""The log at its default level: an operator can follow the bot, and whatever goes wrong leaves a line."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.chat.webhook import WebhookChat
from bot.config import Webhook
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
from bot.log import set_up_logs
from bot.runtime.health import metrics_text
from bot.runtime.monitoring.metrics import Metrics
from bot.runtime.open_service import open_service
from tests.flows.world import NOW, world_of_news
from tests.servers.hook import HookServer

pytestmark = pytest.mark.slow

FEED = (
    "<rss version='2.0'><channel><title>Post</title><item><title>Crane collapses in Velmar</title>"
    "<link>{post}/crane</link><guid>1</guid><pubDate>Tue, 04 Mar 2031 06:00:00 +0000</pubDate>"
    "<description>Two workers were killed when a crane collapsed at the port of Velmar on Monday, the harbour "
    "authority said. The port stays closed until Wednesday.</description></item></channel></rss>"
)


@pytest.fixture
def lines(capsys):
    """Return what was logged since the last time, one object a line, at the default level of the bot."""
    set_up_logs(level="info", json_lines=True, secrets=("hook-canary",))

    def read():
        written = capsys.readouterr().err
        assert "hook-canary" not in written
        return [json.loads(line) for line in written.splitlines()]

    return read


@asynccontextmanager
async def running(url, **changes):
    """Yield a bot with two feeds and one webhook, not begun, with ``changes`` of it: the test moves its clock and wakes it."""
    async with (
        HookServer() as hook,
        world_of_news(url) as world,
        WebhookChat({"ops": Webhook(url=hook.url, idempotent=True)}, window=2.0, settle_seconds=0.0) as chat,
        open_service(replace(world.app, **changes), chats={"webhook": chat}, metrics=Metrics()) as service,
    ):
        world.serve("post", "/feed", FEED)
        await world.follow("post", title="Post")
        await world.follow("wire", title="Wire")
        yield world, service, hook


async def until(lines, event):
    """Return the first line of ``event`` once there is one."""
    async with asyncio.timeout(120):
        while not (found := named(lines(), event)):  # noqa: ASYNC110 - lines are read where they are written
            await asyncio.sleep(0.05)
    return found[0]


def named(lines, event):
    return [line for line in lines if line["event"] == event]


async def test_each_ingest_is_one_line_and_a_failing_feed_is_named_when_its_state_changes(sqlite_url, lines):
    async with running(sqlite_url) as (world, service, _):
        await service.read()
        first = lines()
        (line,) = named(first, "ingest finished")
        assert (line["level"], line["due"], line["read"], line["failed"], line["new"]) == ("info", 2, 1, 1, 1)
        assert line["seconds"] >= 0
        (failed,) = named(first, "feed failed")
        assert (failed["level"], failed["feed"]) == ("warning", "Wire")
        assert failed["reason"]
        scraped = (await metrics_text(service)).decode()
        assert 'wirebrief_feed_up{feed="Wire"} 0.0' in scraped
        assert 'wirebrief_feed_up{feed="Post"} 1.0' in scraped
        assert 'wirebrief_feed_polls_total{outcome="failed"} 1.0' in scraped

        for days in (2, 4):
            world.clock[0] = NOW + timedelta(days=days)
            await service.read()
        still = lines()
        assert len(named(still, "ingest finished")) == 2
        assert not named(still, "feed failed")

        world.serve("wire", "/feed", FEED.replace("{post}", "{wire}"))
        world.clock[0] = NOW + timedelta(days=8)
        await service.read()
        (recovered,) = named(lines(), "feed recovered")
        assert (recovered["level"], recovered["feed"], recovered["failures"]) == ("info", "Wire", 3)
        await service.read()  # nothing is due: no event
        assert lines() == []


async def test_each_delivery_is_one_line_and_a_refusing_receiver_leaves_one(sqlite_url, lines):
    async with running(sqlite_url) as (world, service, hook):
        app = world.app
        request = SubscriptionRequest(channel="webhook:ops", times="daily 08:30", zone="UTC")
        made, _ = await subscribe(request, store=app.store, chats=service.chats, now=NOW, zone="UTC")
        await service.read()
        lines()
        hook.status = 503
        world.clock[0] = NOW + timedelta(minutes=30, seconds=2)
        await service.tick()
        refused = await until(lines, "delivery refused")
        assert (refused["level"], refused["channel"], refused["then"]) == ("warning", "webhook:ops", "retry")
        assert refused["reason"]
        hook.status = 200
        line = await until(lines, "delivery finished")
        assert (line["level"], line["channel"], line["outcome"]) == ("info", "webhook:ops", "posted")
        assert (line["scheduled"][-5:], line["parts"]) == ("08:30", 1)
        assert line["late_seconds"] >= 2
        assert {"delivery", "briefing"} <= line.keys()
        assert len(hook.posts) == 1

        hook.status = 410
        world.clock[0] = NOW + timedelta(days=1, minutes=30)
        await service.tick()
        line = await until(lines, "delivery finished")
        assert (line["level"], line["outcome"]) == ("warning", "failed")
        assert line["reason"]

        await app.store.subscriptions.save(made, next_due=world.clock[0] + timedelta(days=1), enumerated=NOW)
        world.clock[0] = NOW + timedelta(days=5)
        await service.tick()
        (missed,) = named(lines(), "deliveries missed")
        assert (missed["channel"], missed["level"]) == ("webhook:ops", "warning")
        assert missed["count"] >= 1


async def test_a_database_that_fails_is_one_line_and_so_is_its_return(sqlite_url, lines):
    async def rename(store, before, after):
        async with store.database.writing() as connection:
            await connection.execute(sa.text(f"ALTER TABLE {before} RENAME TO {after}"))

    async with running(sqlite_url) as (world, service, _):
        await service.tick()
        lines()
        await rename(world.app.store, "subscription", "away")
        for _ in range(3):
            await service.tick()
            await service.refresh()
        failed = lines()
        assert [line["event"] for line in failed] == ["scheduler tick failed", "timetables could not be read"]
        assert failed[0]["level"] == "error"
        await rename(world.app.store, "away", "subscription")
        await service.tick()
        await service.tick()
        assert [line["event"] for line in lines()] == ["scheduler recovered"]

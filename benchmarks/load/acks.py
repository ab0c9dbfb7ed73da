"""Acknowledgements while 1,000 feeds are ingested in the same process: each platform's p99, and the loop's lag.

    helper process: feeds · platform · people who type commands            this process: the bot, ingesting

A platform joins with an entry in ``PLATFORMS``: what serves it in the helper, and what connects the bot to it.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from aiohttp import web

from bot.chat.discord.setup import open_discord
from bot.chat.slack.setup import open_slack
from bot.config import Config, DatabaseSettings, Discord, Fetch, Slack
from bot.log import set_up_logs
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.ports import Chat, Listener
from bot.runtime.app import App
from bot.runtime.compose import open_app
from bot.runtime.serve import tune_garbage_collector
from tests.servers.discord.server import pointed_at
from tests.servers.discord.server import running as running_discord
from tests.servers.slack.people import Members
from tests.servers.slack.server import Slack as LoopbackSlack
from tests.servers.slack.server import serving
from tests.servers.slack.world import Person

FEEDS = 1000
ENTRIES = 3  # in each feed, with their whole text
PEOPLE = 300
EVERY = 0.05  # seconds between two commands
COMMANDS = ("help", "status", "list", "ask who resigned in Norland?", "story harbour strike")
TARGET = 0.100  # seconds, of the 99th percentile

Act = Callable[[random.Random], Awaitable[float]]
"""Does something as a person and returns the seconds until the bot acknowledged it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """How a platform is served in the helper, and how the bot is connected to it."""

    serve: Callable[[], AbstractAsyncContextManager[tuple[str, Act]]]  # yields its address
    connect: Callable[[App, str], AbstractAsyncContextManager[tuple[Chat, Listener]]]


@asynccontextmanager
async def serve_slack() -> AsyncIterator[tuple[str, Act]]:
    """Yield a loopback Slack and people who type commands in it."""
    async with serving(LoopbackSlack()) as slack:
        for number in range(PEOPLE):
            person = Person(id=f"U{number}")
            slack.world.people[person.id] = person
            slack.world.rooms["C1"].members.add(person.id)
        members = Members(slack=slack)

        async def act(chance: random.Random) -> float:
            await slack.connected.wait()
            return await members.command(f"U{chance.randrange(PEOPLE)}", chance.choice(COMMANDS))

        yield slack.url, act


@asynccontextmanager
async def connect_slack(app: App, address: str) -> AsyncIterator[tuple[Chat, Listener]]:
    """Yield the bot's side of Slack."""
    settings = Slack.model_validate(
        {"bot_token": "xoxb-1", "app_token": "xapp-1", "api_url": f"{address}/api/"}
    )
    async with open_slack(settings, now=app.now) as chat:
        yield chat, chat.listener


@asynccontextmanager
async def serve_discord() -> AsyncIterator[tuple[str, Act]]:
    """Yield a loopback Discord and people who run commands in it."""
    async with running_discord() as discord:
        guild = discord.world.server()
        place = discord.world.place(guild)
        people = [discord.world.member(guild, f"person {number}") for number in range(PEOPLE)]

        async def act(chance: random.Random) -> float:
            await discord.gateway.live.wait()
            verb, _, words = chance.choice(COMMANDS).partition(" ")
            options = {"question" if verb == "ask" else "story": words} if words else {}
            asked = await discord.command(chance.choice(people), place, verb, **options)
            async with asyncio.timeout(3.0):
                await asked.answered.wait()
            return asked.acked

        yield f"http://127.0.0.1:{discord.port}", act


@asynccontextmanager
async def connect_discord(app: App, address: str) -> AsyncIterator[tuple[Chat, Listener]]:
    """Yield the bot's side of Discord."""
    settings = Discord.model_validate({"token": "a.test.token"})
    with pointed_at(int(address.rpartition(":")[2])):
        async with open_discord(settings, now=app.now) as chat:
            yield chat, chat.listener


PLATFORMS: dict[str, Platform] = {
    "slack": Platform(serve=serve_slack, connect=connect_slack),
    "discord": Platform(serve=serve_discord, connect=connect_discord),
}


def run() -> list[dict[str, str]]:
    """Return a row for each platform."""
    return [asyncio.run(measure(name)) for name in PLATFORMS]


async def measure(name: str) -> dict[str, str]:
    """Ingest the feeds once while people on the platform ``name`` type commands."""
    helper = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.load.acks",
        name,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=64 * 1024 * 1024,
    )
    assert helper.stdin
    assert helper.stdout
    try:
        where = json.loads(await helper.stdout.readline())
        with tempfile.TemporaryDirectory() as folder:
            articles, seconds, lags = await ingested(name, where, folder)
        helper.stdin.close()
        acks = json.loads(await helper.stdout.readline())
    finally:
        if helper.returncode is None:
            helper.kill()
        await helper.wait()
    return {
        "platform": name,
        "articles": f"{articles} in {seconds:.0f} s",
        "commands": str(len(acks)),
        "ack p50": in_ms(acks, 0.5),
        "ack p99": in_ms(acks, 0.99),
        "slowest": in_ms(acks, 1.0),
        "loop lag p99": in_ms(lags, 0.99),
        "longest": in_ms(lags, 1.0),
        "p99 ≤ 100 ms": "yes" if quantile(acks, 0.99) <= TARGET else "NO",
    }


async def ingested(name: str, where: dict[str, str], folder: str) -> tuple[int, float, list[float]]:
    """Run the bot over one ingest; return the number of articles, the seconds, and the loop's lags."""
    set_up_logs(level="warning", json_lines=False)
    config = Config(
        database=DatabaseSettings(url=f"sqlite:///{folder}/bench.db"),
        fetch=Fetch(allow=(where["feeds"].removeprefix("http://"),)),
    )
    lags: list[float] = []
    async with open_app(config) as app, PLATFORMS[name].connect(app, where["platform"]) as (chat, listener):
        urls = [f"{where['feeds']}/feed/{number}" for number in range(FEEDS)]
        await app.store.feeds.add([Feed(id=derive_id("fee", url), url=url) for url in urls])

        async def wake() -> None:
            """Nothing is due."""

        desk = app.request_dispatcher(chats={chat.platform: chat}, wake=wake)
        await listener.listen(desk.handle)
        tune_garbage_collector()
        watching = asyncio.create_task(watch_loop(lags))
        begun = time.perf_counter()
        report = await app.ingest(everything=True)
        seconds = time.perf_counter() - begun
        watching.cancel()
        await listener.close(5.0)
    return report.articles_new, seconds, lags


async def watch_loop(lags: list[float]) -> None:
    """Keep by how much each short sleep was too long."""
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(0.01)
        lags.append(time.perf_counter() - begun - 0.01)


def quantile(values: list[float], share: float) -> float:
    """Return the value below which ``share`` of ``values`` lie."""
    ordered = sorted(values) or [0.0]
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def in_ms(values: list[float], share: float) -> str:
    """Return a quantile in milliseconds."""
    return f"{quantile(values, share) * 1000:.0f} ms"


async def help_out(name: str) -> None:
    """Serve the feeds and the platform, type commands until standard input ends, then print the latencies."""
    site = web.Application()
    bodies = generated(random.Random(7))

    async def feed(request: web.Request) -> web.Response:
        body = bodies[int(request.match_info["number"])]
        return web.Response(text=body, content_type="application/rss+xml")

    site.router.add_get("/feed/{number}", feed)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    acks: list[float] = []
    async with PLATFORMS[name].serve() as (address, act):
        where = {"feeds": f"http://127.0.0.1:{runner.addresses[0][1]}", "platform": address}
        sys.stdout.write(json.dumps(where) + "\n")
        sys.stdout.flush()
        typing = asyncio.create_task(type_commands(act, acks))
        await asyncio.to_thread(sys.stdin.read)
        typing.cancel()
    sys.stdout.write(json.dumps(acks) + "\n")
    sys.stdout.flush()
    await runner.cleanup()


async def type_commands(act: Act, acks: list[float]) -> None:
    """Type one command after the other; one that is not acknowledged in time counts as three seconds."""
    chance = random.Random(11)
    while True:
        try:
            acks.append(await act(chance))
        except (TimeoutError, OSError, IndexError):
            acks.append(3.0)
        await asyncio.sleep(EVERY)


PLACES = "Norland Sudria Eastmark Westhaven Corvia Lundre Marisk Tolva Brenna Ostrava".split()
PEOPLE_NAMES = "Anna Berg|Jonas Hale|Mira Voss|Tom Ekdal|Ines Roca|Paul Stenn|Lena Marr|Ivo Kant".split("|")
EVENTS = "harbour strike|border talks|flood|budget vote|rail merger|election|ceasefire|data law".split("|")
VERBS = "said resumed rejected agreed postponed confirmed denied announced".split()


def generated(chance: random.Random) -> list[str]:
    """Return the feeds: entries of many sentences about events that several feeds tell of."""
    now = datetime.now(UTC)
    feeds = []
    for number in range(FEEDS):
        items = []
        for entry in range(ENTRIES):
            place, event = chance.choice(PLACES), chance.choice(EVENTS)
            text = " ".join(sentence(chance, place, event) for _ in range(25))
            at = format_datetime(now - timedelta(minutes=chance.randrange(1200)))
            items.append(
                f"<item><title>{place} {event}: {sentence(chance, place, event)}</title>"
                f"<link>http://news-{number}.example/{entry}</link><guid>{number}-{entry}</guid>"
                f"<pubDate>{at}</pubDate><description>{text}</description></item>"
            )
        feeds.append(
            f"<rss version='2.0'><channel><title>Paper {number}</title><language>en</language>{''.join(items)}"
            "</channel></rss>"
        )
    return feeds


def sentence(chance: random.Random, place: str, event: str) -> str:
    """Return one sentence about an event."""
    who, verb, count = chance.choice(PEOPLE_NAMES), chance.choice(VERBS), chance.randrange(2, 900)
    return f"{who}, minister of {place}, {verb} on Monday that {count} people were part of the {event} in {place}."


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(help_out(sys.argv[1]))
    else:
        for row in run():
            print(row)

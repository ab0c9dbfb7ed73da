"""Secrets and bodies: canaries in every token, address and text appear in no line, error, page or table they do not belong in.

First every library is driven into its errors with all of its loggers wide open, then the whole program runs against
receivers, feeds and a model that echo what they were sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sqlite3
import tempfile
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Self

import aiohttp
import discord
import httpx2
import openai
import pytest
import structlog
from aiohttp import web
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_sdk.web.async_client import AsyncWebClient

from bot.concurrency import After, Chain, QueuePlace
from bot.errors import DeliveryError
from bot.flows.delivery.outcomes import Step
from bot.log import set_up_logs
from bot.model.message import Line, Message, Part
from bot.runtime.open_durable import open_durable
from tests.contracts.stages import STAGES, TALKING, posts
from tests.servers.discord.server import pointed_at
from tests.support.running import processes

pytestmark = pytest.mark.slow
PATIENCE = 240.0

SLACK = "xoxb-0canary-slack-0001"
DISCORD = "MTk4NjIyNDgzNDcxOTI1MjQ4.canary.0002discord"
KEY = "sk-canary-model-0003"
HOOK = "canary0004hookpath"
SIGNS = "canary-hook-secret-0005"
TOKEN = "canary0006feedtoken"  # noqa: S105 - nobody's
PASSWORD = "canary0007password"  # noqa: S105 - nobody's
BODY = "canary0008body"
PATH = "0009ca9a-4e1f-4b7c-9d3a-0009feedpath"  # as nobody's, not even a UUID's
SECRETS = (SLACK, DISCORD, KEY, HOOK, SIGNS, TOKEN, PASSWORD, PATH)


class Echo:
    """A server that answers everything with what it was sent, and ``status``."""

    def __init__(self, status: int = 500, kind: str = "application/json") -> None:
        self._status, self._kind = status, kind
        self.asked = 0

    async def __aenter__(self) -> Self:
        site = web.Application()
        site.router.add_route("*", "/broken", self._broken)
        site.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(site, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked += 1
        sent = f"{request.path_qs} {dict(request.headers)} {await request.text()} {BODY}"
        data = {"message": sent, "error": {"message": sent, "code": BODY}, "ok": False, "code": 0}
        return web.Response(status=self._status, text=json.dumps(data), content_type=self._kind)

    async def _broken(self, request: web.Request) -> web.Response:
        raise ValueError(f"{request.path_qs} {BODY}")


@contextlib.contextmanager
def wide_open():
    """Let every logger of the process speak of everything."""
    loggers = [logging.getLogger(), *map(logging.getLogger, list(logging.root.manager.loggerDict))]
    before = [(logger, logger.level, logger.disabled) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.disabled = False
    try:
        yield
    finally:
        for logger, level, disabled in before:
            logger.setLevel(level)
            logger.disabled = disabled


@contextlib.asynccontextmanager
async def failing(what: str):
    """Log what the body raises, as our code does; that it raises is part of the test."""
    log = structlog.get_logger()
    try:
        yield
    except Exception as error:
        log.exception("failed", doing=what, error=error, nested={"of": [error]})
    else:
        raise AssertionError(f"{what} did not fail")


async def every_library_fails(folder) -> None:
    async with Echo() as echo, Echo(200) as fine, Echo(500, "text/html") as page:
        for at in (echo, fine, page):
            async with failing("slack"):
                slack = AsyncWebClient(token=SLACK, base_url=f"{at.url}/")
                await slack.chat_postMessage(channel="C1", text=BODY, blocks=[{"type": "header"}])
            model = openai.AsyncOpenAI(api_key=KEY, base_url=at.url, max_retries=1)
            async with failing("the model"), model:
                said = [{"role": "user", "content": BODY}]
                raise ValueError(str(await model.chat.completions.create(model="m", messages=said)))
        for at in (Echo(401), Echo(403)):
            async with at, failing("discord"), discord.Client(intents=discord.Intents.none()) as client:
                with pointed_at(at.port):
                    await client.login(DISCORD)
        async with failing("httpx2"), httpx2.AsyncClient() as client:
            (await client.get(f"{echo.url}/?key={TOKEN}")).raise_for_status()
        async with failing("aiohttp"), aiohttp.ClientSession() as session:
            await session.post(f"{echo.url}/broken?key={TOKEN}", data=BODY, raise_for_status=True)
    await every_engine_fails(folder)


async def every_engine_fails(folder) -> None:
    broke = asyncio.Event()

    async def breaks(_step: str = "", _subject: str = "", _epoch: int = 0) -> After:
        broke.set()
        raise ValueError(f"{BODY} {TOKEN}")

    async with open_durable(
        f"sqlite:///{folder}/w.db",
        chains={"c": Chain(first=Step.GATHER, do=breaks)},
        concurrency={"q": 1},
        executor="local",
    ) as durable:
        logging.getLogger("dbos").setLevel(logging.DEBUG)
        await durable.start("c", "x", 1, QueuePlace(queue="q"))
        async with asyncio.timeout(120):
            await broke.wait()
            while durable.active:  # noqa: ASYNC110 - DBOS tells nobody
                await asyncio.sleep(0.05)
    broke.clear()
    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(
        breaks, "date", run_date=datetime.now(UTC) - timedelta(seconds=1), misfire_grace_time=None
    )
    scheduler.start()
    async with asyncio.timeout(120):
        await broke.wait()
    scheduler.shutdown(wait=False)
    lost = asyncio.create_task(breaks())
    await asyncio.wait([lost])
    del lost


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("level", ["debug", "error"])
@pytest.mark.parametrize("json_lines", [True, False], ids=["json", "console"])
async def test_no_library_writes_a_secret_or_a_body_into_the_log(level, json_lines, tmp_path, capfd):
    set_up_logs(level=level, json_lines=json_lines, secrets=(SLACK, DISCORD, KEY))
    try:
        with wide_open():
            await every_library_fails(tmp_path)
    finally:
        set_up_logs(level="error", json_lines=False)
    said = "".join(capfd.readouterr())
    for canary in (*SECRETS, BODY):
        assert canary not in said
    assert said.count("failed") >= 9
    # The engine keeps what broke a step in its database.
    assert not [path for path in tmp_path.iterdir() if BODY.encode() in path.read_bytes()]


@pytest.mark.parametrize("name", STAGES)
async def test_no_platform_writes_what_people_say_or_its_tokens_into_the_log(name, tmp_path, capfd):
    """Each platform is posted to, told of questions, cut off and refused, with all of its loggers wide open."""
    message = Message(title=BODY, dateline=BODY, parts=(Part(title=BODY, lines=(Line(text=BODY),)),))
    heard = []

    async def handle(request, conversation):
        heard.append(request.words)
        await conversation.working(BODY)
        await conversation.reply(message)
        raise ValueError(f"{BODY} {request.words}")

    set_up_logs(level="debug", json_lines=True)  # and no value is masked
    try:
        async with STAGES[name](tmp_path) as stage:
            with wide_open():
                first, *_ = posts(stage, stage.chat.render(message, stage.channel))
                await stage.chat.post(first)
                stage.lose_answer()
                with contextlib.suppress(DeliveryError):
                    await stage.chat.post(replace(first, key="wb-lost"))
                with contextlib.suppress(DeliveryError):
                    await stage.chat.find(first)
                with contextlib.suppress(DeliveryError):
                    await stage.chat.post(replace(first, channel=stage.unknown))
                if name in TALKING:
                    await stage.listen(handle)
                    await stage.ask(f"What of the {BODY}?")
                    assert BODY in heard[0]
            tokens = [stage.server.world.token] if name == "discord" else ["xoxb-1", "xapp-1"]
    finally:
        set_up_logs(level="error", json_lines=False)
    said = "".join(capfd.readouterr())
    for secret in (BODY, *tokens):
        assert secret not in said
    assert name not in TALKING or "ValueError" in said, "that the handler broke is told, and where"


def environment_of(news, echo, port):
    return {
        "OPENAI_LOG": "debug",
        "WIREBRIEF_LOG_LEVEL": "debug",
        "WIREBRIEF_RUN_HTTP": f"127.0.0.1:{port}",
        "WIREBRIEF_RUN_ADMIN_CHANNEL": "webhook:ops",
        "WIREBRIEF_FETCH_ALLOW": f"127.0.0.1:{news.port},127.0.0.1:{echo.port}",
        "WIREBRIEF_MODEL_NAME": "m",
        "WIREBRIEF_MODEL_BASE_URL": echo.url,
        "WIREBRIEF_MODEL_API_KEY": KEY,
        "WIREBRIEF_WEBHOOKS_OPS_URL": f"{echo.url}/in/{HOOK}?k={HOOK}",
        "WIREBRIEF_WEBHOOKS_OPS_SECRET": SIGNS,
    }


def feed_of(base):
    """Return a private feed that repeats its key wherever feeds do."""
    key = f"?format=rss&amp;key={TOKEN}"
    items = "".join(
        f"<item><title>The talks in Selin go on {i}</title><link>{base}/page{i}{key}</link><guid>{base}/page{i}{key}</guid>"
        f"<description>The talks in Selin went on for day {i} on Monday, two officials said {BODY}.</description></item>"
        for i in range(3)
    )
    return (
        f"<rss version='2.0'><channel><title>Private</title><link>{base}/{key}</link>{items}</channel></rss>"
    )


def feed_in_path(base):
    """Return a private feed without a title, whose key is in the path, and in all that it says."""
    own = f"{base}/private/{PATH}"
    items = "".join(
        f"<item><title>Bridge {i} in Selin is repaired, see {own}</title><link>{own}/page{i}</link><guid>{own}/page{i}</guid>"
        f"<author>{own}</author><enclosure url='{own}/sound{i}.mp3' type='audio/mpeg' length='1'/>"
        f"<description>Bridge {i} in Selin was repaired on Monday. Subscribe at {own}.rss today.</description></item>"
        for i in range(3)
    )
    return f"<rss version='2.0'><channel><link>{own}</link>{items}</channel></rss>"


class News(Echo):
    """A feed behind a key; everything else answers with what it was sent."""

    async def _answer(self, request):
        if request.path == "/feed":
            return web.Response(text=feed_of(self.url), content_type="application/rss+xml")
        if request.path == f"/private/{PATH}.rss":
            return web.Response(text=feed_in_path(self.url), content_type="application/rss+xml")
        return await super()._answer(request)


@pytest.mark.long
async def test_a_run_of_the_bot_keeps_every_secret_to_itself(tmp_path, unused_tcp_port):
    async with News() as news, Echo() as echo:
        environment = environment_of(news, echo, unused_tcp_port)

        async def said(*arguments):
            done = await asyncio.to_thread(processes.run, *arguments, cwd=tmp_path, env=environment)
            return done.stdout + done.stderr

        logged = [await said("feeds", "add", f"http://me:{PASSWORD}@127.0.0.1:{news.port}/feed")]
        logged.append(await said("feeds", "add", f"{news.url}/feed?format=rss&key={TOKEN}"))
        assert "Added" in logged[-1]
        logged.append(await said("feeds", "add", f"{news.url}/private/{PATH}.rss"))
        assert "Added" in logged[-1]
        logged.append(await said("feeds", "list"))
        logged.append(await said("feeds", "add", f"{news.url}/{BODY}"))
        logged.append(await said("subscribe", "webhook:ops", "daily 07:30 UTC"))
        await asyncio.to_thread(one_slot_passed, tmp_path)
        once = await said("run", "--once")
        logged.append(once)
        logged += [
            await said("deliveries"),
            await said("check"),
            await said("brief"),
            await said("stories", "--why"),
        ]
        logged.append(await run_and_look(tmp_path, environment, unused_tcp_port))
        assert echo.asked > 4
    everything = "\n".join(logged)
    for canary in SECRETS:
        assert canary not in everything
    assert "Traceback" not in everything
    # Of the news, a log tells nothing; what stands in a briefing is news.
    assert BODY not in once
    assert BODY not in logged[-1]
    assert_kept_apart(tmp_path)


def one_slot_passed(folder):
    """Let the subscription be one of yesterday."""
    with contextlib.closing(sqlite3.connect(folder / "var" / "wirebrief.db")) as database:
        day = 24 * 3600 * 1_000_000
        database.execute(
            "UPDATE subscription SET next_due = next_due - ?, enumerated = enumerated - ?", (day, day)
        )
        database.commit()


async def run_and_look(folder, environment, port):
    """Run the bot until it is ready, look at every page of it, stop it; return all that was said."""
    pages = []
    with tempfile.TemporaryFile("w+") as said:
        process = await asyncio.to_thread(
            processes.start, "run", cwd=folder, env=environment, stdout=said, stderr=said
        )
        try:
            async with asyncio.timeout(PATIENCE):
                while not pages:
                    with contextlib.suppress(OSError):
                        pages = [
                            await asyncio.to_thread(page, port, name)
                            for name in ("healthz", "readyz", "metrics", "x")
                        ]
                    await asyncio.sleep(0.1)
                process.terminate()
                await process.ended()
        finally:
            process.kill()
        said.seek(0)
        return said.read() + "\n".join(pages)


def page(port, name):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{name}", timeout=300) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.read().decode()


def assert_kept_apart(folder):
    """Assert that no table holds a secret, but for the address by which a feed is read."""
    for path in (folder / "var").glob("*.db"):
        with contextlib.closing(sqlite3.connect(path)) as database:
            dumped = [line for line in database.iterdump() if not line.startswith('INSERT INTO "feed" ')]
        for canary in SECRETS:
            assert not [line[:300] for line in dumped if canary in line], path

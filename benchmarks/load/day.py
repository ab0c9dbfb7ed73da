"""A day of the bot with an outage in it, on a clock of its own: ``python -m benchmarks.load.day FOLDER``.

    recorded news ─▶ bot ─▶ two webhooks and a model on this machine       11:30 to 13:00: feeds, model, one webhook fail
                      ├─▶ FOLDER/log.txt       what an operator sees at the default level
                      └─▶ FOLDER/metrics.txt   a scrape a minute, for: promtool tsdb create-blocks-from openmetrics

``benchmarks.dashboard`` draws the dashboard of it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web

from bot.config import Budget, Config, DatabaseSettings, Fetch, Model, Webhook, packaged
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
from bot.llm.offline.scripted_replies import scripted_answer
from bot.log import set_up_logs
from bot.model.conversation.answer import Question
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.ports import ModelRequest
from bot.runtime.app import CONSOLE
from bot.runtime.compose import open_app, open_chats
from bot.runtime.demo import DEMO_FEEDS, MORNINGS, ZONE, recorded_news
from bot.runtime.durable import ChainRun, Durable
from bot.runtime.health import metrics_text
from bot.runtime.monitoring.metrics import Metrics
from bot.runtime.open_service import open_service
from bot.runtime.service import Service

BEGIN = MORNINGS[1].replace(hour=6, minute=0)
END = BEGIN + timedelta(hours=16)
DOWN, UP = BEGIN.replace(hour=11, minute=30), BEGIN.replace(hour=13, minute=0)
MINUTE = timedelta(minutes=1)
IDLE_SECONDS = 20.0  # for what a minute begins
LABELS = 'job="wirebrief",instance="bot:8321"'
TOKEN_CHARS = 4
WIRE = (
    ("Ferry line halts night crossings", "The ferry line Norsund halted its night crossings on Tuesday after two engine failures, it said. Some 400 passengers were taken to hotels in Norsund by bus."),
    ("Council votes on the tram", "The council of Selin voted 31 to 12 on Tuesday to build the tram to the harbour. Mayor Lise Holm said work would begin in March and cost 140 million crowns."),
    ("Water main bursts in Calder", "A water main burst in the centre of Calder on Tuesday and 900 homes are without water, the utility said. Two schools closed at noon and tank trucks stand at the market."),
    ("Ferry line names a new chief", "The ferry line Norsund named Ada Brekke its chief executive on Tuesday. She led the port of Halden for nine years, the company said."),
    ("Calder has water again", "Homes in the centre of Calder have water again, the utility said on Tuesday evening. Repairs took seven hours and cost 2 million crowns."),
    ("Tram vote is challenged", "A group of shop owners challenged the tram vote in court on Tuesday, its lawyer Ole Vik said. The court will hear the case on 4 September."),
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class World:
    """The clock, and what answers on this machine."""

    now: datetime = BEGIN
    since: float = field(default_factory=time.monotonic)  # when the minute began
    port: int = 0
    posts: list[Any] = field(default_factory=list)
    desk: web.TCPSite | None = None  # where the one receiver listens
    desk_port: int = 0

    def time(self) -> datetime:
        """Return the present of the day: within a minute, time passes as it does."""
        return self.now + timedelta(seconds=min(50.0, time.monotonic() - self.since))

    @property
    def broken(self) -> bool:
        """Whether it is the time of the outage."""
        return DOWN <= self.now < UP

    async def post(self, request: web.Request) -> web.Response:
        """Take a post."""
        self.posts.append(await request.json())
        return web.Response()

    async def complete(self, request: web.Request) -> web.Response:
        """Answer as a model would."""
        if self.broken:
            return web.json_response({"error": {"message": "overloaded"}}, status=503)
        body = await request.json()
        system, user = (message["content"] for message in body["messages"])
        schema = body.get("response_format", {}).get("json_schema", {})
        asked = ModelRequest(
            purpose="update", system=system, user=user, schema_name=schema.get("name", ""), schema={}
        )
        looking = "compare facts with known ones" in system
        data = {"verdicts": [], "repeats": []} if looking else scripted_answer(asked)
        text = json.dumps(data)
        usage = {
            "prompt_tokens": (len(system) + len(user)) // TOKEN_CHARS,
            "completion_tokens": len(text) // TOKEN_CHARS,
            "prompt_tokens_details": {"cached_tokens": len(system) // TOKEN_CHARS},
        }
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        reply = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        return web.json_response(reply | {"usage": usage})

    async def wire(self, _request: web.Request) -> web.Response:
        """Return the feed of a small agency, which adds an item every other hour."""
        if self.broken:
            return web.Response(status=503)
        came = [BEGIN + timedelta(hours=2 * n + 1) for n in range(len(WIRE))]
        items = "".join(
            f"<item><title>{title}</title><guid>{title}</guid><pubDate>{at:%a, %d %b %Y %H:%M:%S %z}</pubDate>"
            f"<link>http://wire.localhost:{self.port}/{n}</link><description>{text}</description></item>"
            for n, ((title, text), at) in enumerate(zip(WIRE, came, strict=True))
            if at <= self.now
        )
        return web.Response(
            text=f"<rss version='2.0'><channel><title>Coast Wire</title>{items}</channel></rss>",
            content_type="application/rss+xml",
        )


@asynccontextmanager
async def answering(world: World) -> AsyncIterator[None]:
    """Answer for the world on a port of its own."""
    application = web.Application()
    application.add_routes(
        [
            web.post("/v1/chat/completions", world.complete),
            web.post("/in/{name}", world.post),
            web.get("/wire", world.wire),
        ]
    )
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    world.port = runner.addresses[0][1]
    world.desk = web.TCPSite(runner, "127.0.0.1", 0)
    await world.desk.start()
    world.desk_port = runner.addresses[1][1]
    try:
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def living(folder: Path, world: World) -> AsyncIterator[tuple[Service, Any]]:
    """Yield the bot with its feeds and subscriptions, and the server of the recorded news."""
    async with AsyncExitStack() as stack:
        news = await stack.enter_async_context(recorded_news(packaged("demo/recorded")))
        await stack.enter_async_context(answering(world))
        here = f"http://127.0.0.1:{world.port}"
        config = Config(
            database=DatabaseSettings(url=f"sqlite:///{folder / 'wire.db'}"),
            fetch=Fetch(allow=(*news.hosts, f"wire.localhost:{world.port}")),
            model=Model(name="small-model", base_url=f"{here}/v1", input_price=0.4, output_price=1.6),
            budget=Budget(daily_cost=0.5),
            webhooks={
                "newsroom": Webhook(url=f"{here}/in/newsroom", idempotent=True),
                "desk": Webhook(url=f"http://127.0.0.1:{world.desk_port}/in/desk", idempotent=True),
            },
        )
        metrics = Metrics(version="0.3.0", database="SQLite")
        app = await stack.enter_async_context(
            open_app(config, now=world.time, observe=metrics.count_model_call)
        )
        chats = await stack.enter_async_context(open_chats(config, store=app.store, now=world.time))
        metrics.begin(models=[config.model.name], platforms=[])
        await app.store.feeds.add(
            [Feed(id=derive_id("fee", name), url=news.feed(name)) for name in DEMO_FEEDS]
            + [Feed(id=derive_id("fee", "wire"), url=f"http://wire.localhost:{world.port}/wire")]
        )
        for channel, times in (("newsroom", "daily 07:30"), ("desk", "daily 09:00, 12:00, 15:00, 18:00")):
            request = SubscriptionRequest(channel=f"webhook:{channel}", times=times, zone=ZONE)
            await subscribe(request, store=app.store, chats=chats, now=world.now, zone=ZONE)
        service = await stack.enter_async_context(open_service(app, chats=chats, metrics=metrics))
        yield service, news


def wait_by(world: World) -> None:
    """Let what waits for its next try wait for the clock of the day."""

    async def wait(_durable: Durable, run: ChainRun, seconds: float) -> None:
        run.done.set()
        until = world.time() + timedelta(seconds=seconds)
        while world.time() < until:  # noqa: ASYNC110 - the clock is moved
            await asyncio.sleep(0.02)

    Durable._wait = wait  # type: ignore[method-assign] # noqa: SLF001


async def live(folder: Path, world: World) -> None:
    """Let the day pass, and keep a scrape of each minute."""
    series: dict[str, list[str]] = defaultdict(list)
    wait_by(world)
    async with living(folder, world) as (service, news):
        log = structlog.get_logger()
        log.info("started", version="0.3.0", database="SQLite /srv/wirebrief/var/wirebrief.db", feeds=5, subscriptions=2, paused=0, model="small-model", process="local")  # fmt: skip
        while world.now < END:
            world.since = time.monotonic()
            if world.desk and world.now == DOWN:
                await world.desk.stop()
            if world.desk and world.now == UP:
                world.desk = web.TCPSite(world.desk._runner, "127.0.0.1", world.desk_port)  # noqa: SLF001
                await world.desk.start()
            news.day = 2 if world.now.hour < 13 else 3
            if world.now.minute % 5 == 0:
                await service.read()
            if await service.preparer.cause():
                await service.preparer.round()
            await service.tick()
            await service.send_notices()
            await _idle(service)
            await asyncio.sleep(0.05)  # for what waited for this minute
            if world.now.minute == 0 and world.now.hour in {8, 10, 14, 16, 19}:
                await service.app.ask(
                    Question(text="What did the ferry line say?", asked_at=world.now, scope=CONSOLE)
                )
            _keep(series, await metrics_text(service), at=world.now)
            world.now += MINUTE
        await service.end()
        log.info("stopped", process="local")
    lines = [line for name, found in series.items() for line in (f"# TYPE {name} unknown", *found)]
    (folder / "metrics.txt").write_text("\n".join([*lines, "# EOF", ""]), "utf-8")


async def _idle(service: Service) -> None:
    """Wait until nothing is at work but what waits for its next try."""
    async with asyncio.timeout(IDLE_SECONDS):
        while await service.app.store.deliveries.open_without_failure():  # noqa: ASYNC110 - the store is asked
            await asyncio.sleep(0.02)


def _keep(series: Mapping[str, list[str]], text: bytes, *, at: datetime) -> None:
    for line in text.decode().splitlines():
        if line.startswith("#"):
            continue
        head, _, value = line.rpartition(" ")
        name, _, labels = head.partition("{")
        shown = f"{LABELS},{labels}" if labels else f"{LABELS}}}"
        series[name].append(f"{name}{{{shown} {value} {at.timestamp():.0f}")


def main(folder: str) -> None:
    """Write the log and the metrics of the day."""
    where, world = Path(folder), World()
    where.mkdir(parents=True, exist_ok=True)
    with (where / "log.txt").open("w", encoding="utf-8") as out:
        set_up_logs(level="info", json_lines=False)
        before = structlog.get_config()["processors"]

        def stamp(_logger: Any, _method: str, event: Any) -> Any:
            return event | {"timestamp": world.time().isoformat(timespec="milliseconds")}

        structlog.configure(
            processors=[
                *before[:-1],
                stamp,
                structlog.dev.ConsoleRenderer(colors=False, pad_event_to=18, sort_keys=False),
            ],
            logger_factory=lambda *_: structlog.PrintLogger(out),
        )
        asyncio.run(live(where, world))
    print(f"{len(world.posts)} posts; {where / 'log.txt'}, {where / 'metrics.txt'}")


if __name__ == "__main__":
    main(sys.argv[1])

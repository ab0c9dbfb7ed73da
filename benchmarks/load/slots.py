"""Seven thousand subscriptions due at one minute: PostgreSQL, three replicas, a platform that takes 50 posts a second.

``python -m benchmarks.load.slots [--subscriptions N] [--replicas N] [--rate N]`` prints the time until the last post
against the floor that the platform sets (N / rate), the memory of a replica, and what a start costs. Where others use the
processors it says how far the posts came in a fifth more than the floor: with as many it ends in five minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import engines
from bot.config import Config, DatabaseSettings, Fetch, RunSettings, Webhook
from bot.log import set_up_logs
from bot.model.chat import Channel, Subscription
from bot.model.ids import derive_id
from bot.model.news import Article, Sentence
from bot.model.story import Story
from bot.runtime.compose import open_app, open_chats
from bot.runtime.monitoring.metrics import Metrics
from bot.runtime.open_service import open_service
from bot.schedule import Timetable, slots
from bot.store import KeptProfile, Store, StoredDraft, StoryMembership, open_store
from tests.servers.platform import Platform, serve_for_ever

FORK = multiprocessing.get_context("fork")
STORIES, ARTICLES = 12, 5  # news of the day, and articles in each story
AHEAD = 15  # seconds at least between the replicas' start and the slot
SAVED_TOGETHER, SAVED_PER_SECOND = 16, 250  # subscriptions, while they are prepared
PATIENCE = 1.2  # of the floor: how long the last post is waited for


def replica(config: Config) -> None:
    """Run the bot until it is told to stop."""
    set_up_logs(level="error", json_lines=False)

    async def run() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        async with AsyncExitStack() as stack:
            app = await stack.enter_async_context(open_app(config))
            chats = await stack.enter_async_context(open_chats(config, store=app.store))
            service = await stack.enter_async_context(open_service(app, chats=chats, metrics=Metrics()))
            await service.begin()
            await stop.wait()
            await service.end()

    asyncio.run(run())


async def prepare(config: Config, *, count: int, now: datetime) -> datetime:
    """Keep the news and the subscriptions; return the slot they share."""
    due = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    while due - now < timedelta(seconds=AHEAD + count / SAVED_PER_SECOND):
        due += timedelta(minutes=1)
    lines = (f"{due.minute} {due.hour} * * *",)
    slot = next(slots(Timetable(lines=lines, zone="UTC"), after=now))
    async with open_store(config.database.url) as store:
        await _news(store, now=now)
        channels = [Channel(platform="webhook", id=f"c{i}") for i in range(count)]

        async def save(some: Sequence[Channel]) -> None:
            for channel in some:
                subscription = Subscription(
                    id=derive_id("sub", channel.name),
                    channel=channel,
                    times=lines[0],
                    zone="UTC",
                    lines=lines,
                    created_at=now,
                )
                await store.subscriptions.save(subscription, next_due=slot.due, enumerated=now)

        await asyncio.gather(*(save(channels[n::SAVED_TOGETHER]) for n in range(SAVED_TOGETHER)))
    return slot.due


async def _news(store: Store, *, now: datetime) -> None:
    for s in range(STORIES):
        story = Story(
            id=derive_id("sto", str(s)),
            title=f"Harbour talks in region {s}",
            article_ids=(),
            first_at=now - timedelta(hours=10),
            last_at=now - timedelta(hours=1),
        )
        drafts, placed = [], []
        for n in range(ARTICLES):
            at = now - timedelta(hours=10 - n)
            texts = (
                f"The talks in region {s} ended with no breakthrough, round {n} of them.",
                f"Mediator Anna Berg said {7 * s + n} ships of region {s} were held.",
                f"The ministry of region {s} called offer {n} too small to accept.",
                "The talks resume on Friday.",
            )
            article = Article(
                id=derive_id("art", f"{s} {n}"),
                title=f"Harbour talks in region {s}, round {n}",
                url=f"https://news.example/{s}/{n}",
                outlet=f"Outlet {n}",
                originator=f"Outlet {n}",
                published_at=at,
                fetched_at=at,
                language="en",
                sentences=tuple(Sentence(number=i, text=text) for i, text in enumerate(texts, 1)),
            )
            drafts.append(
                StoredDraft(
                    article=article, keys=(("link", article.id),), entry_hash="h", fingerprint=b"\0" * 8
                )
            )
            placed.append(StoryMembership(article_id=article.id, story_id=story.id, score=1.0, why=()))
        await store.articles.save(drafts)
        await store.stories.save([story], placed, profiles={story.id: KeptProfile(data=b"")})


def measure(*, count: int, replicas: int, rate: float) -> dict[str, float]:
    """Return seconds until the last post, its floor, posts, megabytes at the peak of a replica and while idle."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = stack.enter_context(engines.server())
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        base = f"http://127.0.0.1:{port}"
        config = Config(
            database=DatabaseSettings(url=postgres),
            fetch=Fetch(workers=1),
            run=RunSettings(http="", concurrency=20),
            webhooks={
                f"c{i}": Webhook(url=f"{base}/hook/c{i}", lookup=f"{base}/find/c{i}") for i in range(count)
            },
        )
        due = asyncio.run(prepare(config, count=count, now=datetime.now(UTC)))
        log = folder / "platform.log"
        log.touch()
        platform = FORK.Process(target=serve_for_ever, args=(Platform(log=log, rate=rate), port), daemon=True)
        platform.start()
        running = [FORK.Process(target=replica, args=(config,)) for _ in range(replicas)]
        for process in running:
            process.start()
        time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds() - 2))
        idle = max(_memory(process, "VmRSS") for process in running)
        before = sum(engines.processor_seconds(process.pid) for process in running)
        seen = _wait(log, count=count, until=due + timedelta(seconds=PATIENCE * count / rate))
        peak = max(_memory(process, "VmHWM") for process in running)
        worked = sum(engines.processor_seconds(process.pid) for process in running) - before
        for process in running:
            process.terminate()
        for process in running:
            process.join(60)
        platform.kill()
        platform.join()
    moments = [float(line.split()[0]) for line in seen]
    return {
        "seconds": max(moments) - due.timestamp(),
        "floor": len(seen) / rate,
        "posts": len(seen),
        "keys": len({line.split()[2] for line in seen}),
        "first": min(moments) - due.timestamp(),
        "idle": idle,
        "peak": peak,
        "work": 1000 * worked / max(1, len(seen)),
    }


def _wait(log: Path, *, count: int, until: datetime) -> list[str]:
    while datetime.now(UTC) < until:
        lines = log.read_text().splitlines()
        if len(lines) >= count:
            time.sleep(3)  # a post too many would come now
            return log.read_text().splitlines()
        time.sleep(0.5)
    return log.read_text().splitlines()


def _memory(process: Any, what: str) -> float:
    """Return megabytes of ``process`` as the system counts them."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    return 0.0


def cold_start(url: str = "") -> tuple[float, float, float]:
    """Return seconds from the command to its first line, by the clock and of a processor, and megabytes of the idle bot.

    Without ``url`` it starts on an empty SQLite file.
    """
    database = {"WIREBRIEF_DATABASE_URL": url} if url else {}
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ
            | {"PYTHONPATH": str(Path(__file__).parents[2]), "WIREBRIEF_RUN_HTTP": ""}
            | database,
        )
        assert process.stdout
        process.stdout.readline()
        seconds, worked = time.monotonic() - begun, engines.processor_seconds(process.pid)
        time.sleep(3)
        memory = _memory(process, "VmRSS")
        process.terminate()
        process.communicate(timeout=30)
    return seconds, worked, memory


def main(say: Callable[[str], None] = print) -> None:
    """Run and print."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--subscriptions", type=int, default=7_000)
    ask.add_argument("--replicas", type=int, default=3)
    ask.add_argument("--rate", type=float, default=50.0)
    given = ask.parse_args()
    seconds, worked, memory = cold_start()
    say(
        f"cold start to the first line {seconds:.1f} s, {worked:.1f} of a processor, idle {memory:.0f} MB (SQLite, no feeds)"
    )
    found = measure(count=given.subscriptions, replicas=given.replicas, rate=given.rate)
    say(
        f"{found['posts']:.0f} posts ({found['keys']:.0f} different) of {given.subscriptions} in {found['seconds']:.1f} s "
        f"from their minute, floor of so many {found['floor']:.0f} s: ratio {found['seconds'] / found['floor']:.3f}; first after "
        f"{found['first']:.1f} s; a replica {found['idle']:.0f} MB idle, {found['peak']:.0f} MB at its peak, "
        f"{found['work']:.0f} ms of a processor for each post"
    )


if __name__ == "__main__":
    main()

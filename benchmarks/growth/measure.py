"""What new news costs beside archives of 1,000 to 1,000,000 stories: time, ratio to 10,000, memory and database size.

``python -m benchmarks.growth.measure [--sizes 1000,10000,100000] [--engine sqlite postgresql] [--feeds 2000]
[--keep FOLDER]``: tables are filled directly, each measurement runs in a process of its own over a loopback server. Kept
archives are measured on copies; their news of the day is as old as they are.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from aiohttp import web

from benchmarks import engines
from benchmarks.growth.archive import NEWS_OF_THE_DAY, Writer, Written
from benchmarks.growth.kept import archives
from benchmarks.growth.tables import size_of
from benchmarks.load import slots
from bot.config import Config, DatabaseSettings, Fetch
from bot.feeds.moves import hashed
from bot.log import set_up_logs
from bot.model.conversation.answer import Question
from bot.model.ids import derive_id
from bot.model.news import Feed, FeedHealth
from bot.runtime.app import App
from bot.runtime.compose import open_app

SIZES = (1_000, 10_000, 100_000)
REFERENCE = 10_000
FEEDS = 2_000
FEW, MANY, PER_FEED = 20, 1_000, 100
QUESTIONS = 10  # asked one after the other: one is too short to tell
ETAG = '"unchanged"'


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--engine", nargs="+", default=list(engines.ENGINES), choices=engines.ENGINES)
    parser.add_argument("--feeds", type=int, default=FEEDS)
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="of archives for the next time")
    parser.add_argument("--measure", nargs=2, metavar=("URL", "SIZE"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        print(json.dumps(asyncio.run(measure(*args.measure, feeds=args.feeds, many=args.many))))
        return
    sizes = [int(size) for size in args.sizes.split(",")]
    for row in run(args.engine, sizes=sizes, feeds=args.feeds, many=args.many, keep=args.keep):
        print(row, flush=True)


def run(
    of: Sequence[str] = engines.ENGINES,
    *,
    sizes: Sequence[int] = SIZES,
    feeds: int = FEEDS,
    many: int = MANY,
    keep: Path | None = None,
) -> list[dict[str, str]]:
    """Return a row for each engine and size: seconds, and beside them the ratio to ``REFERENCE`` stories."""
    found: dict[tuple[str, int], dict[str, float]] = {}
    if keep:
        keep = keep.resolve()
        keep.mkdir(parents=True, exist_ok=True)
    place = keep / "postgres" if keep else None
    with engines.server(place) if "postgresql" in of else nullcontext("") as server:
        for size in sizes:
            with archives(of, size, server=server, folder=keep) as ready:
                found |= _measured(ready, size, feeds=feeds, many=many)
    return [
        {"engine": engine, "stories": f"{size:,}"}
        | {
            name: _cell(name, value, found.get((engine, REFERENCE), {}).get(name, 0.0))
            for name, value in values.items()
        }
        for (engine, size), values in sorted(found.items(), reverse=True)
    ]


def _cell(name: str, value: float, base: float) -> str:
    ratio = f" ({value / base:.2f})" if base and name.endswith(" s") else ""
    return f"{value:,.2f}{ratio}" if name.endswith(" s") else f"{value:,.0f}"


def _measured(
    ready: Mapping[str, tuple[str, dict[str, float]]], size: int, *, feeds: int, many: int
) -> dict[tuple[str, int], dict[str, float]]:
    """Return what was measured on the archives of ``size`` stories that are ``ready``."""
    results: dict[tuple[str, int], dict[str, float]] = {}
    for engine, (url, built) in ready.items():
        command = [sys.executable, "-m", "benchmarks.growth.measure", "--measure", url, str(size)]
        command += ["--feeds", str(feeds), "--many", str(many)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        found["database MB"] = size_of(url) / 2**20
        start = ("cold start s", "cold start cpu s", "idle MB")
        found |= dict(zip(start, slots.cold_start(url), strict=True)) | built
        print(engine, size, json.dumps(found), file=sys.stderr, flush=True)
        results[engine, size] = found
    return results


class Publisher:
    """A loopback server: feeds that did not change, and feeds of new articles."""

    def __init__(self) -> None:
        self.documents: dict[str, str] = {}
        self.port = 0

    async def answer(self, request: web.Request) -> web.Response:
        """Return a feed, or that it has not changed."""
        document = self.documents.get(request.path)
        if document is None:
            return web.Response(status=304, headers={"ETag": ETAG})
        return web.Response(text=document, content_type="application/rss+xml")

    def publish(self, path: str, articles: Sequence[Written]) -> str:
        """Let the feed at ``path`` list ``articles``; return its address."""
        items = "".join(
            f"<item><title>{escape(a.title)}</title><link>{a.url}</link><guid>{a.number}</guid>"
            f"<pubDate>{format_datetime(a.published_at)}</pubDate>"
            f"<description>{escape(' '.join(a.sentences))}</description></item>"
            for a in articles
        )
        self.documents[path] = (
            f"<rss version='2.0'><channel><title>News {path[1:]}</title><language>en</language>{items}</channel></rss>"
        )
        return f"http://127.0.0.1:{self.port}{path}"


async def measure(url: str, size: str, *, feeds: int, many: int) -> dict[str, float]:
    """Return the seconds of each piece of work on the archive at ``url``, and the peak memory."""
    set_up_logs(level="error", json_lines=False)
    logging.getLogger("aiohttp.access").setLevel(logging.ERROR)
    publisher, writer = Publisher(), Writer(int(size), datetime.now(UTC))
    application = web.Application()
    application.router.add_get("/{path:.*}", publisher.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    publisher.port = runner.addresses[0][1]
    config = Config(
        database=DatabaseSettings(url=url),
        fetch=Fetch(allow=(f"127.0.0.1:{publisher.port}",), first_poll_entries=500, full_text=False),
    )
    found: dict[str, float] = {}
    watch = Watch(found, engines.Meter(url).seconds)
    async with open_app(config) as app:
        watch.lap("start")
        # The parser processes have started before anything is measured.
        await app.store.feeds.add([_feed(publisher.publish("/first", [writer.fresh(many + 100)]))])
        await _ingest(app, new=1)
        await _follow(app, publisher, feeds)
        watch.lap("")
        await _ingest(app, new=0)
        watch.lap("unchanged poll")
        news, right = _news(writer, FEW, key=0)
        await app.store.feeds.add([_feed(publisher.publish("/few", news))])
        watch.lap("")
        await _ingest(app, new=FEW)
        watch.lap(f"{FEW} new")
        news, more = _news(writer, many, key=FEW)
        right |= more
        for start in range(0, many, PER_FEED):
            address = publisher.publish(f"/many{start}", news[start : start + PER_FEED])
            await app.store.feeds.add([_feed(address)])
        watch.lap("")
        await _ingest(app, new=many)
        watch.lap(f"{many} new")
        briefing = await app.brief_channel("console")
        watch.lap("briefing")
        assert len(briefing.stories) == 7, len(briefing.stories)
        for number in range(QUESTIONS):
            told = writer.first(5 + number)
            await app.ask(Question(text=f"What happened to {told.title.split()[0]}?", asked_at=app.now()))
        watch.lap("question", times=QUESTIONS)
        came = await app.store.articles.came_between(app.now() - timedelta(hours=1), app.now())
        placed = await app.store.stories.of_articles(came)
        titles = {a.title: placed[a.id] for a in await app.store.articles.many(came) if a.id in placed}
        joined = sum(titles.get(title) == story_id for title, story_id in right.items())
        found["% found again"] = 100 * joined / len(right)
    found["peak MB"] = engines.peak_megabytes()
    await runner.cleanup()
    return found


async def _follow(app: App, publisher: Publisher, count: int) -> None:
    """Follow ``count`` feeds that are due and have not changed since they were read."""
    feeds = [_feed(f"http://127.0.0.1:{publisher.port}/unchanged{n}") for n in range(count)]
    await app.store.feeds.add(feeds)
    before = datetime.now(UTC) - timedelta(hours=2)
    health = FeedHealth(feed_id="", etag=ETAG, last_polled=before, last_success=before, next_poll=before)
    for feed in feeds:
        await app.store.feeds.save_health(
            replace(health, feed_id=feed.id, answered_by=hashed(feed.url), entries_seen=1)
        )


async def _ingest(app: App, *, new: int) -> None:
    report = await app.ingest()
    assert report.articles_new == new, (report.articles_new, report.failures[:3])


@dataclass(slots=True)
class Watch:
    """Notes how long each piece of work took: by the clock, and of a processor, which others on the machine do not change."""

    found: dict[str, float]
    meter: Callable[[], float]
    _wall: float = field(init=False)
    _busy: float = field(init=False)

    def __post_init__(self) -> None:
        self._wall, self._busy = time.perf_counter(), self.meter()

    def lap(self, name: str, *, times: int = 1) -> None:
        """Note what was done since the last call, so many ``times``, under ``name``; nothing without one."""
        wall, busy = time.perf_counter(), self.meter()
        if name:
            self.found[f"{name} s"] = (wall - self._wall) / times
            self.found[f"{name} cpu s"] = (busy - self._busy) / times
        self._wall, self._busy = wall, busy


def _feed(url: str) -> Feed:
    return Feed(id=derive_id("fee", url), url=url, language="en")


def _news(writer: Writer, count: int, *, key: int) -> tuple[list[Written], dict[str, str]]:
    """Return new articles, half of them on old stories of any age, and the stories of those, by title."""
    found, right = [], {}
    for n in range(key, key + count):
        if n % 2:
            found.append(writer.fresh(n))
            continue
        # Every other follow-up is on the news of the day; one sleeping story is told on once.
        old = (
            n // 2 % NEWS_OF_THE_DAY
            if n % 4
            else NEWS_OF_THE_DAY + (n * 7919) % (writer.size - NEWS_OF_THE_DAY)
        )
        article = writer.later(old, key=n)
        found.append(article)
        right[article.title] = writer.first(old).story_id
    return found, right


if __name__ == "__main__":
    main()

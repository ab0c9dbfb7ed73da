"""Ingest of real articles from a loopback server, end to end with full pages, beside reader on the same feeds."""

from __future__ import annotations

import asyncio
import html
import importlib.util
import json
import multiprocessing
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from aiohttp import web

from benchmarks.data import records
from benchmarks.engines import busy, parsers, peak_megabytes, processor_seconds
from bot.config import Config, DatabaseSettings, Fetch
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.runtime.compose import open_app
from bot.runtime.serve import tune_garbage_collector

FORK = multiprocessing.get_context("fork")
ETAG = '"unchanged"'
POLLED = 2_000  # feeds
FIRST_FEEDS = 8  # read before the others are measured


def load() -> tuple[dict[str, str], dict[str, str]]:
    """Return feed bodies by path and page bodies by path; ``BASE`` stands for the server's address."""
    by_source: dict[str, list[str]] = defaultdict(list)
    pages = {}
    for number, data in enumerate(records()):
        paragraphs = "".join(f"<p>{html.escape(p)}</p>" for p in data["text"].splitlines())
        pages[f"/page/{number}"] = (
            f"<html lang=en><head><title>{html.escape(data['title'])}</title></head><body><article><h1>"
            f"{html.escape(data['title'])}</h1>{paragraphs}</article></body></html>"
        )
        at = format_datetime(datetime.fromisoformat(data["published_at"]).replace(tzinfo=UTC))
        by_source[data["source"]].append(
            f"<item><title>{escape(data['title'])}</title><link>BASE/page/{number}</link><guid>{number}</guid>"
            f"<pubDate>{at}</pubDate><description>{escape(data['description'] or '')}</description></item>"
        )
    feeds = {
        f"/feed/{i}": f"<rss version='2.0'><channel><title>{escape(source)}</title>{''.join(items)}</channel></rss>"
        for i, (source, items) in enumerate(sorted(by_source.items()))
    }
    return feeds, pages


def serve(feeds: dict[str, str], pages: dict[str, str], port: int) -> None:
    """Serve ``feeds`` and ``pages`` until the process is ended; a feed that was read before has not changed."""

    async def answer(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == ETAG:
            return web.Response(status=304, headers={"ETag": ETAG})
        body = feeds.get(request.path) or pages[request.path]
        kind = "application/rss+xml" if request.path in feeds else "text/html"
        base = f"http://127.0.0.1:{port}"
        return web.Response(text=body.replace("BASE", base), content_type=kind, headers={"ETag": ETAG})

    async def run() -> None:
        application = web.Application()
        application.router.add_get("/{path:.*}", answer)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()

    asyncio.run(run())


@contextmanager
def serving(feeds: dict[str, str], pages: dict[str, str]) -> Iterator[tuple[int, list[str], int]]:
    """Yield the port of a server in a process of its own, the addresses of its ``feeds``, and the id of its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = FORK.Process(target=serve, args=(feeds, pages, port), daemon=True)
    process.start()
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            break
        time.sleep(0.05)
    assert process.pid  # it was started
    yield port, [f"http://127.0.0.1:{port}{path}" for path in feeds], process.pid
    process.kill()
    process.join()


async def ours(urls: list[str], port: int, server: int) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        config = Config(
            database=DatabaseSettings(url=f"sqlite:///{folder}/bench.db"),
            fetch=Fetch(allow=(f"127.0.0.1:{port}",), first_poll_entries=500),
        )
        async with open_app(config) as app:
            # A bot that runs has its parser processes, and its collector tuned: what starts them is read first.
            tune_garbage_collector()
            for some in (urls[:FIRST_FEEDS], urls[FIRST_FEEDS:]):
                await app.store.feeds.add([Feed(id=derive_id("fee", url), url=url) for url in some])
                started, work, served = time.perf_counter(), busy(), processor_seconds(server)
                report = await app.ingest()
            seconds, work = time.perf_counter() - started, busy() - work
            served = processor_seconds(server) - served
            own, parser = peak_megabytes(), max(map(peak_megabytes, parsers()))
    return {
        "ingest": "wirebrief: feeds, full pages, sentences, dedupe, stories, search",
        "articles": str(report.articles_new),
        "articles/s": f"{report.articles_new / seconds:.0f}",
        "articles/s of a processor": f"{report.articles_new / work:.0f}",
        "on two cores": f"{2 * report.articles_new / work:.0f}",
        "and the server on them": f"{2 * report.articles_new / (work + served):.0f}",
        "peak memory": f"{own} MB, and {parser} MB a parser process",
    }


READER = """
import json, resource, sys, time
from reader import make_reader
r = make_reader(sys.argv[1])
for line in sys.stdin:
    r.add_feed(line.strip())
found = []
for n in range(int(sys.argv[2])):
    wall, work = time.perf_counter(), time.process_time()
    r.update_feeds(scheduled=False)
    found.append((time.perf_counter() - wall, time.process_time() - work))
print(json.dumps([r.get_entry_counts().total, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, found]))
"""


def reader(urls: list[str], *, times: int) -> tuple[int, int, list[tuple[float, float]]]:
    """Return reader's entries, its megabytes, and the seconds, by the clock and of a processor, of each update."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", READER, str(Path(folder) / "reader.db"), str(times)],
            input="\n".join(urls),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    entries, memory, found = json.loads(done.stdout)
    return entries, memory, found


def run() -> list[dict[str, str]]:
    """Return a row for each program: articles/s by the clock, and for each second of a processor, which others do not change."""
    feeds, pages = load()
    with serving(feeds, pages) as (port, urls, server):
        rows = [asyncio.run(ours(urls, port, server))]
        if importlib.util.find_spec("reader"):
            count, memory, ((seconds, work),) = reader(urls, times=1)
            rows.append(
                {
                    "ingest": "reader: feeds only",
                    "articles": str(count),
                    "articles/s": f"{count / seconds:.0f}",
                    "articles/s of a processor": f"{count / work:.0f}",
                    "on two cores": "",
                    "and the server on them": "",
                    "peak memory": f"{memory} MB",
                }
            )
    return rows


async def poll_ours(urls: list[str], port: int) -> tuple[float, float]:
    """Return the seconds, by the clock and of a processor, of a poll of ``urls``, which have not changed since they were read."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(
            database=DatabaseSettings(url=f"sqlite:///{folder}/bench.db"),
            fetch=Fetch(allow=(f"127.0.0.1:{port}",), full_text=False),
        )
        async with open_app(config) as app:
            await app.store.feeds.add(
                [Feed(id=derive_id("fee", url), url=url, language="en") for url in urls]
            )
            first = await app.ingest(everything=True)
            assert not first.failures, first.failures[:3]
            wall, work = time.perf_counter(), time.process_time()
            report = await app.ingest(everything=True)
            found = time.perf_counter() - wall, time.process_time() - work
            assert (report.feeds_read, report.articles_new) == (len(urls), 0), report
    return found


def polls(count: int = POLLED) -> list[dict[str, str]]:
    """Return a row for each program: feeds that have not changed, by the clock and for each second of a processor."""
    item = "<item><title>News of day {0}</title><link>BASE/page/{0}</link><guid>{0}</guid><description>{1}</description></item>"
    words = "The council of town {0} met on Monday and put off the vote on street {0} once more."
    feeds = {
        f"/feed/{n}": f"<rss version='2.0'><channel><title>Paper {n}</title>"
        f"{item.format(n, words.format(n))}</channel></rss>"
        for n in range(count)
    }
    found: dict[str, tuple[float, float]] = {}
    with serving(feeds, {}) as (port, urls, _):
        found["wirebrief"] = asyncio.run(poll_ours(urls, port))
        if importlib.util.find_spec("reader"):
            found["reader"] = reader(urls, times=2)[2][-1]
    base = found.get("reader", (0.0, 0.0))[1]
    return [
        {
            "poll": name,
            "feeds": f"{count:,}",
            "feeds/s": f"{count / seconds:.0f}",
            "feeds/s of a processor": f"{count / work:.0f}",
            "× reader": f"{base / work:.1f}",
        }
        for name, (seconds, work) in found.items()
    ]


TABLES = {"Poll of feeds that have not changed, beside reader": polls}


if __name__ == "__main__":
    for line in [*run(), *polls()]:
        print(line)

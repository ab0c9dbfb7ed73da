"""Ingest of real articles from a loopback server, end to end with full pages, beside reader on the same feeds."""

from __future__ import annotations

import asyncio
import html
import importlib.util
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from aiohttp import web

from benchmarks.data import records
from bot.config import Config, DatabaseSettings, Fetch
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.runtime.compose import open_app


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


async def measure() -> list[dict[str, str]]:
    feeds, pages = load()
    state = {"base": ""}

    async def answer(request: web.Request) -> web.Response:
        body = feeds.get(request.path) or pages[request.path]
        kind = "application/rss+xml" if request.path in feeds else "text/html"
        return web.Response(text=body.replace("BASE", state["base"]), content_type=kind)

    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    state["base"] = f"http://127.0.0.1:{port}"
    urls = [state["base"] + path for path in feeds]
    rows = [await ours(urls, port)]
    if importlib.util.find_spec("reader"):
        rows.append(await reader(urls))
    await runner.cleanup()
    return rows


async def ours(urls: list[str], port: int) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        config = Config(
            database=DatabaseSettings(url=f"sqlite:///{folder}/bench.db"),
            fetch=Fetch(allow=(f"127.0.0.1:{port}",), first_poll_entries=500),
        )
        started = time.perf_counter()
        async with open_app(config) as app:
            await app.store.feeds.add([Feed(id=derive_id("fee", url), url=url) for url in urls])
            report = await app.ingest(everything=True)
        seconds = time.perf_counter() - started
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return {
        "ingest": "wirebrief: feeds, full pages, sentences, dedupe, stories",
        "articles": str(report.articles_new),
        "articles/s": f"{report.articles_new / seconds:.0f}",
        "peak memory": f"{own} MB, and {children} MB a parser process",
    }


READER = """
import resource, sys
from reader import make_reader
r = make_reader(sys.argv[1])
for url in sys.argv[2:]:
    r.add_feed(url)
r.update_feeds()
print(r.get_entry_counts().total, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


async def reader(urls: list[str]) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", READER, str(Path(folder) / "reader.db"), *urls, stdout=subprocess.PIPE
        )
        output, _ = await process.communicate()
        seconds = time.perf_counter() - started
    count, memory = output.split()
    return {
        "ingest": "reader: feeds only",
        "articles": count.decode(),
        "articles/s": f"{int(count) / seconds:.0f}",
        "peak memory": f"{memory.decode()} MB",
    }


def run() -> list[dict[str, str]]:
    """Return a row for each program; articles/s over the whole run, process start of the other included."""
    return asyncio.run(measure())


if __name__ == "__main__":
    for line in run():
        print(line)

"""Bombs, hangs and hostile values, each ingested beside a feed that is fine: what it costs and what is said of it.

    python -m benchmarks.hostile [sqlite|postgresql] [PART OF A NAME]

Without a name it goes on with ten thousand mutants. Both on SQLite and on PostgreSQL, unless one is named.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Sequence
from functools import partial
from urllib.parse import urlsplit

from benchmarks import mutants
from benchmarks.engines import ENGINES, empty, server
from benchmarks.mutants import shown
from bot.config import Config, DatabaseSettings, Fetch
from bot.language.detect import detect_language
from bot.log import set_up_logs
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.runtime.app import App
from bot.runtime.compose import open_app
from bot.updates.by_rules.read import read_each
from tests.servers.hostile import FINE, hostile_server
from tests.support.strain import strain

SECONDS, MEGABYTES, MILLISECONDS = 10, 64, 50


async def measure(only: str, engine: str, postgres: str) -> list[dict[str, str]]:
    async with hostile_server() as urls:
        fine = urls.pop("fine")
        allow = (f"127.0.0.1:{urlsplit(fine).port}",)
        rows = []
        for name, url in urls.items():
            if only not in name:
                continue
            with empty(engine, postgres) as at:
                config = Config(database=DatabaseSettings(url=at), fetch=Fetch(allow=allow))
                async with open_app(config) as app:
                    rows.append({"engine": engine} | await attacked(app, name, url, fine))
                    print("\t".join(rows[-1].values()), file=sys.stderr, flush=True)
        return rows


async def attacked(app: App, name: str, url: str, fine: str) -> dict[str, str]:
    # The parsers' processes are started first, and have loaded what any first reading loads.
    for work in (
        partial(time.sleep, 0.1),
        partial(detect_language, FINE),
        partial(read_each, ()),
    ):
        await asyncio.gather(*(app.workers.run(work, deadline=60.0) for _ in range(app.config.fetch.workers)))
    await app.store.feeds.add(
        [Feed(id=derive_id("fee", u), url=u, title=t) for u, t in ((url, name), (fine, "fine"))]
    )
    gc.collect()
    gc.freeze()  # as the bot does when it has started
    with strain() as cost:
        report = await app.ingest(everything=True)
    failed = {failure.feed: failure.reason for failure in report.failures}
    articles = {a.title: a for a in await app.store.articles.many(await ids(app))}
    read = "The talks go on" in articles
    notes = [a.text_note for title, a in articles.items() if title != "The talks go on"]
    sound = cost.seconds <= SECONDS and cost.megabytes <= MEGABYTES and cost.held <= MILLISECONDS and read
    return {
        "attack": name,
        "seconds": f"{cost.seconds:.1f}",
        "memory": f"+{cost.megabytes:.0f} MB",
        "loop held": f"{cost.held:.0f} ms",
        "next feed": "read" if read and "fine" not in failed else "NOT READ",
        "within": "yes" if sound else f"NO {cost.holder if cost.held > MILLISECONDS else ''}",
        "what is said": failed.get(name)
        or next(filter(None, notes), "")
        or f"{len(articles) - read} articles read",
    }


async def ids(app: App) -> list[str]:
    stories = await app.stories(since=app.now().replace(year=1990), limit=1000)
    return [article for ranked in stories for article in ranked.story.article_ids]


def run(only: str = "", engines: Sequence[str] = ENGINES) -> list[dict[str, str]]:
    """Return a row for each attack whose name holds ``only``, on each of ``engines``."""
    with server() as postgres:
        return [row for engine in engines for row in asyncio.run(measure(only, engine, postgres))]


def main() -> None:
    set_up_logs(level="critical", json_lines=False)
    engines = tuple(word for word in sys.argv[1:] if word in ENGINES) or ENGINES
    only = " ".join(word for word in sys.argv[1:] if word not in ENGINES)
    rows = run(only, engines)
    shown(rows, title=str(__doc__).split("\n", 1)[0])
    bad = [row for row in rows if row["within"] != "yes"]
    if not only:
        made = mutants.run(engines=engines)
        shown(made, title="Ten thousand seeded mutants, each round beside a healthy feed")
        bad += [row for row in made if row["within"] != "yes"]
    if bad:
        sys.exit("A bound does not hold.")


if __name__ == "__main__":
    main()

"""Bombs and hangs, each ingested beside a feed that is fine: what it costs and what is said of it."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from bot.app import App, open_app
from bot.config import Config, Database, Fetch
from bot.log import set_up_logs
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.stories.history import learned
from bot.text.language import detect_language
from tests.servers.hostile import FINE, hostile_server
from tests.strain import strain

SECONDS, MEGABYTES, MILLISECONDS = 10, 64, 50
NOW = {"at": datetime(2031, 3, 10, tzinfo=UTC), "timezone": "UTC"}


async def measure(only: str) -> list[dict[str, str]]:
    async with hostile_server() as urls:
        fine = urls.pop("fine")
        config = Config(
            database=Database(url="sqlite:///:memory:"),
            fetch=Fetch(allow=(f"127.0.0.1:{urlsplit(fine).port}",)),
        )
        rows = []
        for name, url in urls.items():
            if only in name:
                async with open_app(config) as app:
                    rows.append(await attacked(app, name, url, fine))
                    print("\t".join(rows[-1].values()), file=sys.stderr)
        return rows


async def attacked(app: App, name: str, url: str, fine: str) -> dict[str, str]:
    # The parsers' processes are started first, and have loaded what any first reading loads.
    for work in (
        partial(time.sleep, 0.1),
        partial(detect_language, FINE),
        partial(learned, "sto", (), (), **NOW),
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


def run(only: str = "") -> list[dict[str, str]]:
    """Return a row for each attack whose name holds ``only``."""
    return asyncio.run(measure(only))


def main() -> None:
    set_up_logs(level="error", json_lines=False)
    rows = run(" ".join(sys.argv[1:]))
    console = Console(width=180)
    table = Table(title=__doc__)
    for column in rows[0]:
        table.add_column(column)
    for row in rows:
        table.add_row(*row.values())
    console.print(table)
    if any(row["within"] != "yes" for row in rows):
        sys.exit("A bound does not hold.")


if __name__ == "__main__":
    main()

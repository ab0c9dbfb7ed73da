"""Ten thousand seeded mutants of feeds and pages through the real ingest, each round beside a healthy feed, on both engines.

python -m benchmarks.mutants [TOTAL] [sqlite|postgresql]
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.engines import ENGINES, empty, server
from bot.config import Config, DatabaseSettings, Fetch
from bot.language.detect import detect_language
from bot.log import set_up_logs
from bot.runtime.app import App
from bot.runtime.compose import open_app
from tests.servers.mutants import mutant_server
from tests.support.rounds import PER_FEED, Tally, attack

TOTAL = 10_000
EACH = 100  # feeds, and as many pages, of one ingest
RENEWED = (
    10  # rounds after which the archive begins anew: it is the reading that is measured, not the archive
)
MEGABYTES, MILLISECONDS = 64, 50


async def measure(engine: str, postgres: str, *, total: int, data: Path | None) -> Tally:
    """Return what ``total`` mutants came to on ``engine``."""
    tally = Tally()
    async with mutant_server(data) as port:
        firsts = list(range(0, (total + 1) // 2, EACH))
        for start in range(0, len(firsts), RENEWED):
            with empty(engine, postgres) as url:
                config = Config(
                    database=DatabaseSettings(url=url),
                    fetch=Fetch(
                        allow=(f"127.0.0.1:{port}",),
                        first_poll_entries=PER_FEED,
                        page_deadline=3.0,
                        parse_deadline=30.0,
                    ),
                )
                async with open_app(config) as app:
                    await warm(app)
                    for first in firsts[start : start + RENEWED]:
                        await attack(app, port, first=first, count=min(EACH, total // 2 - first), tally=tally)
                        print(f"{engine}: {tally.mutants:,} of {total:,}", file=sys.stderr, flush=True)
    return tally


async def warm(app: App) -> None:
    """Start the parsers' processes, and have loaded what any first reading loads."""
    for work in (
        partial(time.sleep, 0.1),
        partial(detect_language, "The talks in Geneva went on for a second day."),
    ):
        await asyncio.gather(
            *(app.workers.run(work, deadline=120.0) for _ in range(app.config.fetch.workers))
        )
    gc.collect()
    gc.freeze()  # as the bot does when it has started


def row(engine: str, tally: Tally) -> dict[str, str]:
    """Return what is printed of ``tally``."""
    sound = tally.healthy == tally.rounds and tally.megabytes <= MEGABYTES and tally.held <= MILLISECONDS
    return {
        "engine": engine,
        "mutants": f"{tally.mutants:,}",
        "healthy feed read": f"{tally.healthy} of {tally.rounds}",
        "feeds read": f"{tally.read - tally.rounds - tally.rounds * EACH // PER_FEED:,} of {tally.mutants // 2:,}",
        "articles": f"{tally.articles:,}",
        "broke inside": str(sum(tally.faults.values())),
        "parser broke": str(tally.reasons["It could not be read"]),
        "memory": f"+{tally.megabytes:.0f} MB",
        "longest step": f"{tally.held:.0f} ms",
        "minutes": f"{tally.seconds / 60:.1f}",
        "within": "yes" if sound else f"NO {tally.holder}",
    }


def shown(rows: list[dict[str, str]], *, title: str) -> None:
    """Print ``rows`` as a table."""
    table = Table(title=title)
    for column in rows[0]:
        table.add_column(column)
    for one in rows:
        table.add_row(*one.values())
    Console(width=180).print(table)


def run(total: int = TOTAL, engines: tuple[str, ...] = ENGINES) -> list[dict[str, str]]:
    """Return a row for each engine."""
    folder = Path(os.environ.get("WIREBRIEF_DATA", Path(__file__).parents[2] / "shared" / "data"))
    rows = []
    with server() as postgres:
        for engine in engines:
            tally = asyncio.run(
                measure(engine, postgres, total=total, data=folder if folder.is_dir() else None)
            )
            rows.append(row(engine, tally))
            for reason, count in tally.reasons.most_common(12):
                print(f"{count:6,}  {reason}", file=sys.stderr)
    return rows


def main() -> None:
    set_up_logs(level="critical", json_lines=False)
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    engines = tuple(word for word in sys.argv[1:] if word in ENGINES) or ENGINES
    rows = run(*(numbers or [TOTAL]), engines)
    shown(rows, title=str(__doc__).split("\n", 1)[0])
    if any(one["within"] != "yes" for one in rows):
        sys.exit("A bound does not hold.")


if __name__ == "__main__":
    main()

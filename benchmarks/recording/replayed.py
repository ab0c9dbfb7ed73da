"""Replay events with recorded replies as ``wirebrief backtest`` does: the program whole, on a simulated clock."""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator, Collection, Iterable
from pathlib import Path
from typing import Any

from benchmarks.data import records
from bot.config import Config
from bot.flows.maintenance.backtest import BacktestMorning, DailyTime, read_articles
from bot.ports import LanguageModel
from bot.runtime.app import App
from bot.runtime.compose import open_backtest
from tests.golden.gather import read_events

REPLIES = Path(__file__).parents[2] / "tests" / "golden" / "replies"
# Those whose updates have recorded replies; stories of others would be quoted.
REAL = {3, 25, 33, 34, 38, 44, 51, 53, 57, 61, 67, 68, 70, 72, 73, 77}
# Those with replies in the short form, as the prompt asks now; the replies to the others were recorded in the long one.
SHORT = {5, 6, 9, 10, 14, 15, 16, 18, 20, 22, 23, 24, 30, 31, 35, 39, 42, 43, 46, 58, 59, 60, 62, 64, 75, 76}
INVENTED = {201, 203, 205, 207, 209}


def real_articles(events: Collection[int] = REAL) -> list[dict[str, Any]]:
    """Return the articles of those ``events`` of the reference data."""
    return [record for record in records() if record["event"] in events]


def invented_articles() -> list[dict[str, Any]]:
    """Return the articles of the events that were made for the tests."""
    return [one for gold, articles in read_events().values() if gold["event"] in INVENTED for one in articles]


async def replay(
    model: LanguageModel | None, articles: Iterable[dict[str, Any]]
) -> AsyncIterator[tuple[App, BacktestMorning]]:
    """Yield each morning of one channel that is briefed every day, with the program that made it."""
    timetable = DailyTime()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        path.write_text("".join(json.dumps(one) + "\n" for one in articles), "utf-8")
        recorded = read_articles(path, timetable=timetable)
    settings = Config()
    briefings = settings.briefings.model_copy(update={"timezone": "UTC", "stories": 7})
    settings = settings.model_copy(update={"briefings": briefings})
    async with open_backtest(settings, recorded, timetable=timetable, model=model) as (app, played):
        async for morning in played:
            yield app, morning

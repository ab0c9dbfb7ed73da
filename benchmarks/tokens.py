"""Tokens a day-by-day replay of real news sends to a model, beside a call an article and a summary of summaries."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from benchmarks.data import labelled
from bot.config import BriefingSettings
from bot.flows.briefing.brief import ModelSession, brief_channel
from bot.flows.maintenance.evaluate import keep
from bot.model.news import Article
from bot.model.record import ModelUsage
from bot.model.scope import SHARED
from bot.runtime.compose import scripted_model
from bot.store import open_store

CHARACTERS = 4  # of text counted as a token, on both sides
SUMMARY = 130  # tokens of one article's summary, and of one story's: about a hundred words
INSTRUCTIONS = 250  # tokens of a plain prompt for a summary
STORIES = 20  # told in full a day: a briefing that leaves nothing out, to compare like with like


def run() -> list[dict[str, str]]:
    """Return the rows of the table."""
    articles = [article for article, _ in labelled()]
    ours, stories = asyncio.run(_replay(articles))
    theirs = _map_reduce(articles, stories)
    return [
        _row("only what is new, beside the ledger", ours, theirs),
        _row("one call an article, one a story and day", theirs, theirs),
    ]


def _row(name: str, usage: ModelUsage, baseline: ModelUsage) -> dict[str, str]:
    total = usage.input_tokens + usage.output_tokens
    return {
        "way": name,
        "calls": f"{usage.calls:,}",
        "tokens in": f"{usage.input_tokens:,}",
        "tokens out": f"{usage.output_tokens:,}",
        "share": f"{total / (baseline.input_tokens + baseline.output_tokens):.2f}",
    }


async def _replay(articles: Sequence[Article]) -> tuple[ModelUsage, dict[tuple[str, str], int]]:
    """Brief one channel at the end of every day with news; return the usage, and the articles a story and day."""
    by_day: defaultdict[datetime, list[Article]] = defaultdict(list)
    for article in articles:
        day = article.published_at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        by_day[day].append(article)
    total, told = ModelUsage(), defaultdict[tuple[str, str], int](int)
    session = ModelSession(model=scripted_model())
    settings = BriefingSettings(stories=STORIES)
    async with open_store("sqlite:///") as store:
        for day, news in sorted(by_day.items()):
            await keep(news, store=store, at=day, timezone="UTC")
            briefing = await brief_channel(
                store=store, channel="bench", scope=SHARED, settings=settings, now=day, session=session
            )
            record = await store.briefings.record(briefing.id)
            for writing in record.writings if record else ():
                total += writing.usage
            for story in (await store.stories.of_articles([a.id for a in news])).values():
                told[story, day.isoformat()] += 1
    return total, told


def _map_reduce(articles: Sequence[Article], stories: dict[tuple[str, str], int]) -> ModelUsage:
    """Return what summarising each article, and each story's summaries of a day, would take with short instructions."""
    mapped = sum(len(s.text) + 1 for a in articles for s in a.sentences) // CHARACTERS
    given = mapped + INSTRUCTIONS * len(articles)
    given += sum(INSTRUCTIONS + count * SUMMARY for count in stories.values())
    calls = len(articles) + len(stories)
    return ModelUsage(calls=calls, input_tokens=given, output_tokens=SUMMARY * calls)

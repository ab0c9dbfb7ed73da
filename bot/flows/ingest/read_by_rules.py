"""Read new articles by rules once, in processes that can be killed: one that breaks the rules, or holds them up, is set aside.

What rules read is not kept: it is read again where a story is told, in threads that nobody can kill.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.blocking import run_blocking
from bot.faults import Fault, Faults
from bot.feeds.workers.pool import WorkerPool
from bot.flows.ingest.assign_scope import set_aside_article
from bot.model.news import Article
from bot.store import Store
from bot.store.rows import chunks
from bot.updates.by_rules.read import read_each

ARTICLES_PER_CALL = 20  # articles that are read together
MAX_CONCURRENT_CALLS = 4  # one after the other would keep a single process at work
SECONDS_PER_CALL, SECONDS_PER_ARTICLE = 20.0, 3.0
READING = "reading an article by rules"


async def set_aside_unreadable(
    ids: Iterable[str], *, store: Store, now: datetime, workers: WorkerPool | None, faults: Faults
) -> None:
    """Set those of the articles ``ids`` aside that rules cannot read: they leave their stories."""

    async def read(some: Sequence[str]) -> None:
        articles = await store.articles.many(some)
        together = _read(articles, workers=workers, deadline=SECONDS_PER_CALL)
        if not isinstance(await Faults().guard(together, doing=READING), Fault):
            return
        broken: dict[str, Fault] = {}
        for article in articles:
            alone = _read([article], workers=workers, deadline=SECONDS_PER_ARTICLE)
            found = await faults.guard(alone, doing=READING)
            if isinstance(found, Fault):
                broken[article.id] = found
        await store.set_aside.add(
            [set_aside_article(a, broken[a.id], at=now, doing=READING) for a in articles if a.id in broken]
        )

    parts = chunks(sorted(set(ids)), ARTICLES_PER_CALL)
    await faults.each(parts, read, doing=READING, at_once=MAX_CONCURRENT_CALLS)


async def _read(articles: Sequence[Article], *, workers: WorkerPool | None, deadline: float) -> None:
    if workers is None:
        await run_blocking(read_each, articles)
    else:
        await workers.run(read_each, articles, deadline=deadline)

"""Rounds of mutants through a whole ingest, each beside a healthy feed: what it cost and what became of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.runtime.app import App
from tests.support.strain import strain

PER_FEED = 1  # pages that one feed leads to, and entries that are taken of a new feed


@dataclass(slots=True, kw_only=True)
class Tally:
    """What some rounds came to."""

    mutants: int = 0
    rounds: int = 0
    healthy: int = 0  # rounds in which the healthy feed was read
    read: int = 0  # mutant feeds that gave a document
    articles: int = 0
    megabytes: float = 0.0  # by which memory rose in the worst round
    held: float = 0.0  # milliseconds of the longest step of the loop
    holder: str = ""
    seconds: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)  # of feeds that were refused
    faults: Counter[str] = field(default_factory=Counter)  # what broke inside


async def attack(app: App, port: int, *, first: int, count: int, tally: Tally) -> None:
    """Ingest ``count`` mutant feeds and ``count`` pages from number ``first`` on, with a healthy feed among them."""
    base = f"http://127.0.0.1:{port}"
    paths = [f"f/{i}" for i in range(first, first + count)]
    paths += [f"to/{i}/{min(PER_FEED, first + count - i)}" for i in range(first, first + count, PER_FEED)]
    paths.insert(len(paths) // 2, f"healthy/{first}")
    feeds = [Feed(id=derive_id("fee", path), url=f"{base}/{path}", title=path) for path in paths]
    await app.store.feeds.add(feeds)
    begun = app.now()
    with strain() as cost:
        report = await app.ingest(everything=True)
    for feed in feeds:
        await app.store.feeds.remove(feed.id)
    since = begun - timedelta(seconds=1)
    kept = await app.store.articles.many(
        await app.store.articles.came_between(since, app.now() + timedelta(minutes=1))
    )
    tally.mutants += 2 * count
    tally.rounds += 1
    tally.healthy += any(a.title == f"Healthy {first}" for a in kept) and report.feeds_due == len(feeds)
    tally.read += report.feeds_read
    tally.articles += report.articles_new
    tally.megabytes = max(tally.megabytes, cost.megabytes)
    tally.seconds += cost.seconds
    if cost.held > tally.held:
        tally.held, tally.holder = cost.held, cost.holder
    for failure in report.failures:
        tally.reasons[failure.reason] += 1
        if "went wrong inside" in failure.reason:
            tally.faults[failure.reason] += 1

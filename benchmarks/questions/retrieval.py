"""Retrieval over a large archive: real news and variations of it, on SQLite and PostgreSQL; sizes, build time, p50 and p95.

``python -m benchmarks.questions.retrieval 1000000 SQLite`` builds that many passages there; without a name on both engines,
without a number 20,000.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import string
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from benchmarks.data import labelled
from benchmarks.engines import server
from benchmarks.questions.golden import NOW, asked, golden
from bot.answers.asked import read_question
from bot.flows.answer.retrieve import search
from bot.language.words import stop_words
from bot.model.ids import derive_id
from bot.model.news import Article, Sentence
from bot.store import Store, StoredDraft, open_store

PASSAGES = 20_000
ENGINES = ("SQLite", "PostgreSQL")
BATCH = 200  # articles of one transaction
NAMES = 30_000  # invented names; how often each comes falls off as names of real news do
RENAMED, REWORDED = 0.6, 0.08  # share of names, and of other words, that a variation changes
YEARS = 8
ROUNDS = 2


def variations(articles: list[Article]) -> Iterator[Article]:
    """Yield ``articles``, then variations of them without end: other names, some other words, another day."""
    yield from articles
    random_ = random.Random(7)
    pool = [
        "".join(random_.choices(string.ascii_lowercase, k=random_.randint(4, 9))).title()
        for _ in range(NAMES)
    ]
    heavy = [1 / (rank + 5) for rank in range(NAMES)]
    words = sorted(
        {w for a in articles for s in a.sentences for w in s.text.split() if w.isalpha() and w.islower()}
    )
    words = [w for w in words if w not in stop_words("en")]
    number = 0
    while True:
        for article in articles:
            number += 1
            yield _varied(article, number, random.Random(number), pool=pool, heavy=heavy, words=words)


def _varied(
    article: Article,
    number: int,
    random_: random.Random,
    *,
    pool: list[str],
    heavy: list[float],
    words: list[str],
) -> Article:
    spare = iter(random_.choices(pool, heavy, k=400))
    renamed: dict[str, str] = {}

    def other(word: str) -> str:
        bare = word.strip(".,;:'\"()“”’")
        if bare[:1].isupper() and bare.isalpha():
            if bare not in renamed:
                renamed[bare] = next(spare, bare) if random_.random() < RENAMED else bare
            return word.replace(bare, renamed[bare])
        if bare.islower() and len(bare) > 3 and random_.random() < REWORDED:
            return word.replace(bare, random_.choice(words))
        return word

    at = NOW - timedelta(days=random_.uniform(0, 365 * YEARS))
    text = tuple(
        Sentence(number=s.number, paragraph=s.paragraph, text=" ".join(map(other, s.text.split())))
        for s in article.sentences
    )
    title = " ".join(map(other, article.title.split()))
    return replace(
        article,
        id=derive_id("art", article.id, str(number)),
        title=title,
        published_at=at,
        fetched_at=at,
        sentences=text,
    )


async def build(store: Store, passages: int) -> tuple[int, float]:
    """Fill ``store`` until it holds ``passages``; return how many it holds and in how many seconds."""
    begun, source = time.perf_counter(), variations([article for article, _ in labelled()])
    held = 0
    while held < passages:
        drafts = [
            StoredDraft(article=a, keys=(("hash", a.id),), entry_hash=a.id, fingerprint=b"")
            for a in (next(source) for _ in range(BATCH))
        ]
        await store.articles.save(drafts)
        held = (await store.search.frequencies(())).passages
    return held, time.perf_counter() - begun


async def times(store: Store) -> list[float]:
    """Return how long each golden question takes to find its ranked passages, in milliseconds."""
    questions = [asked(one) for one in golden()]
    taken = []
    for number in range(ROUNDS + 1):
        for question in questions:
            understood = read_question(question)
            begun = time.perf_counter()
            await search(understood, question, store=store)
            if number:  # the first round warms the caches
                taken.append(1000 * (time.perf_counter() - begun))
    return taken


async def sizes(store: Store) -> tuple[float, float]:
    """Return the megabytes of the whole database and of what full text adds to it."""
    async with store.database.reading() as connection:
        if connection.dialect.name == "postgresql":
            text = "SELECT pg_database_size(current_database()), pg_total_relation_size('passage') + pg_total_relation_size('passage_stem')"
        else:
            text = (
                "SELECT (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size), "
                "(SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%passage%')"
            )
        whole, added = (await connection.execute(sa.text(text))).one()
    return whole / 1e6, added / 1e6


@asynccontextmanager
async def databases(engines: Sequence[str]) -> AsyncIterator[dict[str, str]]:
    """Yield an empty database of each of ``engines``, by name."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"SQLite": f"sqlite:///{folder}/wire.db"} if "SQLite" in engines else {}
        if "PostgreSQL" not in engines:
            yield found
            return
        given = os.environ.get("TEST_POSTGRES_URL")
        if given:
            yield found | {"PostgreSQL": given}
            return
        with server() as postgres:
            yield found | {"PostgreSQL": postgres}


async def measure(passages: int, engines: Sequence[str]) -> list[dict[str, str]]:
    rows = []
    async with databases(engines) as urls:
        for name, url in urls.items():
            async with open_store(url) as store:
                held, seconds = await build(store, passages)
                if name == "PostgreSQL":
                    await _analyse(store)
                taken = sorted(await times(store))
                whole, added = await sizes(store)
            rows.append(
                {
                    "retrieval": name,
                    "passages": f"{held:,}",
                    "build": f"{seconds:,.0f} s",
                    "database": f"{whole:,.0f} MB",
                    "of it full text": f"{added:,.0f} MB",
                    "p50": f"{statistics.median(taken):.1f} ms",
                    "p95": f"{taken[int(0.95 * len(taken))]:.1f} ms",
                    "slowest": f"{taken[-1]:.1f} ms",
                }
            )
            print(rows[-1], file=sys.stderr)
    return rows


async def _analyse(store: Store) -> None:
    """Do what the server does by itself in quiet minutes."""
    autocommit = store.database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with autocommit.connect() as connection:
        await connection.execute(sa.text("VACUUM ANALYZE"))


def run(passages: int = PASSAGES, engines: Sequence[str] = ENGINES) -> list[dict[str, str]]:
    """Return a row for each of ``engines``."""
    return asyncio.run(measure(passages, engines))


if __name__ == "__main__":
    number, *named = sys.argv[1:] or (str(PASSAGES),)
    for line in run(int(number), named or ENGINES):
        print(line)

"""Fill the tables of an archive directly: SQLite by prepared statements, PostgreSQL by COPY, indexes when all is in."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.growth_archive import Written, archive
from bot.postings import MAX_POSTINGS, add_postings, story_key
from bot.store import ALL_ARTICLES, tables
from bot.store.engine import open_database
from bot.store.news.passages import IDS_PER_DAY, SPAN_DAYS, SPAN_MARK, day_of
from bot.stories.clustering.candidates import indexed_terms
from bot.stories.clustering.features import ArticleFeatures
from bot.stories.clustering.profiles import Corpus, StoryProfile
from bot.stories.dedupe import fingerprint_of_words, pack_fingerprint

STORIES_PER_COMMIT = 5_000
PASSAGE_SENTENCES = 3
Insert = Callable[[sa.Table, list[dict[str, Any]]], None]
_SCOPE = {"workspace": "", "channel": "", "visibility": "shared"}


def fill(urls: Sequence[str], size: int, *, now: datetime) -> None:
    """Make the databases at ``urls`` and put one archive of ``size`` stories into each, with all that ingest would keep of it."""
    for url in urls:
        asyncio.run(_made(url))
    builder = _Builder()
    written = archive(size, now=now)
    with ExitStack() as stack:
        databases = [stack.enter_context(_connected(url)) for url in urls]
        while some := list(islice(written, STORIES_PER_COMMIT)):
            for table, rows in builder.rows(some).items():
                for insert in databases:
                    insert(table, rows)
        for table, rows in builder.counts().items():
            for insert in databases:
                insert(table, rows)
    for url in urls:
        if url.startswith("postgresql"):
            import psycopg  # noqa: PLC0415 - only where PostgreSQL is wanted

            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
                connection.execute("CHECKPOINT")


def size_of(url: str) -> int:
    """Return the bytes of the database at ``url``."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*"))
    import psycopg  # noqa: PLC0415 - as above

    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0


async def _made(url: str) -> None:
    await (await open_database(url)).engine.dispose()


@contextmanager
def _connected(url: str) -> Iterator[Insert]:
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -200000")

        def insert(table: sa.Table, rows: list[dict[str, Any]]) -> None:
            names = list(rows[0])
            places = ", ".join("?" * len(names))
            statement = f'INSERT INTO "{table.name}" ({_listed(names)}) VALUES ({places})'  # noqa: S608
            connection.executemany(statement, [tuple(row[n] for n in names) for row in rows])
            connection.commit()

        made = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'"
        ).fetchall()
        for name, _ in made:
            connection.execute(f'DROP INDEX "{name}"')
        yield insert
        for _, statement in made:
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is wanted

    with psycopg.connect(url) as server:

        def copy(table: sa.Table, rows: list[dict[str, Any]]) -> None:
            names = list(rows[0])
            with (
                server.cursor() as cursor,
                cursor.copy(f'COPY "{table.name}" ({_listed(names)}) FROM STDIN') as out,
            ):
                for row in rows:
                    out.write_row([row[n] for n in names])
            server.commit()

        found = server.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE 'CREATE INDEX%'"
        ).fetchall()
        for name, _ in found:
            server.execute(f'DROP INDEX "{name}"')
        server.commit()
        yield copy
        server.execute("SET maintenance_work_mem = '512MB'")
        server.execute("SET max_parallel_maintenance_workers = 0")
        for _, statement in found:
            server.execute(statement)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


class _Builder:
    """Makes the rows of stories, a part at a time, and counts what is counted over all of them."""

    def __init__(self) -> None:
        self._corpus = Corpus()
        self._stems: Counter[str] = Counter()
        self._days: Counter[int] = Counter()
        self._holding: defaultdict[str, deque[int]] = defaultdict(lambda: deque(maxlen=MAX_POSTINGS))

    def rows(self, some: Sequence[Written]) -> dict[sa.Table, list[dict[str, Any]]]:
        found: defaultdict[sa.Table, list[dict[str, Any]]] = defaultdict(list)
        for article in some:
            self._article(found, article)
            self._story(found, article)
            self._passages(found, article)
        order = [tables.story, tables.article, tables.sentence, tables.article_key]
        order += [tables.story_article, tables.passage]
        return {table: found[table] for table in order} | {t: r for t, r in found.items() if t not in order}

    def counts(self) -> dict[sa.Table, list[dict[str, Any]]]:
        counted = self._corpus.frequencies | {ALL_ARTICLES: self._corpus.articles}
        held = ((term, add_postings(b"", keys)) for term, keys in self._holding.items())
        return {
            tables.passage_stem: [{"stem": s, "passages": n} for s, n in self._stems.items()],
            tables.passage_day: [{"day": d, "used": n} for d, n in self._days.items()],
            tables.corpus_term: [{"term": term, "articles": n} for term, n in counted.items()],
            tables.story_term: [{"term": term, "stories": data, **_SCOPE} for term, data in held],
        }

    def _article(self, found: dict[sa.Table, list[dict[str, Any]]], article: Written) -> None:
        at = _micros(article.published_at)
        outlet = f"News {article.number % 40}"
        found[tables.article].append(
            {
                "id": article.article_id,
                "revision": 1,
                "latest": True,
                "url": article.url,
                "site": f"news{article.number % 40}.example",
                "outlet": outlet,
                "title": article.title,
                "author": "",
                "published_at": at,
                "date_source": "feed",
                "utc_offset": 0,
                "language": "en",
                "text_source": "feed",
                "text_note": "",
                "originator": outlet,
                "text_group": article.article_id,
                "feed_id": "fee-archive",
                "fetched_at": _micros(article.published_at + timedelta(minutes=20)),
                "entry_hash": "0" * 64,
                "fingerprint": pack_fingerprint(fingerprint_of_words(article.words)),
                **_SCOPE,
            }
        )
        found[tables.sentence] += [
            {"article_id": article.article_id, "revision": 1, "number": n, "paragraph": n, "text": text}
            for n, text in enumerate(article.sentences, 1)
        ]
        keys = {"article_id": article.article_id, "feed_id": "fee-archive", "entry_hash": "0" * 64} | _SCOPE
        found[tables.article_key] += [
            {"kind": "guid", "value": f"fee-archive {article.number}", **keys},
            {"kind": "link", "value": article.url, **keys},
        ]

    def _story(self, found: dict[sa.Table, list[dict[str, Any]]], article: Written) -> None:
        self._corpus.add(article.terms)
        profile = StoryProfile(story_id=article.story_id)
        features = ArticleFeatures(
            article_id=article.article_id,
            published_at=article.published_at,
            title=article.title,
            terms=article.terms,
            codes=frozenset(),
        )
        profile.add(features, vector=self._corpus.weigh(article.terms))
        key = story_key(article.story_id)
        for term in indexed_terms(profile):
            self._holding[term].append(key)
        at = _micros(article.published_at)
        found[tables.story].append(
            {
                "id": article.story_id,
                "title": article.title,
                "first_at": at,
                "last_at": at,
                "profile": profile.to_bytes(),
                "key": key,
                "name": "",
                **_SCOPE,
            }
        )
        found[tables.story_article].append(
            {
                "article_id": article.article_id,
                "story_id": article.story_id,
                "score": 0.0,
                "why": json.dumps([]),
            }
        )

    def _passages(self, found: dict[sa.Table, list[dict[str, Any]]], article: Written) -> None:
        day = day_of(article.published_at)
        at = _micros(article.published_at)
        for first in range(0, len(article.sentences), PASSAGE_SENTENCES):
            said = [s for one in article.sentence_stems[first : first + PASSAGE_SENTENCES] for s in one]
            text = f" {' '.join((*article.title_stems, *said))} {SPAN_MARK}{day // SPAN_DAYS} "
            found[tables.passage].append(
                {
                    "id": day * IDS_PER_DAY + self._days[day],
                    "article_id": article.article_id,
                    "revision": 1,
                    "first": first + 1,
                    "last": min(first + PASSAGE_SENTENCES, len(article.sentences)),
                    "published_at": at,
                    "known_at": at,
                    "titled": len(article.title_stems),
                    "stems": text,
                    **_SCOPE,
                }
            )
            self._days[day] += 1
            self._stems.update({"", *text.split()})


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)

"""Fill the tables of an archive directly: SQLite by prepared statements, PostgreSQL by COPY, indexes when all is in."""

from __future__ import annotations

import asyncio
import math
import random
import sqlite3
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.growth.archive import Written, archive
from bot.posting_lists import MAX_POSTINGS, add_postings, story_key
from bot.store import ALL_ARTICLES, tables
from bot.store.engine import open_database
from bot.store.news.passages import IDS_PER_DAY, SPAN_DAYS, SPAN_MARK, day_of
from bot.stories.clustering.candidates import indexed_terms
from bot.stories.clustering.profiles import Corpus, StoryProfile
from bot.stories.dedupe import pack_fingerprint

STORIES_PER_COMMIT = 5_000
PASSAGE_SENTENCES = 3
SHINGLES_KEPT = 4  # one in so many words begins a shingle that a fingerprint keeps
Row = tuple[Any, ...]
Insert = Callable[[sa.Table, Sequence[str], Sequence[Row]], None]
_SCOPE = ("", "", "shared")
_SCOPE_COLUMNS = ("workspace", "channel", "visibility")
COLUMNS: dict[sa.Table, tuple[str, ...]] = {
    tables.article: (
        *("id", "revision", "latest", "url", "site", "outlet", "title", "author", "published_at"),
        *("date_source", "utc_offset", "language", "text_source", "text_note", "originator", "text_group"),
        *("feed_id", "fetched_at", "entry_hash", "fingerprint", "smallest_print", *_SCOPE_COLUMNS),
    ),
    tables.sentence: ("article_id", "revision", "number", "paragraph", "text"),
    tables.article_key: ("kind", "value", "article_id", "feed_id", "entry_hash", *_SCOPE_COLUMNS),
    tables.story: ("id", "title", "first_at", "last_at", "profile", "key", "name", *_SCOPE_COLUMNS),
    tables.story_article: ("article_id", "story_id", "score", "why"),
    tables.passage: (
        *("id", "article_id", "revision", "first", "last", "published_at", "known_at", "titled", "stems"),
        *_SCOPE_COLUMNS,
    ),
    tables.passage_stem: ("stem", "passages"),
    tables.passage_day: ("day", "used"),
    tables.corpus_term: ("term", "articles"),
    tables.story_term: ("term", "stories", *_SCOPE_COLUMNS),
}

INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE 'CREATE INDEX%'"
)
# Those that point at others come last.
KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f') ORDER BY contype = 'f', conname
"""
OF_STORIES = (
    *(tables.story, tables.article, tables.sentence, tables.article_key),
    *(tables.story_article, tables.passage),
)


def fill(urls: Sequence[str], size: int, *, now: datetime, like: Path | None = None) -> None:
    """Make the databases at ``urls`` and put one archive of ``size`` stories into each, with all that ingest would keep of it.

    Where a SQLite file ``like`` is given, its rows are copied instead.
    """
    for url in urls:
        asyncio.run(_made(url))
    with ExitStack() as stack:
        databases = [stack.enter_context(_connected(url)) for url in urls]
        for table, rows in _rows_of(like) if like else _made_up(size, now=now):
            for insert in databases:
                insert(table, COLUMNS[table], rows)
    for url in urls:
        if url.startswith("postgresql"):
            import psycopg  # noqa: PLC0415 - only where PostgreSQL is wanted

            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
                connection.execute("CHECKPOINT")


def _made_up(size: int, *, now: datetime) -> Iterator[tuple[sa.Table, Sequence[Row]]]:
    builder = _Builder()
    written = archive(size, now=now)
    while some := list(islice(written, STORIES_PER_COMMIT)):
        yield from builder.rows(some).items()
    yield from builder.counts().items()


def _rows_of(file: Path) -> Iterator[tuple[sa.Table, Sequence[Row]]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        for table, names in COLUMNS.items():
            found = connection.execute(f'SELECT {_listed(names)} FROM "{table.name}" ORDER BY rowid')  # noqa: S608
            while rows := found.fetchmany(STORIES_PER_COMMIT):
                yield table, rows


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
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -1500000")  # KiB: keys come in any order

        def insert(table: sa.Table, names: Sequence[str], rows: Sequence[Row]) -> None:
            places = ", ".join("?" * len(names))
            statement = f'INSERT INTO "{table.name}" ({_listed(names)}) VALUES ({places})'  # noqa: S608
            connection.executemany(statement, rows)

        made = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'"
        ).fetchall()
        for name, _ in made:
            connection.execute(f'DROP INDEX "{name}"')
        yield insert
        for _, statement in made:
            connection.execute(statement)
        connection.commit()
        connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
        return
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is wanted

    with psycopg.connect(url) as server:

        def copy(table: sa.Table, names: Sequence[str], rows: Sequence[Row]) -> None:
            with (
                server.cursor() as cursor,
                cursor.copy(f'COPY "{table.name}" ({_listed(names)}) FROM STDIN') as out,
            ):
                for row in rows:
                    out.write_row(row)
            server.commit()

        indexes = server.execute(INDEXES).fetchall()
        keys = server.execute(KEYS).fetchall()
        for table, name, _ in reversed(keys):
            server.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            server.execute(f'DROP INDEX "{name}"')
        server.commit()
        yield copy
        server.execute("SET maintenance_work_mem = '512MB'")
        server.execute("SET max_parallel_maintenance_workers = 0")
        for table, name, definition in keys:
            server.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for _, statement in indexes:
            server.execute(statement)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


class _Builder:
    """Makes the rows of stories, a part at a time, and counts what is counted over all of them."""

    def __init__(self) -> None:
        self._corpus = Corpus()
        self._rarities: dict[str, float] = {}  # of this part: between two stories they hardly differ
        self._stems: Counter[str] = Counter()
        self._days: Counter[int] = Counter()
        self._holding: defaultdict[str, deque[int]] = defaultdict(lambda: deque(maxlen=MAX_POSTINGS))

    def rows(self, some: Sequence[Written]) -> dict[sa.Table, list[Row]]:
        self._rarities.clear()
        found: dict[sa.Table, list[Row]] = {table: [] for table in OF_STORIES}
        for article in some:
            self._article(found, article)
            self._story(found, article)
            self._passages(found, article)
        return found

    def counts(self) -> dict[sa.Table, list[Row]]:
        counted = self._corpus.frequencies | {ALL_ARTICLES: self._corpus.articles}
        held = ((term, add_postings(b"", keys)) for term, keys in self._holding.items())
        return {
            tables.passage_stem: list(self._stems.items()),
            tables.passage_day: list(self._days.items()),
            tables.corpus_term: list(counted.items()),
            tables.story_term: [(*one, *_SCOPE) for one in held],
        }

    @staticmethod
    def _article(found: dict[sa.Table, list[Row]], article: Written) -> None:
        place, named = article.number % 40, article.article_id
        outlet, feed, unread = f"News {place}", "fee-archive", "0" * 64
        at, fetched = _micros(article.published_at), _micros(article.published_at + timedelta(minutes=20))
        found[tables.article].append(
            (
                *(named, 1, True, article.url, f"news{place}.example", outlet, article.title, "", at),
                *("feed", 0, "en", "feed", "", outlet, named),
                *(feed, fetched, unread, prints := _fingerprint(article), prints[:8] or None, *_SCOPE),
            )
        )
        found[tables.sentence] += [(named, 1, n, n, text) for n, text in enumerate(article.sentences, 1)]
        found[tables.article_key] += [
            ("guid", f"{feed} {article.number}", named, feed, unread, *_SCOPE),
            ("link", article.url, named, feed, unread, *_SCOPE),
        ]

    def _story(self, found: dict[sa.Table, list[Row]], article: Written) -> None:
        self._corpus.add(article.terms)
        profile = StoryProfile(
            story_id=article.story_id,
            title=article.title,
            first_at=article.published_at,
            last_at=article.published_at,
            count=1,
            vector=self._weighed(article.terms),
        )
        key = story_key(article.story_id)
        for term in indexed_terms(profile):
            self._holding[term].append(key)
        at = _micros(article.published_at)
        found[tables.story].append(
            (article.story_id, article.title, at, at, profile.to_bytes(), key, "", *_SCOPE)
        )
        found[tables.story_article].append((article.article_id, article.story_id, 0.0, "[]"))

    def _weighed(self, terms: dict[str, float]) -> dict[str, float]:
        """Return what ``Corpus.weigh`` gives, with rarities that are looked up once a part."""
        rarities = self._rarities
        for term in terms:
            if term not in rarities:
                rarities |= self._corpus.rarities([term])
        weighed = {term: weight * rarities[term] for term, weight in terms.items()}
        norm = math.hypot(*weighed.values()) or 1.0
        return {term: weight / norm for term, weight in weighed.items()}

    def _passages(self, found: dict[sa.Table, list[Row]], article: Written) -> None:
        day = day_of(article.published_at)
        at = _micros(article.published_at)
        count = len(article.sentences)
        for first in range(0, count, PASSAGE_SENTENCES):
            last = min(first + PASSAGE_SENTENCES, count)
            said = " ".join(article.sentence_stems[first:last])
            text = f" {article.title_stems} {said} {SPAN_MARK}{day // SPAN_DAYS} "
            number = day * IDS_PER_DAY + self._days[day]
            found[tables.passage].append(
                (number, article.article_id, 1, first + 1, last, at, at, article.titled, text, *_SCOPE)
            )
            self._days[day] += 1
            self._stems.update({"", *text.split()})


def _fingerprint(article: Written) -> bytes:
    """Return as many values as a text of its length has, none of which another text has."""
    chance = random.Random(article.number)
    values = (chance.getrandbits(46) for _ in range(article.words // SHINGLES_KEPT))
    return pack_fingerprint(frozenset(values))


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)

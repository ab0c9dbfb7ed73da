"""Full-text search of the archive: passages of articles as word stems, with the same results on every engine.

    article ──runs, stems──▶ passage rows ──FTS5 | tsvector──▶ newest that match ──weights──▶ the best of them

The rankings of the engines differ, so the engines only find passages. They are scored here, by our own document
frequencies, with the same result on both. Frequent stems find nothing by themselves: they count beside a rarer one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.faults import Faults, ends_all
from bot.language.text_cache import text_cached
from bot.model.news import Article
from bot.model.scope import SHARED, Scope, Visibility
from bot.store import tables
from bot.store.engine import Database
from bot.store.news.articles import Articles
from bot.store.news.passage_queries import Frequencies, expressions, finding, finds_few, quoted, windows
from bot.store.news.passages import IDS_PER_DAY, Cut, cut_all, day_of, index
from bot.store.rows import chunks, one_of, readable_rows, scope_columns, upsert

MAX_HITS = 80  # passages that are ranked
INDEXED_ARTICLES_PER_TRANSACTION = 50  # articles of the backlog that are indexed in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that was found; its first ``titled`` stems are those of the article's title."""

    id: int
    article_id: str
    revision: int
    sentences: tuple[int, ...]
    published_at: datetime
    story_id: str
    stems: tuple[str, ...]
    titled: int
    scope: Scope = SHARED


class Search:
    """The passages of the archive."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def frequencies(self, asked: Iterable[str]) -> Frequencies:
        """Return how common the stems ``asked`` are among shared passages."""
        table = tables.passage_stem
        found: dict[str, int] = {}
        async with self._database.reading() as connection:
            for part in chunks({"", *asked}):
                rows = await connection.execute(
                    sa.select(table.c.stem, table.c.passages).where(one_of(table.c.stem, part))
                )
                found |= {row[0]: row[1] for row in rows}
        return Frequencies(passages=found.pop("", 0), holding=found)

    async def find(
        self,
        weights: Mapping[str, float],
        *,
        frequencies: Frequencies,
        by: Scope,
        known_by: datetime,
        since: datetime | None = None,
        until: datetime | None = None,
        most: int = MAX_HITS,
    ) -> list[Hit]:
        """Return up to ``most`` passages that hold any stem of ``weights`` and may be read ``by`` a destination.

        The best are those with most of the weight; of equal ones, the newer. ``since`` and ``until`` limit when the
        article was published, ``known_by`` when it was first stored.
        """
        if not weights:
            return []
        values: dict[str, Any] = {"known_by": known_by}
        if since:
            values |= {"since": since, "since_id": day_of(since) * IDS_PER_DAY}
        if until:
            values |= {"until": until, "until_id": (day_of(until) + 1) * IDS_PER_DAY}
        bounds = frozenset(values) & {"since", "until"}
        hits: list[Hit] = []
        asked: tuple[str, ...] = ()
        async with self._database.reading() as connection:
            postgres, few = connection.dialect.name == "postgresql", finds_few(frequencies, weights)
            for number, (stem, weight) in enumerate(weights.items()):
                held = quoted(stem, postgres=postgres) if postgres else f" {stem} "
                values |= {f"stem_{number}": held, f"weight_{number}": weight}
            for times in windows(frequencies, weights, since=since, until=until, known_by=known_by):
                before, asked = asked, expressions(frequencies, weights, times=times, postgres=postgres)
                if asked == before:  # nothing in it is bound to the spans
                    break
                statement = finding(
                    by,
                    stems=len(weights),
                    asked=len(asked),
                    most=most,
                    bounds=bounds,
                    few=few,
                    postgres=postgres,
                )
                given = values | {f"asked_{number}": one for number, one in enumerate(asked)}
                rows = await connection.execute(statement, given)
                hits = [_hit(row) for row in rows]
                if len(hits) == most:
                    break
        return hits

    async def vectors(self, ids: Iterable[int], *, encoder: str) -> dict[int, bytes]:
        """Return the stored vectors of ``encoder`` for the passages ``ids``."""
        table = tables.passage_vector
        found: dict[int, bytes] = {}
        async with self._database.reading() as connection:
            for part in chunks(ids):
                rows = await connection.execute(
                    sa.select(table.c.passage_id, table.c.vector).where(
                        table.c.passage_id.in_(part), table.c.encoder == encoder
                    )
                )
                found.update({row[0]: row[1] for row in rows})
        return found

    async def keep_vectors(self, vectors: Mapping[Hit, bytes], *, encoder: str) -> None:
        """Store the vectors of ``encoder``, replacing those of another encoder; passages deleted meanwhile are skipped."""
        passage = tables.passage.c.id
        async with self._database.writing() as connection:
            for part in chunks(sorted(vectors, key=lambda hit: hit.id)):
                held = sa.select(passage).where(passage.in_([hit.id for hit in part]))
                there = set((await connection.execute(held.with_for_update(key_share=True))).scalars())
                rows = [
                    {"passage_id": hit.id, "encoder": encoder, "vector": vectors[hit]}
                    | scope_columns(hit.scope)
                    for hit in part
                    if hit.id in there
                ]
                await upsert(connection, tables.passage_vector, rows)

    async def oldest(self, by: Scope) -> datetime | None:
        """Return when the oldest article that may be read ``by`` a destination was published."""
        table = tables.passage
        statement = (
            sa.select(table.c.published_at).where(readable_rows(table, by)).order_by(table.c.id).limit(1)
        )
        async with self._database.reading() as connection:
            return (await connection.execute(statement)).scalar()

    async def catch_up(self) -> int:
        """Index the backlog, one batch in each transaction; return the number of articles."""
        backlog, done, faults = tables.passage_backlog, 0, Faults()
        while True:
            async with self._database.reading() as connection:
                statement = (
                    sa.select(backlog.c.article_id)
                    .order_by(backlog.c.published_at)
                    .limit(INDEXED_ARTICLES_PER_TRANSACTION)
                )
                ids = list((await connection.execute(statement)).scalars())
            if not ids:
                return done
            articles = await Articles(self._database).many(ids)
            await self.index(articles, faults=faults)
            async with self._database.writing() as connection:
                await connection.execute(sa.delete(backlog).where(backlog.c.article_id.in_(ids)))
            done += len(ids)

    async def index(self, articles: Sequence[Article], *, faults: Faults) -> None:
        """Index ``articles`` again; one that cannot be indexed is not found by full text and does not stop the others."""
        cuts, _ = await cut_all(articles, faults=faults)
        try:
            await self._index(articles, cuts)
        except Exception as error:
            if ends_all(error):
                raise
            for article, cut in zip(articles, cuts, strict=True):
                await faults.guard(self._index([article], [cut]), doing="indexing an article")

    async def _index(self, articles: Sequence[Article], cuts: Sequence[Cut]) -> None:
        async with self._database.writing() as connection:
            await index(connection, articles, cuts)


def _hit(row: Any) -> Hit:
    (id_, article_id, revision, first, last, published_at, titled, stems, *scope, story_id) = row
    return Hit(
        id=id_,
        article_id=article_id,
        revision=revision,
        sentences=tuple(range(first, last + 1)),
        published_at=published_at,
        story_id=story_id or "",
        stems=tuple(stems.split()[:-1]),
        titled=titled,
        scope=_scope(*scope),
    )


@text_cached(maxsize=64)
def _scope(workspace: str, channel: str, visibility: str) -> Scope:
    return Scope(workspace=workspace, channel=channel, visibility=Visibility(visibility))

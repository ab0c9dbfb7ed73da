"""Full-text search of the archive: passages of articles as word stems, with the same results on every engine.

    article ──runs, stems──▶ passage rows ──FTS5 | tsvector──▶ newest that match ──weights──▶ the best of them

The rankings of the engines differ, so the engines only find passages. They are scored here, by our own document
frequencies, with the same result on both. Frequent stems find nothing by themselves: they count beside a rarer one.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from bot.faults import Faults, ends_all
from bot.language.text_cache import text_cached
from bot.model.news import Article
from bot.model.scope import SHARED, Scope, Visibility
from bot.store import tables
from bot.store.engine import Database
from bot.store.news.articles import Articles
from bot.store.news.passages import IDS_PER_DAY, Cut, cut_all, day_of, index, span_of, span_word
from bot.store.rows import chunks, readable_rows, scope_columns, upsert

MAX_WEIGHED_PASSAGES = 1200  # matching passages, the newest, that are weighed
RARE_STEM_PASSAGES = 2000  # passages up to which the rarest stems find them by themselves
COMMON_STEM_PASSAGES = 4000  # passages above which a stem is searched in the newest spans first
WINDOW_SPANS = (6, 36)  # spans that are tried before any time
MAX_EXTRA_STEMS = 3  # commoner stems that find passages which hold another one too
MAX_HITS = 80  # passages that are ranked
PRIOR_PASSAGES, PRIOR_HOLDING = (
    1000,
    0.5,
)  # passages imagined beside the first ones, and how many hold a stem never seen
ARTICLES_PER_BATCH = 50  # articles of the backlog that are indexed in one transaction

# What is read of a passage that was found.
_HIT_COLUMNS = (
    "id article_id revision first last published_at titled stems workspace channel visibility".split()
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequencies:
    """How many passages there are, and how many hold each stem."""

    passages: int
    holding: Mapping[str, int]

    def weight(self, stem: str) -> float:
        """Return the weight of ``stem``: its inverse document frequency, as in BM25."""
        held = self.holding.get(stem, 0) + PRIOR_HOLDING
        passages = max(self.passages + PRIOR_PASSAGES, held)
        return math.log(1 + (passages - held + 0.5) / (held + 0.5))


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
                    sa.select(table.c.stem, table.c.passages).where(table.c.stem.in_(part))
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
            postgres = connection.dialect.name == "postgresql"
            for number, (stem, weight) in enumerate(weights.items()):
                held = _quoted(stem, postgres=postgres) if postgres else f" {stem} "
                values |= {f"stem_{number}": held, f"weight_{number}": weight}
            for times in _windows(frequencies, weights, since=since, until=until, known_by=known_by):
                before, asked = asked, expressions(frequencies, weights, times=times, postgres=postgres)
                if asked == before:  # nothing in it is bound to the spans
                    break
                statement = _finding(
                    by, stems=len(weights), asked=len(asked), most=most, bounds=bounds, postgres=postgres
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
                    sa.select(backlog.c.article_id).order_by(backlog.c.published_at).limit(ARTICLES_PER_BATCH)
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


def expressions(
    frequencies: Frequencies, weights: Mapping[str, float], *, times: Sequence[int], postgres: bool
) -> tuple[str, ...]:
    """Return the queries for the engine: rare stems alone, the heaviest common stems together with another.

    Common ones find only in the ten-day spans ``times``, where there are any.
    """
    both, either = (" & ", " | ") if postgres else (" AND ", " OR ")
    quoted = functools.partial(_quoted, postgres=postgres)

    def any_of(stems: Sequence[str]) -> str:
        return f"({either.join(map(quoted, stems))})"

    alone = _alone(frequencies, weights)
    common = sorted((s for s in weights if s not in alone), key=lambda s: (-weights[s], s))
    first, others = common[:MAX_EXTRA_STEMS], common[MAX_EXTRA_STEMS:]
    # Each stem stands as seldom as can be, for the engine looks up every one that stands there.
    pairs = [f"({any_of(first)}{both}{any_of(others)})"] if others else []
    pairs += [f"({quoted(s)}{both}{any_of(first[n:])})" for n, s in enumerate(first[:-1], 1)]
    beside = either.join(pairs or ([quoted(first[0])] if len(weights) == 1 and first else []))
    rare = list(map(quoted, alone))
    if not beside or not times:
        return (either.join([*rare, *([beside] if beside else [])]),)
    spans = any_of([span_word(span) for span in times])
    if postgres:
        # Its index goes through all of the spans where they stand beside the words; of two conditions, each leads the other.
        return either.join([*rare, beside]), either.join([*rare, spans])
    return (either.join([*rare, f"(({beside}){both}{spans})"]),)


def _quoted(stem: str, *, postgres: bool) -> str:
    quote = "'" if postgres else '"'
    return f"{quote}{stem.replace(quote, quote * 2)}{quote}"


def _alone(frequencies: Frequencies, weights: Mapping[str, float]) -> tuple[str, ...]:
    """Return the rarest stems, as many as find ``RARE_STEM_PASSAGES`` passages at most."""
    found, alone = 0, []
    for stem in sorted(weights, key=lambda stem: (frequencies.holding.get(stem, 0), stem)):
        found += frequencies.holding.get(stem, 0)
        if found > RARE_STEM_PASSAGES:
            break
        alone.append(stem)
    return tuple(alone)


def _windows(
    frequencies: Frequencies,
    weights: Mapping[str, float],
    *,
    since: datetime | None,
    until: datetime | None,
    known_by: datetime,
) -> Iterator[tuple[int, ...]]:
    """Yield the spans in which common stems are looked for, newest and fewest first; at last any time.

    Where a stem is in thousands of passages, the newest of them are enough; an engine that had to go through all of
    them would take its time.
    """
    last = span_of(min(until, known_by) if until else known_by)
    if since and last - span_of(since) < WINDOW_SPANS[-1]:
        yield tuple(range(span_of(since), last + 1))
        return
    alone = _alone(frequencies, weights)
    if any(frequencies.holding.get(stem, 0) > COMMON_STEM_PASSAGES for stem in weights if stem not in alone):
        for spans in WINDOW_SPANS:
            yield tuple(range(last - spans + 1, last + 1))
    yield ()


@text_cached(maxsize=512)
def _finding(
    by: Scope, *, stems: int, asked: int, most: int, bounds: frozenset[str], postgres: bool
) -> sa.Select[Any]:
    """Return the statement that finds; making it takes longer than running it, so it is made once."""
    table, story = tables.passage, tables.story_article
    lexemes = sa.literal_column("lexemes", postgresql.TSVECTOR)
    matching = sa.select(
        table.c.id, lexemes.label("held") if postgres else table.c.stems.label("held")
    ).where(readable_rows(table, by), table.c.known_at <= sa.bindparam("known_by"))
    row: sa.ColumnElement[int] = table.c.id
    if postgres:
        matching = matching.where(*(_holds(lexemes, f"asked_{n}") for n in range(asked)))
    else:
        text = sa.table("passage_text", sa.column("rowid", sa.Integer), sa.column("passage_text"))
        # Bounded and ordered by the index's own rows: it goes through them backwards and stops.
        row = text.c.rowid
        matching = matching.select_from(text.join(table, table.c.id == row)).where(
            text.c.passage_text.op("MATCH")(sa.bindparam("asked_0"))
        )
    if "since" in bounds:
        matching = matching.where(
            row >= sa.bindparam("since_id"), table.c.published_at >= sa.bindparam("since")
        )
    if "until" in bounds:
        matching = matching.where(
            row < sa.bindparam("until_id"), table.c.published_at <= sa.bindparam("until")
        )
    newest = matching.order_by(row.desc()).limit(MAX_WEIGHED_PASSAGES).subquery("newest")
    held = newest.c.held
    weights = (
        sa.case(
            (
                _holds(held, f"stem_{n}") if postgres else sa.func.instr(held, sa.bindparam(f"stem_{n}")) > 0,
                sa.bindparam(f"weight_{n}", type_=sa.Float),
            ),
            else_=0.0,
        )
        for n in range(stems)
    )
    best = (
        sa.select(newest.c.id)
        .order_by(sa.desc(sum(weights, start=sa.literal(0.0))), newest.c.id.desc())
        .limit(most)
    ).subquery("best")
    return (
        sa.select(*(table.c[name] for name in _HIT_COLUMNS), story.c.story_id)
        .select_from(
            best.join(table, table.c.id == best.c.id).outerjoin(
                story, story.c.article_id == table.c.article_id
            )
        )
        .order_by(best.c.id.desc())
    )


def _holds(lexemes: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Return PostgreSQL's condition that ``lexemes`` match the parameter ``name``."""
    return lexemes.op("@@", is_comparison=True)(sa.cast(sa.bindparam(name), postgresql.TSQUERY))


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

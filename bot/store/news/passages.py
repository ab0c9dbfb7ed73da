"""Passages: articles cut into a few sentences each, as stems, replacing those of earlier revisions; and how many have each stem.

Ids grow with the day of publication, so that a time is a range of ids; the last word of each passage is the ten-day
span it was published in, so that an index of words can be asked for a time.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.blocking import run_blocking
from bot.faults import Fault, Faults
from bot.language.sentences.passages import split_passages
from bot.language.stems import stems
from bot.model.news import Article
from bot.model.scope import Visibility
from bot.store import tables
from bot.store.rows import ROWS_PER_CALL, add_counts, chunks, counts_after, one_of, scope_columns

IDS_PER_DAY = 1 << 24  # Discord ids in one day
SPAN_DAYS = 10
SPAN_MARK = "·"  # begins the last word of each passage: the span it was published in
_DAY_SECONDS = 86_400

Cut = list[tuple[tuple[int, int], int, str]]
"""First and last sentence of each passage, how many of its stems are the title's, and its stems."""


async def cut_all(articles: Sequence[Article], *, faults: Faults) -> tuple[list[Cut], dict[str, Fault]]:
    """Return each of ``articles`` cut into passages, in a thread, for stemming takes its time; and what failed.

    One that cannot be cut has no passages.
    """

    def work() -> list[Cut | Fault]:
        return [
            faults.guarded(partial(cut, one), doing="cutting an article into passages") for one in articles
        ]

    found = await run_blocking(work)
    failed = {a.id: cut for a, cut in zip(articles, found, strict=True) if isinstance(cut, Fault)}
    return [[] if isinstance(one, Fault) else one for one in found], failed


def cut(article: Article) -> Cut:
    """Return the passages of ``article``."""
    language = article.language or "en"
    title = stems(article.title, language=language)
    found: Cut = []
    for sentences in split_passages(article.sentences):
        said = [stem for sentence in sentences for stem in stems(sentence.text, language=language)]
        if said:
            found.append(
                ((sentences[0].number, sentences[-1].number), len(title), f" {' '.join((*title, *said))} ")
            )
    return found


async def index(connection: AsyncConnection, articles: Sequence[Article], cuts: Sequence[Cut]) -> None:
    """Put the passages of ``articles`` in the place of those of their earlier revisions, in this transaction."""
    table = tables.passage
    known = await _known_at(connection, articles)
    for part in chunks([article.id for article in articles]):
        await connection.execute(sa.delete(table).where(one_of(table.c.article_id, part)))
    free = await _reserve(connection, articles, cuts)
    rows: list[dict[str, Any]] = []
    counted: Counter[str] = Counter()
    for article, passages in zip(articles, cuts, strict=True):
        for (first, last), titled, text in passages:
            day = day_of(article.published_at)
            rows.append(
                {
                    "id": day * IDS_PER_DAY + free[day],
                    "article_id": article.id,
                    "revision": article.revision,
                    "first": first,
                    "last": last,
                    "published_at": article.published_at,
                    "known_at": known.get(article.id, article.fetched_at),
                    "titled": titled,
                    "stems": f"{text}{span_word(day // SPAN_DAYS)} ",
                }
                | scope_columns(article.scope)
            )
            free[day] += 1
            if article.scope.visibility is Visibility.SHARED:
                counted.update({"", *text.split()})
    for some in chunks(rows, ROWS_PER_CALL):
        await connection.execute(sa.insert(table), some)
    await add_counts(connection, tables.passage_stem, counted)


async def _known_at(connection: AsyncConnection, articles: Sequence[Article]) -> dict[str, datetime]:
    """Return when the first revision of each article came."""
    table, found = tables.article, {}
    for part in chunks([article.id for article in articles if article.revision > 1]):
        rows = await connection.execute(
            sa.select(table.c.id, sa.func.min(table.c.fetched_at, type_=tables.UtcTime))
            .where(table.c.id.in_(part))
            .group_by(table.c.id)
        )
        found.update({row[0]: row[1] for row in rows})
    return found


async def _reserve(
    connection: AsyncConnection, articles: Sequence[Article], cuts: Sequence[Cut]
) -> dict[int, int]:
    """Return the first free id of each day, after taking as many as its passages need."""
    needed: Counter[int] = Counter()
    for article, passages in zip(articles, cuts, strict=True):
        needed[day_of(article.published_at)] += len(passages)
    used = await counts_after(connection, tables.passage_day, needed)
    return {day: used[day] - count for day, count in needed.items()}


def span_of(moment: datetime) -> int:
    """Return the number of the ten-day span that ``moment`` is in."""
    return day_of(moment) // SPAN_DAYS


def span_word(span: int) -> str:
    """Return the word of the span with the number ``span``; before 1970 it has a letter, for engines cut words at a minus."""
    return f"{SPAN_MARK}{span}" if span >= 0 else f"{SPAN_MARK}b{-span}"


def day_of(moment: datetime) -> int:
    """Return the number of the day in UTC that ``moment`` is in."""
    return math.floor(moment.astimezone(UTC).timestamp() / _DAY_SECONDS)

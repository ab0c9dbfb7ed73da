"""The index of clustering: how many articles have a term, and which stories have it among their heaviest.

Rows are read and written for the terms at hand alone, however many there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.scope import Scope
from bot.posting_lists import add_postings, drop_postings, story_key
from bot.store import tables
from bot.store.rows import TEXTS_PER_CALL, add_counts, chunks, one_of, readable_rows, scope_columns, upsert

ALL_ARTICLES = ""  # the term whose row counts all articles


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptProfile:
    """The clustering profile of a story, and the terms by which it is found."""

    data: bytes
    terms: Sequence[str] = ()


async def frequencies(connection: AsyncConnection, terms: Iterable[str]) -> dict[str, int]:
    """Return how many shared articles have each of ``terms``; under ``ALL_ARTICLES``, their total."""
    table, found = tables.corpus_term, {}
    for part in chunks({ALL_ARTICLES, *terms}, TEXTS_PER_CALL):
        rows = await connection.execute(
            sa.select(table.c.term, table.c.articles).where(one_of(table.c.term, part))
        )
        found.update({row[0]: row[1] for row in rows})
    return found


async def count_terms(connection: AsyncConnection, counted: Mapping[str, int]) -> None:
    """Increase the counts of articles for each term."""
    await add_counts(connection, tables.corpus_term, counted)


async def postings_of(
    connection: AsyncConnection, terms: Iterable[str], *, by: Scope
) -> dict[str, list[bytes]]:
    """Return the postings of each of ``terms`` that the destination ``by`` may read, as they are stored."""
    table = tables.story_term
    found: defaultdict[str, list[bytes]] = defaultdict(list)
    for part in chunks(terms, TEXTS_PER_CALL):
        rows = await connection.execute(
            sa.select(table.c.term, table.c.stories)
            .where(one_of(table.c.term, part), readable_rows(table, by))
            .order_by(table.c.workspace, table.c.channel)
        )
        for term, data in rows:
            found[term].append(data)
    return dict(found)


async def index_stories(
    connection: AsyncConnection, terms: Mapping[str, Sequence[str]], *, scope: Scope
) -> None:
    """Index each story of ``terms`` (by id) under its terms; all are stories of ``scope``."""
    table = tables.story_term
    keys: defaultdict[str, list[int]] = defaultdict(list)
    for story_id, held in terms.items():
        for term in held:
            keys[term].append(story_key(story_id))
    for part in chunks(sorted(keys), TEXTS_PER_CALL):
        rows = await connection.execute(
            sa.select(table.c.term, table.c.stories)
            .where(one_of(table.c.term, part), *_of(scope))
            .order_by(table.c.term)
            .with_for_update()
        )
        there = {row[0]: row[1] for row in rows}
        new = {term: add_postings(there.get(term, b""), keys[term]) for term in part}
        changed = [
            {"term": term, "stories": data} | scope_columns(scope)
            for term, data in new.items()
            if data != there.get(term)
        ]
        await upsert(connection, table, changed)


async def drop_stories(connection: AsyncConnection, ids: Iterable[str], *, scope: Scope) -> None:
    """Remove the stories ``ids`` of the private ``scope`` from the index completely."""
    table, keys = tables.story_term, {story_key(one) for one in ids}
    if not keys:
        return
    rows = (await connection.execute(sa.select(table.c.term, table.c.stories).where(*_of(scope)))).all()
    left = {term: drop_postings(data, keys) for term, data in rows}
    for part in chunks([term for term, data in left.items() if not data], TEXTS_PER_CALL):
        await connection.execute(sa.delete(table).where(one_of(table.c.term, part), *_of(scope)))
    changed = [
        {"term": term, "stories": left[term]} | scope_columns(scope)
        for term, data in rows
        if left[term] and left[term] != data
    ]
    await upsert(connection, table, changed)


def _of(scope: Scope) -> list[sa.ColumnElement[bool]]:
    return [tables.story_term.c[name] == value for name, value in scope_columns(scope).items()]

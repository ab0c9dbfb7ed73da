"""Fingerprints of texts, and which text is a copy of which."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model.scope import SHARED, Scope
from bot.store import tables
from bot.store.engine import Database
from bot.store.news.article_rows import KnownText, known_columns, known_text
from bot.store.rows import ROWS_PER_CALL, chunks, readable_rows

MAX_TEXTS_PER_READ = 2000  # texts that are read at once to be compared with


class Texts:
    """The texts of the latest revisions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, ids: Iterable[str]) -> list[KnownText]:
        """Return the texts of the articles ``ids`` for comparison."""
        return await self._read(tables.article.c.id.in_, ids)

    async def of_groups(
        self, groups: Iterable[str], *, since: datetime, until: datetime | None = None, by: Scope = SHARED
    ) -> list[KnownText]:
        """Return the texts of ``groups`` readable by ``by`` that were published after ``since``, not after ``until``."""
        table = tables.article
        conditions = [table.c.published_at > since, readable_rows(table, by)]
        if until:
            conditions.append(table.c.published_at <= until)
        return await self._read(table.c.text_group.in_, groups, *conditions)

    async def near(self, keys: Iterable[int], since: datetime, *, by: Scope = SHARED) -> list[KnownText]:
        """Return the texts in stories with one of ``keys``, readable by ``by``, that were published after ``since``; of very many, the newest."""
        table, placed, story = tables.article, tables.story_article, tables.story
        there = placed.join(story, story.c.id == placed.c.story_id)

        def in_stories(part: Sequence[int]) -> sa.ColumnElement[bool]:
            inside = sa.select(placed.c.article_id).select_from(there).where(story.c.key.in_(part))
            return table.c.id.in_(inside)

        conditions = table.c.published_at > since, readable_rows(table, by)
        return await self._read(in_stories, keys, *conditions, newest=True)

    async def that_begin(
        self, first: Iterable[bytes], *, until: datetime, by: Scope = SHARED
    ) -> list[KnownText]:
        """Return texts readable by ``by`` that were published by ``until`` and whose smallest print is among ``first``.

        A print has eight bytes. There are few such texts; of very many some are left out.
        """
        table, found = tables.article, list[KnownText]()
        async with self._database.reading() as connection:
            for part in chunks(first):
                # Without an order: for one, an engine may look through all texts by their time.
                statement = sa.select(*known_columns()).where(
                    table.c.smallest_print.in_(part),
                    table.c.latest,
                    table.c.published_at <= until,
                    readable_rows(table, by),
                )
                rows = await connection.execute(statement.limit(MAX_TEXTS_PER_READ))
                found += [known_text(dict(row)) for row in rows.mappings()]
        return found

    async def _read(
        self,
        among: Callable[[Sequence[Any]], sa.ColumnElement[bool]],
        values: Iterable[Any],
        *conditions: sa.ColumnElement[bool],
        newest: bool = False,
    ) -> list[KnownText]:
        """Return the texts ``among`` those of one of ``values``; where they are very many, the oldest or the newest."""
        table, found = tables.article, list[KnownText]()
        async with self._database.reading() as connection:
            for part in chunks(values):
                statement = sa.select(*known_columns()).where(table.c.latest, among(part), *conditions)
                order = table.c.published_at.desc() if newest else table.c.published_at
                some_of_them = statement.order_by(order, table.c.id).limit(MAX_TEXTS_PER_READ)
                rows = (await connection.execute(some_of_them)).mappings()
                for some in rows.partitions(ROWS_PER_CALL):
                    found += [known_text(dict(row)) for row in some]
                    await asyncio.sleep(0)  # there may be thousands: others have their turn
        return found

"""Stories: their articles, and what clustering remembers of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model.scope import Scope
from bot.model.story import Story
from bot.store import tables
from bot.store.engine import Database
from bot.store.rows import chunks, scope_columns, scope_of, upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """An article's place in a story, with its reasons."""

    article_id: str
    story_id: str
    score: float
    why: tuple[str, ...]


class Stories:
    """The events we know."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def profiles(self, since: datetime) -> dict[str, bytes]:
        """Return the clustering profiles of stories that had an article after ``since``."""
        table = tables.story
        async with self._database.reading() as connection:
            rows = await connection.execute(
                sa.select(table.c.id, table.c.profile).where(table.c.last_at > since).order_by(table.c.id)
            )
            return {row[0]: row[1] for row in rows}

    async def corpus(self) -> bytes | None:
        """Return the document frequencies that clustering works with."""
        async with self._database.reading() as connection:
            return (await connection.execute(sa.select(tables.corpus.c.data))).scalar()

    async def save(
        self,
        stories: Sequence[Story],
        placements: Sequence[Placement],
        *,
        profiles: Mapping[str, bytes],
        corpus: bytes,
    ) -> None:
        """Keep stories, where their new articles belong, and clustering's memory, all or nothing."""
        rows = [
            {
                "id": story.id,
                "title": story.title,
                "first_at": story.first_at,
                "last_at": story.last_at,
                "profile": profiles[story.id],
            }
            | scope_columns(story.scope)
            for story in stories
        ]
        placed = [
            {"article_id": p.article_id, "story_id": p.story_id, "score": p.score, "why": list(p.why)}
            for p in placements
        ]
        async with self._database.writing() as connection:
            await upsert(connection, tables.story, rows)
            await upsert(connection, tables.story_article, placed)
            await upsert(connection, tables.corpus, [{"language": "", "data": corpus}])

    async def recent(self, since: datetime, *, scope: Scope | None = None) -> list[Story]:
        """Return the stories with an article after ``since``, newest first; ``scope`` None means all."""
        table = tables.story
        statement = (
            sa.select(table).where(table.c.last_at > since).order_by(table.c.last_at.desc(), table.c.id)
        )
        if scope is not None:
            statement = statement.where(
                table.c.workspace == scope.workspace, table.c.channel == scope.channel
            )
        return await self._read(statement)

    async def get(self, ids: Sequence[str]) -> list[Story]:
        """Return the stories of ``ids``; unknown ones are left out."""
        found: list[Story] = []
        for part in chunks(ids):
            found += await self._read(sa.select(tables.story).where(tables.story.c.id.in_(part)))
        return found

    async def named(self, start: str) -> list[Story]:
        """Return up to three stories whose id begins with ``start``."""
        column = tables.story.c.id
        return await self._read(
            sa.select(tables.story).where(column.startswith(start, autoescape=True)).order_by(column).limit(3)
        )

    async def all_ids(self) -> list[str]:
        """Return the id of every story, oldest first."""
        table = tables.story
        async with self._database.reading() as connection:
            rows = await connection.execute(sa.select(table.c.id).order_by(table.c.first_at, table.c.id))
            return [row[0] for row in rows]

    async def of_articles(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the story of each of the articles ``ids`` that is placed."""
        table = tables.story_article
        found: dict[str, str] = {}
        async with self._database.reading() as connection:
            for part in chunks(ids):
                rows = await connection.execute(
                    sa.select(table.c.article_id, table.c.story_id).where(table.c.article_id.in_(part))
                )
                found |= {row[0]: row[1] for row in rows}
        return found

    async def why(self, story_id: str) -> list[Placement]:
        """Return why each article is in ``story_id``."""
        table = tables.story_article
        async with self._database.reading() as connection:
            rows = await connection.execute(sa.select(table).where(table.c.story_id == story_id))
            return [Placement(**{**row, "why": tuple(row["why"])}) for row in rows.mappings()]

    async def _read(self, statement: sa.Select[Any]) -> list[Story]:
        async with self._database.reading() as connection:
            rows = [dict(row) for row in (await connection.execute(statement)).mappings()]
            members: defaultdict[str, list[str]] = defaultdict(list)
            table, article = tables.story_article, tables.article
            for part in chunks([row["id"] for row in rows]):
                found = await connection.execute(
                    sa.select(table.c.story_id, table.c.article_id)
                    .join(article, (article.c.id == table.c.article_id) & article.c.latest)
                    .where(table.c.story_id.in_(part))
                    .order_by(article.c.published_at, article.c.id)
                )
                for story_id, article_id in found:
                    members[story_id].append(article_id)
        return [
            Story(
                id=row["id"],
                title=row["title"],
                article_ids=tuple(members[row["id"]]),
                first_at=row["first_at"],
                last_at=row["last_at"],
                scope=scope_of(row),
            )
            for row in rows
        ]

"""Stories: their articles, and their profiles for clustering."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model.scope import SHARED, Scope
from bot.model.story import Story
from bot.posting_lists import story_key
from bot.store import tables
from bot.store.engine import Database
from bot.store.news.story_terms import (
    ALL_ARTICLES,
    KeptProfile,
    count_terms,
    frequencies,
    index_stories,
    postings_of,
)
from bot.store.news.story_ties import Tie, merged_into
from bot.store.rows import chunks, is_shared, one_of, readable_rows, scope_columns, scope_of, upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMembership:
    """An article's place in a story, with its reasons."""

    article_id: str
    story_id: str
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProfile:
    """The clustering profile of a story, and its scope."""

    story_id: str
    scope: Scope
    data: bytes


class Stories:
    """Stories, their members and their clustering data.

    A story has articles of its own scope and shared ones; articles of a narrower scope can be added to it for their readers.
    If ``by`` is a destination's scope, only stories and articles that it may read are returned; if it is
    None, every story with the articles of its own scope.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def profiles(
        self, keys: Iterable[int], *, since: datetime, by: Scope = SHARED
    ) -> list[StoredProfile]:
        """Return the clustering profiles of stories with one of ``keys`` readable by ``by`` that had an article after ``since``."""
        table = tables.story
        found: list[StoredProfile] = []
        async with self._database.reading() as connection:
            for part in chunks(sorted(set(keys))):
                rows = await connection.execute(
                    sa.select(table).where(
                        table.c.key.in_(part), table.c.last_at > since, readable_rows(table, by)
                    )
                )
                found += [
                    StoredProfile(story_id=row["id"], scope=scope_of(dict(row)), data=row["profile"])
                    for row in rows.mappings()
                ]
        return sorted(found, key=lambda profile: profile.story_id)

    async def frequencies(self, terms: Iterable[str]) -> tuple[int, dict[str, int]]:
        """Return the number of shared articles, and how many of them have each of ``terms``."""
        async with self._database.reading() as connection:
            found = await frequencies(connection, terms)
        return found.pop(ALL_ARTICLES, 0), found

    async def postings(self, terms: Iterable[str], *, by: Scope = SHARED) -> dict[str, list[bytes]]:
        """Return for each of ``terms`` the stories readable by ``by`` that have it among their heaviest."""
        async with self._database.reading() as connection:
            return await postings_of(connection, terms, by=by)

    async def save(
        self,
        stories: Sequence[Story],
        placements: Sequence[StoryMembership],
        *,
        profiles: Mapping[str, KeptProfile],
        counted: Mapping[str, int] | None = None,
    ) -> None:
        """Store stories, the placement of new articles, and the data of clustering, in one transaction.

        ``counted`` is how many of the new articles have each term, and under ``ALL_ARTICLES`` their number.

        A placement can be in a story that is not among ``stories``: the article is added to it for its readers. If a story was merged
        into another meanwhile, the article goes there.
        """
        rows = [
            {
                "id": story.id,
                "title": story.title,
                "first_at": story.first_at,
                "last_at": story.last_at,
                "profile": profiles[story.id].data,
                "key": story_key(story.id),
            }
            | scope_columns(story.scope)
            for story in stories
        ]
        placed = [
            {"article_id": p.article_id, "story_id": p.story_id, "score": p.score, "why": list(p.why)}
            for p in placements
        ]
        async with self._database.writing() as connection:
            ids = [*(story.id for story in stories), *(p.story_id for p in placements)]
            merged = await merged_into(connection, ids)
            placed = [
                row | {"story_id": merged.get(p.story_id, p.story_id)}
                for row, p in zip(placed, placements, strict=True)
            ]
            await upsert(connection, tables.story, [row for row in rows if row["id"] not in merged])
            await upsert(connection, tables.story_article, placed)
            waiting = tables.story_backlog
            for part in chunks([p.article_id for p in placements]):
                await connection.execute(sa.delete(waiting).where(one_of(waiting.c.article_id, part)))
            for scope in {story.scope: None for story in stories}:
                own = [s.id for s in stories if s.scope == scope and s.id not in merged]
                await index_stories(connection, {sid: profiles[sid].terms for sid in own}, scope=scope)
            await count_terms(connection, counted or {})

    async def recent(self, since: datetime, *, by: Scope | None = SHARED) -> list[Story]:
        """Return the stories with an article after ``since``, newest first."""
        table = tables.story
        statement = _selection().where(table.c.last_at > since).order_by(table.c.last_at.desc(), table.c.id)
        return await self._read(statement, by)

    async def titles(self, since: datetime, *, by: Scope | None, most: int) -> dict[str, str]:
        """Return the titles of the ``most`` newest stories with an article after ``since``, by id, newest first."""
        table = tables.story
        statement = sa.select(table.c.id, _called()).where(table.c.last_at > since)
        if by is not None:
            statement = statement.where(readable_rows(table, by))
        statement = statement.order_by(table.c.last_at.desc(), table.c.id).limit(most)
        async with self._database.reading() as connection:
            return {row[0]: row[1] for row in await connection.execute(statement)}

    async def get(self, ids: Sequence[str], *, by: Scope | None = SHARED) -> list[Story]:
        """Return the stories of ``ids``; unknown ones are left out, and a merged one is replaced by the story it is in."""
        found: list[Story] = []
        for part in chunks(ids):
            found += await self._read(_selection().where(one_of(tables.story.c.id, part)), by)
        missing = set(ids) - {story.id for story in found}
        if missing:
            async with self._database.reading() as connection:
                merged = await merged_into(connection, sorted(missing))
            there = sorted(set(merged.values()) - {story.id for story in found})
            found += await self.get(there, by=by) if there else []
        return found

    async def named(self, start: str, *, by: Scope | None = SHARED) -> list[Story]:
        """Return up to three stories whose id, or that of a story merged into them, begins with ``start``."""
        column, tie = tables.story.c.id, tables.story_tie
        statement = _selection().where(column.startswith(start, autoescape=True))
        found = await self._read(statement.order_by(column).limit(3), by)
        if found:
            return found
        merged = sa.select(tie.c.other_id).where(
            tie.c.tie == Tie.MERGED.value, tie.c.story_id.startswith(start, autoescape=True)
        )
        return await self._read(_selection().where(column.in_(merged)).order_by(column).limit(3), by)

    async def names(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the names that editors gave to stories of ``ids``."""
        table = tables.story
        found: dict[str, str] = {}
        async with self._database.reading() as connection:
            for part in chunks(ids):
                rows = await connection.execute(
                    sa.select(table.c.id, table.c.name).where(table.c.id.in_(part), table.c.name != "")
                )
                found |= {row[0]: row[1] for row in rows}
        return found

    async def all_ids(self) -> list[str]:
        """Return the id of every story, oldest first."""
        table = tables.story
        async with self._database.reading() as connection:
            rows = await connection.execute(sa.select(table.c.id).order_by(table.c.first_at, table.c.id))
            return [row[0] for row in rows]

    async def of_articles(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the story of each of the articles ``ids`` that is assigned."""
        table = tables.story_article
        found: dict[str, str] = {}
        async with self._database.reading() as connection:
            for part in chunks(ids):
                rows = await connection.execute(
                    sa.select(table.c.article_id, table.c.story_id).where(one_of(table.c.article_id, part))
                )
                found |= {row[0]: row[1] for row in rows}
        return found

    async def why(self, story_id: str) -> list[StoryMembership]:
        """Return why each article is in ``story_id``."""
        table = tables.story_article
        async with self._database.reading() as connection:
            rows = await connection.execute(sa.select(table).where(table.c.story_id == story_id))
            return [StoryMembership(**{**row, "why": tuple(row["why"])}) for row in rows.mappings()]

    async def _read(self, statement: sa.Select[Any], by: Scope | None) -> list[Story]:
        story, placed, article = tables.story, tables.story_article, tables.article
        if by is not None:
            statement = statement.where(readable_rows(story, by))
        members: defaultdict[str, list[str]] = defaultdict(list)
        async with self._database.reading() as connection:
            rows = [dict(row) for row in (await connection.execute(statement)).mappings()]
            for part in chunks([row["id"] for row in rows]):
                found = await connection.execute(
                    sa.select(placed.c.story_id, placed.c.article_id)
                    .join(article, (article.c.id == placed.c.article_id) & article.c.latest)
                    .join(story, story.c.id == placed.c.story_id)
                    .where(
                        one_of(placed.c.story_id, part), _own() if by is None else readable_rows(article, by)
                    )
                    .order_by(article.c.published_at, article.c.title, article.c.id)
                )
                for story_id, article_id in found:
                    members[story_id].append(article_id)
        return [
            Story(
                id=row["id"],
                title=row["name"] or row["title"],
                article_ids=tuple(members[row["id"]]),
                first_at=row["first_at"],
                last_at=row["last_at"],
                scope=scope_of(row),
            )
            for row in rows
        ]


def _selection() -> sa.Select[Any]:
    """Return the selection of stories without what clustering remembers of them, which is most of a row."""
    return sa.select(*(column for column in tables.story.c if column.name != "profile"))


def _called() -> sa.ColumnElement[str]:
    """Return what a story is called: the name that an editor gave it, else its title."""
    table = tables.story
    return sa.case((table.c.name != "", table.c.name), else_=table.c.title)


def _own() -> sa.ColumnElement[bool]:
    """Return the condition that an article is one of those its story is made of."""
    story, article = tables.story.c, tables.article.c
    return sa.or_(
        is_shared(tables.article),
        sa.and_(
            article.visibility == story.visibility,
            article.workspace == story.workspace,
            # A workspace's article may come from one of its channels, its story is of none.
            sa.or_(article.channel == story.channel, story.channel == ""),
        ),
    )

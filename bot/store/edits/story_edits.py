"""Merge, split and rename stories, each in one transaction, with a record of the edit.

articles · story updates ──▶ where they belong now
what channels were sent, follow and mute ──▶ the story that goes on, or both        ids ──▶ story_tie
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.codec import from_plain
from bot.model.briefing import SentStory
from bot.model.scope import Scope
from bot.model.story import Story
from bot.model.story_edit import StoryEdit
from bot.model.update import StoryUpdate
from bot.posting_lists import story_key
from bot.store import tables
from bot.store.briefings.edit_sent import joined
from bot.store.edits.divide_update import divided
from bot.store.edits.sent_rows import divide_choices, divide_sent, join_choices, join_sent
from bot.store.engine import Database
from bot.store.news.story_terms import KeptProfile, index_stories
from bot.store.news.story_ties import Tie, merged_into
from bot.store.rows import chunks, insert_missing, scope_columns, upsert

SPLIT_WHY = "split off by an editor"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedStory:
    """A story after an edit: its days, and its profile for clustering."""

    id: str
    title: str
    first_at: datetime
    last_at: datetime
    profile: KeptProfile
    scope: Scope

    def row(self) -> dict[str, Any]:
        """Return the story's row."""
        return {
            "id": self.id,
            "title": self.title,
            "first_at": self.first_at,
            "last_at": self.last_at,
            "profile": self.profile.data,
            "key": story_key(self.id),
        } | scope_columns(self.scope)


class StoryEdits:
    """What editors do to stories."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def merge(self, story: EditedStory, *, others: Sequence[str], edit: StoryEdit) -> None:
        """Merge ``others`` into ``story``, with articles, updates and readers; their ids lead to it."""
        placed, updates = tables.story_article, tables.story_update
        async with self._database.writing() as connection:
            for table in (placed, updates):
                change = sa.update(table).where(table.c.story_id.in_(others))
                await connection.execute(change.values(story_id=story.id))
            await join_sent(connection, story.id, others)
            await join_choices(connection, story.id, others)
            await _tie_merged(connection, story, others)
            await upsert(connection, tables.story, [story.row()])
            await index_stories(connection, {story.id: story.profile.terms}, scope=story.scope)
            await _keep_name(connection, story.id, others)
            await connection.execute(sa.delete(tables.story).where(tables.story.c.id.in_(others)))
            await _record(connection, edit)

    async def split(
        self, story: EditedStory, new: EditedStory, *, articles: Collection[str], edit: StoryEdit
    ) -> None:
        """Move ``articles`` from ``story`` to the ``new`` one, with their facts, and keep the two apart."""
        tie = tables.story_tie
        async with self._database.writing() as connection:
            await _move_articles(connection, story, new, articles, why=SPLIT_WHY)
            said_again = await _divide_updates(connection, story.id, new.id, articles)
            await divide_sent(connection, story.id, new.id, articles, said_again=said_again)
            await divide_choices(connection, story.id, new.id)
            apart = {"story_id": story.id, "other_id": new.id, "tie": Tie.APART.value}
            await upsert(connection, tie, [apart | scope_columns(new.scope)])
            await _record(connection, edit)

    async def move(
        self, story: EditedStory, to: EditedStory, *, articles: Collection[str], why: str, at: datetime
    ) -> None:
        """Move ``articles`` that no channel was sent from ``story`` to another one, as if they arrived ``at`` that time."""
        article = tables.article
        async with self._database.writing() as connection:
            await _move_articles(connection, story, to, articles, why=why)
            for some in chunks(articles):
                came = sa.update(article).where(article.c.id.in_(some), article.c.fetched_at < at)
                await connection.execute(came.values(fetched_at=at))

    async def rename(self, story: Story, name: str, *, edit: StoryEdit) -> None:
        """Rename ``story`` to ``name``."""
        table = tables.story
        async with self._database.writing() as connection:
            await connection.execute(sa.update(table).where(table.c.id == story.id).values(name=name))
            await _record(connection, edit)

    async def apart(self, ids: Iterable[str]) -> set[frozenset[str]]:
        """Return the pairs among ``ids`` that an editor split, which only an editor may merge again."""
        table, wanted = tables.story_tie, list(dict.fromkeys(ids))
        found: set[frozenset[str]] = set()
        async with self._database.reading() as connection:
            for some in chunks(wanted):
                rows = await connection.execute(
                    sa.select(table.c.story_id, table.c.other_id).where(
                        table.c.tie == Tie.APART.value, table.c.story_id.in_(some)
                    )
                )
                found |= {frozenset(row) for row in rows if row[1] in wanted}
        return found

    async def current(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the present id of each of ``ids``: another one if the story was merged."""
        wanted = list(ids)
        async with self._database.reading() as connection:
            merged = await merged_into(connection, wanted)
        return {one: merged.get(one, one) for one in wanted}

    async def sent_by_now(self, sent: Sequence[SentStory]) -> dict[str, SentStory]:
        """Return ``sent`` by the present ids of its stories."""
        current = await self.current(one.story_id for one in sent)
        parts: dict[str, list[SentStory]] = {}
        for one in sent:
            parts.setdefault(current[one.story_id], []).append(one)
        return {key: joined(some, story_id=key) for key, some in parts.items()}

    async def recent(self, limit: int) -> list[StoryEdit]:
        """Return the newest edits, newest first."""
        table = tables.story_edit
        statement = sa.select(table.c.data).order_by(table.c.at.desc(), table.c.id).limit(limit)
        async with self._database.reading() as connection:
            return [from_plain(StoryEdit, row[0]) for row in await connection.execute(statement)]


async def _record(connection: AsyncConnection, edit: StoryEdit) -> None:
    row = {"id": edit.id, "at": edit.at, "verb": edit.verb.value, "story_id": edit.story_id, "data": edit}
    await insert_missing(connection, tables.story_edit, [row | scope_columns(edit.scope)])


async def _move_articles(
    connection: AsyncConnection, story: EditedStory, to: EditedStory, articles: Collection[str], *, why: str
) -> None:
    """Keep both stories as they are now, and place ``articles`` of ``story`` in the other one."""
    placed = tables.story_article
    await upsert(connection, tables.story, [story.row(), to.row()])
    for one in (story, to):
        await index_stories(connection, {one.id: one.profile.terms}, scope=one.scope)
    for some in chunks(articles):
        ours = sa.and_(placed.c.article_id.in_(some), placed.c.story_id == story.id)
        await connection.execute(sa.update(placed).where(ours).values(story_id=to.id, score=1.0, why=[why]))


async def _keep_name(connection: AsyncConnection, story_id: str, others: Sequence[str]) -> None:
    """Give a story without an editor's name the name that an editor gave to one of ``others``."""
    table = tables.story
    named = sa.select(table.c.name).where(table.c.id.in_(others), table.c.name != "").order_by(table.c.id)
    name = (await connection.execute(named.limit(1))).scalar()
    if name:
        unnamed = sa.update(table).where(table.c.id == story_id, table.c.name == "")
        await connection.execute(unnamed.values(name=name))


async def _tie_merged(connection: AsyncConnection, story: EditedStory, others: Sequence[str]) -> None:
    """Let the ids of ``others`` lead to ``story``, and what was kept apart from them stay apart from it."""
    table, tied = tables.story_tie, {story.id, *others}
    ours = sa.or_(table.c.story_id.in_(tied), table.c.other_id.in_(tied))
    rows = (await connection.execute(sa.select(table).where(ours))).mappings().all()
    await connection.execute(sa.delete(table).where(ours))
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in rows:
        one = row["story_id"] if row["tie"] == Tie.MERGED.value or row["story_id"] not in tied else story.id
        other = story.id if row["other_id"] in tied else row["other_id"]
        if one != other:
            found[one, other] = {**row, "story_id": one, "other_id": other}
    scope = scope_columns(story.scope)
    for one in others:
        found[one, story.id] = {"story_id": one, "other_id": story.id, "tie": Tie.MERGED.value} | scope
    await upsert(connection, table, [dict(row) for row in found.values()])


async def _divide_updates(
    connection: AsyncConnection, story_id: str, new_id: str, articles: Collection[str]
) -> dict[str, str]:
    """Divide the updates of a story; return the facts that say again another one, each with that."""
    update = tables.story_update
    parts_of = (tables.story_update_article, tables.story_update_reply, tables.story_update_translation)
    rows = await connection.execute(sa.select(update).where(update.c.story_id == story_id))
    again: dict[str, str] = {}
    for row in rows.mappings().all():
        whole = from_plain(StoryUpdate, row["data"])
        again |= {fact.id: fact.restates for fact in whole.facts if fact.restates}
        stays, goes = divided(whole, articles, into=new_id)
        if stays is None:
            here = sa.update(update).where(update.c.id == whole.id)
            await connection.execute(here.values(story_id=new_id, data=goes))
        elif goes is not None:
            here = sa.update(update).where(update.c.id == whole.id)
            await connection.execute(here.values(data=stays))
            part = dict(row) | {"id": goes.id, "story_id": new_id, "data": goes}
            await insert_missing(connection, update, [part])
            # Both were made of all that was read: whichever article is forgotten, both are.
            for table in parts_of:
                copied = await connection.execute(sa.select(table).where(table.c.update_id == whole.id))
                parts = [dict(one) | {"update_id": goes.id} for one in copied.mappings().all()]
                await insert_missing(connection, table, parts)
    return again

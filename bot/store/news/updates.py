"""Story updates: stored once for each story, scope and batch of articles, with their articles and raw replies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.codec import from_plain
from bot.model.record import Exchange
from bot.model.scope import Scope
from bot.model.update import StoryUpdate
from bot.store import tables
from bot.store.engine import Database
from bot.store.news.story_ties import merged_into
from bot.store.rows import chunks, insert_missing, readable_rows, scope_columns


class StoryUpdates:
    """Story updates."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(
        self,
        update: StoryUpdate,
        *,
        read: Iterable[str] = (),
        known: Iterable[str] | None = None,
        exchanges: Sequence[Exchange] = (),
    ) -> StoryUpdate | None:
        """Store ``update`` and return the update under its id: the first accepted one stays.

        ``read`` are the ids of further articles whose known facts it was shown, ``known`` the ids of the story's updates
        known to its maker. The update is not stored, and None returned, if one of its articles was deleted
        meanwhile, or if an update that is not in ``known`` has read one of its articles in the same scope.
        """
        shown = sorted({article_id for article_id, _ in update.articles} | set(read))
        async with self._database.writing() as connection:
            merged = await merged_into(connection, [update.story_id])
            row = {
                "id": update.id,
                "story_id": merged.get(update.story_id, update.story_id),
                "as_of": update.as_of,
                "made_at": update.made_at,
                "data": update,
            } | scope_columns(update.scope)
            there = 0
            for some in chunks(shown):
                found = sa.select(sa.func.count(sa.distinct(tables.article.c.id)))
                there += (await connection.execute(found.where(tables.article.c.id.in_(some)))).scalar() or 0
            if there < len(shown):
                return None
            if known is not None and await _was_read(connection, update, row["story_id"], known=set(known)):
                return None
            if not await insert_missing(connection, tables.story_update, [row]):
                table = tables.story_update
                first = await connection.execute(sa.select(table.c.data).where(table.c.id == update.id))
                return from_plain(StoryUpdate, first.scalar_one())
            links = [{"update_id": update.id, "article_id": article_id} for article_id in shown]
            await insert_missing(connection, tables.story_update_article, links)
            reply = {"update_id": update.id, "at": update.made_at, "data": tuple(exchanges)}
            await insert_missing(connection, tables.story_update_reply, [reply | scope_columns(update.scope)])
        return update

    async def of(self, story_ids: Sequence[str], *, by: Scope) -> dict[str, tuple[StoryUpdate, ...]]:
        """Return the updates of each of ``story_ids`` that the destination ``by`` may read, oldest first."""
        table = tables.story_update
        found: defaultdict[str, list[StoryUpdate]] = defaultdict(list)
        async with self._database.reading() as connection:
            for some in chunks(story_ids):
                rows = await connection.execute(
                    sa.select(table.c.story_id, table.c.data)
                    .where(table.c.story_id.in_(some), readable_rows(table, by))
                    .order_by(table.c.made_at, table.c.id)
                )
                for story_id, data in rows:
                    found[story_id].append(from_plain(StoryUpdate, data))
        return {story_id: tuple(found[story_id]) for story_id in story_ids}

    async def exchanges(self, update_id: str) -> tuple[Exchange, ...]:
        """Return the raw requests and replies of an update that are still stored."""
        table = tables.story_update_reply
        async with self._database.reading() as connection:
            data = (
                await connection.execute(sa.select(table.c.data).where(table.c.update_id == update_id))
            ).scalar()
        return tuple(from_plain(Exchange, one) for one in data or ())


async def _was_read(
    connection: AsyncConnection, update: StoryUpdate, story_id: object, *, known: set[str]
) -> bool:
    """Tell whether another update than ``update`` and the ``known`` ones has read an article of it; until the end of the transaction, nobody keeps one."""
    table, link, article = tables.story_update, tables.story_update_article, tables.article
    for some in chunks(sorted({article_id for article_id, _ in update.articles})):
        # In order, so that two who keep the same never wait for each other.
        await connection.execute(
            sa.select(article.c.id).where(article.c.id.in_(some)).order_by(article.c.id).with_for_update()
        )
        rows = await connection.execute(
            sa.select(table.c.id, table.c.data)
            .join(link, link.c.update_id == table.c.id)
            .where(
                table.c.story_id == story_id,
                link.c.article_id.in_(some),
                *(table.c[name] == value for name, value in scope_columns(update.scope).items()),
            )
        )
        for update_id, data in rows:
            other = from_plain(StoryUpdate, data)
            if update_id not in known | {update.id} and set(other.articles) & set(update.articles):
                return True
    return False

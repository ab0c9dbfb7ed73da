"""Links: which page was asked for where and when, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.codec import from_plain
from bot.model.conversation.link import LinkBrief
from bot.store import tables
from bot.store.engine import Database
from bot.store.rows import scope_columns, upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLink:
    """The stored answer for a link, and the article revision on which it is based."""

    brief: LinkBrief
    article_id: str
    revision: int


class Links:
    """Links with their answers, each in its scope; the id of a link is derived from both."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, link: StoredLink) -> None:
        """Store ``link``, replacing its earlier answer."""
        brief = link.brief
        row = {
            "id": brief.id,
            "asked_at": brief.asked_at,
            "read_at": brief.read_at,
            "article_id": link.article_id,
            "revision": link.revision,
            "data": brief,
        }
        async with self._database.writing() as connection:
            await upsert(connection, tables.link, [row | scope_columns(brief.scope)])

    async def get(self, link_id: str) -> StoredLink | None:
        """Return the stored answer for a link."""
        async with self._database.reading() as connection:
            found = await connection.execute(sa.select(tables.link).where(tables.link.c.id == link_id))
            row = found.mappings().first()
        return _link(dict(row)) if row else None

    async def asked_again(self, link_id: str, at: datetime) -> None:
        """Store that a link was asked for at ``at``; its retention time starts again."""
        table = tables.link
        async with self._database.writing() as connection:
            await connection.execute(sa.update(table).where(table.c.id == link_id).values(asked_at=at))


def _link(row: dict[str, Any]) -> StoredLink:
    return StoredLink(
        brief=from_plain(LinkBrief, row["data"]), article_id=row["article_id"], revision=row["revision"]
    )

"""Items that could not be processed: set aside with a reason, and tried again on request.

fault ──▶ row ──another version, or on demand──▶ tried again ──▶ processed: no row │ a new reason
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot.model.scope import SHARED, Scope
from bot.store import tables
from bot.store.engine import Database
from bot.store.rows import chunks, insert_missing, one_of, readable_rows, scope_columns, scope_of, upsert

MAX_SET_ASIDE_TITLE_CHARS = 200  # characters kept of a title


class SetAsideKind(StrEnum):
    """What is set aside."""

    ARTICLE = "article"  # kept, and in no story
    ENTRY = "entry"  # of a feed, and not kept: it is read again at the feed's next poll


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """An item that could not be processed; ``reason`` is one sentence without a full stop."""

    id: str
    kind: SetAsideKind
    title: str
    feed_id: str
    reason: str
    at: datetime
    scope: Scope = SHARED
    waits: bool = False  # to be tried again by the next ingest


class SetAsideEntries:
    """Items set aside by this version, and items to be tried again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, things: Sequence[SetAside]) -> None:
        """Set ``things`` aside for this version of the program; articles leave their story."""
        if not things:
            return
        placed, version = tables.story_article, self._database.version
        rows: list[dict[str, Any]] = [
            {
                "id": one.id,
                "kind": one.kind.value,
                "title": _plain(one.title)[:MAX_SET_ASIDE_TITLE_CHARS],
                "feed_id": one.feed_id,
                "reason": _plain(one.reason),
                "version": version,
                "at": one.at,
            }
            | scope_columns(one.scope)
            for one in {one.id: one for one in things}.values()
        ]
        async with self._database.writing() as connection:
            await upsert(connection, tables.set_aside, rows)
            for part in chunks([one.id for one in things if one.kind is SetAsideKind.ARTICLE]):
                await connection.execute(sa.delete(placed).where(placed.c.article_id.in_(part)))
                await insert_missing(connection, tables.story_backlog, [{"article_id": one} for one in part])

    async def remove(self, ids: Iterable[str]) -> None:
        """Remove ``ids``, which were processed or no longer exist."""
        table, ids = tables.set_aside, list(ids)
        if not ids:
            return
        async with self._database.writing() as connection:
            for part in chunks(ids):
                await connection.execute(sa.delete(table).where(table.c.id.in_(part)))

    async def among(self, ids: Iterable[str]) -> set[str]:
        """Return those of ``ids`` that are set aside, by any version."""
        table = tables.set_aside
        found: set[str] = set()
        async with self._database.reading() as connection:
            for part in chunks(ids):
                rows = await connection.execute(sa.select(table.c.id).where(one_of(table.c.id, part)))
                found |= {row[0] for row in rows}
        return found

    async def by_feed(self) -> dict[str, dict[str, SetAside]]:
        """Return all that is set aside, by feed and id."""
        found: defaultdict[str, dict[str, SetAside]] = defaultdict(dict)
        async with self._database.reading() as connection:
            rows = await connection.execute(sa.select(tables.set_aside).order_by(tables.set_aside.c.id))
            for row in rows.mappings():
                found[row["feed_id"]][row["id"]] = self._thing(dict(row))
        return dict(found)

    async def count(self, *, by: Scope | None = None) -> int:
        """Return the number of items set aside: all, or those that the destination ``by`` may read."""
        statement = sa.select(sa.func.count()).select_from(tables.set_aside)
        if by is not None:
            statement = statement.where(readable_rows(tables.set_aside, by))
        async with self._database.reading() as connection:
            return (await connection.execute(statement)).scalar_one()

    async def newest(self, limit: int, *, by: Scope | None = None) -> list[SetAside]:
        """Return the items set aside last, newest first: of all, or of those that ``by`` may read."""
        table = tables.set_aside
        statement = sa.select(table).order_by(table.c.at.desc(), table.c.id).limit(limit)
        if by is not None:
            statement = statement.where(readable_rows(table, by))
        async with self._database.reading() as connection:
            return [self._thing(dict(row)) for row in (await connection.execute(statement)).mappings()]

    async def retry(self, *, everything: bool) -> int:
        """Mark items of another version, or ``everything``, to be tried again; return their number.

        The feeds of such entries are read completely once more, at their next poll or, on demand, at once.
        """
        table, health = tables.set_aside, tables.feed_health
        wanted = sa.true() if everything else table.c.version.not_in([self._database.version, ""])
        feeds = sa.select(table.c.feed_id).where(table.c.kind == SetAsideKind.ENTRY.value, wanted)
        forgotten: dict[str, Any] = {"etag": "", "last_modified": "", "body_hash": ""}
        if everything:
            forgotten["next_poll"] = None
        async with self._database.writing() as connection:
            await connection.execute(sa.update(health).where(health.c.feed_id.in_(feeds)).values(**forgotten))
            done = await connection.execute(sa.update(table).where(wanted).values(version=""))
        return done.rowcount

    def _thing(self, row: dict[str, Any]) -> SetAside:
        return SetAside(
            id=row["id"],
            kind=SetAsideKind(row["kind"]),
            title=row["title"],
            feed_id=row["feed_id"],
            reason=row["reason"],
            at=row["at"],
            scope=scope_of(row),
            waits=row["version"] != self._database.version,
        )


def _plain(text: str) -> str:
    """Return ``text`` as every engine keeps it: it may be what could not be kept."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")

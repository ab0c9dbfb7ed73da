"""Feeds, their health, and the log of ingests."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from bot.codec import from_plain, to_plain
from bot.model.briefing import FeedFailure
from bot.model.news import Feed, FeedHealth
from bot.model.scope import Scope
from bot.store import tables
from bot.store.engine import Database
from bot.store.rows import chunks, one_of, readable_rows, scope_columns, scope_of, upsert
from bot.store.signals import Signal

_FEED_FIELDS = tuple(field.name for field in fields(Feed) if field.name != "scope")
_FEED_VALUES = attrgetter(*_FEED_FIELDS)
_HEALTH_FIELDS = tuple(field.name for field in fields(FeedHealth))
_HEALTH_VALUES = attrgetter(*_HEALTH_FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestRun:
    """What one ingest did; one that is ``cut_off`` has not come to its end, and says how far it came."""

    id: str
    started_at: datetime
    finished_at: datetime
    feeds_due: int
    feeds_read: int
    articles_new: int
    articles_edited: int
    failures: tuple[FeedFailure, ...] = ()
    cut_off: bool = False


# Asked of every request and every ingest: it is made once.
_BY_TITLE = sa.select(tables.feed).order_by(tables.feed.c.title, tables.feed.c.url)
_HEALTHS = sa.select(*(tables.feed_health.c[name] for name in _HEALTH_FIELDS))


class Feeds:
    """The addresses we poll."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, feeds: list[Feed]) -> int:
        """Keep those of ``feeds`` whose address is not stored yet in their scope; return how many."""
        known = {(f.url, f.scope.workspace, f.scope.channel) for f in await self.all()}
        new = {}
        for feed in feeds:
            key = (feed.url, feed.scope.workspace, feed.scope.channel)
            if key not in known:
                new[key] = feed
        async with self._database.writing() as connection:
            await upsert(connection, tables.feed, [_feed_row(feed) for feed in new.values()])
            if new:
                await self._database.signals.send(connection, Signal.FEEDS)
        return len(new)

    async def remove(self, feed_id: str) -> None:
        """Stop polling a feed; its articles stay."""
        aside = tables.set_aside
        entries = (aside.c.feed_id == feed_id) & (aside.c.kind == "entry")
        async with self._database.writing() as connection:
            await connection.execute(sa.delete(tables.feed).where(tables.feed.c.id == feed_id))
            await connection.execute(sa.delete(aside).where(entries))

    async def all(self, *, by: Scope | None = None) -> list[Feed]:
        """Return the feeds by title and address: every one, or those that the destination ``by`` may read."""
        statement = _BY_TITLE if by is None else _BY_TITLE.where(readable_rows(tables.feed, by))
        async with self._database.reading() as connection:
            rows = await connection.execute(statement)
            columns = tuple(rows.keys())
            return [_feed(dict(zip(columns, row, strict=True))) for row in rows]

    async def rename(self, feed_id: str, title: str) -> None:
        """Set the title of a feed, which replaces its own."""
        async with self._database.writing() as connection:
            await connection.execute(
                sa.update(tables.feed).where(tables.feed.c.id == feed_id).values(title=title)
            )

    async def health(self) -> dict[str, FeedHealth]:
        """Return the health of every feed that was polled, by feed id."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_HEALTHS)
            found = [FeedHealth(**dict(zip(_HEALTH_FIELDS, row, strict=True))) for row in rows]
        return {health.feed_id: health for health in found}

    async def save_polls(self, polls: list[tuple[Feed, FeedHealth]]) -> None:
        """Keep the health after a poll, and what the feed said of itself; unknown feeds are passed over."""
        async with self._database.writing() as connection:
            table, stored = tables.feed, dict[str, dict[str, Any]]()
            for part in chunks([feed.id for feed, _ in polls]):
                found = await connection.execute(sa.select(table).where(one_of(table.c.id, part)))
                columns = tuple(found.keys())
                rows = (dict(zip(columns, row, strict=True)) for row in found)
                stored |= {row["id"]: row for row in rows}
            polls = [(feed, health) for feed, health in polls if feed.id in stored]
            # It may have been renamed while it was read. Most say of themselves what they said before.
            said = [_feed_row(feed) | _title(stored[feed.id]) for feed, _ in polls]
            await upsert(connection, tables.feed, [row for row in said if row != stored[row["id"]]])
            await upsert(connection, tables.feed_health, [_health_row(health) for _, health in polls])

    async def save_health(self, health: FeedHealth) -> None:
        """Keep the health of a feed alone; an unknown feed is passed over."""
        known = sa.select(tables.feed.c.id).where(tables.feed.c.id == health.feed_id)
        async with self._database.writing() as connection:
            if (await connection.execute(known)).first():
                await upsert(connection, tables.feed_health, [_health_row(health)])

    async def log(self, run: IngestRun) -> None:
        """Keep what an ingest did."""
        row = to_plain(run) | {"started_at": run.started_at, "finished_at": run.finished_at}
        async with self._database.writing() as connection:
            await upsert(connection, tables.ingest, [row])

    async def tell_of_articles(self) -> None:
        """Tell running bots that articles came, which can be read from now on."""
        async with self._database.writing() as connection:
            await self._database.signals.send(connection, Signal.ARTICLES)

    async def last_read(self) -> datetime | None:
        """Return when the newest ingest came to its end."""
        ended = sa.select(sa.func.max(tables.ingest.c.finished_at)).where(~tables.ingest.c.cut_off)
        async with self._database.reading() as connection:
            found: datetime | None = (await connection.execute(ended)).scalar()
        return found

    async def first_try_due(self, now: datetime) -> bool:
        """Tell whether a feed that was never read is due at ``now``."""
        feed, health = tables.feed, tables.feed_health
        due = sa.or_(health.c.next_poll.is_(None), health.c.next_poll <= now)
        unread = (
            sa.select(feed.c.id)
            .outerjoin(health, health.c.feed_id == feed.c.id)
            .where(health.c.last_success.is_(None), due)
            .limit(1)
        )
        async with self._database.reading() as connection:
            return (await connection.execute(unread)).first() is not None

    async def runs(self, since: datetime, until: datetime) -> list[IngestRun]:
        """Return the ingests that finished after ``since`` and not after ``until``, oldest first."""
        table = tables.ingest
        async with self._database.reading() as connection:
            rows = await connection.execute(
                sa.select(table)
                .where(table.c.finished_at > since, table.c.finished_at <= until)
                .order_by(table.c.started_at)
            )
            return [_run(dict(row)) for row in rows.mappings()]

    async def last_run(self) -> IngestRun | None:
        """Return the newest ingest, also one that has not come to its end."""
        table = tables.ingest
        newest = sa.select(table).order_by(table.c.started_at.desc(), table.c.finished_at.desc()).limit(1)
        async with self._database.reading() as connection:
            row = (await connection.execute(newest)).mappings().first()
        return _run(dict(row)) if row else None


def _run(row: dict[str, Any]) -> IngestRun:
    return IngestRun(**{**row, "failures": tuple(from_plain(FeedFailure, f) for f in row["failures"])})


def _feed_row(feed: Feed) -> dict[str, Any]:
    return dict(zip(_FEED_FIELDS, _FEED_VALUES(feed), strict=True)) | scope_columns(feed.scope)


def _health_row(health: FeedHealth) -> dict[str, Any]:
    return dict(zip(_HEALTH_FIELDS, _HEALTH_VALUES(health), strict=True))


def _title(row: dict[str, Any]) -> dict[str, Any]:
    """Return the title in ``row``, where it has one."""
    return {"title": row["title"]} if row["title"] else {}


def _feed(row: dict[str, Any]) -> Feed:
    scope = scope_of(row)
    return Feed(**{name: row[name] for name in _FEED_FIELDS}, scope=scope)

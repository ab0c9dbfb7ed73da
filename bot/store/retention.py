"""Forgetting: what is older than it is to be kept, and all that is a channel's, a workspace's or a person's own.

    forget ──▶ rows (every table with a scope, a destination or an asker) ──▶ what hung on them ──▶ mark ──▶ scrub

After it their text stands in no table, no index and no log of the database. The mark tells running bots, which keep
made briefings in memory, to let go of them.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import FINAL
from bot.store import tables
from bot.store.engine import Database, scrub

PEOPLE = ("user", "asker")  # columns that name a person, in whichever table they stand
FIRST = ("delivery", "briefing")  # what is at work loses its ground before what it would write


async def prune(database: Database, *, before: datetime) -> None:
    """Remove briefings, their records, finished deliveries, model calls and notices from before ``before``."""
    old = (
        sa.delete(tables.briefing).where(tables.briefing.c.made_at < before),
        sa.delete(tables.briefing_record).where(tables.briefing_record.c.made_at < before),
        sa.delete(tables.delivery).where(
            tables.delivery.c.due_at < before,
            tables.delivery.c.state.in_([state.value for state in FINAL]),
        ),
        sa.delete(tables.model_call).where(tables.model_call.c.at < before),
        sa.delete(tables.notice).where(tables.notice.c.at < before, tables.notice.c.told),
        sa.delete(tables.ingest).where(tables.ingest.c.finished_at < before),
    )
    async with database.writing() as connection:
        for statement in old:
            await connection.execute(statement)


async def forget(
    database: Database, *, workspace: str = "", channel: str = "", user: str = ""
) -> dict[str, int]:
    """Remove all that belongs to ``workspace``, ``channel`` (its name) and ``user``; return rows by table.

    Several of them narrow each other: a user with a channel is what that person asked there. What a workspace's
    model calls cost stays in the books, without its name.
    """
    if not (workspace or channel or user):
        raise ValueError("nobody to forget")
    counts: dict[str, int] = {}
    async with database.writing() as connection:
        for table in _in_order():
            wanted = theirs(table, workspace=workspace, channel=channel, user=user)
            if wanted is None:
                continue
            statement: sa.Update | sa.Delete = sa.delete(table).where(wanted)
            if table is tables.model_call:
                statement = sa.update(table).where(wanted).values(workspace="", subject="", reason="")
            done = await connection.execute(statement)
            if done.rowcount:
                counts[table.name] = done.rowcount
        await _orphans(connection)
        mark = {"id": uuid.uuid4().hex, "at": datetime.now(UTC)}
        await connection.execute(sa.insert(tables.forgotten), [mark])
    await scrub(database, list(counts))
    return counts


async def last_forgotten(database: Database) -> str:
    """Return the mark of the newest forgetting; who sees another than before lets go of what it has in memory."""
    table = tables.forgotten
    async with database.reading() as connection:
        newest = sa.select(table.c.id).order_by(table.c.at.desc(), table.c.id).limit(1)
        return (await connection.execute(newest)).scalar() or ""


def theirs(table: sa.Table, *, workspace: str, channel: str, user: str) -> sa.ColumnElement[bool] | None:
    """Return which rows of ``table`` are theirs; None where it holds nothing of the kind."""
    c = table.c
    wanted: list[sa.ColumnElement[bool]] = []
    if user:
        wanted.append(sa.or_(sa.false(), *(c[name] == user for name in PEOPLE if name in c)))
        if not any(name in c for name in PEOPLE):
            return None
    if channel:
        places = [c[name] == channel for name in ("channel", "destination") if name in c]
        if not places:
            return None
        wanted.append(sa.or_(*places))
    if workspace:
        if "workspace" not in c:
            return None
        wanted.append(c["workspace"] == workspace)
    return sa.and_(*wanted)


def _in_order() -> list[sa.Table]:
    """Return every table: those whose rows let others be written first, then children before their parents."""
    first = [tables.metadata.tables[name] for name in FIRST]
    return first + [table for table in reversed(tables.metadata.sorted_tables) if table not in first]


async def _orphans(connection: AsyncConnection) -> None:
    """Remove what named an article that is gone, where no foreign key does."""
    table = tables.story_article
    gone = table.c.article_id.not_in(sa.select(tables.article.c.id))
    await connection.execute(sa.delete(table).where(gone))

"""Deletion of a channel's, a workspace's or a person's data.

    forget ──▶ rows (every table with a scope, a destination or an asker) ──▶ what hung on them ──▶ mark ──▶ scrub

After it their text is in no table, no index and no log of the database. The mark tells running bots, which keep
made briefings in memory, to drop them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa

from bot.store import tables
from bot.store.engine import Database
from bot.store.retention import add_counts, delete_orphans
from bot.store.scrub import scrub
from bot.store.signals import Signal

PERSON_COLUMNS = ("user", "asker")  # columns that name a person, in any table
DELETED_FIRST = ("delivery", "briefing")  # deleted first, so that running work finds nothing to write to
# Asked before and after every request: it is made once.
_NEWEST_MARK = (
    sa.select(tables.forgotten.c.id).order_by(tables.forgotten.c.at.desc(), tables.forgotten.c.id).limit(1)
)


async def forget(
    database: Database, *, workspace: str = "", channel: str = "", user: str = "", whole: bool = False
) -> dict[str, int]:
    """Delete all data of ``workspace``, ``channel`` (its name) and ``user``; return rows by table.

    Several of them all must match: a user with a channel is what that person asked there. The cost of a workspace's
    model calls stays in the usage table, without its name. With ``whole`` large tables are rewritten, too.
    """
    if not (workspace or channel or user):
        raise ValueError("nobody to forget")
    counts: dict[str, int] = {}
    async with database.writing() as connection:
        for table in _in_order():
            wanted = rows_of_owner(table, workspace=workspace, channel=channel, user=user)
            if wanted is None:
                continue
            statement: sa.Update | sa.Delete = sa.delete(table).where(wanted)
            if table is tables.model_call:
                statement = sa.update(table).where(wanted).values(workspace="", subject="", reason="")
            done = await connection.execute(statement)
            if done.rowcount:
                counts[table.name] = done.rowcount
        add_counts(counts, await delete_orphans(connection))
        mark = {"id": uuid.uuid4().hex, "at": datetime.now(UTC)}
        await connection.execute(sa.insert(tables.forgotten), [mark])
        await database.signals.send(connection, Signal.FORGOTTEN)
    await scrub(database, [table.name for table in _with_children(counts)], whole=whole)
    return counts


async def last_forgotten(database: Database) -> str:
    """Return the mark of the newest deletion; a process that sees a new mark clears its caches."""
    async with database.reading() as connection:
        return (await connection.execute(_NEWEST_MARK)).scalar() or ""


def rows_of_owner(
    table: sa.Table, *, workspace: str, channel: str, user: str
) -> sa.ColumnElement[bool] | None:
    """Return the condition for their rows of ``table``; None if it has no such rows."""
    c = table.c
    wanted: list[sa.ColumnElement[bool]] = []
    if user:
        wanted.append(sa.or_(sa.false(), *(c[name] == user for name in PERSON_COLUMNS if name in c)))
        if not any(name in c for name in PERSON_COLUMNS):
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
    first = [tables.metadata.tables[name] for name in DELETED_FIRST]
    return first + [table for table in reversed(tables.metadata.sorted_tables) if table not in first]


def _with_children(names: Iterable[str]) -> list[sa.Table]:
    """Return the tables ``names`` and those whose rows go with theirs."""
    found = {tables.metadata.tables[name] for name in names}
    for table in tables.metadata.sorted_tables:  # parents come first
        if any(key.column.table in found for key in table.foreign_keys):
            found.add(table)
    return [table for table in tables.metadata.sorted_tables if table in found]

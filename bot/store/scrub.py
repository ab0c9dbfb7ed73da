"""Overwrite deleted text in the files of a database: free pages, indexes, the log."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.store.driver_errors import DriverErrors
from bot.store.engine import Database

MAX_REWRITTEN_BYTES = 256 * 1024 * 1024  # bytes up to which a table of PostgreSQL is written anew
LOCK_MILLISECONDS = 5000  # how long a lock of PostgreSQL, or the end of a snapshot, is waited for
SNAPSHOT_POLL_MILLISECONDS = 50
MAX_CHECKPOINT_ATTEMPTS = 6  # tries, each as long as SQLite waits, to empty the log while others read


async def scrub(database: Database, touched: Sequence[str], *, whole: bool = False) -> None:
    """Overwrite deleted text in the tables ``touched``, and in the file's free pages, indexes and log.

    Large tables of PostgreSQL are rewritten only with ``whole``, because they are locked meanwhile.
    Raises ``StoreError`` if another program reads so long that the log cannot be emptied.
    """
    sqlite = database.engine.dialect.name == "sqlite"
    with DriverErrors():
        async with database.exclusive() as connection:
            if not sqlite:
                await _rewrite(connection, touched, whole=whole)
                return
            indexes = sa.text("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'")
            for (name,) in (await connection.execute(indexes)).all():
                # Removed rows stay as tokens until the index's segments are one.
                await connection.execute(sa.text(f'INSERT INTO "{name}"("{name}") VALUES(\'optimize\')'))
            await connection.execute(sa.text("VACUUM"))
            for _ in range(MAX_CHECKPOINT_ATTEMPTS):
                busy = (await connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))).first()
                if not busy or not busy[0]:
                    return
    raise StoreError(
        "The rows are removed, but the database's log still holds them: another program is reading",
        hint="End it and run the same again",
    )


async def _rewrite(connection: AsyncConnection, names: Sequence[str], *, whole: bool) -> None:
    """Write PostgreSQL's tables ``names`` anew without what was removed; of large ones, unless ``whole``, the indexes.

    A table that others hold for long is not waited for: what was removed from it is written over later.
    """
    await _wait_for_snapshots(connection)
    try:
        for name in names:
            await connection.execute(sa.text(f"SET lock_timeout = {LOCK_MILLISECONDS}"))
            size = sa.select(sa.func.pg_total_relation_size(sa.func.quote_ident(name)))
            full = whole or ((await connection.execute(size)).scalar() or 0) < MAX_REWRITTEN_BYTES
            try:
                await connection.execute(sa.text(f'VACUUM {"(FULL) " if full else ""}"{name}"'))
                if not full:
                    # It waits without blocking others; an interrupted one would leave half an index.
                    await connection.execute(sa.text("RESET lock_timeout"))
                    await connection.execute(sa.text(f'REINDEX TABLE CONCURRENTLY "{name}"'))
            except OperationalError:
                await connection.execute(sa.text(f'VACUUM (SKIP_LOCKED) "{name}"'))
    finally:
        await connection.execute(sa.text("RESET lock_timeout"))


async def _wait_for_snapshots(connection: AsyncConnection) -> None:
    """Wait, as long as for a lock, until no snapshot is older than now: rewriting keeps the rows that one still sees.

    Processes without a database count too: one that is just connecting looks up its own with a snapshot. So do the
    transactions of other databases: a new snapshot, the rewriting's own as well, is as old as the oldest of them all.
    """
    now = (await connection.execute(sa.text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"))).scalar()
    older = sa.text(
        "SELECT pg_snapshot_xmin(pg_current_snapshot()) < CAST(:now AS xid8) OR EXISTS("
        "SELECT FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid()"
        " AND (datname = current_database() OR datname IS NULL)"
        " AND age(backend_xmin) > age(CAST(CAST(:now AS xid8) AS xid)))"
    )
    for _ in range(LOCK_MILLISECONDS // SNAPSHOT_POLL_MILLISECONDS):
        if not (await connection.execute(older, {"now": now})).scalar():
            return
        await asyncio.sleep(SNAPSHOT_POLL_MILLISECONDS / 1000)

"""Back a running database up into one file, and restore it into an empty one, whichever engine either has.

    database ──one snapshot──▶ FILE (SQLite, with the tables of this version) ──migrated──▶ database

The state of running processes is not part of it: leases and the places of deliveries in queues are left out.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.blocking import run_blocking
from bot.errors import InputError, StoreError
from bot.model.chat import FINAL, PartState, State
from bot.store import tables
from bot.store.engine import Database, open_database
from bot.store.scrub import scrub

# Tables with data of the present processes only.
EXCLUDED_TABLES = frozenset({"lease", "forgotten", "replay"})
ROWS_PER_COPY = 500  # copied at a time
CONTENT_TABLES = (tables.feed, tables.subscription, tables.article, tables.briefing, tables.delivery)

_SQLITE_HEADER = b"SQLite format 3\x00"
_NAME_A_BACKUP = "Name a file that wirebrief backup wrote"


def copied() -> list[sa.Table]:
    """Return the tables of a backup, parents before their children."""
    return [table for table in tables.metadata.sorted_tables if table.name not in EXCLUDED_TABLES]


async def back_up(database: Database, file: Path) -> int:
    """Write all rows as of one moment into ``file``, while others keep writing; return their number.

    Raises ``InputError`` if ``file`` exists or there is nothing to write, ``StoreError`` if it cannot be
    written.
    """
    if await is_empty(database, copied()):
        raise InputError(
            "The database is empty: there is nothing to back up",
            hint="Check that database.url and the folder are those of the bot",
        )
    partial = await run_blocking(_begin, file)
    try:
        target = await open_database(f"sqlite:///{partial}")
        try:
            async with database.snapshot() as source, target.writing() as connection:
                rows = await _copy(source, connection)
            async with target.exclusive() as connection:
                # One file, with no log beside it.
                await connection.execute(sa.text("PRAGMA journal_mode = DELETE"))
        finally:
            await target.close()
        await run_blocking(_finish, partial, file)
    except BaseException:
        for left in (
            partial,
            *(partial.with_name(partial.name + end) for end in ("-wal", "-shm", "-journal")),
        ):
            left.unlink(missing_ok=True)
        raise
    return rows


@asynccontextmanager
async def open_backup(file: Path) -> AsyncIterator[Database]:
    """Yield a copy of the backup ``file`` as a database of this version; ``file`` itself stays as it is.

    Raises ``InputError`` for a file that is no backup or a broken one, ``StoreError`` for one of a newer version.
    """
    folder = await run_blocking(tempfile.TemporaryDirectory, prefix="wirebrief-")
    try:
        here = Path(folder.name) / "backup.db"
        await run_blocking(_take_in, file, here)
        try:
            backup = await open_database(f"sqlite:///{here}")
        except StoreError as error:
            said = error.message.replace("The database", f"The backup {str(file)!r}")
            raise StoreError(said, hint="Upgrade Wirebrief, or use another backup") from error
        try:
            yield backup
        finally:
            await backup.close()
    finally:
        await run_blocking(folder.cleanup)


async def replace_rows(backup: Database, database: Database) -> int:
    """Replace all rows of ``database`` by those of ``backup``, in one transaction; return their number."""
    async with backup.snapshot() as source, database.writing() as target:
        await _clear(target)
        rows = await _copy(source, target)
    await scrub(database, [table.name for table in copied()])
    return rows


async def is_empty(database: Database, of: Sequence[sa.Table] = CONTENT_TABLES) -> bool:
    """Return whether the tables ``of`` are empty, so that nothing of ``database`` can be lost."""
    async with database.reading() as connection:
        for table in of:
            if (await connection.execute(sa.select(sa.exists().select_from(table)))).scalar():
                return False
    return True


async def look_first(database: Database) -> int:
    """Mark every open delivery to be looked up on its platform before it is sent; return their number."""
    table, part = tables.delivery, tables.delivery_part
    waiting = table.c.state.not_in(
        [state.value for state in FINAL - {State.AWAITING, State.UNCERTAIN, State.REJECTED}]
    )
    async with database.writing() as connection:
        await connection.execute(
            sa.update(table).where(waiting).values(look_first=True, lease_until=table.c.due_at)
        )
        await connection.execute(
            sa.update(part)
            .where(
                part.c.delivery_id.in_(sa.select(table.c.id).where(waiting)),
                part.c.state == PartState.WAITING.value,
            )
            .values(state=PartState.INTENDED.value)
        )
        count = sa.select(sa.func.count()).select_from(table).where(table.c.open)
        return int((await connection.execute(count)).scalar() or 0)


async def _copy(source: AsyncConnection, target: AsyncConnection) -> int:
    rows = 0
    for table in copied():
        async with source.stream(sa.select(table)) as found:
            async for some in found.mappings().partitions(ROWS_PER_COPY):
                await target.execute(sa.insert(table), [dict(row) for row in some])
                rows += len(some)
    return rows


async def _clear(connection: AsyncConnection) -> None:
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables.metadata.sorted_tables)
        await connection.execute(sa.text(f"TRUNCATE {names}"))
        return
    for table in reversed(tables.metadata.sorted_tables):
        await connection.execute(sa.delete(table))


def _begin(file: Path) -> Path:
    """Return the name under which ``file`` is written, made and readable by us alone."""
    if file.exists():
        raise InputError(f"{str(file)!r} already exists", hint="Name a file that does not exist yet")
    partial = file.with_name(f"{file.name}.partial")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StoreError(
            f"The backup {str(file)!r} cannot be written: {error.strerror}", hint="Name another file"
        ) from error
    return partial


def _finish(partial: Path, file: Path) -> None:
    with partial.open("rb") as written:
        os.fsync(written.fileno())
    partial.replace(file)


def require_backup(file: Path) -> None:
    """Raise ``InputError`` if ``file`` is no backup, or one of an empty database."""
    _require_sqlite(file)
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            names = {
                row[0] for row in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            } & {table.name for table in copied()}
            if not names:
                raise InputError(f"{str(file)!r} is not a backup of Wirebrief", hint=_NAME_A_BACKUP)
            if any(opened.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone() for name in sorted(names)):  # noqa: S608 - names of our own tables
                return
    except sqlite3.Error as error:
        raise InputError(f"The backup {str(file)!r} is damaged", hint="Use another backup") from error
    raise InputError(f"The backup {str(file)!r} is empty", hint="Use another backup")


def _require_sqlite(file: Path) -> None:
    try:
        with file.open("rb") as opened:
            header = opened.read(len(_SQLITE_HEADER))
    except OSError as error:
        raise InputError(
            f"The backup {str(file)!r} cannot be read: {error.strerror}", hint=_NAME_A_BACKUP
        ) from error
    if header != _SQLITE_HEADER:
        raise InputError(f"{str(file)!r} is not a backup of Wirebrief", hint=_NAME_A_BACKUP)


def _take_in(file: Path, here: Path) -> None:
    """Copy the backup ``file``, checked, to ``here``: it is migrated there, and stays as it is."""
    _require_sqlite(file)
    try:
        source = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        target = sqlite3.connect(here)
        try:
            source.backup(target)
            sound = target.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            names = {row[0] for row in target.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            version = (
                target.execute("SELECT version_num FROM alembic_version").fetchone()
                if "alembic_version" in names
                else None
            )
        finally:
            source.close()
            target.close()
    except sqlite3.Error as error:
        raise InputError(
            f"The backup {str(file)!r} is damaged: {error}", hint="Use another backup"
        ) from error
    if not sound:
        raise InputError(f"The backup {str(file)!r} is damaged", hint="Use another backup")
    if not version or not {"feed", "article", "briefing"} <= names:
        raise InputError(f"{str(file)!r} is not a backup of Wirebrief", hint=_NAME_A_BACKUP)

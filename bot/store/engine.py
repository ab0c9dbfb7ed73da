"""Open a database: engine, migrations, one writer at a time, and errors with messages for people."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import AdaptedConnection, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from bot.codec import to_json
from bot.errors import NoDatabase, StoreError
from bot.store import sqlite_connection
from bot.store.driver_errors import DriverErrors
from bot.store.signals import Signals

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

MAX_STORE_CONNECTIONS = 12  # of one process to PostgreSQL, beside the workflows' own
TRUSTED_IDLE_SECONDS = 2.0  # seconds since it was last used for which a connection counts as alive
MAX_LOG_ATTEMPTS, LOG_RETRY_SECONDS = 500, 0.01
BUSY_MILLISECONDS = 5000  # how long SQLite waits for another process's write

MIGRATION_LOCK_ID = 0x57495245  # names PostgreSQL's lock


class Database:
    """An open database: any number of readers; on SQLite one writer at a time."""

    def __init__(self, engine: AsyncEngine, *, version: str = "") -> None:
        self.engine = engine
        self.version = version  # of the program that has it open
        self.signals = Signals(engine.url)
        self._writer = asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        # A database in memory is one connection: a reader's end would roll a writer's work back.
        self._reader = self._writer if isinstance(engine.pool, StaticPool) else nullcontext()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection to read with; each statement sees what was committed before it."""
        with DriverErrors():
            async with self._reader, self.engine.connect() as connection:
                yield connection

    async def write(self, statement: sa.Executable, values: Mapping[str, Any] | None = None) -> int:
        """Execute one writing statement in its own transaction; return the number of rows it changed."""
        if self.engine.dialect.name == "sqlite":
            async with self.writing() as connection:
                return (await connection.execute(statement, values)).rowcount
        with DriverErrors():
            async with self.engine.connect() as connection:
                return (await connection.execute(statement, values)).rowcount

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection that may write; commits at the end, rolls back on an error."""
        with DriverErrors():
            try:
                async with self._writer, self.engine.begin() as connection:
                    # SQLite's driver would begin with the first write: what was read before it may be over by then.
                    sqlite = self.engine.dialect.name == "sqlite"
                    await connection.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else "BEGIN")
                    yield connection
            except BaseException:
                self.signals.rolled_back()
                raise
            self.signals.committed()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection that sees all data as of one moment and blocks no other."""
        with DriverErrors():
            async with self._reader, self.engine.connect() as connection:
                sqlite = self.engine.dialect.name == "sqlite"
                await connection.exec_driver_sql(
                    "BEGIN" if sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ"
                )
                yield connection

    @asynccontextmanager
    async def exclusive(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection outside of any transaction, for maintenance."""
        async with self._writer, self.engine.connect() as connection:
            if self.engine.dialect.name == "sqlite":
                await connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection

    async def close(self) -> None:
        """Close every connection: one that is still in use, or is taken later, as soon as it is given back."""
        # The pool is replaced by one that nobody closes, and what is given back to it would stay open.
        sa.event.listen(self.engine.sync_engine.pool, "checkin", _close_connection)
        await self.engine.dispose()


async def open_database(url: str, *, must_exist: bool = False) -> Database:
    """Return the database at ``url``, migrated to this version; raises ``StoreError``.

    ``sqlite:///PATH`` (an empty path is a database in memory) or ``postgresql://…``. With ``must_exist`` none is created;
    ``NoDatabase`` names the place instead.
    """
    engine = create_async_engine(
        _driver_url(url, must_exist=must_exist), json_serializer=to_json, **_options(url)
    )
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    else:
        _ping_idle_connections(engine.sync_engine)
    try:
        with DriverErrors():
            async with engine.begin() as connection:
                if must_exist and not in_memory(url):
                    await connection.run_sync(_require_ours, url)
                await connection.run_sync(migrate)
    except BaseException:
        await engine.dispose()
        raise
    return Database(engine, version=version("wirebrief"))


def migrate(connection: sa.Connection, revision: str = "head") -> None:
    """Bring the database behind ``connection`` to ``revision``; raises ``StoreError`` if it is newer than the program."""
    known, head = _revisions()
    if sa.inspect(connection).has_table("alembic_version"):
        current = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        if current is not None and current not in known:
            raise StoreError(
                "The database was written by a newer version of Wirebrief",
                hint="Upgrade Wirebrief, or name another database",
            )
        if revision == "head" and current == head:
            return
    # Of several processes that start, one migrates; the others wait, and find nothing left to do.
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK_ID)))
    config = _migrations()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise StoreError(f"The database could not be brought up to date: {error}") from error


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("bot.store") / "migrations"))
    return config


@cache
def _revisions() -> tuple[frozenset[str], str | None]:
    """Return the revisions this version knows, and the newest: each stands in a file of its own."""
    scripts = ScriptDirectory.from_config(_migrations())
    return frozenset(script.revision for script in scripts.walk_revisions()), scripts.get_current_head()


def location(url: str) -> str:
    """Return where the database ``url`` is, without user and password: a whole path, or server and name."""
    if path := _sqlite_path(url):
        return str(Path(path).absolute())
    try:
        parts = make_url(url)
    except ArgumentError:
        return "the address in database.url"
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.host or 'this machine'}{port}/{parts.database or ''}"


def engine_name(url: str) -> str:
    """Return the engine of the database ``url`` as people call it."""
    return "SQLite" if url.startswith("sqlite") else "PostgreSQL"


def _none_at(url: str) -> NoDatabase:
    return NoDatabase(
        f"There is no database at {location(url)}",
        hint="Go to the folder of the bot or name its configuration (--config); a new one is made by "
        "wirebrief init, wirebrief feeds import or wirebrief run",
    )


def in_memory(url: str) -> bool:
    """Return whether the database ``url`` is in memory, and so ends with its process."""
    return url in {"sqlite:///", "sqlite:///:memory:"}


def _holds_something(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError:  # opening it says what is wrong
        return True


def may_exist(url: str) -> bool:
    """Return whether there may be a database at ``url``; for a server this is known only when it is opened."""
    path = _sqlite_path(url)
    return not url.startswith("sqlite") or bool(path and _holds_something(Path(path)))


def _require_ours(connection: sa.Connection, url: str) -> None:
    if not sa.inspect(connection).has_table("alembic_version"):
        raise _none_at(url)


def _sqlite_path(url: str) -> str:
    """Return the path of the file of ``url``, nothing where there is none."""
    path = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else ""
    return "" if path == ":memory:" else path


def _driver_url(url: str, *, must_exist: bool) -> str | sa.URL:
    if url.startswith("sqlite:///"):
        path = url.removeprefix("sqlite:///")
        if _sqlite_path(url):
            if must_exist and not _holds_something(Path(path)):
                raise _none_at(url)
            try:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(
                    f"The folder of the database {path!r} cannot be made: {error.strerror}"
                ) from error
        return sa.URL.create("sqlite+aiosqlite", database=path or None)  # a path may hold signs of an address
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _options(url: str) -> dict[str, object]:
    if url.startswith("sqlite"):
        # A connection is used by one task at a time, and looked at from the loop's thread.
        arguments = {"async_creator_fn": sqlite_connection.connect, "check_same_thread": False}
        return {"connect_args": arguments, **({"poolclass": StaticPool} if in_memory(url) else {})}
    # With the workflows' own, three processes stay well below the hundred that PostgreSQL allows by default.
    # A statement by itself is a transaction: no need to call the server to begin and end one; others begin theirs. A level
    # set for each use would be set while the pool holds a connection for nobody: a task that is cancelled then would lose it.
    return {"pool_size": MAX_STORE_CONNECTIONS, "max_overflow": 0, "isolation_level": "AUTOCOMMIT"}


def _close_connection(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.invalidate()


def _ping_idle_connections(engine: sa.Engine) -> None:
    """Let a connection that was not used for a while prove that it lives: the server may have been restarted."""

    def checkout(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        now = time.monotonic()
        if now - entry.info.get("used", now) > TRUSTED_IDLE_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error
        entry.info["used"] = now

    sa.event.listen(engine, "checkout", checkout)


def _use_log(connection: AdaptedConnection, cursor: Any) -> None:
    """Let the file have a log; of processes that start together on a new file, those that find it locked ask again.

    SQLite refuses this change at once, however long it is told to wait for a lock.
    """
    for left in reversed(range(MAX_LOG_ATTEMPTS)):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or not left:
                raise
            connection.run_async(_wait_for_log)
        else:
            return


async def _wait_for_log(_connection: object) -> None:
    await asyncio.sleep(LOG_RETRY_SECONDS)


def _set_up_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    _use_log(connection, cursor)
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()

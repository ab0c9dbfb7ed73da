"""Archives for measuring: built for it and gone afterwards, or kept in a folder, where each is measured on a copy."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from benchmarks import engines
from benchmarks.growth.tables import fill


@contextmanager
def archives(
    of: Sequence[str], size: int, *, server: str, folder: Path | None
) -> Iterator[dict[str, tuple[str, dict[str, float]]]]:
    """Yield, for each engine, the address of an archive of ``size`` stories and the seconds its building took.

    Engines that have none yet are filled with the same one, in one go; from what SQLite has, where that is kept. What is
    kept in ``folder`` is told of in a file ``ENGINE-SIZE.json``, which is written last.
    """
    with ExitStack() as stack:
        if not folder:
            empty = {engine: stack.enter_context(engines.empty(engine, server)) for engine in of}
            built = _filled(list(empty.values()), size)
            yield {engine: (url, built) for engine, url in empty.items()}
            return
        if missing := [engine for engine in of if not _note(folder, engine, size).exists()]:
            like = folder / f"stories-{size}.db" if _note(folder, "sqlite", size).exists() else None
            urls = {engine: _new(engine, size, server=server, folder=folder) for engine in missing}
            built = _filled(list(urls.values()), size, like=like)
            for engine in missing:
                _note(folder, engine, size).write_text(json.dumps(built), "utf-8")
        yield {
            engine: (
                stack.enter_context(_copy(engine, size, server=server, folder=folder)),
                json.loads(_note(folder, engine, size).read_text("utf-8")),
            )
            for engine in of
        }


def _note(folder: Path, engine: str, size: int) -> Path:
    return folder / f"{engine}-{size}.json"


def _filled(urls: Sequence[str], size: int, *, like: Path | None = None) -> dict[str, float]:
    meters = [engines.Meter(url) for url in urls]
    wall, busy = time.perf_counter(), max(meter.seconds() for meter in meters)
    fill(urls, size, now=datetime.now(UTC), like=like)
    built = {
        "built in": time.perf_counter() - wall,
        "built in cpu": max(meter.seconds() for meter in meters) - busy,
    }
    print(size, json.dumps(built), file=sys.stderr, flush=True)
    return built


def _new(engine: str, size: int, *, server: str, folder: Path) -> str:
    """Return the address of an empty database that stays; what an earlier try left is removed."""
    if engine == "sqlite":
        path = folder / f"stories-{size}.db"
        path.unlink(missing_ok=True)
        return f"sqlite:///{path}"
    _command(server, f'DROP DATABASE IF EXISTS "stories_{size}"', f'CREATE DATABASE "stories_{size}"')
    return _address(server, f"stories_{size}")


@contextmanager
def _copy(engine: str, size: int, *, server: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="copy-", dir=folder) as place:
            shutil.copyfile(folder / f"stories-{size}.db", Path(place) / "wire.db")
            yield f"sqlite:///{Path(place) / 'wire.db'}"
        return
    name = f"copy_{size}"
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    _command(server, drop, f'CREATE DATABASE "{name}" TEMPLATE "stories_{size}" STRATEGY FILE_COPY')
    try:
        yield _address(server, name)
    finally:
        _command(server, drop)


def _command(server: str, *statements: str) -> None:
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is wanted

    with psycopg.connect(server, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def _address(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))

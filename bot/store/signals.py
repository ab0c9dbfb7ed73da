"""Signals: running bots learn at once that something was written for them.

    write ──commit──▶ PostgreSQL: NOTIFY ─────────────────▶ every process that listens
                      SQLite: a datagram to a socket beside the file ──▶ the one process that listens

Nothing depends on a signal: it may be lost, and who listens looks for itself now and then.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.blocking import run_blocking
from bot.concurrency import end_tasks

SIGNAL_CHANNEL = "wirebrief"  # PostgreSQL's name for what is listened to
MAX_SIGNAL_BYTES = 64
MAX_SOCKET_PATH_BYTES = 100  # what every system takes
RECONNECT_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)  # between tries to listen again; the last one for ever


class Signal(StrEnum):
    """What was written."""

    DELIVERIES = "deliveries"  # some were created, given back, or decided about by a person
    SUBSCRIPTIONS = "subscriptions"
    NOTICES = "notices"
    FEEDS = "feeds"  # new ones
    ARTICLES = "articles"  # an ingest brought some and has ended
    FORGOTTEN = "forgotten"  # something was: caches are to be cleared


OnSignal = Callable[[Signal], None]


class Signals:
    """The signals of one open database: sent with a transaction, and received."""

    def __init__(self, url: sa.URL) -> None:
        self._url = url
        self._sqlite = url.get_backend_name() == "sqlite"
        self._pending: set[Signal] = set()  # of the transaction at hand: SQLite has one at a time
        self._on: OnSignal | None = None
        self._path = _path_beside(url.database or "") if self._sqlite else None

    async def send(self, connection: AsyncConnection, signal: Signal) -> None:
        """Send ``signal`` once the transaction of ``connection`` is committed."""
        if self._sqlite:
            self._pending.add(signal)
        else:
            await connection.execute(sa.select(sa.func.pg_notify(SIGNAL_CHANNEL, signal.value)))

    def committed(self) -> None:
        """Send the signals of the committed transaction; on PostgreSQL the server does this."""
        sent, self._pending = self._pending, set()
        for signal in sent:
            if self._on:
                self._on(signal)
            else:
                self._send_to_other(signal)

    def rolled_back(self) -> None:
        """Discard the signals of the rolled-back transaction."""
        self._pending.clear()

    @asynccontextmanager
    async def subscribed(self, on: OnSignal) -> AsyncIterator[None]:
        """Call ``on`` with every signal, and once with each kind after signals may have been missed."""
        if self._sqlite:
            async with self._bound(on):
                self._on = on
                try:
                    yield
                finally:
                    self._on = None
            return
        hearing = asyncio.create_task(self._hear(on))
        try:
            yield
        finally:
            await end_tasks([hearing])

    async def _hear(self, on: OnSignal) -> None:
        import psycopg  # noqa: PLC0415 - only where PostgreSQL is used

        url = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        tries = 0
        while True:
            with suppress(psycopg.Error):
                connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
                try:
                    await connection.execute(f"LISTEN {SIGNAL_CHANNEL}")
                    tries = 0
                    for signal in Signal:
                        on(signal)
                    async for note in connection.notifies():
                        _received(note.payload, on)
                finally:
                    # At once: its own context would roll back first, and may be cancelled in this.
                    await connection.close()
            await asyncio.sleep(RECONNECT_SECONDS[min(tries, len(RECONNECT_SECONDS) - 1)])
            tries += 1

    @asynccontextmanager
    async def _bound(self, on: OnSignal) -> AsyncIterator[None]:
        """Receive signals of other processes; without such a socket only those of this process arrive."""
        listener = await run_blocking(_socket_at, self._path) if self._path else None
        if not (listener and self._path):
            yield
            return

        def read() -> None:
            with suppress(OSError):
                while data := listener.recv(MAX_SIGNAL_BYTES):
                    _received(data.decode("ascii", "replace"), on)

        loop = asyncio.get_running_loop()
        loop.add_reader(listener, read)
        try:
            yield
        finally:
            loop.remove_reader(listener)
            listener.close()
            await run_blocking(self._path.unlink, missing_ok=True)

    def _send_to_other(self, signal: Signal) -> None:
        if self._path:
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.setblocking(False)
                sender.sendto(signal.value.encode(), str(self._path))


def _path_beside(file: str) -> Path | None:
    """Return the address of the socket of the database ``file``; None if there can be none."""
    path = Path(f"{file}.signal")
    usable = file and file != ":memory:" and len(os.fsencode(path)) <= MAX_SOCKET_PATH_BYTES
    return path if usable and hasattr(socket, "AF_UNIX") else None


def _socket_at(path: Path) -> socket.socket | None:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        path.unlink(missing_ok=True)  # of a process that was killed: only one has the file
        listener.bind(str(path))
    except OSError:
        listener.close()
        return None
    listener.setblocking(False)
    return listener


def _received(name: str, on: OnSignal) -> None:
    """Call ``on`` with the signal called ``name``; unknown names, of another version, are ignored."""
    with suppress(ValueError):
        on(Signal(name))

"""Parser processes that are forked from the one that has imported the program: the same program, without its start."""

from __future__ import annotations

import asyncio
import os
import select
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

from bot.feeds.workers.pool import WorkerPool
from tests.support.running.preloaded_service import STATE, send

GONE = -1  # the exit code of a process whose own code nobody knows
POSSIBLE = hasattr(os, "pidfd_open")  # else its number could be another's when it is ended


class ForkedParser:
    """A parser process, as ``asyncio`` has them."""

    def __init__(self, pid: int, handle: int) -> None:
        self.pid = pid
        self.stdin: asyncio.StreamWriter | None = None
        self.stdout: asyncio.StreamReader | None = None
        self._handle = handle
        self._code: int | None = None

    @property
    def returncode(self) -> int | None:
        """Return a code when it has ended, None while it lives."""
        if self._code is None and select.select([self._handle], [], [], 0.0)[0]:
            self._code = GONE
        return self._code

    async def wait(self) -> int:
        """Wait until it has ended."""
        if self.returncode is None:
            loop = asyncio.get_running_loop()
            ended = asyncio.Event()
            loop.add_reader(self._handle, ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(self._handle)
            self._code = GONE
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        return GONE

    async def open(self, calls: int, results: int) -> None:
        """Make streams of our ends of its pipes."""
        loop = asyncio.get_running_loop()
        self.stdout = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(self.stdout)
        await loop.connect_read_pipe(lambda: protocol, os.fdopen(results, "rb", buffering=0))
        transport, flow = await loop.connect_write_pipe(
            asyncio.streams.FlowControlMixin,  # type: ignore[attr-defined] # as asyncio's own processes have it
            os.fdopen(calls, "wb", buffering=0),
        )
        self.stdin = asyncio.StreamWriter(transport, flow, None, loop)


async def forked(
    connect: Callable[[], socket.socket], arguments: tuple[str, ...], environment: dict[str, str]
) -> ForkedParser:
    """Return a new parser process of the service that ``connect`` leads to; raises ``OSError`` where there is none."""
    one = ThreadPoolExecutor(1)
    try:
        started = asyncio.get_running_loop().run_in_executor(one, _fork, connect, arguments, environment)
        process, calls, results = await started
    finally:
        one.shutdown(wait=False)
    await process.open(calls, results)
    return process


def _fork(
    connect: Callable[[], socket.socket], arguments: tuple[str, ...], environment: dict[str, str]
) -> tuple[ForkedParser, int, int]:
    with closing(connect()) as channel:
        (calls, ours), (answers, results) = os.pipe(), os.pipe()
        try:
            send(channel, {"parser": arguments, "env": environment}, [calls, results])
        finally:
            os.close(calls)
            os.close(results)
        said, handles, _, _ = socket.recv_fds(channel, STATE.size, 1)
    return ForkedParser(*STATE.unpack(said), *handles), ours, answers


class ForkedPool(WorkerPool):
    """A pool whose processes are forked, where there is a service."""

    def __init__(self, size: int, *, connect: Callable[[], socket.socket], **options: Any) -> None:
        super().__init__(size, **options)
        self._connect = connect

    async def _spawn(self) -> Any:
        try:
            return await forked(self._connect, self._arguments, self._environment)
        except OSError:
            return await super()._spawn()

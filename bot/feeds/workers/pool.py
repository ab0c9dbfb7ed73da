"""Run parsers of outside bytes in processes that can be killed: a hostile page costs only its own deadline.

    run(fn, …) ──pickle──▶ worker process ──cleaned, pickle──▶ result | error
                  └── deadline, crash, too much memory: killed, replaced, WorkerKilled

Threads cannot be stopped and a parser that hangs inside C holds the interpreter lock, so nothing less than a
process will do. A worker starts when it is first needed, or before by ``have_one``, and serves many calls. A briefing at its minute does not wait
behind the pages of an ingest: its calls are urgent.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from bot.errors import ParseError, WirebriefError, WorkerKilled
from bot.feeds.workers.confine import bare_environment, hide_process
from bot.feeds.workers.slots import Slots
from bot.feeds.workers.worker import HEADER, MAX_WORKER_RESULT_BYTES

P = ParamSpec("P")
R = TypeVar("R")

START_DEADLINE_SECONDS = 120.0  # seconds a new process may take until it answers, on a very busy machine
END_DEADLINE_SECONDS = 5.0  # seconds a killed process gets to be gone
# How many times its deadline a call may take by the clock: on a busy machine a worker waits for its turn.
MAX_CLOCK_FACTOR = 10
MIN_CLOCK_CHECK_SECONDS = 0.05  # between two looks at the processor time of a worker
PROCESS_CLOCK = 2  # Linux: the kind of a clock that counts what a process has run
MAX_WORKER_CALLS = (
    10_000  # then a worker is replaced: what a parser leaks must not be charged to a later document
)


class WorkerPool:
    """At most ``size`` worker processes; calls beyond that wait for a free one."""

    def __init__(self, size: int, *, memory: int = 1024 * 1024 * 1024, preload: tuple[str, ...] = ()) -> None:
        self._size = size
        self._arguments = (str(memory), *preload)
        # The worker finds modules where we do, and never in the folder it happens to be started from.
        path = os.pathsep.join(entry or os.curdir for entry in sys.path)
        self._environment = bare_environment(path, os.environ)
        self._idle: list[asyncio.subprocess.Process] = []
        self._living: dict[asyncio.subprocess.Process, int] = {}  # and the calls each has served
        self._outdated: set[asyncio.subprocess.Process] = set()  # to be replaced after the call they serve
        self._ending: set[asyncio.Task[None]] = set()
        self._slots = Slots(size)

    async def __aenter__(self) -> Self:
        hide_process()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._idle.clear()
        for process in tuple(self._living):
            await self._kill(process)
        await asyncio.gather(*self._ending)

    def replace(self) -> None:
        """Replace every worker, busy ones after their call, so that nothing of documents stays in their memory."""
        idle, self._idle = self._idle, []
        self._outdated.update(self._living.keys() - set(idle))
        for process in idle:
            task = asyncio.ensure_future(self._kill(process))
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def have_one(self) -> None:
        """Start a worker if none lives, so that the next call does not wait for it; raises ``WorkerKilled`` if none can be started."""
        async with self._slots.taken():
            if not self._living:
                self._idle.append(await self._start())

    async def run(
        self, fn: Callable[..., R], *args: Any, deadline: float = 3.0, urgent: bool = False, **kwargs: Any
    ) -> R:
        """Return ``fn(*args, **kwargs)``, computed in a worker within ``deadline`` seconds of its processor time; ``urgent`` calls are served first.

        ``fn`` is a module-level function; arguments and result are pickled, and every text of the result is
        cleaned. A ``WirebriefError`` of ``fn`` is raised as it is, any other error of it as ``ParseError``;
        ``WorkerKilled`` when time, memory or the process ran out. Cancelling the call kills its worker.
        """
        async with self._slots.taken(urgent=urgent):
            # Only now: hundreds of calls may wait, and each request holds its document once more.
            latest = deadline * MAX_CLOCK_FACTOR
            request = pickle.dumps((fn, args, kwargs, latest), protocol=pickle.HIGHEST_PROTOCOL)
            process = self._idle.pop() if self._idle else await self._start()
            try:
                async with _processor_timeout(process.pid, deadline, latest=latest):
                    reply = await _exchange(process, request)
            except TimeoutError as error:
                await self._kill(process)
                raise WorkerKilled(
                    f"Reading it took longer than {deadline:g} seconds, so it was stopped",
                    hint="The document is built so that no parser can read it in time",
                ) from error
            except (EOFError, ConnectionError, asyncio.IncompleteReadError) as error:
                await self._kill(process)
                raise WorkerKilled(
                    "Reading it used too much memory or broke the parser, so it was stopped",
                    hint="The document is too large or damaged",
                ) from error
            except BaseException:
                await self._kill(process)
                raise
            self._living[process] += 1
            if self._living[process] < MAX_WORKER_CALLS and process not in self._outdated:
                self._idle.append(process)
            else:
                await self._kill(process)
        result: R = _unpack(reply)
        return result

    async def _spawn(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "bot.feeds.workers.worker",
            *self._arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=self._environment,
        )

    async def _start(self) -> asyncio.subprocess.Process:
        process = await self._spawn()
        self._living[process] = 0
        assert process.stdout  # noqa: S101 - asked for above
        try:
            async with asyncio.timeout(START_DEADLINE_SECONDS):
                await process.stdout.readexactly(1)
        except BaseException as error:
            await self._kill(process)
            if isinstance(error, TimeoutError | asyncio.IncompleteReadError):
                raise WorkerKilled(
                    "A parser process could not be started", hint="Is the machine out of memory or processes?"
                ) from error
            raise
        return process

    async def _kill(self, process: asyncio.subprocess.Process) -> None:
        self._living.pop(process, None)
        self._outdated.discard(process)
        if process.returncode is None:
            # Not process.kill(): that polls first, and would take the exit status from asyncio's own watcher.
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        await asyncio.shield(asyncio.ensure_future(_ended(process)))


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Wait until ``process`` has ended. asyncio reports this only after its pipes were read to the end, so they are read."""
    if process.stdin:
        process.stdin.close()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(END_DEADLINE_SECONDS):
            if process.stdout:
                # A call in progress reads the pipe itself; no other coroutine may read it then.
                with contextlib.suppress(RuntimeError):
                    while await process.stdout.read(MAX_WORKER_RESULT_BYTES):
                        pass
            await process.wait()


@contextlib.asynccontextmanager
async def _processor_timeout(pid: int, seconds: float, *, latest: float) -> AsyncIterator[None]:
    """End what is awaited, with ``TimeoutError``, once the process has run for ``seconds``, or after ``latest`` seconds by the clock."""
    loop, began, ran = asyncio.get_running_loop(), time.monotonic(), _processor_time(pid)
    timer: asyncio.TimerHandle | None = None

    def look() -> None:
        nonlocal timer
        left = seconds - (_processor_time(pid) - ran)
        if left <= 0 or time.monotonic() - began >= latest:
            limit.reschedule(loop.time())
        else:
            timer = loop.call_later(max(left, MIN_CLOCK_CHECK_SECONDS), look)

    async with asyncio.timeout(None) as limit:
        timer = loop.call_later(seconds, look)
        try:
            yield
        finally:
            timer.cancel()


def _processor_time(pid: int) -> float:
    """Return the seconds that a process has run, by the clock that ``clock_getcpuclockid`` names on Linux; elsewhere those of the monotonic clock."""
    try:
        return time.clock_gettime(~pid << 3 | PROCESS_CLOCK)
    except (AttributeError, OSError):  # another system, or the process has ended
        return time.monotonic()


async def _exchange(process: asyncio.subprocess.Process, request: bytes) -> Any:
    assert process.stdin  # noqa: S101 - every worker has both pipes
    assert process.stdout  # noqa: S101 - as above
    process.stdin.write(HEADER.pack(len(request)) + request)
    await process.stdin.drain()
    (size,) = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
    if size > MAX_WORKER_RESULT_BYTES:
        raise EOFError("the worker answered more than can be kept")
    return pickle.loads(await process.stdout.readexactly(size))  # noqa: S301 - written by our own process


def _unpack(reply: Any) -> Any:
    state, value = reply
    if state == "ok":
        return value
    if state == "error":
        kind, attributes = value
        error: WirebriefError = kind.__new__(kind)
        Exception.__init__(error, attributes.get("message", ""))
        error.__dict__.update(attributes)
        raise error
    raise ParseError("It could not be read", hint=f"The parser stopped with {value}")

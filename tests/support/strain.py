"""What work does to the process it runs in: time, memory, and how long the event loop was held."""

from __future__ import annotations

import asyncio
import itertools
import os
import resource
import sys
import time
from asyncio import events
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType


@dataclass(slots=True)
class Strain:
    """Filled when the work is done."""

    seconds: float = 0.0
    megabytes: float = 0.0  # by which memory rose at its peak
    held: float = 0.0  # milliseconds of computing in the longest step of the loop
    holder: str = ""  # that step


@contextmanager
def strain() -> Iterator[Strain]:
    """Measure the body of the ``with``; steps are measured in computing time, so other programs do not count."""
    found = Strain()
    run = events.Handle._run  # type: ignore[attr-defined]

    def measured(handle: asyncio.Handle) -> None:
        before = time.thread_time()
        run(handle)
        took = (time.thread_time() - before) * 1000
        if took > found.held:
            found.held, found.holder = took, _named(handle)

    begun, before = time.monotonic(), _memory("VmRSS")
    _forget_peak()
    events.Handle._run = measured  # type: ignore[attr-defined]
    try:
        yield found
    finally:
        events.Handle._run = run  # type: ignore[attr-defined]
        found.seconds = time.monotonic() - begun
        found.megabytes = _memory("VmHWM") - before


@dataclass(slots=True)
class Longest:
    """The step of the loop that made the most calls: the same on a busy machine as on an idle one."""

    calls: int = 0  # of functions, Python's and C's
    holder: str = ""  # that step


@contextmanager
def counted_steps() -> Iterator[Longest]:
    """Count the calls that each step of this thread's loop makes within the body of the ``with``."""
    found, calls = Longest(), itertools.count()
    run = events.Handle._run  # type: ignore[attr-defined]

    def seen(_frame: FrameType, event: str, _argument: object) -> None:
        if event in {"call", "c_call"}:
            next(calls)

    def counted(handle: asyncio.Handle) -> None:
        before = next(calls)
        run(handle)
        made = next(calls) - before - 1
        if made > found.calls:
            found.calls, found.holder = made, _named(handle)

    events.Handle._run = counted  # type: ignore[attr-defined]
    sys.setprofile(seen)
    try:
        yield found
    finally:
        sys.setprofile(None)
        events.Handle._run = run  # type: ignore[attr-defined]


def _named(handle: asyncio.Handle) -> str:
    """Return where the task of a step stood after it, else the step."""
    task = getattr(handle._callback, "__self__", None)  # type: ignore[attr-defined]
    if not isinstance(task, asyncio.Task):
        return repr(handle)
    # A task's own stack ends at its first coroutine: what that waits for is followed to the innermost.
    waits, frames = task.get_coro(), []
    while waits is not None:
        frame = getattr(waits, "cr_frame", None) or getattr(waits, "ag_frame", None)
        if frame is not None and "/bot/" in frame.f_code.co_filename:
            frames.append(frame)
        waits = getattr(waits, "cr_await", None)
    if not frames:
        return repr(handle)
    code = frames[-1].f_code
    return f"{Path(code.co_filename).name}:{frames[-1].f_lineno} {code.co_name}"


def _memory(name: str) -> float:
    """Return the megabytes that the system counts for this process; where it does not tell, the peak so far."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(status.split(f"{name}:")[1].split()[0]) / 1024


def _forget_peak() -> None:
    if _PEAK is not None:
        os.write(_PEAK, b"5")


def _opened() -> int | None:
    try:
        return os.open("/proc/self/clear_refs", os.O_WRONLY)
    except OSError:
        return None


_PEAK = _opened()  # opened before the program hides its process, from itself too


def _reopen() -> None:
    global _PEAK  # noqa: PLW0603 - the file is that of one process: a fork has another
    if _PEAK is not None:
        os.close(_PEAK)
    _PEAK = _opened()


os.register_at_fork(after_in_child=_reopen)

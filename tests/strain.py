"""What work does to the process it runs in: time, memory, and how long the event loop was held."""

from __future__ import annotations

import asyncio
import resource
import time
from asyncio import events
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


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
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return

"""A loop whose clock jumps to the next timer as soon as nothing else is to be done: hours pass in milliseconds."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Coroutine
from typing import Any


class SimulatedLoop(asyncio.SelectorEventLoop):
    """Runs what waits for timers alone; nothing in it may use threads or sockets."""

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__()

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        while self._scheduled and self._scheduled[0].cancelled():  # nothing is to be waited for there
            heapq.heappop(self._scheduled)._scheduled = False
            self._timer_cancelled_count -= 1
        if not self._ready and self._scheduled:
            self._now = max(self._now, self._scheduled[0]._when)
        super()._run_once()


def simulate(main: Coroutine[Any, Any, Any]) -> Any:
    """Run ``main`` in simulated time and return what it returns."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(main)

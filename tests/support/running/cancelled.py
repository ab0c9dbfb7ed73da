"""Cancel tasks wherever they can be cancelled: at each of their waits, one after the other."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Coroutine, Iterator
from typing import Any


class CancelledAt:
    """A loop's factory of tasks: the task that makes the wait number ``at`` of all is cancelled, ``times`` times in a row."""

    def __init__(self, at: int, times: int) -> None:
        self._left, self._times, self._cancelled = at, times, -1
        self._tasks = 0

    @property
    def reached(self) -> bool:
        """Whether there were so many waits."""
        return self._cancelled >= 0

    def __call__(
        self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **options: Any
    ) -> asyncio.Task[Any]:
        """Return a task of ``work``."""
        self._tasks += 1
        return asyncio.Task(self._run(work, self._tasks), loop=loop, **options)

    async def _run(self, work: Coroutine[Any, Any, Any], task: int) -> Any:
        return await self._step(work, task)

    @types.coroutine
    def _step(self, work: Coroutine[Any, Any, Any], task: int) -> Iterator[Any]:
        given, error = None, None
        while True:
            try:
                waited_for = work.throw(error) if error else work.send(given)
            except StopIteration as end:
                return end.value
            self._left -= 1
            if self._left == 0:
                self._cancelled = task
            if task == self._cancelled and self._times:
                self._times -= 1
                current = asyncio.current_task()
                assert current
                current.cancel()
            given, error = None, None
            try:
                given = yield waited_for
            except BaseException as thrown:  # noqa: BLE001 - it is for the work
                error = thrown


async def cancel_at(at: int, times: int, work: Coroutine[Any, Any, None]) -> bool:
    """Do ``work`` in a task, cancelling it or one that it starts at their wait number ``at``; tell whether there are so many."""
    plan, loop = CancelledAt(at, times), asyncio.get_running_loop()
    loop.set_task_factory(plan)
    try:
        await asyncio.gather(loop.create_task(work), return_exceptions=True)
    finally:
        loop.set_task_factory(None)
    return plan.reached

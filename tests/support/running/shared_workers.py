"""Parser processes that many tests share: to start them anew for each would take most of the suite's time.

They are the program's own, with its deadlines and kills. They are run by a loop of their own, on a thread, since each
test has another loop. A test of how the processes start and end uses the fixture ``own_workers``, one of how they are killed ``own_forked_workers``.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bot.feeds.workers.pool import WorkerPool
from tests.support.running.forked_parsers import POSSIBLE, ForkedPool
from tests.support.running.once import RUN_FOLDER
from tests.support.running.preloaded_service import connect

PROCESSES = 2  # as many as the program has by default
PATIENCE = 20  # times a call's deadline: no test may fail because the machine is busy


class SharedWorkers:
    """A pool that is started with its first call, and ended with the tests."""

    def __init__(self, preload: tuple[str, ...]) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="shared workers", daemon=True)
        self._thread.start()
        self._pool = forked_pool(PROCESSES, preload=preload)
        self._in_the_loop(self._pool.__aenter__())

    @asynccontextmanager
    async def pool(self, _size: int, **_options: Any) -> AsyncIterator[SharedWorkers]:
        """Stand where the program opens a pool of its own."""
        yield self

    async def run(self, fn: Callable[..., Any], *args: Any, deadline: float = 3.0, **kwargs: Any) -> Any:
        """Call as ``WorkerPool.run`` does, from any loop; a call that is cancelled kills its worker here too."""
        work = self._pool.run(fn, *args, deadline=PATIENCE * deadline, **kwargs)
        call = asyncio.run_coroutine_threadsafe(work, self._loop)
        return await asyncio.wrap_future(call)

    async def have_one(self) -> None:
        """Do nothing: the processes live from the first call to the end of the tests."""

    def replace(self) -> None:
        """Replace the processes as ``WorkerPool.replace`` does."""
        self._loop.call_soon_threadsafe(self._pool.replace)

    def close(self) -> None:
        """End the processes and the thread."""
        self._in_the_loop(self._pool.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _in_the_loop(self, work: Coroutine[Any, Any, Any]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()


def forked_pool(size: int, **options: Any) -> WorkerPool:
    """Return a pool that forks its processes where a test has started what they are forked from; else it starts them."""
    if not POSSIBLE:
        return WorkerPool(size, **options)
    return ForkedPool(size, connect=partial(connect, Path(os.environ[RUN_FOLDER])), **options)

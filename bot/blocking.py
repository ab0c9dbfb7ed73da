"""Run blocking work on threads of our own.

The event loop's default executor cannot be used: the durable engine replaces it while the service runs, and shuts it down
with itself.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

P = ParamSpec("P")
R = TypeVar("R")

MAX_THREADS = 8  # of one loop; what is asked beyond that waits in line

# A loop that is gone takes its threads with it: nothing is left to the next loop of the process.
_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, ThreadPoolExecutor] = WeakKeyDictionary()


async def run_blocking(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Return ``function(*args, **kwargs)``, computed on a thread in a copy of the caller's context.

    ``function`` must not wait for another call of this: both may be in the same queue. A cancelled call still runs to its end.
    """
    loop = asyncio.get_running_loop()
    pool = _pools.get(loop)
    if pool is None:
        pool = _pools[loop] = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="blocking")
    context = contextvars.copy_context()
    return await loop.run_in_executor(pool, partial(context.run, function, *args, **kwargs))


def end_threads() -> None:
    """End the threads of the running loop once they have done what was asked; a later call begins new ones."""
    if pool := _pools.pop(asyncio.get_running_loop(), None):
        pool.shutdown(wait=False)

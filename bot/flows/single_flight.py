"""Do equal work once: many channels ask for the same briefing at the same minute."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from cachetools import LRUCache

V = TypeVar("V")


class SingleFlight(Generic[V]):
    """The newest ``size`` results by key; a caller waits for a result that is being made."""

    def __init__(self, size: int) -> None:
        self._made: LRUCache[str, asyncio.Future[V]] = LRUCache(size)

    def clear(self) -> None:
        """Drop every result; one that is being made goes only to its caller."""
        self._made.clear()

    def __len__(self) -> int:
        """Return how many results are kept or being made."""
        return len(self._made)

    def drop(self, key: str) -> None:
        """Drop the result for ``key``: the next caller makes it again."""
        self._made.pop(key, None)

    async def get(self, key: str, make: Callable[[], Awaitable[V]]) -> V:
        """Return the result for ``key``, made by ``make`` if there is none; a failure is not shared."""
        while (known := self._made.get(key)) is not None:
            if known.done():
                return known.result()
            try:
                return await asyncio.shield(known)
            except asyncio.CancelledError:
                if not known.cancelled():
                    raise  # it is we who were cancelled
            except Exception:  # noqa: BLE001, S110 - the first caller reports the error; this one tries again
                pass
        future: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._made[key] = future
        try:
            result = await make()
        except BaseException as error:
            self._drop(key, future)
            if isinstance(error, Exception):
                future.set_exception(error)
                future.exception()  # looked at: it is raised here
            else:
                future.cancel()
            raise
        future.set_result(result)
        return result

    def _drop(self, key: str, future: asyncio.Future[V]) -> None:
        if self._made.get(key) is future:
            del self._made[key]

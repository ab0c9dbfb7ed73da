"""Slots that calls acquire and release; if none is free, they wait in line, urgent ones first."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Slots:
    """``size`` slots of one event loop."""

    def __init__(self, size: int) -> None:
        self._free = size
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def taken(self, *, urgent: bool = False) -> AsyncIterator[None]:
        """Hold a slot during the block; wait if none is free."""
        await self._take(urgent=urgent)
        try:
            yield
        finally:
            self._give_back()

    async def _take(self, *, urgent: bool) -> None:
        if self._free:
            self._free -= 1
            return
        given = asyncio.get_running_loop().create_future()
        (self._urgent if urgent else self._others).append(given)
        try:
            await given
        except asyncio.CancelledError:
            if not given.cancelled():  # it was given to us in that very moment
                self._give_back()
            raise

    def _give_back(self) -> None:
        for line in (self._urgent, self._others):
            while line:
                given = line.popleft()
                if not given.done():  # a caller that was cancelled no longer waits
                    given.set_result(None)
                    return
        self._free += 1

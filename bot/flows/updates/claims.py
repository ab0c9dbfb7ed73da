"""Read each story once at a time in this process: who comes second waits, and finds what the first has kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from bot.model.scope import Scope


class StoryClaims:
    """The stories that are being read. Processes that share a database may read one twice; the first kept update stays."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[str, Scope], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, story_id: str, scope: Scope) -> AsyncIterator[None]:
        """Hold the story for one reading in ``scope``."""
        lock = self._locks.setdefault((story_id, scope), asyncio.Lock())
        async with lock:
            yield

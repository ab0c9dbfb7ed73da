"""Read each story only once at a time in a scope: a second reader waits, and uses the result of the first.

this process: a lock      processes that share a database: a lease, renewed while the story is read, over soon after its holder died
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from weakref import WeakValueDictionary

from bot.model.ids import derive_id
from bot.model.scope import Scope
from bot.store.running.notices import Leases

CLAIM_DURATION = timedelta(seconds=30)
ASK_AGAIN_SECONDS = 0.25  # seconds between checks whether another process has ended its reading
CLAIM_PREFIX = "reading "  # before the name of a claim among the leases


def _present() -> datetime:
    return datetime.now(UTC)


class StoryClaims:
    """The stories that are being read, here and, with ``leases``, by all processes that share the database.

    If two read one all the same, because a clock was changed, the first stored update stays.
    """

    def __init__(self, leases: Leases | None = None, *, now: Callable[[], datetime] = _present) -> None:
        self._locks: WeakValueDictionary[tuple[str, Scope], asyncio.Lock] = WeakValueDictionary()
        self._leases = leases
        self._now = now
        self._holder = uuid.uuid4().hex

    @asynccontextmanager
    async def hold(self, story_id: str, scope: Scope) -> AsyncIterator[None]:
        """Hold the story for one reading in ``scope``, as soon as it is free."""
        lock = self._locks.setdefault((story_id, scope), asyncio.Lock())
        async with lock:
            if self._leases is None:
                yield
                return
            async with self._lease(self._leases, claim_name(story_id, scope)):
                yield

    @asynccontextmanager
    async def _lease(self, leases: Leases, name: str) -> AsyncIterator[None]:
        while True:
            async with leases.hold(name, holder=self._holder, now=self._now, lasting=CLAIM_DURATION) as held:
                if held:
                    yield
                    return
            await asyncio.sleep(ASK_AGAIN_SECONDS)


def claim_name(story_id: str, scope: Scope) -> str:
    """Return the name of a claim's lease; it contains no id of a channel, because leases are not deleted with a channel."""
    return f"{CLAIM_PREFIX}{derive_id('cla', story_id, *scope.parts)}"

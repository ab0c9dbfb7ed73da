"""Read each story only once at a time in a scope: a second reader waits, and uses the result of the first.

this process: a lock      processes that share a database: a lease, renewed while the story is read, over soon after its holder died
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from weakref import WeakValueDictionary

from bot.errors import StoreError
from bot.model.ids import derive_id
from bot.model.scope import Scope
from bot.store.running.notices import Leases

CLAIM_DURATION = timedelta(seconds=30)
CLAIM_RENEWAL_SECONDS = 8.0
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
        while not await self._acquire(leases, name):  # noqa: ASYNC110 - the store is asked
            await asyncio.sleep(ASK_AGAIN_SECONDS)
        renewing = asyncio.create_task(self._renew(leases, name))
        try:
            yield
        finally:
            renewing.cancel()
            # Shielded, as below: a reading that is stopped twice would leave its story claimed until that runs out.
            await asyncio.shield(asyncio.ensure_future(self._release(leases, name)))

    async def _acquire(self, leases: Leases, name: str) -> bool:
        """Ask for the lease; where the reading is stopped meanwhile, give back what comes."""
        asked = asyncio.ensure_future(
            leases.acquire(name, holder=self._holder, now=self._now(), lasting=CLAIM_DURATION)
        )
        try:
            return await asyncio.shield(asked)
        except asyncio.CancelledError:
            await asyncio.shield(asyncio.ensure_future(self._give_back(asked, leases, name)))
            raise

    async def _give_back(self, asked: asyncio.Future[bool], leases: Leases, name: str) -> None:
        with suppress(StoreError):
            if await asked:
                await leases.release(name, holder=self._holder)

    async def _release(self, leases: Leases, name: str) -> None:
        with suppress(StoreError):  # it runs out by itself
            await leases.release(name, holder=self._holder)

    async def _renew(self, leases: Leases, name: str) -> None:
        while True:
            await asyncio.sleep(CLAIM_RENEWAL_SECONDS)
            with suppress(StoreError):
                await leases.renew(name, holder=self._holder, now=self._now(), lasting=CLAIM_DURATION)


def claim_name(story_id: str, scope: Scope) -> str:
    """Return the name of a claim's lease; it contains no id of a channel, because leases are not deleted with a channel."""
    return f"{CLAIM_PREFIX}{derive_id('cla', story_id, *scope.parts)}"

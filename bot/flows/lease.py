"""Hold a lease during work that only one process may do at a time."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from bot.errors import LostLease, StoreError
from bot.store.running.notices import Leases

WORK_LEASE_DURATION = timedelta(seconds=60)


@asynccontextmanager
async def hold_lease(
    leases: Leases, name: str, *, now: Callable[[], datetime]
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Hold the lease ``name`` and yield a check: it raises ``LostLease`` once another has taken it.

    Raises ``LostLease`` at once while another process holds it.
    """
    holder = uuid.uuid4().hex
    if not await leases.acquire(name, holder=holder, now=now(), lasting=WORK_LEASE_DURATION):
        raise LostLease(
            f"Another process is doing this: {name}", hint="Wait until it has ended, or try again in a minute"
        )

    async def check() -> None:
        if not await leases.renew(name, holder=holder, now=now(), lasting=WORK_LEASE_DURATION):
            raise LostLease(f"Another process has taken over: {name}")

    async def keep() -> None:
        while True:
            await asyncio.sleep(WORK_LEASE_DURATION.total_seconds() / 4)
            with suppress(LostLease, StoreError):  # the check says it where it matters
                await check()

    keeping = asyncio.create_task(keep())
    try:
        yield check
    finally:
        keeping.cancel()
        with suppress(StoreError):  # it runs out by itself
            await leases.release(name, holder=holder)

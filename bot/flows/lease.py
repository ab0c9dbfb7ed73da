"""Hold a lease during work that only one process may do at a time."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.errors import LostLease
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

    async def check() -> None:
        if not await leases.renew(name, holder=holder, now=now(), lasting=WORK_LEASE_DURATION):
            raise LostLease(f"Another process has taken over: {name}")

    async with leases.hold(name, holder=holder, now=now, lasting=WORK_LEASE_DURATION) as held:
        if not held:
            raise LostLease(
                f"Another process is doing this: {name}",
                hint="Wait until it has ended, or try again in a minute",
            )
        yield check

"""What a broken destination answers, for ever: the same faults on every loopback platform."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from aiohttp import web

FAULTS = ("500", "hang", "reset", "429", "slow")
SLOW = 4.0  # seconds until a slow destination answers: it takes the message all the same
HANG = 3600.0


@dataclass(slots=True, kw_only=True)
class Broken:
    """Which destinations are broken, and how often each was called, look-ups included."""

    faults: dict[str, str] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    retry_after: float = 600.0  # what a busy one asks for
    slow: float = SLOW

    async def answer(self, name: str, request: web.Request) -> web.Response | None:
        """Return what the destination ``name`` answers; None where it does what it is asked."""
        fault = self.faults.get(name)
        if fault is None:
            return None
        self.calls[name] += 1
        if fault == "slow":
            await asyncio.sleep(self.slow)
            return None
        if fault == "hang":
            await asyncio.sleep(HANG)
        if fault == "429":
            headers = {"Retry-After": f"{self.retry_after:g}", "Via": "1.1 google"}
            data = {"ok": False, "error": "ratelimited", "retry_after": self.retry_after, "global": False}
            return web.json_response(data, status=429, headers=headers)
        if fault == "reset" and request.transport:
            request.transport.abort()
        return web.Response(status=500, text="upstream")

"""Wait together: when a platform says that it is busy, all callers wait, and then start again one by one."""

from __future__ import annotations

import asyncio
import time


class Pace:
    """One platform's pace; callers ask for a ``turn`` before each call."""

    def __init__(self) -> None:
        self._until = 0.0

    async def turn(self) -> None:
        """Return when calls may be made."""
        while (wait := self._until - time.monotonic()) > 0:  # noqa: ASYNC110 - it may have grown meanwhile
            await asyncio.sleep(wait)

    def back_off(self, seconds: float) -> None:
        """Let no call be made for ``seconds``."""
        self._until = max(self._until, time.monotonic() + seconds)

"""Wait together: when a platform says that it is busy, all callers wait, and then start again one by one."""

from __future__ import annotations

import asyncio
import time

MOST_PLACES = 10_000  # remembered; places that may be posted to at once are dropped first


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


class PlacePace:
    """The pace of many places on one platform: each takes one message in ``every`` seconds."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._next: dict[str, float] = {}

    async def turn(self, place: str) -> None:
        """Return when it is the caller's turn to post in ``place``; turns are given in the order they are asked for."""
        now = time.monotonic()
        if len(self._next) >= MOST_PLACES:
            self._next = {name: at for name, at in self._next.items() if at > now}
        mine = max(now, self._next.get(place, 0.0))
        self._next[place] = mine + self._every
        if mine > now:
            await asyncio.sleep(mine - now)

    def back_off(self, place: str, seconds: float) -> None:
        """Let nothing be posted in ``place`` for ``seconds``."""
        self._next[place] = max(self._next.get(place, 0.0), time.monotonic() + seconds)

"""Keep a platform's rate limits: a caller takes a turn, or learns how long to wait.

Only the two ``wait`` methods and ``wait_for_rate_limit`` wait: a delivery gives its queue slot to others
while it waits.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from cachetools import TLRUCache

from bot.errors import DeliveryReason, PostRefused
from bot.model.chat import Channel
from bot.ports import Chat

# Seconds that are waited for within a call; longer ones are for another time.
MAX_RATE_LIMIT_WAIT_SECONDS = 30.0
MAX_CHANNELS = 10_000  # channels kept; those without a wait are dropped first, then the least recently used
MAX_WORKSPACES = 10_000  # workspaces kept; the least recently used are dropped first

Clock = Callable[[], float]
"""Seconds on a monotonic clock."""


class RateLimit:
    """The rate limit of one platform, workspace or receiver, shared by all calls."""

    def __init__(self, *, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._until = 0.0

    def remaining(self) -> float:
        """Return the seconds until calls may be made, 0 for now."""
        return max(0.0, self._until - self._clock())

    async def wait(self) -> None:
        """Return when calls may be made."""
        while (wait := self.remaining()) > 0:  # noqa: ASYNC110 - it may have grown
            await asyncio.sleep(wait)

    def back_off(self, seconds: float) -> None:
        """Block all calls for ``seconds``."""
        self._until = max(self._until, self._clock() + seconds)


class ChannelRateLimits:
    """The rate limits of many channels of one platform: one message in ``every`` seconds each."""

    def __init__(self, every: float, *, clock: Clock = time.monotonic) -> None:
        self._every = every
        self._clock = clock
        # A channel is known by when its next turn is, and only until then.
        self._next: TLRUCache[str, float] = TLRUCache(MAX_CHANNELS, lambda _, at, _now: at, timer=clock)

    def take(self, channel: str) -> float:
        """Take the turn to post in ``channel`` and return 0, or return the seconds until there is one."""
        now = self._clock()
        if (wait := self._next.get(channel, 0.0) - now) > 0:
            return wait
        self._next[channel] = now + self._every
        return 0.0

    async def wait(self, channel: str) -> None:
        """Return when the turn to post in ``channel`` was taken."""
        while (wait := self.take(channel)) > 0:  # noqa: ASYNC110 - it may have grown
            await asyncio.sleep(wait)

    def back_off(self, channel: str, seconds: float) -> None:
        """Block posts in ``channel`` for ``seconds``."""
        self._next[channel] = max(self._next.get(channel, 0.0), self._clock() + seconds)


async def wait_for_rate_limit(chat: Chat, channel: Channel) -> None:
    """Return when a call for ``channel`` may be made, and its turn was taken; raises ``PostRefused`` for a long wait."""
    while (wait := chat.rate_limit_wait(channel)) > 0:
        if wait > MAX_RATE_LIMIT_WAIT_SECONDS:
            raise PostRefused(
                f"{channel.platform} asks to wait for {wait:.0f} s",
                reason=DeliveryReason.RATE_LIMITED,
                retry_after=wait,
            )
        await asyncio.sleep(wait)

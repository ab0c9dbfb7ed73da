"""Find the rate that a server takes from its refusals, for many channels behind one address.

Posts are slowed down by a tenth at a refusal, and sped up at each accepted one, the more the longer none was refused. So the server
is hardly ever idle, and of four calls about one is refused: without this, each message was refused ten times where seven
thousand waited for one server. While nothing is refused there is no limit.
"""

from __future__ import annotations

import time
from collections.abc import Callable

FIRST_POSTS_PER_SECOND = 1000.0  # posts a second after the first refusal; beyond there is no limit
MIN_POSTS_PER_SECOND = 1.0  # posts a second; a server that takes less asks each channel to wait
REFUSAL_FACTOR = 0.9  # of the rate, at a refusal
REPEATED_REFUSAL_FACTOR = 0.8  # at one after which none was accepted since the one before
MORE_POSTS_PER_SECOND = 0.1  # posts a second, for each post accepted since the last refusal
MAX_TURN_WAIT_SECONDS = 1.0
SHARE_OF_WAIT = 0.75  # after which a channel asks again: the rate may have grown by then
MIN_TURN_WAIT_SECONDS = 0.05
CLOCK_RESOLUTION_SECONDS = 0.001  # what is shorter is no wait
CATCH_UP_SECONDS = 0.2  # seconds of turns that nobody took and that are made up for
MAX_TURN_DELAY_SECONDS = 1.0  # after its time, from which a channel in the line is not waited for


class AdaptiveRateLimit:
    """The rate at which one server accepts posts, and the line of the channels that wait for a turn."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rate = 0.0  # posts a second, 0 for no limit
        self._run = 0  # posts accepted since the last refusal
        self._slowed = 0.0  # when the rate was decreased last
        self._next = 0.0  # when the next turn is
        self._line: dict[str, float] = {}  # until when each channel waits, in order
        self._called: dict[str, float] = {}  # when each channel that has no answer yet took its turn
        self._refused: set[str] = set()  # channels that were refused and not accepted since

    def take(self, channel: str) -> float:
        """Take a turn for ``channel`` and return 0, or return the seconds until it should ask again; its place in the line is kept."""
        now = self._clock()
        if self._rate:
            self._line = {
                one: until for one, until in self._line.items() if now - until < MAX_TURN_DELAY_SECONDS
            }
            self._line.setdefault(channel, now)
            wait = self._next - now + list(self._line).index(channel) / self._rate
            if wait > CLOCK_RESOLUTION_SECONDS:
                wait = min(MAX_TURN_WAIT_SECONDS, max(MIN_TURN_WAIT_SECONDS, SHARE_OF_WAIT * wait))
                self._line[channel] = now + wait
                return wait
            self._next = max(self._next, now - CATCH_UP_SECONDS) + 1 / self._rate
        self._line.pop(channel, None)
        self._called[channel] = now
        return 0.0

    def accepted(self, channel: str) -> None:
        """Learn that a post to ``channel`` was accepted."""
        self._called.pop(channel, None)
        self._refused.discard(channel)
        self._run += 1
        self._rate += MORE_POSTS_PER_SECOND * self._run if self._rate else 0.0
        if self._rate > FIRST_POSTS_PER_SECOND:
            self._rate = 0.0

    def refused(self, channel: str) -> None:
        """Learn that a post to ``channel`` was refused; one that is refused again may have a limit of its own."""
        called, now = self._called.pop(channel, 0.0), self._clock()
        if channel in self._refused or called < self._slowed:
            return  # or it went at a rate that is given up already
        decrease = REFUSAL_FACTOR if self._run else REPEATED_REFUSAL_FACTOR
        self._rate = max(MIN_POSTS_PER_SECOND, decrease * (self._rate or FIRST_POSTS_PER_SECOND))
        self._refused.add(channel)
        self._run, self._slowed = 0, now

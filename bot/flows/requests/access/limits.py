"""Limits of requests: token buckets that are given the time. Pure but for their state.

request ──▶ bucket of the person ─ of the channel ─ of the workspace ──▶ 0 s, or how long to wait
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from weakref import WeakValueDictionary

from cachetools import FIFOCache, LRUCache

from bot.config import Limits
from bot.language.locale.en import counted

MAX_BUCKETS = 20_000  # buckets kept; the least recently used one is the fullest, and is dropped
MINUTE_SECONDS = 60.0


@dataclass(slots=True)
class Bucket:
    """The rest of ``size`` requests a minute, as of ``at`` seconds."""

    size: int
    left: float
    at: float

    def fill(self, now: float) -> None:
        """Add the requests of the time since; a clock that goes backwards adds nothing, and is followed if it was set back."""
        self.left = min(self.size, self.left + max(0.0, now - self.at) * self.size / MINUTE_SECONDS)
        self.at = now if self.at - now > MINUTE_SECONDS else max(self.at, now)

    @property
    def wait(self) -> float:
        """Seconds until one request is free."""
        return 0.0 if self.left >= 1 else (1 - self.left) * MINUTE_SECONDS / self.size


@dataclass(slots=True, kw_only=True)
class Buckets:
    """The buckets of all people, channels and workspaces that asked lately."""

    limits: Limits
    _known: LRUCache[str, Bucket] = field(default_factory=lambda: LRUCache(MAX_BUCKETS))

    def take(self, *, user: str, channel: str, workspace: str, now: float, pressed: bool = False) -> float:
        """Take one request from each bucket, or from none: return 0, or the seconds until all have one.

        Presses of buttons have separate buckets of the same size and use up no questions.
        """
        kind = "pressed " if pressed else ""
        sizes = (
            (f"{kind}user {workspace} {user}", self.limits.user_per_minute),
            (f"{kind}channel {channel}", self.limits.channel_per_minute),
            (f"{kind}workspace {workspace}", self.limits.workspace_per_minute),
        )
        buckets = [self._bucket(name, size, now) for name, size in sizes]
        wait = max(bucket.wait for bucket in buckets)
        if not wait:
            for bucket in buckets:
                bucket.left -= 1
        return wait

    def _bucket(self, name: str, size: int, now: float) -> Bucket:
        bucket = self._known.setdefault(name, Bucket(size, size, now))
        bucket.fill(now)
        return bucket


@dataclass(slots=True)
class Recent:
    """The last request ids, so that a repeated one is recognised without the store."""

    most: int = 10_000
    _ids: FIFOCache[str, None] = field(init=False)

    def __post_init__(self) -> None:
        """Make room for ``most`` ids."""
        self._ids = FIFOCache(self.most)

    def first(self, name: str) -> bool:
        """Remember ``name``; return False if it was seen before."""
        if name in self._ids:
            return False
        self._ids[name] = None
        return True


@dataclass(slots=True)
class Turns:
    """Locks by name: actions of two people in one place run one after the other."""

    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def of(self, name: str) -> asyncio.Lock:
        """Return the lock of ``name``; it lasts as long as somebody holds it or waits for it."""
        return self._locks.setdefault(name, asyncio.Lock())


@dataclass(slots=True)
class Pauses:
    """Pauses by name: an action may be repeated only after a while."""

    lasting: float  # seconds
    most: int = 10_000
    _until: LRUCache[str, float] = field(init=False)

    def __post_init__(self) -> None:
        """Make room for ``most`` names."""
        self._until = LRUCache(self.most)

    def begin(self, name: str, *, now: float) -> float:
        """Begin the pause of ``name`` and return 0, or the remaining seconds of the present pause."""
        left = self._until.get(name, now) - now
        if 0 < left <= self.lasting:
            return left
        self._until[name] = now + self.lasting
        return 0.0


def in_words(seconds: float) -> str:
    """Return a wait as people say it, rounded up: "20 seconds", "3 minutes", "5 hours"."""
    for size, one in _UNITS:
        if seconds > size or one == "second":
            return counted(max(1, -int(-seconds // size)), one)
    raise AssertionError(seconds)


_UNITS: Iterable[tuple[int, str]] = (
    (int(timedelta(hours=1).total_seconds()), "hour"),
    (int(MINUTE_SECONDS), "minute"),
    (1, "second"),
)

"""Log the refusals of a channel at a limited rate: the first at once, the next at growing intervals."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from cachetools import LRUCache

FIRST_DISTANCE_SECONDS = 60.0  # seconds between the first line and the second
MAX_DISTANCE_SECONDS = 3600.0
MAX_KEYS = 2000  # destinations and reasons remembered

_log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class _Line:
    at: float
    distance: float
    suppressed: int = 0


class FailureLog:
    """Logs one line for each destination and reason, then at growing intervals, each with the number of omitted lines."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lines: LRUCache[tuple[str, str], _Line] = LRUCache(MAX_KEYS)

    def warn(self, event: str, *, reason: str, channel: str = "", **more: object) -> None:
        """Log ``event``, about ``channel`` if given, unless the same was logged shortly before."""
        suppressed = self.admit(channel, f"{event} {reason}")
        if suppressed is not None:
            left_out = {"suppressed": suppressed} if suppressed else {}
            about = {"channel": channel} if channel else {}
            _log.warning(event, **about, reason=reason, **more, **left_out)

    def admit(self, channel: str, reason: str) -> int | None:
        """Return how many lines were omitted since the last one; None if this one is omitted too."""
        now, key = self._clock(), (channel, reason)
        line = self._lines.get(key)
        if line is None or now - line.at > 2 * max(line.distance, MAX_DISTANCE_SECONDS):
            self._lines[key] = _Line(at=now, distance=FIRST_DISTANCE_SECONDS)
            return 0
        if now - line.at < line.distance:
            line.suppressed += 1
            return None
        suppressed, line.suppressed = line.suppressed, 0
        line.at, line.distance = now, min(MAX_DISTANCE_SECONDS, 2 * line.distance)
        return suppressed

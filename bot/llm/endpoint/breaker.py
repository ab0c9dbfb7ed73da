"""A circuit breaker: after consecutive failures an endpoint is not called for a while, then tried once. Pure."""

from __future__ import annotations

from collections.abc import Callable

MAX_FAILURES = 4  # consecutive failures after which the endpoint is not called


class Breaker:
    """A circuit breaker; ``clock`` is monotonic, in seconds; the endpoint is not called for ``rest`` seconds."""

    def __init__(self, *, clock: Callable[[], float], rest: float) -> None:
        self._clock = clock
        self._rest = rest
        self._failures = 0
        self._opened: float | None = None
        self.why = ""  # the last failure, in words

    @property
    def wait(self) -> float:
        """Seconds until the endpoint may be tried again; 0 when it may be now."""
        if self._opened is None:
            return 0.0
        return max(0.0, self._opened + self._rest - self._clock())

    def succeeded(self) -> None:
        """Record a success."""
        self._failures, self._opened = 0, None

    def failed(self, why: str) -> None:
        """Record a failure; after the rest, one trial call decides."""
        self.why = why
        self._failures += 1
        if self._failures >= MAX_FAILURES or self._opened is not None:
            self._opened = self._clock()

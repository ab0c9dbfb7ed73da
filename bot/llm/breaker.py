"""A circuit breaker: after failures in a row an endpoint is left alone for a while, then tried once. Pure."""

from __future__ import annotations

from collections.abc import Callable

MAX_FAILURES = 4  # in a row, until the endpoint is left alone
OPEN_SECONDS = 30.0  # seconds it is left alone


class Breaker:
    """Counts failures; ``clock`` gives seconds that only grow."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._opened: float | None = None

    @property
    def wait(self) -> float:
        """Seconds until the endpoint may be tried again; 0 when it may be now."""
        if self._opened is None:
            return 0.0
        return max(0.0, self._opened + OPEN_SECONDS - self._clock())

    def succeeded(self) -> None:
        """Note that the endpoint answered."""
        self._failures, self._opened = 0, None

    def failed(self) -> None:
        """Note that it did not; the call that tries it again after its rest decides alone."""
        self._failures += 1
        if self._failures >= MAX_FAILURES or self._opened is not None:
            self._opened = self._clock()

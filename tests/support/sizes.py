"""How much a test tries: what tells in the suite, and much more where TESTS_LARGE is set, as ``make fuzz`` does."""

from __future__ import annotations

import os

LARGE = "TESTS_LARGE" in os.environ


def sized(suite: int, large: int) -> int:
    """Return how many are tried in this run."""
    return large if LARGE else suite

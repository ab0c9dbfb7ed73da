"""What all tests share: a loop that reports blocking calls, and where the reference data lies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from blockbuster import BlockBuster, blockbuster_ctx

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True, scope="session")
def blocking_calls_in_the_loop_fail() -> Iterator[BlockBuster]:
    """Fail a test whose code blocks the event loop; opening a database and checking a configuration are let through."""
    with blockbuster_ctx("bot") as buster:
        for function in buster.functions.values():
            # Opening a database reads our own migration files, once, before anything else runs.
            function.can_block_in("bot/store/engine.py", {"open_database", "migrate", "_driver_url"})
            function.can_block_in("bot/config.py", {"_known_zone"})
        yield buster


@pytest.fixture
def data() -> Path:
    """Return the folder of the reference data; skips where it is absent."""
    folder = Path(os.environ.get("WIREBRIEF_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the reference data is not beside the project")
    return folder

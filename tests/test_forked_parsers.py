"""Parser processes that are forked are the program's own: they compute, are killed and replaced, and know no secret."""

from __future__ import annotations

import os
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.errors import WorkerKilled
from tests.forked_parsers import POSSIBLE, ForkedPool
from tests.once import RUN_FOLDER
from tests.preloaded_service import connect
from tests.processes import without_settings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not POSSIBLE, reason="this system cannot tell of a process whether it is still the same"
    ),
]


async def test_a_forked_parser_computes_is_killed_and_replaced_and_has_nothing_of_ours(monkeypatch):
    monkeypatch.setenv("SECRET", "sk-canary")
    service = partial(connect, Path(os.environ[RUN_FOLDER]), environment=without_settings())
    with closing(service()):  # it ends when nobody is connected
        async with ForkedPool(1, preload=("bot.feeds.document.parse",), connect=service) as pool:
            assert await pool.run(len, "four") == 4
            first, parent = await pool.run(os.getpid), await pool.run(os.getppid)
            assert parent != os.getpid()  # else it was started, not forked
            assert await pool.run(os.getenv, "SECRET") is None
            with pytest.raises(WorkerKilled):
                await pool.run(eval, "__import__('time').sleep(60)", deadline=0.1)
            assert await pool.run(os.getpid) != first
            assert await pool.run(os.getppid) == parent
            with pytest.raises(WorkerKilled):
                await pool.run(os._exit, 3)
            assert await pool.run(len, "four") == 4


async def test_where_nothing_is_there_to_fork_from_a_parser_is_started(tmp_path):
    async with ForkedPool(1, preload=(), connect=partial(connect, tmp_path)) as pool:
        assert await pool.run(os.getppid) == os.getpid()

"""Parser processes that are forked are the program's own: they compute, are killed and replaced, and know no secret."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.errors import WorkerKilled
from tests.support.running.forked_parsers import POSSIBLE, ForkedPool
from tests.support.running.once import RUN_FOLDER
from tests.support.running.preloaded_service import LENGTH, connect, receive
from tests.support.running.processes import without_settings

AMPLY = 300.0  # seconds: on a busy machine too
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
            assert await pool.run(len, "four", deadline=AMPLY) == 4
            first, parent = (
                await pool.run(os.getpid, deadline=AMPLY),
                await pool.run(os.getppid, deadline=AMPLY),
            )
            assert parent != os.getpid()  # else it was started, not forked
            assert await pool.run(os.getenv, "SECRET", deadline=AMPLY) is None
            with pytest.raises(WorkerKilled):
                await pool.run(eval, "__import__('time').sleep(60)", deadline=0.1)
            assert await pool.run(os.getpid, deadline=AMPLY) != first
            assert await pool.run(os.getppid, deadline=AMPLY) == parent
            with pytest.raises(WorkerKilled):
                await pool.run(os._exit, 3, deadline=AMPLY)
            assert await pool.run(len, "four", deadline=AMPLY) == 4


async def test_where_nothing_is_there_to_fork_from_a_parser_is_started(tmp_path):
    async with ForkedPool(1, preload=(), connect=partial(connect, tmp_path)) as pool:
        assert await pool.run(os.getppid, deadline=AMPLY) == os.getpid()


def test_a_caller_that_is_ended_amid_a_call_costs_itself_alone():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(LENGTH.pack(100) + b"half of it")
        ours.shutdown(socket.SHUT_WR)
        with pytest.raises(ConnectionResetError):
            receive(theirs)
        assert receive(theirs) is None

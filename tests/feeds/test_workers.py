"""Workers: a parser that hangs, dies or eats memory costs itself and nobody else."""

from __future__ import annotations

import asyncio
import operator
import os

import pytest

from bot.errors import ParseError, WorkerKilled
from bot.feeds.parse import parse_feed
from bot.feeds.workers import WorkerPool

pytestmark = pytest.mark.slow


@pytest.fixture
async def pool():
    async with WorkerPool(2) as running:
        yield running


async def test_calls_are_answered_side_by_side_by_living_workers(pool):
    assert await asyncio.gather(*(pool.run(operator.add, i, 1) for i in range(20))) == list(range(1, 21))


@pytest.mark.parametrize(
    ("call", "deadline"), [((operator.pow, 3, 10**8), 0.2), ((os._exit, 3), 5.0), ((bytearray, 10**11), 5.0)]
)
async def test_what_hangs_dies_or_eats_memory_is_ended_and_replaced(pool, call, deadline):
    with pytest.raises(WorkerKilled):
        await pool.run(*call, deadline=deadline)
    assert await pool.run(operator.add, 1, 1) == 2


async def test_an_error_meant_for_people_arrives_as_it_was(pool):
    with pytest.raises(ParseError) as caught:
        await pool.run(parse_feed, b"<html><body>x</body></html>", url="https://a.example/")
    assert caught.value.message == "The address gives a web page, not a feed"
    assert caught.value.hint


async def test_any_other_error_is_a_parse_error(pool):
    with pytest.raises(ParseError, match="could not be read"):
        await pool.run(operator.truediv, 1, 0)


async def test_a_cancelled_call_leaves_no_busy_worker(pool):
    task = asyncio.create_task(pool.run(operator.pow, 3, 10**8, deadline=60))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await pool.run(operator.add, 2, 2) == 4


async def test_closing_ends_every_process():
    async with WorkerPool(2) as pool:
        pids = set(await asyncio.gather(pool.run(os.getpid), pool.run(os.getpid)))
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

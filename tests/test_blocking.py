"""What blocks runs on threads of our own, bounded, and nothing else is used for it."""

from __future__ import annotations

import ast
import asyncio
import contextvars
import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot import blocking
from bot.blocking import MAX_THREADS, end_threads, run_blocking
from bot.config import Config, DatabaseSettings
from bot.runtime.compose import open_app

pytestmark = pytest.mark.slow

PACKAGE = Path(blocking.__file__).parent
place = contextvars.ContextVar("place", default="nowhere")


def thread_name(_number=0):
    return threading.current_thread().name


async def test_work_runs_on_our_own_threads_whatever_threads_the_loop_has():
    others = ThreadPoolExecutor(1, thread_name_prefix="others")
    asyncio.get_running_loop().set_default_executor(others)
    others.shutdown()  # as the durable engine does at its end
    assert (await run_blocking(thread_name)).startswith("blocking")


async def test_arguments_results_errors_and_context_pass():
    place.set("here")
    assert await run_blocking(place.get) == "here"
    assert await run_blocking(sorted, [2, 1, 3], reverse=True) == [3, 2, 1]
    with pytest.raises(ZeroDivisionError):
        await run_blocking(lambda: 1 // 0)


async def test_no_more_threads_are_begun_than_the_bound():
    names = await asyncio.gather(*(run_blocking(thread_name, number) for number in range(20 * MAX_THREADS)))
    assert len(set(names)) <= MAX_THREADS


async def test_what_was_asked_is_done_though_the_threads_are_ended_and_new_ones_begin():
    gate = threading.Event()
    waiting = [asyncio.ensure_future(run_blocking(gate.wait, 300.0)) for _ in range(2 * MAX_THREADS)]
    await asyncio.sleep(0)
    end_threads()
    later = await run_blocking(thread_name)
    gate.set()
    assert await asyncio.gather(*waiting) == [True] * (2 * MAX_THREADS)
    assert later.startswith("blocking")


def test_a_loop_leaves_no_threads_to_the_next():
    async def used():
        await run_blocking(thread_name)
        loop = asyncio.get_running_loop()
        return weakref.ref(loop), loop in blocking._pools, len(blocking._pools)

    with asyncio.Runner() as one:
        first, had_threads, before = one.run(used())
    assert had_threads
    with asyncio.Runner() as other:
        second, had_threads, after = other.run(used())
    assert had_threads
    assert after <= before + 1
    del one, other
    gc.collect()
    assert (first(), second()) == (None, None)


async def test_the_program_ends_its_threads_when_it_is_closed(tmp_path):
    async with open_app(Config(database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'wire.db'}"))):
        await run_blocking(thread_name)
        assert asyncio.get_running_loop() in blocking._pools
    assert asyncio.get_running_loop() not in blocking._pools


def others_threads(tree):
    """Yield the lines on which a module uses the loop's default threads."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and "to_thread" in {
            getattr(node, "attr", ""),
            getattr(node, "id", ""),
        }:
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and any(alias.name == "to_thread" for alias in node.names):
            yield node.lineno
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", "") == "run_in_executor"
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.lineno


def test_nothing_runs_on_the_loops_default_threads():
    found = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if any(name in (text := path.read_text("utf-8")) for name in ("to_thread", "run_in_executor"))
        for line in others_threads(ast.parse(text))
    ]
    assert not found


@pytest.mark.parametrize(
    "source", ["asyncio.to_thread(f)", "from asyncio import to_thread", "loop.run_in_executor(None, f)"]
)
def test_each_way_to_the_default_threads_is_seen(source):
    assert list(others_threads(ast.parse(source)))

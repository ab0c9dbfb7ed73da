"""Work that many ask for at once is done once, and its failure stays with the one who did it."""

from __future__ import annotations

import asyncio

import pytest

from bot.flows.single_flight import SingleFlight


async def test_those_who_ask_together_share_one_making() -> None:
    made: list[str] = []
    go = asyncio.Event()

    async def make() -> str:
        made.append("x")
        await go.wait()
        return f"result {len(made)}"

    memo: SingleFlight[str] = SingleFlight(4)
    asked = [asyncio.create_task(memo.get("k", make)) for _ in range(5)]
    await asyncio.sleep(0)
    go.set()
    assert await asyncio.gather(*asked) == ["result 1"] * 5
    assert await memo.get("k", make) == "result 1"
    assert await memo.get("other", make) == "result 2"


async def test_a_failure_is_nobody_elses() -> None:
    go = asyncio.Event()

    async def fail() -> str:
        await go.wait()
        raise ValueError("broken")

    async def work() -> str:
        return "whole"

    memo: SingleFlight[str] = SingleFlight(4)
    first = asyncio.create_task(memo.get("k", fail))
    await asyncio.sleep(0)
    second = asyncio.create_task(memo.get("k", work))
    await asyncio.sleep(0)
    go.set()
    with pytest.raises(ValueError, match="broken"):
        await first
    assert await second == "whole"


async def test_whoever_is_cancelled_leaves_the_work_to_the_next() -> None:
    async def never() -> str:
        await asyncio.Event().wait()
        return "never"

    async def work() -> str:
        return "whole"

    memo: SingleFlight[str] = SingleFlight(4)
    first = asyncio.create_task(memo.get("k", never))
    await asyncio.sleep(0)
    waiting = asyncio.create_task(memo.get("k", work))
    impatient = asyncio.create_task(memo.get("k", work))
    await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await waiting == "whole"


async def test_only_the_newest_are_kept() -> None:
    made: list[str] = []
    memo: SingleFlight[str] = SingleFlight(2)

    for key in ("a", "b", "a", "c", "a", "b"):

        async def make(key: str = key) -> str:
            made.append(key)
            return key

        assert await memo.get(key, make) == key
    assert made == ["a", "b", "c", "b"]

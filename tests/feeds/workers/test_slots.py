"""Slots of parser processes: urgent calls come first, and none is lost."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.feeds.workers.slots import Slots


async def test_urgent_calls_are_served_before_those_that_wait_longer():
    slots, served = Slots(1), []

    async def call(name, *, urgent):
        async with slots.taken(urgent=urgent):
            served.append(name)

    async with slots.taken():
        calls = [
            asyncio.ensure_future(call(name, urgent=name.isupper())) for name in ("a", "b", "A", "c", "B")
        ]
        await asyncio.sleep(0)
        assert served == []
    await asyncio.gather(*calls)
    assert served == ["A", "B", "a", "b", "c"]


async def test_no_more_calls_are_served_at_once_than_there_are_slots():
    slots, working, most = Slots(2), 0, 0

    async def call():
        nonlocal working, most
        async with slots.taken():
            working += 1
            most = max(most, working)
            await asyncio.sleep(0)
            working -= 1

    await asyncio.gather(*(call() for _ in range(7)))
    assert most == 2


async def test_a_call_that_is_cancelled_gives_its_slot_to_the_next():
    slots, served = Slots(1), []

    async def call(name):
        async with slots.taken():
            served.append(name)

    async with slots.taken():
        waiting, given, last = (asyncio.ensure_future(call(name)) for name in ("waiting", "given", "last"))
        await asyncio.sleep(0)
        waiting.cancel()
    given.cancel()  # it was given the slot, and has not run yet
    for cancelled in (waiting, given):
        with suppress(asyncio.CancelledError):
            await cancelled
    await last
    async with slots.taken():
        assert served == ["last"]

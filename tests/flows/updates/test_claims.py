"""A story is read by one at a time, in this process and in all that share its database."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.flows.updates.claims import CLAIM_DURATION, StoryClaims, claim_name
from bot.model.scope import SHARED, Scope, Visibility
from bot.store import open_store
from bot.store.running.notices import Leases

pytestmark = pytest.mark.slow
NOW = datetime(2031, 3, 10, 7, tzinfo=UTC)
OWN = Scope(workspace="T1", channel="slack:T1/C1", visibility=Visibility.CHANNEL)


@pytest.fixture
async def store(engine_url):
    async with open_store(engine_url) as opened:
        yield opened


class WatchedLeases:
    """The store's leases, which say when one was refused."""

    def __init__(self, leases):
        self.leases, self.refused = leases, asyncio.Event()

    @asynccontextmanager
    async def hold(self, name, **asked):
        async with self.leases.hold(name, **asked) as held:
            if not held:
                self.refused.set()
            yield held


def claims(store, now=NOW):
    return StoryClaims(WatchedLeases(store.leases), now=lambda: now)


async def held(one, *what):
    """Tell whether ``one`` gets ``what``; False once it was refused, or waits for another of its own process."""
    lock, refused = one._locks.get(what), one._leases.refused
    refused.clear()

    async def take():
        async with one.hold(*what):
            return True

    taking = asyncio.create_task(take())
    if lock and lock.locked():
        await asyncio.sleep(0)
        refused.set()
    told = asyncio.create_task(refused.wait())
    async with asyncio.timeout(300):
        await asyncio.wait({taking, told}, return_when=asyncio.FIRST_COMPLETED)
    got = taking.done() and taking.result()
    for task in (taking, told):
        task.cancel()
    await asyncio.gather(taking, told, return_exceptions=True)
    return got


async def test_rule_8_two_processes_never_read_a_story_in_one_scope_at_the_same_time(store):
    mine, other = claims(store), claims(store)
    async with mine.hold("sto-a", SHARED):
        assert not await held(other, "sto-a", SHARED)
        assert not await held(mine, "sto-a", SHARED)
        assert await held(other, "sto-a", OWN)
        assert await held(other, "sto-b", SHARED)
    assert await held(other, "sto-a", SHARED)


async def test_rule_8_the_claim_of_a_process_that_died_runs_out(store):
    name = claim_name("sto-a", SHARED)
    assert await store.leases.acquire(name, holder="dead", now=NOW, lasting=CLAIM_DURATION)
    assert not await held(claims(store, NOW + CLAIM_DURATION - timedelta(seconds=1)), "sto-a", SHARED)
    assert await held(claims(store, NOW + CLAIM_DURATION), "sto-a", SHARED)


async def test_a_claim_is_given_back_also_where_the_reading_fails_or_is_cut_off(store):
    for error in (ValueError, asyncio.CancelledError):
        with pytest.raises(error):
            async with claims(store).hold("sto-a", SHARED):
                raise error
        assert await held(claims(store), "sto-a", SHARED)


def test_a_claim_names_no_channel():
    assert "C1" not in claim_name("sto-a", OWN)
    assert claim_name("sto-a", OWN) != claim_name("sto-a", SHARED)


class SlowLeases(Leases):
    """Leases whose answers come when the test lets them."""

    def __init__(self):
        self.held = set()
        self.asked, self.answer = asyncio.Event(), asyncio.Event()

    async def _wait(self):
        self.asked.set()
        await self.answer.wait()

    async def acquire(self, name, *, holder, now, lasting):
        self.held.add((name, holder))
        await self._wait()  # it is given before whoever asks knows
        return True

    async def release(self, name, *, holder):
        await self._wait()
        self.held.discard((name, holder))


async def test_a_reading_that_is_stopped_while_it_asks_leaves_nothing_claimed():
    leases = SlowLeases()
    claims = StoryClaims(leases)

    async def read():
        async with claims.hold("sto-a", SHARED):
            pytest.fail("it was stopped")

    reading = asyncio.create_task(read())
    await leases.asked.wait()
    reading.cancel()
    await asyncio.sleep(0)
    leases.answer.set()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert leases.held == set()


async def test_a_reading_that_is_stopped_twice_leaves_nothing_claimed():
    leases, inside = SlowLeases(), asyncio.Event()
    claims = StoryClaims(leases)
    leases.answer.set()

    async def read():
        async with claims.hold("sto-a", SHARED):
            inside.set()
            await asyncio.Event().wait()

    reading = asyncio.create_task(read())
    await inside.wait()
    leases.answer.clear()
    leases.asked.clear()
    reading.cancel()
    await leases.asked.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    leases.answer.set()
    async with asyncio.timeout(300):
        while leases.held:  # noqa: ASYNC110 - it is given back behind the reading's back
            await asyncio.sleep(0)

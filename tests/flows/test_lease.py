"""Work that only one process may do: a second one is refused, and who lost the lease learns it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import LostLease, StoreError
from bot.flows import lease
from bot.flows.lease import WORK_LEASE_DURATION, hold_lease
from bot.store import open_store
from bot.store.running.notices import Leases

pytestmark = pytest.mark.slow
NOW = datetime(2031, 3, 10, 7, tzinfo=UTC)


@pytest.fixture
async def leases():
    async with open_store("sqlite:///") as store:
        yield store.leases


def at(moment):
    return lambda: moment


async def test_while_it_is_held_another_is_refused_and_afterwards_not(leases):
    async with hold_lease(leases, "ingest", now=at(NOW)) as check:
        await check()
        with pytest.raises(LostLease, match="Another process is doing this: ingest"):
            async with hold_lease(leases, "ingest", now=at(NOW)):
                pytest.fail("two hold it")
        async with hold_lease(leases, "retention", now=at(NOW)) as other:
            await other()
    async with hold_lease(leases, "ingest", now=at(NOW)) as check:
        await check()


async def test_work_that_fails_releases_it(leases):
    with pytest.raises(ZeroDivisionError):
        async with hold_lease(leases, "ingest", now=at(NOW)):
            raise ZeroDivisionError
    assert await leases.taken("ingest", now=NOW) is None


async def test_who_slept_longer_than_it_lasts_learns_that_another_has_it_and_leaves_it_alone(leases):
    later = NOW + WORK_LEASE_DURATION
    async with hold_lease(leases, "ingest", now=at(NOW)) as slept:
        async with hold_lease(leases, "ingest", now=at(later)) as check:
            with pytest.raises(LostLease, match="Another process has taken over: ingest"):
                await slept()
            await check()
        async with hold_lease(leases, "ingest", now=at(later)):
            await leases.release("ingest", holder="the one that slept")
            assert await leases.held("ingest", now=later)


class Counted(Leases):
    """Leases that nobody else wants, which are looked at by a test."""

    def __init__(self):
        self.renewed, self.holders = asyncio.Event(), []

    async def acquire(self, name, *, holder, **more):
        self.holders.append(holder)
        return True

    async def renew(self, name, *, holder, **more):
        self.holders.append(holder)
        if len(self.holders) == 4:
            self.renewed.set()
        return True

    async def release(self, name, *, holder):
        self.holders.append(holder)


async def test_it_is_renewed_by_its_holder_again_and_again_as_long_as_the_work_lasts(monkeypatch):
    monkeypatch.setattr(lease, "WORK_LEASE_DURATION", timedelta())
    leases = Counted()
    async with hold_lease(leases, "ingest", now=at(NOW)), asyncio.timeout(120):
        await leases.renewed.wait()
    count = len(leases.holders)
    assert len(set(leases.holders)) == 1
    for _ in range(10):  # afterwards no more
        await asyncio.sleep(0)
    assert len(leases.holders) == count


class Broken(Leases):
    """Leases of a database that fails once the lease is held."""

    def __init__(self):
        pass

    async def acquire(self, name, **more):
        return True

    async def renew(self, name, **more):
        raise StoreError("The database is gone")

    release = renew


async def test_a_database_that_fails_is_told_by_the_check_and_not_at_the_end(monkeypatch):
    monkeypatch.setattr(lease, "WORK_LEASE_DURATION", timedelta())
    async with hold_lease(Broken(), "ingest", now=at(NOW)) as check:
        for _ in range(10):  # its renewal fails, and goes on
            await asyncio.sleep(0)
        with pytest.raises(StoreError):
            await check()

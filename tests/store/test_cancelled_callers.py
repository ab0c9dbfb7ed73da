"""A caller that is cancelled, wherever it waits, loses no connection of the database."""

from __future__ import annotations

import asyncio
import gc
import warnings
from contextlib import asynccontextmanager, suppress

import pytest
import sqlalchemy as sa

from bot.store.engine import open_database
from tests.support.running.cancelled import cancel_at

pytestmark = pytest.mark.slow

ONE = sa.text("SELECT 1")


@pytest.fixture(scope="module", autouse=True)
def only_what_these_tests_leave_is_looked_through():
    """Look for garbage so often among new values alone: what hundreds of tests before have left there takes most of the time."""
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def opened(url):
    database = await open_database(url)
    try:
        yield database
    finally:
        await database.close()


async def read(database):
    async with database.reading() as connection:
        await connection.execute(ONE)


async def write(database):
    async with database.writing() as connection:
        await connection.execute(ONE)


async def write_one(database):
    await database.write(ONE)


async def look(database):
    async with database.snapshot() as connection:
        await connection.execute(ONE)


async def maintain(database):
    async with database.exclusive() as connection:
        await connection.execute(ONE)


async def hear(database):
    heard = asyncio.Event()
    async with database.signals.subscribed(lambda _signal: heard.set()):
        with suppress(TimeoutError):  # the one that hears was cancelled
            async with asyncio.timeout(0.1):
                await heard.wait()


async def open_anew(database):
    async with opened(database.engine.url.set(drivername="postgresql").render_as_string()):
        pass


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("use", [open_anew, read, write, write_one, look, maintain, hear])
async def test_no_connection_is_lost_wherever_its_user_is_cancelled(postgres_url, monkeypatch, use, times):
    # Where the loop is busy the driver lets others go first, and so waits where else it does not.
    monkeypatch.setattr("psycopg.waiting.MAX_BUSY_TIME", 0)
    at, reached = 0, True
    async with opened(postgres_url) as database:
        while reached:
            at += 1
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always")
                reached = await cancel_at(at, times, use(database))
                await database.engine.dispose()  # the next one needs a new connection
                gc.collect()
            assert [str(one.message) for one in warned] == [], at
    assert at > 3


async def test_a_connection_in_use_when_the_database_closes_is_closed_when_it_is_given_back(postgres_url):
    async with opened(postgres_url) as database:
        async with database.reading() as connection:
            in_use = (await connection.get_raw_connection()).driver_connection
            await database.close()
            assert (await connection.execute(ONE)).scalar() == 1
        assert in_use.closed
        async with database.reading() as connection:
            later = (await connection.get_raw_connection()).driver_connection
        assert later.closed

"""What the tests of briefings share: an empty database, of each engine or of the embedded one alone."""

from __future__ import annotations

import pytest


@pytest.fixture
async def store(database_url):
    from bot.store import open_store  # noqa: PLC0415 - the quick tests need no database

    async with open_store(database_url) as opened:
        yield opened


@pytest.fixture
async def archive(sqlite_url):
    from bot.store import open_store  # noqa: PLC0415 - nor this one

    async with open_store(sqlite_url) as opened:
        yield opened

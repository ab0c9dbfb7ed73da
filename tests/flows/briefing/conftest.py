"""What the tests of briefings share: an empty database, of each engine or of the embedded one alone."""

from __future__ import annotations

import pytest

from bot.store import open_store


@pytest.fixture
async def store(database_url):
    async with open_store(database_url) as opened:
        yield opened


@pytest.fixture
async def archive(sqlite_url):
    async with open_store(sqlite_url) as opened:
        yield opened

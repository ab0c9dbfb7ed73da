"""The archive of the recorded mornings, read once, and a world that reads what a test's server serves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Imported where it is used: tests of pure functions need neither the program nor a server.
if TYPE_CHECKING:
    from tests.flows.outside import Outside
    from tests.servers.news import NewsServer


@pytest.fixture(scope="session")
def mornings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the archives after each morning."""
    from tests.flows.talk import read_mornings  # noqa: PLC0415 - see above

    folder = tmp_path_factory.mktemp("mornings")
    asyncio.run(read_mornings(folder))
    return folder


@pytest.fixture
async def talk(mornings: Path, tmp_path: Path):
    """Yield the world after the first morning."""
    from tests.flows.talk import recorded_world  # noqa: PLC0415 - see above

    async with recorded_world(mornings, tmp_path) as world:
        yield world


@pytest.fixture
async def server() -> AsyncIterator[NewsServer]:
    """Yield a server of feeds and pages."""
    from tests.servers.news import NewsServer  # noqa: PLC0415 - see above

    async with NewsServer() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
async def world(request: pytest.FixtureRequest, server: NewsServer) -> AsyncIterator[Outside]:
    """Yield the bot on each engine, before ``server``; it follows no feed yet."""
    from tests.flows.outside import open_outside  # noqa: PLC0415 - see above

    url = request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url")
    async with open_outside(url, server=server) as opened:
        yield opened

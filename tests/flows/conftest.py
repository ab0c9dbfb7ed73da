"""The archive of the recorded mornings, read once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.flows.talk import read_mornings, recorded_world


@pytest.fixture(scope="session")
def mornings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the archives after each morning."""
    folder = tmp_path_factory.mktemp("mornings")
    asyncio.run(read_mornings(folder))
    return folder


@pytest.fixture
async def talk(mornings: Path, tmp_path: Path):
    """Yield the world after the first morning."""
    async with recorded_world(mornings, tmp_path) as world:
        yield world

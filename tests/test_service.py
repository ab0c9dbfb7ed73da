"""The running bot's own doings, with its database and its workflows as they are."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from bot.app import open_app
from bot.chat.terminal import TerminalChat
from bot.config import Config, Database
from bot.metrics import Metrics
from bot.service import open_service
from bot.store import open_store

pytestmark = pytest.mark.slow


@pytest.fixture
async def service(tmp_path):
    config = Config(database=Database(url=f"sqlite:///{tmp_path / 'wire.db'}"))
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(config))
        chats = {"console": TerminalChat(folder=tmp_path)}
        yield await stack.enter_async_context(open_service(app, chats=chats, metrics=Metrics()))


async def test_what_another_process_forgot_leaves_the_memory_of_this_one(service, tmp_path):
    emptied = []
    await service.tick()
    service.letting_go.append(lambda: emptied.append("memory"))
    await service.tick()
    assert emptied == []
    async with open_store(f"sqlite:///{tmp_path / 'wire.db'}") as another:
        await another.forget(channel="console:a")
    await service.tick()
    await service.tick()
    assert emptied == ["memory"]

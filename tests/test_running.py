"""The bot put together: what is tried before it runs."""

from __future__ import annotations

import pytest

from bot.app import open_app
from bot.config import Config, Database, Model
from bot.running import examine_model
from tests.servers.model import ModelServer, says, status


@pytest.mark.parametrize(
    ("behaviour", "mark", "words"),
    [(says({"ready": True}), "✓", "answers"), (status(401), "✗", "key")],
)
async def test_a_configured_model_is_asked_whether_it_answers(behaviour, mark, words):
    async with ModelServer(behaviour) as server:
        config = Config(database=Database(url="sqlite:///"), model=Model(name="m", base_url=server.base))
        async with open_app(config) as app:
            ((found, sentence),) = await examine_model(app)
    assert found == mark
    assert words in sentence


async def test_nothing_is_said_of_a_model_where_none_is_configured():
    async with open_app(Config(database=Database(url="sqlite:///"))) as app:
        assert await examine_model(app) == []

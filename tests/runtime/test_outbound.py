"""Calls to models and platforms go through the configured proxy: none of these names can be resolved by us."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from bot.chat.discord import setup as _discord  # noqa: F401 - a running loop may not read its files
from bot.config import Config, DatabaseSettings, Discord, Model, RunSettings, Slack, Webhook
from bot.model.chat import Channel
from bot.ports import Post
from bot.runtime.checks import examine_model
from bot.runtime.compose import open_app, open_chats
from bot.store import open_store
from tests.servers.discord import server as discord
from tests.servers.hook import HookServer
from tests.servers.model import ModelServer, says
from tests.servers.proxy import HttpProxy
from tests.servers.slack import server as slack

pytestmark = pytest.mark.slow
USER = "me:word"


def configured(proxy, **sections):
    return Config(
        database=DatabaseSettings(url="sqlite:///"),
        run=RunSettings(proxy=f"http://{USER}@127.0.0.1:{proxy.port}"),
        **sections,
    )


@asynccontextmanager
async def chats_of(config):
    async with open_store("sqlite:///") as store, open_chats(config, store=store) as chats:
        yield chats


def targets(proxy):
    return [target for _, target, _ in proxy.asked]


async def test_a_model_is_asked_through_the_proxy():
    async with (
        ModelServer(says({"ready": True})) as server,
        HttpProxy(upstream=int(server.base.split(":")[2].split("/")[0]), user=USER) as proxy,
    ):
        config = configured(proxy, model=Model(name="m", base_url="http://model.example/v1"))
        async with open_app(config) as app:
            ((mark, _),) = await examine_model(app)
    assert mark == "✓"
    assert set(targets(proxy)) == {"http://model.example/v1/chat/completions"}


async def test_a_webhook_is_posted_and_looked_up_through_the_proxy():
    async with HookServer() as hook, HttpProxy(upstream=hook.port, user=USER) as proxy:
        known = Webhook(url="http://hooks.example/in", lookup="http://hooks.example/look")
        channel = Channel(platform="webhook", id="ops")
        async with chats_of(configured(proxy, webhooks={"ops": known})) as chats:
            post = Post(channel=channel, key="k", payload='{"text":"News"}')
            await chats["webhook"].post(post)
            assert await chats["webhook"].find(post) is None
        assert targets(proxy) == ["http://hooks.example/in", "http://hooks.example/look?key=k"]
        assert len(hook.posts) == 1
        async with chats_of(configured(proxy, webhooks={"ops": Webhook(url=hook.url)})) as chats:
            await chats["webhook"].post(post)
        assert len(proxy.asked) == 2  # in the house: directly


async def test_slack_is_called_and_listened_to_through_the_proxy():
    async def handle(_request, _conversation):
        """Answer nothing."""

    async with (
        slack.serving(slack.Slack()) as server,
        HttpProxy(upstream=int(server.url.rpartition(":")[2]), user=USER) as proxy,
    ):
        settings = Slack(bot_token="xoxb-1", app_token="xapp-1", api_url="http://slack.example/api/")  # noqa: S106
        async with chats_of(configured(proxy, slack=settings)) as chats:
            listener = chats["slack"].listener
            await listener.listen(handle)
            assert listener.connected
            await listener.close(0.0)
        assert "http://slack.example/api/auth.test" in targets(proxy)
        assert any("/api/" not in target for target in targets(proxy)), targets(proxy)  # the socket


async def test_discord_is_called_through_the_proxy():
    async with discord.running() as server, HttpProxy(upstream=server.port, user=USER) as proxy:
        async with chats_of(configured(proxy, discord=Discord(token=server.world.token))) as chats:
            assert await chats["discord"].application()
        assert any("/api/v10/" in target for target in targets(proxy))

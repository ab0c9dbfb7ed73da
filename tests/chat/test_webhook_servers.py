"""Hooks of one server share the rate that it takes."""

from __future__ import annotations

import pytest

from bot.chat.webhook import WebhookChat
from bot.config import Webhook
from bot.errors import PostRefused
from bot.model.chat import Channel
from bot.ports import Post
from tests.servers.platform import Platform

HOOKS = 400  # more than get a turn at once while there is a limit


async def test_a_refusal_slows_down_the_hooks_of_its_server_and_of_no_other(tmp_path, unused_tcp_port):
    hooks = {
        f"{host}{n}": Webhook(url=f"http://{host}:{unused_tcp_port}/hook/{host}{n}")
        for host in ("127.0.0.1", "localhost")
        for n in range(HOOKS)
    }
    platform = Platform(log=tmp_path / "platform.log", script=["429"])
    runner = await platform.serve(unused_tcp_port)
    async with WebhookChat(hooks) as chat:
        channels = [Channel(platform="webhook", id=name) for name in hooks]
        assert not any(map(chat.rate_limit_wait, channels))
        with pytest.raises(PostRefused):
            await chat.post(Post(channel=channels[0], key="k", payload="{}"))
        waits = {channel.id: chat.rate_limit_wait(channel) for channel in channels}
        assert any(wait for name, wait in waits.items() if name.startswith("127") and name != channels[0].id)
        assert not any(wait for name, wait in waits.items() if name.startswith("localhost"))
    await runner.cleanup()

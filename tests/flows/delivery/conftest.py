"""The world of the tests of delivery, on each engine."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest
import structlog

from bot.log import set_up_logs


@pytest.fixture
def logged():
    """Return the lines of the log, as they come, from the level on that is the operator's default."""
    set_up_logs(level="info", json_lines=True)
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
async def world(engine_url, tmp_path, unused_tcp_port):
    # Not above: the tests of pure functions need neither a store nor a server.
    from bot.chat.webhook import WebhookChat  # noqa: PLC0415
    from bot.config import Webhook  # noqa: PLC0415
    from bot.store import open_store  # noqa: PLC0415
    from tests.flows.delivery.world import World  # noqa: PLC0415
    from tests.servers.platform import Platform  # noqa: PLC0415

    platform = Platform(log=tmp_path / "platform.log", latest=0.05)
    platform.log.touch()
    base = f"http://127.0.0.1:{unused_tcp_port}"
    hooks = {
        "news": Webhook(url=f"{base}/hook/news", lookup=f"{base}/find/news"),
        "small": Webhook(url=f"{base}/hook/small", lookup=f"{base}/find/small", style="mattermost"),
        "blind": Webhook(url=f"{base}/hook/blind"),
        "unseen": Webhook(url=f"{base}/hook/unseen", style="mattermost"),
        "once": Webhook(url=f"{base}/hook/once", idempotent=True),
        "editors": Webhook(url=f"{base}/hook/editors", lookup=f"{base}/find/editors"),
    }
    async with AsyncExitStack() as stack:
        runner = await platform.serve(unused_tcp_port)
        stack.push_async_callback(runner.cleanup)
        store = await stack.enter_async_context(open_store(engine_url))
        clock = [0.0]
        chat = WebhookChat(hooks, window=60.0, settle_seconds=0.1, limit=400, clock=lambda: clock[0])
        yield World(store, platform, await stack.enter_async_context(chat), clock)

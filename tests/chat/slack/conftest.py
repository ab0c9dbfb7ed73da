"""A loopback Slack for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # the quick tests need no server, and no client
    from bot.chat.slack.chat import SlackChat
    from tests.servers.slack.server import Slack


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the machine's proxy out: Slack's client would send loopback calls through it."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    """Yield a running loopback Slack."""
    from tests.servers.slack.server import Slack, serving  # noqa: PLC0415

    async with serving(Slack(latest=0.05, slow=0.05)) as running:
        yield running


@pytest.fixture
async def chat(slack: Slack) -> AsyncIterator[SlackChat]:
    """Yield our chat; what is late on its Slack has come before it looks."""
    from bot.chat.slack.setup import open_slack  # noqa: PLC0415
    from tests.chat.slack.loopback import now, settings  # noqa: PLC0415

    settle = 2 * slack.latest
    async with open_slack(settings(slack), now=now, window=60.0, settle_seconds=settle, every=0.0) as opened:
        yield opened

"""Slack as tests open it: our adapter over real sockets against the loopback server, and a handler that remembers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.chat.slack.chat import SlackChat
from bot.chat.slack.setup import open_slack
from bot.config import Slack as Settings
from bot.model.chat import Channel
from bot.model.message import Line, Message, Part
from bot.model.talk import Request
from bot.ports import Conversation
from tests.servers.slack.people import Members
from tests.servers.slack.server import Slack

C1 = Channel(platform="slack", workspace="T1", id="C1")


def settings(slack: Slack, **changes: object) -> Settings:
    """Return the settings for one workspace by Socket Mode."""
    usual = {"bot_token": "xoxb-1", "app_token": "xapp-1", "api_url": f"{slack.url}/api/"}
    return Settings.model_validate(usual | changes)


def message(text: str = "The talks ended.", title: str = "Briefing") -> Message:
    """Return a short message."""
    return Message(title=title, dateline="", parts=(Part(title="", lines=(Line(text=text),)),))


Act = Callable[[Request, Conversation], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Remembering:
    """A handler that keeps what it is given and does what a test says."""

    act: Act | None = None
    requests: list[Request] = field(default_factory=list)
    done: asyncio.Queue[Request] = field(default_factory=asyncio.Queue)

    async def handle(self, request: Request, conversation: Conversation) -> None:
        """Keep the request, then act."""
        self.requests.append(request)
        try:
            if self.act:
                await self.act(request, conversation)
        finally:
            self.done.put_nowait(request)

    async def next(self) -> Request:
        """Return the next request that was worked on to its end."""
        async with asyncio.timeout(120):
            return await self.done.get()


@dataclass(slots=True, kw_only=True)
class Heard:
    """An opened Slack that listens."""

    slack: Slack
    members: Members
    handler: Remembering
    opened: SlackChat


@asynccontextmanager
async def listening(slack: Slack, *, act: Act | None = None, **changes: object) -> AsyncIterator[Heard]:
    """Yield Slack with a handler at work."""
    async with open_slack(settings(slack, **changes), now=now, every=0.0) as opened:
        handler = Remembering(act=act)
        await opened.listener.listen(handler.handle)
        members = Members(slack=slack)
        if opened.listener.address and not slack.sockets:
            members.request_url = f"http://{opened.listener.address}/slack/events"
        try:
            yield Heard(slack=slack, members=members, handler=handler, opened=opened)
        finally:
            await opened.listener.close(2.0)


def now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)

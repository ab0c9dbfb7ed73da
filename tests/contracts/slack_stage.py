"""A stage for the suite of chats: the loopback Slack with the bot in one of its channels."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.chat.slack.chat import SlackChat
from bot.chat.slack.setup import open_slack
from bot.config import Slack as Settings
from bot.model.chat import Channel
from bot.ports import Handler
from tests.contracts.seen import Seen
from tests.readers.slack import read_message
from tests.servers.slack.people import Members
from tests.servers.slack.server import Slack, serving


@dataclass(slots=True, kw_only=True)
class SlackStage:
    """A workspace with the bot in its channel C1."""

    server: Slack
    members: Members
    chat: SlackChat
    finds: bool = True
    amends: bool = True
    channel: Channel = Channel(platform="slack", workspace="T1", id="C1")  # noqa: RUF009 - frozen
    unknown: Channel = Channel(platform="slack", workspace="T1", id="CNOWHERE")  # noqa: RUF009 - frozen

    async def seen(self) -> list[Seen]:
        """Return the bot's messages in the channel, in the order they came."""
        return [
            Seen(id=said.ts, reading=read_message(said.shown(metadata=False)), thread=said.thread)
            for said in self.server.world.seen("C1")
        ]

    def lose_answer(self) -> None:
        """Drop the connection after the next message."""
        self.server.script["chat.postMessage"] = ["drop after"]

    async def listen(self, handle: Handler) -> None:
        """Connect the bot by Socket Mode."""
        await self.chat.listener.listen(handle)

    async def ask(self, text: str, *, thread: str = "") -> str:
        """Name the bot in a message."""
        said = await self.members.mention("UANNA", text, thread=thread)
        await self.chat.listener.idle()
        return said.ts

    async def ask_all(self, texts: Iterable[str]) -> None:
        """Name the bot in one message for each of ``texts``."""
        for text in texts:
            await self.members.mention("UANNA", text)
        await self.chat.listener.idle()

    async def say(self, text: str, *, thread: str = "") -> str:
        """Write plain words that do not name the bot."""
        return await self.say_all([text], thread=thread)

    async def say_all(self, texts: Iterable[str], *, thread: str = "") -> str:
        """Write a message for each of ``texts``; return the last one's id."""
        for text in texts:
            said = await self.members.say("UANNA", text, channel="C1", thread=thread)
        await self.chat.listener.idle()
        return said.ts

    async def echo(self, message_id: str) -> None:
        """Tell the bot of its own message, as channels with their history granted do."""
        said = self.server.world.find("C1", message_id)
        assert said
        await self.members.tell_of(said)
        await self.chat.listener.idle()


@asynccontextmanager
async def slack_stage(_folder: Path):
    """Open a workspace with the bot in it, not yet listening."""
    async with serving(Slack()) as server:
        settings = Settings.model_validate(
            {"bot_token": "xoxb-1", "app_token": "xapp-1", "api_url": f"{server.url}/api/"}
        )
        async with open_slack(
            settings, now=lambda: datetime.now(UTC), window=10.0, settle_seconds=0.0, every=0.0
        ) as chat:
            try:
                yield SlackStage(server=server, members=Members(slack=server), chat=chat)
            finally:
                await chat.listener.close(1.0)

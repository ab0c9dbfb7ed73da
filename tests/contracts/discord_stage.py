"""A stage for the suite of chats: the loopback Discord with the bot in one of its channels."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.chat.discord.chat import DiscordChat
from bot.chat.discord.client import BriefClient, Connection
from bot.chat.discord.listener import DiscordListener
from bot.model.chat import Channel
from bot.ports import Chat, Handler
from tests.contracts.seen import Seen
from tests.readers.discord import read_message
from tests.servers.discord.server import Discord, running
from tests.servers.discord.world import APP_ID, Place


@dataclass(slots=True, kw_only=True)
class DiscordStage:
    """A server with one text channel and one reader."""

    server: Discord
    connection: Connection
    chat: Chat
    place: Place
    channel: Channel
    unknown: Channel
    listener: DiscordListener
    reader: int
    finds: bool = True
    amends: bool = True

    async def seen(self) -> list[Seen]:
        """Return the bot's messages, in the order they came."""
        world = self.server.world
        places = [p for p in world.places.values() if self.place.id in {p.id, p.parent}]
        found = [
            (number, place, message)
            for place in places
            for number, message in place.messages.items()
            if message["author"]["id"] == str(APP_ID)
        ]
        return [
            Seen(
                id=str(number),
                reading=read_message(message),
                thread=str(place.id) if place.parent else "",
            )
            for number, place, message in sorted(found, key=lambda each: each[0])
        ]

    def lose_answer(self) -> None:
        """Drop the connection after the next message."""
        self.server.script.append("drop after")

    async def listen(self, handle: Handler) -> None:
        """Connect the bot."""
        await self.listener.listen(handle)

    async def ask(self, text: str, *, thread: str = "") -> str:
        """Mention the bot; in the thread of a message, which a reader opens there where nobody did before."""
        world, place = self.server.world, self.place
        if thread:
            place = world.places.get(int(thread)) or self.server.thread_on(self.place, int(thread))
            await asyncio.gather(*self.server.late)
        named = {"mentions": [world.users[APP_ID]]}
        message = await self.server.say(place, self.reader, f"<@{APP_ID}> {text}", **named)
        await self._done()
        return str(message["id"])

    async def ask_all(self, texts: Iterable[str]) -> None:
        """Mention the bot in one message for each of ``texts``."""
        named = {"mentions": [self.server.world.users[APP_ID]]}
        for text in texts:
            await self.server.say(self.place, self.reader, f"<@{APP_ID}> {text}", **named)
        await self._done()

    async def say(self, text: str, *, thread: str = "") -> str:
        """Write plain words that do not name the bot; it may read them."""
        return await self.say_all([text], thread=thread)

    async def say_all(self, texts: Iterable[str], *, thread: str = "") -> str:
        """Write a message for each of ``texts``; return the last one's id."""
        world, place = self.server.world, self.place
        self.server.gateway.content = True
        if thread:
            place = world.places.get(int(thread)) or self.server.thread_on(self.place, int(thread))
            await asyncio.gather(*self.server.late)
        for text in texts:
            message = await self.server.say(place, self.reader, text)
        await self._done()
        return str(message["id"])

    async def echo(self, message_id: str) -> None:
        """Tell the bot of a message of its own."""
        for place in list(self.server.world.places.values()):
            if message := place.messages.get(int(message_id)):
                await self.server.told(place, message)
        await self._done()

    async def _done(self) -> None:
        """Come back when the bot has heard everything that was told, and has done with it."""
        await self.server.gateway.heard()
        async with asyncio.timeout(120):
            while self.listener._running:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)


@asynccontextmanager
async def discord_stage(_folder: Path):
    """Open a server with the bot in it, not yet listening."""
    async with running() as server:
        guild = server.world.server()
        place = server.world.place(guild)
        connection = Connection(
            BriefClient(first_wait=0.05, ready_wait=0.05), token=server.world.token, window=10.0
        )
        listener = DiscordListener(connection, now=lambda: datetime.now(UTC))
        chat = DiscordChat(connection, listener=listener, now=lambda: datetime.now(UTC), settle_seconds=0.0)
        try:
            yield DiscordStage(
                server=server,
                connection=connection,
                chat=chat,
                listener=listener,
                reader=server.world.member(guild, "anna"),
                place=place,
                channel=Channel(platform="discord", workspace=str(guild.id), id=str(place.id)),
                unknown=Channel(platform="discord", workspace=str(guild.id), id="404"),
            )
        finally:
            await listener.close(1.0)
            await connection.close()

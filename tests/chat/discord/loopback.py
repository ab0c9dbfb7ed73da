"""The loopback Discord with our adapter on it, for faults that no simulation in one process has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.chat.discord.chat import DiscordChat
from bot.chat.discord.client import BriefClient, Connection
from bot.chat.discord.listener import DiscordListener
from bot.model.chat import Channel
from bot.ports import Post
from tests.chat.discord.conftest import RequestDispatcher, note
from tests.servers.discord.server import Discord, running
from tests.servers.discord.world import Place, Server


def now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class Loop:
    """A server with a channel, and the bot on it."""

    server: Discord
    guild: Server
    place: Place
    connection: Connection
    chat: DiscordChat
    listener: DiscordListener
    dispatcher: RequestDispatcher = field(default_factory=RequestDispatcher)

    @property
    def channel(self) -> Channel:
        """The channel."""
        return self.channel_of(self.place)

    def channel_of(self, place: Place) -> Channel:
        """Return the channel that ``place`` is to us."""
        return Channel(
            platform="discord", workspace=str(place.guild) if place.guild else "", id=str(place.id)
        )

    def post(
        self, text: str = "Talks resume.", *, key: str = "k", place: Place | None = None, **more
    ) -> Post:
        """Return a post of one short message."""
        channel = self.channel_of(place or self.place)
        payload = self.chat.render(note(text), channel)[0]
        return Post(channel=channel, key=key, payload=payload, **more)

    def shown(self, place: Place | None = None) -> int:
        """Return how many messages readers saw."""
        return sum(seen.channel == (place or self.place).id for seen in self.server.world.log)


@asynccontextmanager
async def looped(
    server: Discord | None = None, *, token: str = "", window: float = 10.0
) -> AsyncIterator[Loop]:
    """Open it; nobody listens yet."""
    async with running(server) as discord:
        guild = discord.world.server()
        place = discord.world.place(guild)
        client = BriefClient(first_wait=0.05, ready_wait=0.05)
        connection = Connection(client, token=token or discord.world.token, window=window)
        listener = DiscordListener(connection, now=now)
        loop = Loop(
            server=discord,
            guild=guild,
            place=place,
            connection=connection,
            chat=DiscordChat(connection, listener=listener, now=now, settle_seconds=discord.latest),
            listener=listener,
        )
        try:
            yield loop
        finally:
            await loop.listener.close(1.0)
            await connection.close()

"""A Discord in this process, by simcord: the real client's state machine, with people who press and type."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import discord
import pytest
import simcord

from bot.chat.commands import PRIVATE
from bot.chat.discord.client import BriefClient, Connection
from bot.chat.discord.listener import DiscordListener
from bot.model.message import Line, Message, Part
from tests.readers.discord import read_message

USUAL = discord.Permissions(
    view_channel=True,
    send_messages=True,
    embed_links=True,
    read_message_history=True,
    create_public_threads=True,
    send_messages_in_threads=True,
    use_application_commands=True,
)


def note(text: str = "Talks resume on Monday.", **more) -> Message:
    """Return a short message."""
    return Message(title="Note", dateline="", parts=(Part(title="", lines=(Line(text=text),)),), **more)


@dataclass(slots=True, kw_only=True)
class RequestDispatcher:
    """A handler that keeps what it was asked and answers as it is told."""

    asked: list = field(default_factory=list)
    answer: object = None

    async def __call__(self, request, conversation):
        self.asked.append(request)
        if callable(self.answer):
            await self.answer(request, conversation)
        else:
            private = request.verb in PRIVATE
            await conversation.reply(note(f"Answer {len(self.asked)}"), private=private)


@dataclass(slots=True, kw_only=True)
class Stage:
    """A server with a channel, an admin and a reader; ``dispatcher`` is who answers."""

    env: simcord.Env
    dispatcher: RequestDispatcher
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    anna: simcord.MemberActor  # an admin
    ben: simcord.MemberActor
    options: dict

    @property
    def asked(self):
        return self.dispatcher.asked

    def seen(self, channel=None):
        """Return what the bot's messages in a channel say."""
        return [text_of(m) for m in (channel or self.channel).history() if m.author.bot]

    async def restart(self):
        """Let a new process take over."""
        await self.env.restart_bot(client(self.dispatcher, **self.options))


def text_of(message) -> str:
    """Return what readers see of a message."""
    if isinstance(message, simcord.ResponseMessage):
        data = {"content": message.content, "components": message.components}
        return read_message(data).text
    data = {"content": message.content, "components": [c.to_dict() for c in message.components]}
    return read_message(data).text


class Simulated(BriefClient):
    """Our client as simcord logs it in: by itself, and without a gateway."""

    async def setup_hook(self):
        await self.listener.register_commands()


def client(dispatcher: RequestDispatcher, **options) -> BriefClient:
    """Return the real client with our listener on it."""
    bot = Simulated(shards=1, first_wait=0.0, ready_wait=0.0, message_content=options.pop("content", False))
    listener = DiscordListener(
        Connection(bot, token="a.token"),  # noqa: S106 - of no place
        now=lambda: datetime.now(UTC),
        **options,
    )
    listener._handle = dispatcher
    return bot


@asynccontextmanager
async def staged(**options) -> AsyncIterator[Stage]:
    """Open a stage."""
    dispatcher = RequestDispatcher()
    approved = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    approved.message_content = options.get("content", False)
    # Started by hand: simcord's own clock context may not be left in another task than it was entered.
    env = simcord.Env(client(dispatcher, **options), approved_intents=approved)
    await env.start()
    try:
        guild = env.create_guild()
        env.backend.get_guild(guild.id).roles[guild.id].permissions = USUAL.value
        channel = guild.create_text_channel("news")
        admins = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
        anna = guild.add_member(env.create_user("anna"), roles=[admins])
        ben = guild.add_member(env.create_user("ben"))
        yield Stage(
            env=env, dispatcher=dispatcher, guild=guild, channel=channel, anna=anna, ben=ben, options=options
        )
    finally:
        await env.shutdown()
    env.raise_errors()


@pytest.fixture
async def stage():
    async with staged() as opened:
        yield opened

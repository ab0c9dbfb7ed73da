"""Listen to Discord: every command, button, form, mention and removal becomes a request, handled once.

gateway ──▶ first answer (a promise, at once) ──▶ handler, in a task of its own ──▶ conversation
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.chat.commands import opens_form
from bot.chat.discord.client import BriefClient, Connection
from bot.chat.discord.commands import Brief, Suggest, link_menu
from bot.chat.discord.line import GatewayLine
from bot.chat.discord.locales import CommandTranslator
from bot.chat.discord.render.layout import Style
from bot.chat.discord.replying.conversation import ChannelTalk, MessageTalk, NoConversation
from bot.chat.discord.replying.interaction import InteractionTalk
from bot.chat.discord.requests import (
    PRESSED,
    Where,
    from_button,
    from_command,
    from_form,
    from_invitation,
    from_message,
    from_removal,
    from_select,
    joined_at,
)
from bot.concurrency import end_tasks
from bot.model.talk import Request, Verb
from bot.ports import Conversation, Handler, NotifyAdmins, no_one

FORM_OPENING_SECONDS = 2.2  # seconds after which a verb that opens a form is deferred instead
# Requests; more than that and the newest are left to Discord's own "did not respond".
MAX_DISCORD_REQUESTS = 500
# After which a server is not greeted any more; who was greeted is known for longer.
MAX_GREETED_SERVER_AGE = timedelta(days=1)

_log = structlog.get_logger()

Talk = TypeVar("Talk", bound=Conversation)


class Pressed(discord.ui.DynamicItem[discord.ui.Button[Any]], template=PRESSED):
    """Any button of the bot, on a message of any age."""

    def __init__(self, item: discord.ui.Button[Any], verb: str, subject: str) -> None:
        super().__init__(item)
        self.verb = verb
        self.subject = subject

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, item: discord.ui.Item[Any], match: Any, /
    ) -> Pressed:
        """Return the button that ``match`` names."""
        if not isinstance(item, discord.ui.Button):
            raise TypeError(item)
        return cls(item, match["verb"], match["subject"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Pass the press to the listener."""
        listener = getattr(interaction.client, "listener", None)
        if isinstance(listener, DiscordListener):
            await listener.pressed(interaction, self.verb, self.subject)


class DiscordListener:
    """Turns the events of one connection into requests."""

    def __init__(
        self,
        connection: Connection,
        *,
        now: Callable[[], datetime],
        style: Style = "components",
        admin_role: str = "",
        suggest: Suggest | None = None,
        tell: NotifyAdmins = no_one,
    ) -> None:
        self.line = GatewayLine(connection, logged_in=self.register_commands, tell=tell)
        self._connection = connection
        self._client: BriefClient = connection.client
        self._now = now
        self._style: Style = style
        self._admin_role = admin_role
        self._handle: Handler | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._suggest = suggest
        self._tree: app_commands.CommandTree[BriefClient] | None = None
        self._client.listener = self
        self._client.add_dynamic_items(Pressed)
        for event in (
            self.on_message,
            self.on_interaction,
            self.on_guild_join,
            self.on_guild_available,
            self.on_guild_remove,
            self.on_guild_channel_delete,
            self.on_raw_thread_delete,
        ):
            self._client.event(event)

    @property
    def connected(self) -> bool:
        """Whether requests can arrive."""
        return self.line.connected

    async def listen(self, handle: Handler) -> None:
        """Begin to take requests; raises ``ConfigError`` if the token or the intents are wrong."""
        self._handle = handle
        await self.line.open()

    async def close(self, seconds: float) -> None:
        """Accept no further request, let those in work end within ``seconds``, and disconnect; posting continues."""
        self._handle = None
        if self._running:
            _, left = await asyncio.wait(self._running, timeout=seconds)
            await end_tasks(left)
        await self.line.hang_up()

    # What Discord tells.

    async def on_message(self, message: discord.Message) -> None:
        """Handle a mention, a reply, or a message in a thread or a direct message."""
        me = self._client.user
        if me is None:
            return
        channel: Where = message.channel
        if isinstance(channel, discord.PartialMessageable) and me in message.mentions:
            channel = await self._looked_up(channel)
        request = from_message(message, channel=channel, me=me, admin_role=self._admin_role)
        if request is not None:
            talk = MessageTalk(
                connection=self._connection, request=request, style=self._style, where=str(message.channel.id)
            )
            self._begin(self._work, request, talk)

    async def _looked_up(self, channel: discord.PartialMessageable) -> Where:
        """Return what ``channel`` is: a thread that slept until now is not known."""
        try:
            return await self._client.fetch_channel(channel.id)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            _log.info("a channel could not be looked up", error=type(error).__name__)
            return channel

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Handle a form that was sent, or a choice from a menu; commands and buttons have their own handlers."""
        if interaction.type is discord.InteractionType.modal_submit:
            request = from_form(interaction, admin_role=self._admin_role)
        elif interaction.type is discord.InteractionType.component:
            request = from_select(interaction, admin_role=self._admin_role)
        else:
            return
        if request is not None:
            await self._take(interaction, request)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Handle that the bot was added to a server; if it may not write in any channel, it posts no greeting."""
        channel = first_channel(guild)
        if channel is None:
            _log.info("the bot was added to a server where it may write in no channel", server=guild.id)
            return
        request = from_invitation(guild=guild, channel=channel.id, at=self._now())
        talk = ChannelTalk(connection=self._connection, request=request, style=self._style)
        self._begin(self._work, request, talk)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Handle a server that is present at login, if the bot was added lately: while it was away, or as it logged in."""
        now = self._now()
        if now - joined_at(guild, default=datetime.min.replace(tzinfo=UTC)) <= MAX_GREETED_SERVER_AGE:
            await self.on_guild_join(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Handle that the bot was removed from a server."""
        request = from_removal(guild=guild.id, channel=None, at=self._now())
        self._begin(self._work, request, NoConversation())

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Handle that a channel was deleted."""
        request = from_removal(guild=channel.guild.id, channel=channel.id, at=self._now())
        self._begin(self._work, request, NoConversation())

    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        """Handle that a thread was deleted, which may be a subscribed channel."""
        request = from_removal(guild=thread.guild_id, channel=thread.thread_id, at=self._now())
        self._begin(self._work, request, NoConversation())

    async def pressed(self, interaction: discord.Interaction, verb: str, subject: str) -> None:
        """Handle a pressed button."""
        request = from_button(interaction, verb, subject, admin_role=self._admin_role)
        if request is not None:
            await self._take(interaction, request)

    async def _typed(self, interaction: discord.Interaction, verb: Verb, words: str) -> None:
        await self._take(interaction, from_command(interaction, verb, words, admin_role=self._admin_role))

    # From here on it is the same for all.

    async def _take(self, interaction: discord.Interaction, request: Request) -> None:
        """Promise an answer at once, then have the request handled; forms are the first answer themselves."""
        talk = InteractionTalk(
            connection=self._connection,
            request=request,
            style=self._style,
            id=str(interaction.id),
            token=interaction.token,
            inside=str(interaction.channel_id) if request.thread else "",
        )
        self._begin(self._with_form if opens_form(request) else self._promised, request, talk)

    async def _promised(self, handle: Handler, request: Request, talk: InteractionTalk) -> None:
        if await talk.defer():
            await self._work(handle, request, talk)

    async def _with_form(self, handle: Handler, request: Request, talk: InteractionTalk) -> None:
        work = asyncio.create_task(self._work(handle, request, talk))
        try:
            done, _ = await asyncio.wait({work}, timeout=FORM_OPENING_SECONDS)
            if not done:
                await talk.defer()
            await work
        finally:
            work.cancel()

    async def _work(self, handle: Handler, request: Request, talk: Conversation) -> None:
        try:
            await handle(request, talk)
        except Exception:  # noqa: BLE001 - an error in one request must not affect others
            _log.exception("a request failed", request=request.id, verb=request.verb.value)
        if isinstance(talk, InteractionTalk):
            await talk.end()

    def _begin(
        self, way: Callable[[Handler, Request, Talk], Coroutine[Any, Any, None]], request: Request, talk: Talk
    ) -> None:
        """Take a request; from here on it is seen through, though the line be closed the next moment."""
        handle = self._handle
        if handle is None or len(self._running) >= MAX_DISCORD_REQUESTS:
            return
        task = asyncio.create_task(way(handle, request, talk))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _failed(self, interaction: discord.Interaction, error: Exception) -> None:
        _log.warning("a command failed", command=str(interaction.data)[:200], error=repr(error)[:300])

    async def register_commands(self) -> None:
        """Register the commands with Discord; if this fails, the bot works without."""
        if self._tree is None:
            self._tree = app_commands.CommandTree(self._client)
            self._tree.add_command(Brief(self._typed, self._suggest))
            self._tree.add_command(link_menu(self._typed))
            self._tree.error(self._failed)
        await self._tree.set_translator(CommandTranslator())
        try:
            await self._tree.sync()
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.warning("the commands could not be registered with Discord", error=type(error).__name__)


def first_channel(guild: discord.Guild) -> discord.TextChannel | None:
    """Return the channel in which a server is greeted: its system channel, else the first in which the bot may write."""
    for channel in (guild.system_channel, *guild.text_channels):
        if channel is None:
            continue
        may = channel.permissions_for(guild.me)
        if may.view_channel and may.send_messages:
            return channel
    return None

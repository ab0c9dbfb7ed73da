"""Connect the parts of Discord: one connection, with a chat and a listener."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import cast

from bot.chat.discord.chat import DiscordChat
from bot.chat.discord.client import BriefClient, Connection, quiet_library
from bot.chat.discord.commands import Suggest
from bot.chat.discord.listener import DiscordListener
from bot.chat.discord.render.layout import Style
from bot.config import Discord
from bot.config.outbound import DIRECTLY, Outbound
from bot.errors import ConfigError
from bot.ports import NotifyAdmins, no_one

HOST = "https://discord.com"


@asynccontextmanager
async def open_discord(
    settings: Discord,
    *,
    now: Callable[[], datetime],
    suggest: Suggest | None = None,
    tell: NotifyAdmins = no_one,
    grace: timedelta = timedelta(days=1),
    outbound: Outbound = DIRECTLY,
) -> AsyncIterator[DiscordChat]:
    """Yield Discord by ``settings``; it logs in when it is first needed. ``grace`` is how late a slot may be caught up."""
    if settings.admin_role and not settings.admin_role.isdecimal():
        raise ConfigError(
            "discord.admin_role is not an id",
            hint="Developer mode on, then Server settings → Roles → … → Copy Role ID",
        )
    quiet_library()
    style = cast("Style", settings.style)
    client = BriefClient(message_content=settings.message_content, proxy=outbound.proxy_of(HOST))
    connection = Connection(client, token=settings.token.get_secret_value())
    listener = DiscordListener(
        connection, now=now, style=style, admin_role=settings.admin_role, suggest=suggest, tell=tell
    )
    chat = DiscordChat(
        connection, listener=listener, now=now, style=style, look_back=grace + timedelta(hours=26)
    )
    try:
        yield chat
    finally:
        await connection.close()

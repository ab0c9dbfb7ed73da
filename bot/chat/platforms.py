"""What a platform has beside its chat, for verbs that set it up or draw it: its look, Slack's manifest, Discord's invitation.

Each platform is loaded where it is asked for: a verb needs one of them, and not the whole program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.chat.discord.render.layout import Style
    from bot.config import Config
    from bot.model.message import Message
    from bot.model.talk import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformLook:
    """How a platform is sent messages and forms: as JSON bodies, and as the modal of a form of at most ``max_fields``."""

    briefing: Callable[[Message], tuple[str, ...]]
    reply: Callable[[Message], tuple[str, ...]]
    form: Callable[[Form], Mapping[str, Any]]
    max_fields: int


def look_of(platform: str, *, style: Style = "components") -> PlatformLook:
    """Return how ``platform`` (slack, discord) is sent things; ``style`` is how messages are built on Discord."""
    return _slack_look() if platform == "slack" else _discord_look(style)


def _slack_look() -> PlatformLook:
    from bot.chat.slack.forms import form_view
    from bot.chat.slack.render.form import MAX_FIELDS
    from bot.chat.slack.render.message import render, render_reply

    form = partial(form_view, origin={})
    return PlatformLook(briefing=render, reply=render_reply, form=form, max_fields=MAX_FIELDS)


def _discord_look(style: Style) -> PlatformLook:
    from bot.chat.discord.render.form import MAX_FIELDS, render_form
    from bot.chat.discord.render.message import render, render_reply

    return PlatformLook(
        briefing=partial(render, style=style),
        reply=partial(render_reply, style=style),
        form=render_form,
        max_fields=MAX_FIELDS,
    )


def slack_manifest(*, public_url: str, many: bool) -> str:
    """Return the manifest of the Slack app: without ``public_url`` for Socket Mode, with ``many`` for many workspaces."""
    from bot.chat.slack.manifest import manifest_text

    return manifest_text(public_url=public_url, many=many)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordInvitation:
    """The link that adds the bot to a server, and the permissions it asks for, as Discord's settings call them."""

    link: str
    permissions: tuple[str, ...]


def discord_invitation(application: str) -> DiscordInvitation:
    """Return the invitation of the bot whose application is ``application``."""
    from bot.chat.discord.permissions import USED, invite_link

    return DiscordInvitation(link=invite_link(application), permissions=tuple(one.called for one in USED))


async def discord_application(config: Config) -> str:
    """Return the application that the configured token belongs to; raises ``ConfigError`` and ``PostRefused``."""
    from bot.chat.discord.setup import open_discord

    async with open_discord(
        config.discord, now=partial(datetime.now, UTC), outbound=config.run.outbound
    ) as chat:
        return await chat.application()

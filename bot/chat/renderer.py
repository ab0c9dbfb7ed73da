"""What a platform has beside its chat, for verbs that set it up or draw its messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.model.message import Message
from bot.model.talk import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformRenderer:
    """How a platform is sent messages and forms: as JSON bodies, and as the modal of a form of at most ``max_fields``."""

    briefing: Callable[[Message], tuple[str, ...]]
    reply: Callable[[Message], tuple[str, ...]]
    form: Callable[[Form], Mapping[str, Any]]
    max_fields: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordInvitation:
    """The link that adds the bot to a server, and the permissions it asks for, as Discord's settings call them."""

    link: str
    permissions: tuple[str, ...]

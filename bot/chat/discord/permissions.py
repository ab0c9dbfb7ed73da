"""The permissions that the bot needs in a server, why, and how to grant them. Pure.

This table is the only list: the invite link is made from it, and ``check`` names which of these permissions are missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

ADMINISTRATOR_FLAG = 1 << 3
SCOPES = ("bot", "applications.commands")
TEXT, DM, VOICE, NEWS, NEWS_THREAD, THREAD, PRIVATE_THREAD, STAGE, FORUM, MEDIA = (
    *(0, 1, 2, 5, 10, 11, 12, 13, 15, 16),
)
THREADS = frozenset({NEWS_THREAD, THREAD, PRIVATE_THREAD})
FORUMS = frozenset({FORUM, MEDIA})
WRITABLE = frozenset({TEXT, DM, VOICE, NEWS, STAGE}) | THREADS | FORUMS
TAG_REQUIRED_FLAG = 1 << 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One permission: Discord's name of its bit, what Discord's settings call it, and what is lost without it."""

    name: str
    called: str
    without: str
    threads: bool = False  # needed where the channel is a thread, too

    @property
    def bit(self) -> int:
        """Its bit in Discord's numbers."""
        return int(discord.Permissions(**{self.name: True}).value)


USED: tuple[Permission, ...] = (
    Permission(
        name="view_channel",
        called="View Channel",
        without="the bot does not see the channel",
        threads=True,
    ),
    Permission(name="send_messages", called="Send Messages", without="nothing can be posted"),
    Permission(
        name="embed_links",
        called="Embed Links",
        without="briefings in the form of embeds stay empty",
        threads=True,
    ),
    Permission(
        name="read_message_history",
        called="Read Message History",
        without="after a failure it stays uncertain whether a briefing was posted, and a person has to decide",
        threads=True,
    ),
    Permission(
        name="create_public_threads",
        called="Create Public Threads",
        without="a briefing's details go to the channel instead of its thread",
    ),
    Permission(
        name="send_messages_in_threads",
        called="Send Messages in Threads",
        without="details and answers in threads cannot be posted",
        threads=True,
    ),
)
VIEW, HISTORY = USED[0], USED[3]


def invite_link(application: str) -> str:
    """Return the address at which an admin adds the bot to a server, with the permissions it uses and no other."""
    bits = sum(permission.bit for permission in USED)
    return (
        f"https://discord.com/oauth2/authorize?client_id={application}"
        f"&permissions={bits}&scope={'+'.join(SCOPES)}"
    )


def how_to_grant(permission: Permission) -> str:
    """Return how an admin grants ``permission`` in one channel."""
    return f"Channel settings → Permissions → add Wirebrief → allow “{permission.called}”"


def missing(bits: int, *, kind: int) -> Iterator[Permission]:
    """Yield what is missing for a channel of ``kind`` in which the bot has ``bits``."""
    if not bits & VIEW.bit:
        yield VIEW  # the others cannot be known
        return
    for permission in USED:
        if kind in FORUMS and permission.name == "create_public_threads":
            continue  # a post is made by sending
        if not bits & permission.bit and (permission.threads or kind not in THREADS):
            yield permission


def allowed(
    guild: Mapping[str, Any],
    *,
    who: str,
    roles: Sequence[str],
    overwrites: Sequence[Mapping[str, Any]],
) -> int:
    """Return the permissions of the member ``who`` with ``roles``, by the rules of Discord's reference."""
    by_id = {str(role["id"]): int(role["permissions"]) for role in guild.get("roles", ())}
    everyone = str(guild["id"])
    bits = by_id.get(everyone, 0)
    for role in roles:
        bits |= by_id.get(role, 0)
    if bits & ADMINISTRATOR_FLAG or str(guild.get("owner_id")) == who:
        return (1 << 53) - 1
    said = {str(o["id"]): (int(o["deny"]), int(o["allow"])) for o in overwrites}
    for group in ([everyone], roles, [who]):
        denied = granted = 0
        for one in group:
            deny, allow = said.get(one, (0, 0))
            denied |= deny
            granted |= allow
        bits = (bits & ~denied) | granted
    return bits

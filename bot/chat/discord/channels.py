"""Look up channels and permissions at Discord itself, so that they are never older than the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.discord.permissions import (
    FORUMS,
    PRIVATE_THREAD,
    TAG_REQUIRED_FLAG,
    THREADS,
    VIEW,
    WRITABLE,
    allowed,
    how_to_grant,
    missing,
)
from bot.chat.discord.rest import Answered, Rest
from bot.errors import PostRefused
from bot.model.chat import Channel

ALL_PERMISSIONS = (1 << 53) - 1  # bits of all permissions, in a direct message


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundChannel:
    """A channel or thread, with the channel whose permissions count, and its server; both None in a direct message."""

    data: dict[str, Any]
    parent: dict[str, Any] | None = None
    guild: dict[str, Any] | None = None

    @property
    def kind(self) -> int:
        """Discord's number of its kind."""
        return int(self.data["type"])

    def may(self, who: str, roles: Sequence[str]) -> int:
        """Return the permissions of a member of its server in it."""
        if self.guild is None:
            return ALL_PERMISSIONS
        overwrites = (self.parent or self.data).get("permission_overwrites") or ()
        return allowed(self.guild, who=who, roles=roles, overwrites=overwrites)


async def find_channel(rest: Rest, channel: Channel) -> FoundChannel:
    """Return what ``channel`` is; raises what ``Rest.call`` raises."""
    data = await rest.call("GET", f"/channels/{channel.id}")
    parent = None
    if int(data["type"]) in THREADS:
        parent = await rest.call("GET", f"/channels/{data['parent_id']}")
    guild = await rest.call("GET", f"/guilds/{data['guild_id']}") if data.get("guild_id") else None
    return FoundChannel(data=data, parent=parent, guild=guild)


async def roles_in(rest: Rest, *, guild: str, who: str) -> list[str]:
    """Return the roles of a member; raises what ``Rest.call`` raises, a 404 for a person who is no member."""
    member = await rest.call("GET", f"/guilds/{guild}/members/{who}")
    return [str(role) for role in member["roles"]]


async def sees(rest: Rest, channel: Channel, *, who: str) -> bool:
    """Return whether a person sees ``channel``; raises what ``Rest.call`` raises."""
    try:
        place = await find_channel(rest, channel)
        if place.guild is None or str(place.guild["id"]) != channel.workspace:
            return False
        roles = await roles_in(rest, guild=channel.workspace, who=who)
        if not place.may(who, roles) & VIEW.bit:
            return False
        if place.kind == PRIVATE_THREAD:
            await rest.call("GET", f"/channels/{channel.id}/thread-members/{who}")
    except Answered as answer:
        if answer.status in {403, 404}:
            return False
        raise
    return True


async def permissions_in(rest: Rest, place: FoundChannel, *, who: str) -> int:
    """Return the permissions of a member in ``place``; raises what ``Rest.call`` raises."""
    if place.guild is None:
        return ALL_PERMISSIONS
    return place.may(who, await roles_in(rest, guild=str(place.guild["id"]), who=who))


def problems_in(place: FoundChannel, bits: int) -> list[str]:
    """Return the problems of posting in ``place``, each with what to do; ``bits`` are the bot's permissions there."""
    if place.kind not in WRITABLE:
        return ["Messages cannot be sent to this channel. Choose a text channel, a thread or a forum"]
    found = [f"{p.called} is missing: {p.without}. {how_to_grant(p)}" for p in missing(bits, kind=place.kind)]
    if place.kind in FORUMS and int(place.data.get("flags") or 0) & TAG_REQUIRED_FLAG:
        found.append(
            "The forum requires a tag on every post. Forum settings → switch off “Require people to select tags”"
        )
    if (place.data.get("thread_metadata") or {}).get("locked"):
        found.append("The thread is locked. Unlock it, or subscribe in its channel")
    return found


def check_name(channel: Channel) -> None:
    """Raise ``PostRefused`` if ``channel`` cannot be a channel of Discord."""
    if not (channel.id.isdecimal() and (channel.workspace.isdecimal() or not channel.workspace)):
        raise PostRefused(
            f"{channel.name!r} is not a channel of Discord",
            reason="unknown channel",
            hint="Write discord:SERVER/CHANNEL with the two ids: right click → Copy ID, in developer mode",
            gone=True,
        )

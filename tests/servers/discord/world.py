"""What a loopback Discord knows: guilds, channels, members, messages, and a log of what readers saw."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

APP_ID = 111111111111111111
EPOCH = 1420070400000
TEXT, DM, VOICE, CATEGORY, NEWS, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = 0, 1, 2, 4, 5, 11, 12, 15
THREADS = (10, PUBLIC_THREAD, PRIVATE_THREAD)

VIEW, SEND, READ_HISTORY = 1 << 10, 1 << 11, 1 << 16
EMBED, PUBLIC_THREADS, SEND_IN_THREADS = 1 << 14, 1 << 35, 1 << 38
ADMINISTRATOR, MANAGE_GUILD, MANAGE_THREADS = 1 << 3, 1 << 5, 1 << 34
USE_COMMANDS = 1 << 31
USUAL = VIEW | SEND | READ_HISTORY | EMBED | PUBLIC_THREADS | SEND_IN_THREADS | USE_COMMANDS
EVERYTHING = (1 << 53) - 1


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as readers saw it: what they were shown, and when."""

    at: float
    channel: int
    message: int
    nonce: str
    body: dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Place:
    """A channel, a thread or a direct conversation."""

    id: int
    type: int = TEXT
    guild: int = 0
    name: str = ""
    parent: int = 0
    overwrites: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    archived: bool = False
    locked: bool = False
    owner: int = 0
    flags: int = 0
    with_user: int = 0


@dataclass(slots=True, kw_only=True)
class Server:
    """A guild."""

    id: int
    name: str = "News room"
    owner: int = 0
    roles: dict[int, int] = field(
        default_factory=dict
    )  # permissions by role; the guild's own id is @everyone
    members: dict[int, list[int]] = field(default_factory=dict)
    joined_at: str = "2024-01-01T00:00:00+00:00"


@dataclass(slots=True, kw_only=True)
class World:
    """Everything that is there; ids are snowflakes of ``now``."""

    token: str = "a.test.token"  # noqa: S105 - of a server of our own
    now: Callable[[], float] = time.time
    servers: dict[int, Server] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    users: dict[int, dict[str, Any]] = field(default_factory=dict)
    log: list[Seen] = field(default_factory=list)
    commands: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.users[APP_ID] = {"id": str(APP_ID), "username": "Wirebrief", "discriminator": "0", "bot": True}
        self.users[APP_ID] |= {"avatar": None, "global_name": None}

    def snowflake(self) -> int:
        """Return the next id."""
        self.count += 1
        return ((int(self.now() * 1000) - EPOCH) << 22) | (self.count & 0x3FFFFF)

    def user(self, name: str, *, bot: bool = False) -> int:
        """Add a person."""
        number = self.snowflake()
        self.users[number] = {"id": str(number), "username": name, "discriminator": "0", "avatar": None}
        self.users[number] |= {"global_name": name.title(), "bot": bot}
        return number

    def server(self, name: str = "News room", *, usual: int = USUAL) -> Server:
        """Add a guild that the bot is in; ``usual`` is what everybody may do."""
        number, owner = self.snowflake(), self.user("owner")
        found = Server(
            id=number, name=name, owner=owner, roles={number: usual}, members={owner: [], APP_ID: []}
        )
        self.servers[number] = found
        return found

    def member(self, server: Server, name: str, *, may: int = 0) -> int:
        """Add a member, with a role of ``may`` where that is something."""
        number = self.user(name)
        roles = []
        if may:
            role = self.snowflake()
            server.roles[role] = may
            roles = [role]
        server.members[number] = roles
        return number

    def place(self, server: Server | None, name: str = "news", *, type: int = TEXT, **more: Any) -> Place:  # noqa: A002
        """Add a channel."""
        number = self.snowflake()
        found = Place(id=number, type=type, guild=server.id if server else 0, name=name, **more)
        self.places[number] = found
        return found

    def deny(self, place: Place, what: int, *, who: int = APP_ID) -> None:
        """Take permissions of a member, or of everybody by the guild's id, in a channel."""
        kind = 0 if who in self.servers else 1
        place.overwrites = [o for o in place.overwrites if o["id"] != str(who)]
        place.overwrites.append({"id": str(who), "type": kind, "allow": "0", "deny": str(what)})

    def may(self, who: int, place: Place) -> int:
        """Return what a member may do in a channel, by Discord's own rules."""
        if not place.guild:
            return USUAL
        server = self.servers.get(place.guild)
        if server is None or who not in server.members:
            return 0
        roles = server.members[who]
        base = server.roles[server.id]
        for role in roles:
            base |= server.roles[role]
        if base & ADMINISTRATOR or server.owner == who:
            return EVERYTHING
        overwrites = (self.places[place.parent] if place.type in THREADS else place).overwrites
        by_id = {int(o["id"]): o for o in overwrites}
        for group in ([server.id], roles, [who]):
            deny = allow = 0
            for number in group:
                if number in by_id:
                    deny |= int(by_id[number]["deny"])
                    allow |= int(by_id[number]["allow"])
            base = (base & ~deny) | allow
        return base if base & VIEW else 0

    def add(self, place: Place, author: int, body: dict[str, Any]) -> dict[str, Any]:
        """Put a message into a channel; it stands in the log before anything else happens."""
        number = int(body.get("id") or self.snowflake())
        message = {
            "id": str(number),
            "channel_id": str(place.id),
            "author": self.users[author],
            "content": body.get("content") or "",
            "embeds": body.get("embeds") or [],
            "components": body.get("components") or [],
            "flags": body.get("flags") or 0,
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(self.now())),
            "edited_timestamp": None,
            "type": 0,
            "tts": False,
            "pinned": False,
            "mention_everyone": False,
            "mentions": body.get("mentions") or [],
            "mention_roles": [],
            "attachments": [],
            "nonce": body.get("nonce"),
        }
        if "message_reference" in body:
            where = {"channel_id": str(place.id)} | ({"guild_id": str(place.guild)} if place.guild else {})
            message["message_reference"] = where | body["message_reference"]
            message["type"] = 19
        self.log.append(Seen(self.now(), place.id, number, str(body.get("nonce") or ""), body))
        place.messages[number] = message
        return message

    # What Discord says about each.

    def user_in(self, server: Server, who: int) -> dict[str, Any]:
        """Return a member as Discord writes one."""
        return {
            "user": self.users[who],
            "roles": [str(r) for r in server.members.get(who, ())],
            "joined_at": server.joined_at,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }

    def written(self, place: Place) -> dict[str, Any]:
        """Return a channel as Discord writes one."""
        data: dict[str, Any] = {
            "id": str(place.id),
            "type": place.type,
            "name": place.name,
            "flags": place.flags,
        }
        if place.type == DM:
            return data | {"recipients": [self.users[place.with_user]], "last_message_id": None}
        data |= {
            "guild_id": str(place.guild),
            "position": 0,
            "parent_id": str(place.parent) if place.parent else None,
        }
        if place.type in THREADS:
            meta = {"archived": place.archived, "locked": place.locked, "auto_archive_duration": 1440}
            meta |= {"archive_timestamp": "2024-01-01T00:00:00+00:00"}
            counts = {"message_count": 1, "member_count": 1, "rate_limit_per_user": 0}
            return data | counts | {"owner_id": str(place.owner), "thread_metadata": meta}
        data |= {
            "permission_overwrites": place.overwrites,
            "topic": None,
            "nsfw": False,
            "rate_limit_per_user": 0,
        }
        return data | ({"available_tags": []} if place.type == FORUM else {})

    def guild(self, server: Server, *, whole: bool = False) -> dict[str, Any]:
        """Return a guild as Discord writes one; ``whole`` as the gateway does."""
        data: dict[str, Any] = {
            "id": str(server.id),
            "name": server.name,
            "owner_id": str(server.owner),
            "roles": [self._role(server, r) for r in server.roles],
            "emojis": [],
            "stickers": [],
            "features": [],
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "system_channel_flags": 0,
            "premium_tier": 0,
            "nsfw_level": 0,
            "preferred_locale": "en-US",
            "afk_timeout": 300,
            "premium_progress_bar_enabled": False,
        }
        if whole:
            ours = [p for p in self.places.values() if p.guild == server.id]
            data |= {
                "channels": [self.written(p) for p in ours if p.type not in THREADS],
                "threads": [self.written(p) for p in ours if p.type in THREADS and not p.archived],
                "members": [self.user_in(server, APP_ID)],
                "member_count": len(server.members),
                "joined_at": server.joined_at,
                "large": False,
                "unavailable": False,
            }
            data |= {"presences": [], "voice_states": [], "stage_instances": [], "guild_scheduled_events": []}
            data |= {"soundboard_sounds": []}
        return data

    def _role(self, server: Server, role: int) -> dict[str, Any]:
        return {
            "id": str(role),
            "name": "@everyone" if role == server.id else f"role {role % 1000}",
            "permissions": str(server.roles[role]),
            "position": 0 if role == server.id else 1,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }

"""What stands in a loopback Slack: people, rooms, messages, tokens; every message as readers see it."""

from __future__ import annotations

import copy
import itertools
import time
from dataclasses import dataclass, field
from typing import Any

BOT_SCOPES = frozenset(
    "app_mentions:read channels:read chat:write commands im:history users:read channels:history groups:history "
    "groups:read reactions:write assistant:write usergroups:read".split()
)


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody in a workspace, or a stranger from another one."""

    id: str
    team: str = "T1"
    admin: bool = False
    owner: bool = False
    restricted: bool = False
    ultra_restricted: bool = False
    bot: bool = False
    locale: str = "en-GB"
    zone: str = "Europe/Berlin"

    def shown(self, asking: str, *, with_locale: bool) -> dict[str, Any]:
        """Return the person as ``users.info`` tells a bot of the workspace ``asking``."""
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.id.lower(),
            "real_name": f"Person {self.id}",
            "is_admin": self.admin,
            "is_owner": self.owner,
            "is_restricted": self.restricted,
            "is_ultra_restricted": self.ultra_restricted,
            "is_stranger": self.team != asking,
            "is_bot": self.bot,
            "deleted": False,
            "tz": self.zone,
        } | ({"locale": self.locale} if with_locale else {})


@dataclass(slots=True, kw_only=True)
class Room:
    """A channel, private channel or direct conversation."""

    id: str
    kind: str = "channel"  # or "group", "im"
    members: set[str] = field(default_factory=set)
    archived: bool = False
    read_only: bool = False


@dataclass(slots=True, kw_only=True)
class Said:
    """One message, as readers of its room see it."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Any] = field(default_factory=list)
    thread: str = ""
    metadata: dict[str, Any] | None = None
    only_for: str = ""  # of an ephemeral message
    edits: int = 0
    streaming: bool = False
    at: float = 0.0

    def shown(self, *, metadata: bool) -> dict[str, Any]:
        """Return the message as history tells it."""
        data: dict[str, Any] = {"type": "message", "ts": self.ts, "user": self.user, "text": self.text}
        if self.thread:
            data["thread_ts"] = self.thread
        if self.blocks:
            data["blocks"] = copy.deepcopy(self.blocks)
        if metadata and self.metadata:
            data["metadata"] = self.metadata
        return data

    @property
    def key(self) -> str:
        """The delivery this message belongs to."""
        return ((self.metadata or {}).get("event_payload") or {}).get("delivery_id", "")


@dataclass(slots=True, kw_only=True)
class Token:
    """What a token may do, and of which workspace it is."""

    team: str = "T1"
    bot_user: str = "UBOT"
    bot: str = "BBOT"
    scopes: frozenset[str] = BOT_SCOPES
    dead: str = ""  # why it is refused: "token_revoked", "account_inactive", "token_expired", …
    expires: float = 0.0


@dataclass(slots=True, kw_only=True)
class World:
    """Everything that stands in the loopback Slack."""

    people: dict[str, Person] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)  # user groups
    tokens: dict[str, Token] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)  # of installations, each exchanged once
    said: list[Said] = field(default_factory=list)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)  # open forms, by id
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)  # Home tabs, by user
    statuses: list[tuple[str, str, str]] = field(default_factory=list)  # channel, thread, "is thinking…"
    reactions: list[tuple[str, str, str]] = field(default_factory=list)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    @classmethod
    def usual(cls) -> World:
        """Return a workspace with an admin, a member, two guests, a stranger, and three rooms with the bot."""
        world = cls()
        for person in (
            Person(id="UADMIN", admin=True),
            Person(id="UANNA"),
            Person(id="UGUEST", restricted=True),
            Person(id="USINGLE", ultra_restricted=True),
            Person(id="USTRANGER", team="T9"),
            Person(id="UBOT", bot=True),
            Person(id="UOTHERBOT", bot=True),
        ):
            world.people[person.id] = person
        everybody = set(world.people)
        world.rooms["C1"] = Room(id="C1", members=set(everybody))
        world.rooms["C2"] = Room(id="C2", members={"UANNA", "UADMIN"})
        world.rooms["G1"] = Room(id="G1", kind="group", members={"UANNA", "UBOT"})
        for user in ("UANNA", "UADMIN", "UGUEST"):
            world.rooms[f"D{user}"] = Room(id=f"D{user}", kind="im", members={user, "UBOT"})
        world.tokens["xoxb-1"] = Token()
        return world

    def add(self, **values: Any) -> Said:
        """Put a message into its room."""
        now = time.time()
        said = Said(ts=f"{int(now)}.{next(self.numbers):06d}", at=now, **values)
        self.said.append(said)
        return said

    def find(self, channel: str, ts: str) -> Said | None:
        """Return the message ``ts`` of a room."""
        return next((s for s in self.said if s.channel == channel and s.ts == ts and not s.only_for), None)

    def seen(self, channel: str, *, user: str = "", thread: str | None = None) -> list[Said]:
        """Return what the bot said in a room that ``user`` can see, oldest first."""
        return [
            s
            for s in self.said
            if s.channel == channel
            and s.user == "UBOT"
            and s.only_for in {"", user}
            and (thread is None or s.thread == thread)
        ]

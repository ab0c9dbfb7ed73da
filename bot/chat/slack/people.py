"""Look up the asker at Slack: admin, member, guest or stranger, and what they may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from cachetools import TTLCache

from bot.chat.slack.workspaces import Workspaces
from bot.errors import ConfigError, DeliveryError
from bot.model.chat import Channel
from bot.model.talk import Asker

PERSON_CACHE_SECONDS = 60.0  # seconds for which what Slack said of a person is believed
MAX_CACHED_PEOPLE = 5000
MAX_MEMBER_PAGES = 20  # of a thousand members each

_log = structlog.get_logger()


class People:
    """Looks people up in their workspace; the answer is no if something cannot be found out."""

    def __init__(self, workspaces: Workspaces, *, admin_group: str = "") -> None:
        self._workspaces = workspaces
        self._admin_group = admin_group
        self._known: TTLCache[tuple[str, str], tuple[Asker | None]] = TTLCache(
            MAX_CACHED_PEOPLE, ttl=PERSON_CACHE_SECONDS
        )
        self._channels: TTLCache[tuple[str, str], tuple[bool]] = TTLCache(
            MAX_CACHED_PEOPLE, ttl=PERSON_CACHE_SECONDS
        )

    async def asker(self, team: str, user: str, *, home_team: str = "") -> Asker | None:
        """Return who ``user`` is in ``team``, None for a bot; ``home_team`` is where Slack says they belong."""
        if known := self._known.get((team, user)):
            return known[0]
        try:
            answer = await self._workspaces.call(team, "users_info", user=user, include_locale=True)
        except (DeliveryError, ConfigError) as error:
            _log.warning("a person could not be looked up", workspace=team, reason=error.message)
            return Asker(id=user, guest=True)
        person = answer.get("user") or {}
        found = None if person.get("is_bot") else await self._read(team, person, user, home_team)
        self._known[team, user] = (found,)
        return found

    async def sees(self, team: str, asker: Asker, channel: Channel) -> bool:
        """Return whether ``asker`` may see ``channel``: its members do, and of public ones everybody but guests."""
        if channel.platform != "slack" or channel.workspace != team:
            return False
        if channel.id.startswith(("D", "U", "W")):
            return channel.id in {asker.id, f"D{asker.id}"} or await self._member(team, asker.id, channel.id)
        try:
            answer = await self._workspaces.call(team, "conversations_info", channel=channel.id)
        except (DeliveryError, ConfigError):
            return False
        room = answer.get("channel") or {}
        if not room.get("is_private", True) and not asker.guest:
            return True
        return await self._member(team, asker.id, channel.id)

    async def private(self, team: str, channel: str) -> bool:
        """Return whether ``channel`` is private in its workspace; True if that cannot be known."""
        if known := self._channels.get((team, channel)):
            return known[0]
        try:
            answer = await self._workspaces.call(team, "conversations_info", channel=channel)
            found = bool((answer.get("channel") or {}).get("is_private", True))
        except (DeliveryError, ConfigError):
            return True
        self._channels[team, channel] = (found,)
        return found

    async def _member(self, team: str, user: str, channel: str) -> bool:
        cursor = ""
        try:
            for _ in range(MAX_MEMBER_PAGES):
                answer = await self._workspaces.call(
                    team, "conversations_members", channel=channel, limit=1000, cursor=cursor or None
                )
                if user in (answer.get("members") or ()):
                    return True
                cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
                if not cursor:
                    return False
        except (DeliveryError, ConfigError):
            return False
        return False

    async def _read(self, team: str, person: Mapping[str, Any], user: str, home_team: str) -> Asker:
        at_home = (person.get("team_id") or home_team or team) == team
        outsider = bool(person.get("is_stranger")) or not at_home or (bool(home_team) and home_team != team)
        guest = bool(person.get("is_restricted") or person.get("is_ultra_restricted") or outsider)
        admin = bool(person.get("is_admin") or person.get("is_owner") or person.get("is_primary_owner"))
        if not admin and not guest and self._admin_group:
            admin = await self._in_group(team, user)
        profile = person.get("profile") or {}
        name = profile.get("display_name") or person.get("real_name") or person.get("name") or ""
        return Asker(
            id=user,
            name=str(name)[:80],
            admin=admin and not guest and not person.get("deleted"),
            guest=guest,
            language=str(person.get("locale") or "")[:2],
            zone=str(person.get("tz") or "")[:80],
        )

    async def _in_group(self, team: str, user: str) -> bool:
        try:
            answer = await self._workspaces.call(team, "usergroups_users_list", usergroup=self._admin_group)
        except (DeliveryError, ConfigError) as error:
            _log.warning("the admin group could not be read", group=self._admin_group, reason=str(error))
            return False
        return user in (answer.get("users") or ())

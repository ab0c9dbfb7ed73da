"""The workspaces in which the bot is installed, and its scopes there: one by its token, or many by OAuth."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

import structlog
from cachetools import LRUCache

from bot.chat.rate_limit import MAX_WORKSPACES
from bot.chat.slack.api import SlackApi
from bot.chat.slack.errors import REMOVED, TOKEN
from bot.chat.slack.workspace import Installations, Workspace
from bot.errors import ConfigError, DeliveryError, DeliveryReason, PostRefused, StoreError
from bot.model.chat import Channel
from bot.model.workspace import Installation

REQUIRED = ("app_mentions:read", "channels:read", "chat:write", "commands", "im:history", "users:read")
OPTIONAL = {
    "channels:history": "for plain replies in threads, and to look up what was posted in public channels",
    "groups:history": "for the same in private channels",
    "groups:read": "to tell who may see a private channel",
    "usergroups:read": "to know the members of slack.admin_group",
    "assistant:write": "for the bot's place among the agents",
}
"""Scopes the bot works without, and what each is for."""
REPLACED_ELSEWHERE_PAUSES = (
    0.05,
    0.2,
    0.5,
    1.0,
    0.0,
)  # seconds between looks for a token that another process replaces
TOKEN_ROTATION_MARGIN = timedelta(minutes=20)  # before a token expires it is replaced

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Known:
    workspace: Workspace
    expires_at: datetime | None = None  # its token


class Workspaces:
    """Gives the workspace of a team with a valid token."""

    def __init__(
        self,
        api: SlackApi,
        *,
        token: str = "",
        installations: Installations | None = None,
        client: tuple[str, str] = ("", ""),
        now: Callable[[], datetime],
    ) -> None:
        self._api = api
        self._token = token
        self._installations = installations
        self._client = client
        self._now = now
        self._known: LRUCache[str, _Known] = LRUCache(MAX_WORKSPACES)
        self._watched: set[str] = set()  # whose tokens worked once: installed ones, until they are removed
        # One for each workspace, so that a broken one does not block the others; as long as somebody holds it.
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @property
    def many(self) -> bool:
        """Whether workspaces come by OAuth."""
        return self._installations is not None

    async def get(self, team: str) -> Workspace:
        """Return the workspace ``team``; raises ``PostRefused`` where the bot is not installed."""
        if workspace := self._valid(team):
            return workspace
        lock = self._changing.setdefault(team if self.many else "", asyncio.Lock())
        async with lock:
            if workspace := self._valid(team):
                return workspace
            if self._installations is None:
                return await self._one(team)
            return await self._installed(team)

    async def all(self) -> list[Workspace]:
        """Return every workspace that can be reached; the problems of the others are in the log."""
        if self._installations is None:
            return [await self.only()]
        found = []
        for team in await self.unreadable():
            _log.warning("workspace skipped", workspace=team, reason="its tokens cannot be decrypted")
        for installation in await self._installations.all("slack"):
            try:
                found.append(await self.get(installation.workspace))
            except DeliveryError as error:
                _log.warning("workspace skipped", workspace=installation.workspace, reason=str(error))
        return found

    async def unreadable(self) -> list[str]:
        """Return the workspaces whose tokens cannot be decrypted with the keys there are."""
        return await self._installations.unreadable("slack") if self._installations else []

    async def call(
        self, team: str, method: str, *, latest: float = math.inf, about: str = "", **arguments: Any
    ) -> Mapping[str, Any]:
        """Call ``method`` in the workspace ``team``; raises as ``SlackApi.call`` does.

        A refused token may have been replaced by another process; then the call is made with the new one.
        """
        workspace = await self.get(team)
        about = Channel(platform="slack", workspace=team, id=about).shown if about else ""
        try:
            return await self._api.call(
                method, token=workspace.token, latest=latest, about=about, **arguments
            )
        except PostRefused as refusal:
            if refusal.reason not in TOKEN:
                raise
            self._known.pop(team, None)
            if not self.many:
                raise
            fresh = await self.get(team)
            if fresh.token == workspace.token:
                raise
        return await self._api.call(method, token=fresh.token, latest=latest, about=about, **arguments)

    async def only(self) -> Workspace:
        """Return the one workspace of the configured token; raises ``ConfigError`` for a token that is none."""
        if self._known:
            return next(iter(self._known.values())).workspace
        try:
            workspace = await self._ask(self._token)
        except PostRefused as refusal:
            if refusal.reason in TOKEN or refusal.reason == "not_allowed_token_type":
                raise ConfigError(f"slack.bot_token: {refusal.message}", hint=refusal.hint) from refusal
            raise
        self._known[workspace.id] = _Known(workspace)
        self._watched.add(workspace.id)
        return workspace

    async def account(self) -> str:
        """Return the bot's account id in Slack, which stays the same with a new token; raises as ``only`` does."""
        return self._client[0] if self.many else (await self.only()).bot

    async def is_installed(self, team: str) -> bool | None:
        """Return whether the bot is installed in the workspace ``team``; None where that cannot be known now."""
        try:
            if self._installations is None:
                return (await self.only()).id == team or None
            installation = await self._installations.get("slack", team)
            if installation is None:
                return False
            try:
                await self._ask(installation.token)
            except PostRefused as refusal:
                if refusal.reason not in REMOVED:
                    return None
            else:
                return True
            self._known.pop(team, None)
            # It may have been replaced in this moment.
            newest = await self._installations.get("slack", team)
        except (DeliveryError, ConfigError, StoreError):
            return None
        return False if newest is None or newest.token == installation.token else None

    async def forget(self, team: str) -> None:
        """Drop the workspace: the bot was removed from it."""
        self._known.pop(team, None)
        self._watched.discard(team)
        if self._installations:
            await self._installations.remove("slack", team)

    async def install(self, answer: dict[str, Any]) -> Installation:
        """Store the result of the OAuth exchange; raises ``PostRefused`` if it is not for one workspace."""
        team = (answer.get("team") or {}).get("id") or ""
        if not team or self._installations is None or not answer.get("access_token"):
            raise PostRefused(
                "Only single workspaces can be added, not a whole organisation",
                reason="no team",
                hint="Choose one workspace when you install",
            )
        installation = self._kept(
            Installation(
                platform="slack",
                workspace=team,
                name=str((answer.get("team") or {}).get("name") or "")[:200],
                bot_user=str(answer.get("bot_user_id") or ""),
                installed_by=str((answer.get("authed_user") or {}).get("id") or ""),
                installed_at=self._now(),
                token="",
            ),
            answer,
        )
        await self._installations.save(installation)
        self._known.pop(team, None)
        return installation

    async def watch(self) -> Iterable[str]:
        """Ask Slack whether each token still works; return the problems, one sentence each."""
        wrong = []
        for team in sorted(self._watched):
            try:
                known = self._known.get(team)
                workspace = known.workspace if known else await self.get(team)
                fresh = await self._ask(workspace.token)
                if known := self._known.get(team):
                    self._known[team] = replace(known, workspace=replace(workspace, scopes=fresh.scopes))
            except PostRefused as refusal:
                if refusal.reason in TOKEN:
                    self._known.pop(team, None)
                if self.many and refusal.reason == DeliveryReason.NOT_INSTALLED:
                    self._watched.discard(team)
                    continue
                wrong.append(f"{team}: {refusal}")
            except (DeliveryError, ConfigError) as error:
                wrong.append(f"{team}: {error}")
        return wrong

    def _valid(self, team: str) -> Workspace | None:
        known = self._known.get(team)
        if known is None:
            return None
        expires = known.expires_at
        return known.workspace if expires is None or self._now() < expires - TOKEN_ROTATION_MARGIN else None

    async def _one(self, team: str) -> Workspace:
        workspace = await self.only()
        if workspace.id != team:
            raise PostRefused(
                f"The bot's token is of the workspace {workspace.id}, not {team}",
                reason=DeliveryReason.NOT_INSTALLED,
                hint=f"Write slack:{workspace.id}/CHANNEL",
                gone=True,
            )
        return workspace

    async def _installed(self, team: str) -> Workspace:
        assert self._installations is not None  # noqa: S101 - narrows the type
        try:
            installation = await self._installations.get("slack", team)
        except StoreError as error:
            raise PostRefused(error.message, reason="store", hint=error.hint, retry_after=5.0) from error
        if installation is None:
            raise PostRefused(
                f"The bot is not installed in the workspace {team}",
                reason=DeliveryReason.NOT_INSTALLED,
                hint="Install it there: open /slack/install at slack.public_url",
                gone=True,
            )
        if installation.expires_at and self._now() >= installation.expires_at - TOKEN_ROTATION_MARGIN:
            installation = await self._rotate(installation)
        workspace = await self._ask(installation.token)
        self._known[team] = _Known(workspace, expires_at=installation.expires_at)
        self._watched.add(team)
        return workspace

    async def _rotate(self, installation: Installation) -> Installation:
        """Replace a token before it expires: a refresh token works once, so the new pair is kept before its use."""
        assert self._installations is not None  # noqa: S101 - narrows the type
        try:
            answer = await self._api.exchange(
                client_id=self._client[0],
                client_secret=self._client[1],
                grant_type="refresh_token",
                refresh_token=installation.refresh_token,
            )
        except PostRefused:
            # Another process may have been first; what it keeps, in this moment or the next, is good.
            for pause in REPLACED_ELSEWHERE_PAUSES:
                other = await self._installations.get("slack", installation.workspace)
                if other is None:
                    break
                if other.token != installation.token:
                    return other
                await asyncio.sleep(pause)
            raise
        fresh = self._kept(installation, dict(answer))
        await self._installations.save(fresh)
        _log.info("token rotated", workspace=installation.workspace)
        return fresh

    def _kept(self, installation: Installation, answer: dict[str, Any]) -> Installation:
        seconds = float(answer.get("expires_in") or 0)
        return replace(
            installation,
            token=str(answer["access_token"]),
            refresh_token=str(answer.get("refresh_token") or ""),
            expires_at=self._now() + timedelta(seconds=seconds) if seconds else None,
            scopes=tuple(sorted(str(answer.get("scope") or "").split(","))),
        )

    async def _ask(self, token: str) -> Workspace:
        answer = await self._api.call("auth_test", token=token)
        return Workspace(
            id=str(answer["team_id"]),
            name=str(answer.get("team") or ""),
            bot_user=str(answer["user_id"]),
            bot=str(answer.get("bot_id") or ""),
            token=token,
            scopes=answer["scopes"],
        )

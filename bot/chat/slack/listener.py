"""Listen to Slack by Socket Mode or HTTP: each event is acknowledged, then handled in a bounded task."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from cachetools import FIFOCache

from bot.chat.rate_limit import ChannelRateLimits
from bot.chat.slack import requests
from bot.chat.slack.api import SlackApi
from bot.chat.slack.events import Verdict, bolt_app
from bot.chat.slack.http.endpoint import Replays, serve_slack
from bot.chat.slack.people import People
from bot.chat.slack.replying.conversation import SlackConversation
from bot.chat.slack.requests import Incoming
from bot.chat.slack.socket import Socket
from bot.chat.slack.workspaces import Workspaces
from bot.concurrency import end_tasks
from bot.config import Slack
from bot.errors import ConfigError, DeliveryError
from bot.model.talk import Request, Verb
from bot.ports import Handler, NotifyAdmins, no_one

TOKEN_CHECK_SECONDS = 60.0  # seconds between two looks whether the tokens still work
MAX_SLACK_REQUESTS = 200  # requests at the same time; further ones are refused with a message
MAX_CACHED_REQUESTS = 5000  # ids of requests that were handed on

_log = structlog.get_logger()


class SlackListener:
    """Turns the events of Slack into requests."""

    platform = "slack"

    def __init__(
        self,
        settings: Slack,
        *,
        api: SlackApi,
        workspaces: Workspaces,
        rate_limits: ChannelRateLimits,
        now: Callable[[], datetime],
        replays: Replays | None = None,
        tell: NotifyAdmins = no_one,
        watch: float = TOKEN_CHECK_SECONDS,
    ) -> None:
        self._settings = settings
        self._api = api
        self._workspaces = workspaces
        self._rate_limits = rate_limits
        self._people = People(workspaces, admin_group=settings.admin_group)
        self._tell = tell
        self._now = now
        self._replays = replays
        self._watch = watch
        self._handle: Handler | None = None
        self._work: set[asyncio.Task[None]] = set()
        self._known: FIFOCache[str, None] = FIFOCache(MAX_CACHED_REQUESTS)
        self._stack = AsyncExitStack()
        self._socket: Socket | None = None
        self._watching: asyncio.Task[None] | None = None
        self.connected = False
        self.address = ""  # where HTTP mode listens

    async def listen(self, handle: Handler) -> None:
        """Begin to accept requests; returns when Slack can reach the bot."""
        settings = self._settings
        secret, token = settings.signing_secret.get_secret_value(), settings.app_token.get_secret_value()
        if not token and not (settings.http and secret):
            raise ConfigError(
                "slack.app_token is empty: the bot cannot receive anything",
                hint="Make an app-level token with connections:write (docs/slack.md), or set slack.http and"
                " slack.signing_secret",
            )
        self._handle = handle
        if not self._workspaces.many:
            await self._known_workspace()
        app = bolt_app(self._api.client(), self._begin, signing_secret=secret)
        if settings.http:
            self.address = await self._stack.enter_async_context(
                serve_slack(
                    settings,
                    app=app if not token else None,
                    api=self._api,
                    workspaces=self._workspaces,
                    replays=self._replays,
                    now=self._now,
                )
            )
        if token:
            self._socket = Socket(app, self._api, token=token, changed=self._changed)
            self._stack.push_async_callback(self._socket.close)
            await self._socket.open()
        else:
            self.connected = True
        self._watching = asyncio.create_task(self._watch_tokens())

    async def close(self, seconds: float) -> None:
        """Accept no further request; give those in work ``seconds`` to end."""
        self._handle = None
        if self._watching:
            await end_tasks([self._watching])
        await self._stack.aclose()
        if self._work:
            await asyncio.wait(self._work, timeout=seconds)
        await end_tasks(self._work)
        self.connected = False

    async def idle(self) -> None:
        """Return when no request is in work."""
        while self._work:
            await asyncio.wait(set(self._work))

    async def _known_workspace(self) -> None:
        """Look the one workspace up; a Slack that cannot be reached is waited for."""
        wait = 1.0
        while True:
            try:
                await self._workspaces.only()
            except DeliveryError as error:
                _log.warning("slack cannot be reached yet", reason=str(error))
                await asyncio.sleep(wait)
                wait = min(60.0, wait * 2)
            else:
                return

    def _begin(self, kind: str, body: Mapping[str, Any], verdict: Verdict | None) -> bool:
        if self._handle is None or len(self._work) >= MAX_SLACK_REQUESTS:
            return False
        task = asyncio.create_task(self._serve(kind, body, self._handle, verdict))
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return True

    async def _serve(
        self, kind: str, body: Mapping[str, Any], handle: Handler, verdict: Verdict | None
    ) -> None:
        try:
            await self._handled(kind, body, handle, verdict)
        finally:
            if verdict is not None and not verdict.done():
                verdict.set_result({})

    async def _handled(
        self, kind: str, body: Mapping[str, Any], handle: Handler, verdict: Verdict | None
    ) -> None:
        try:
            incoming = await self._read(kind, body)
            if incoming is None or not self._first(incoming.request.id):
                return
            request = incoming.request if incoming.request.verb is Verb.GONE else await self._whole(incoming)
            if request is None:
                return
            conversation = SlackConversation(
                incoming=replace(incoming, request=request),
                asker=request.asker,
                api=self._api,
                workspaces=self._workspaces,
                people=self._people,
                rate_limits=self._rate_limits,
                verdict=verdict,
            )
            try:
                await handle(request, conversation)
            finally:
                conversation.end()
            if request.verb is Verb.GONE and not request.channel.id:
                await self._workspaces.forget(incoming.team)
        except (DeliveryError, ConfigError) as error:
            _log.warning("request dropped", kind=kind, reason=str(error))
        except Exception:  # noqa: BLE001 - one broken request stops nothing else
            _log.exception("a request failed", kind=kind)

    async def _read(self, kind: str, body: Mapping[str, Any]) -> Incoming | None:
        if kind == "command":
            return requests.from_command(body)
        if kind == "shortcut":
            return requests.from_shortcut(body)
        if kind == "action":
            return requests.from_action(body)
        if kind == "form":
            return requests.from_form(body)
        if kind == "home":
            return requests.from_home(body)
        if kind == "removal" and (body.get("event") or {}).get("type") in {
            "app_uninstalled",
            "tokens_revoked",
        }:
            return requests.from_removal(body, bot_user="")
        workspace = await self._workspaces.get(str(body.get("team_id") or ""))
        if kind == "removal":
            return requests.from_removal(body, bot_user=workspace.bot_user)
        if kind == "message":
            return requests.from_message(body, bot_user=workspace.bot_user, bot=workspace.bot)
        return requests.from_invitation(body, bot_user=workspace.bot_user)

    async def _whole(self, incoming: Incoming) -> Request | None:
        """Return the request with who asks, and whether everybody sees the channel; None where a bot asks."""
        request = incoming.request
        if not request.asker.id:
            return request
        asker = await self._people.asker(incoming.team, request.asker.id, home_team=incoming.home_team)
        if asker is None:
            return None
        private = request.private or await self._people.private(incoming.team, request.channel.id)
        return replace(request, asker=asker, private=private)

    def _first(self, request_id: str) -> bool:
        """Return whether the request was not handed on before."""
        if request_id in self._known:
            return False
        self._known[request_id] = None
        return True

    def _changed(self, connected: bool) -> None:  # noqa: FBT001 - a callback
        self.connected = connected

    async def _watch_tokens(self) -> None:
        """Ask again and again whether the tokens work, and say once what does not; the socket looks after itself."""
        while True:
            await asyncio.sleep(self._watch)
            try:
                wrong = list(await self._workspaces.watch())
                if self._socket and self._socket.failure:
                    wrong.append(str(self._socket.failure))
                for sentence in wrong:
                    _log.error("slack's token does not work", reason=sentence)
                    await self._tell(f"slack {sentence}"[:200], f"Slack: {sentence}")
                if self._socket and not await self._socket.connected():
                    _log.warning("slack's socket is down")
            except Exception:  # noqa: BLE001 - the loop must continue
                _log.exception("slack could not be checked")

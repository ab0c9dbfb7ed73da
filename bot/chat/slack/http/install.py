"""Install the bot in a workspace: OAuth with a state that is valid only in the browser that began it.

The state carries its own time and our signature, so nothing is kept for installations that were begun: a stranger who
begins a million of them does not block others, and any process can finish an installation that another began. That an installation is
finished once is Slack's promise: its code works once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from urllib.parse import urlencode

import structlog
from aiohttp import web

from bot.chat.slack.api import SlackApi
from bot.chat.slack.workspaces import OPTIONAL, REQUIRED, Workspaces
from bot.config import Slack
from bot.errors import DeliveryError
from bot.urls import join

STATE_SECONDS = 600
MAX_STATE_CHARS = 200
COOKIE = "wirebrief-install"

_log = structlog.get_logger()


class Installer:
    """The two pages: ``/slack/install`` leads to Slack's consent, ``/slack/oauth_redirect`` comes back from it."""

    def __init__(
        self,
        settings: Slack,
        *,
        api: SlackApi,
        workspaces: Workspaces,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._api = api
        self._workspaces = workspaces
        self._now = now

    def add_to(self, site: web.Application) -> None:
        """Add the pages to ``site``."""
        site.router.add_get("/slack/install", self._begin)
        site.router.add_get("/slack/oauth_redirect", self._end)

    async def _begin(self, _request: web.Request) -> web.StreamResponse:
        state = self._signed(f"{int(self._now())}.{secrets.token_urlsafe(32)}")
        query = urlencode(
            {
                "client_id": self._settings.client_id,
                "scope": ",".join((*REQUIRED, *OPTIONAL)),
                "state": state,
                "redirect_uri": self._redirect,
            }
        )
        away = web.HTTPFound(f"{join(self._settings.api_url, '/oauth/v2/authorize')}?{query}")
        away.set_cookie(
            COOKIE,
            state,
            max_age=STATE_SECONDS,
            httponly=True,
            secure=self._redirect.startswith("https:"),
            samesite="Lax",
        )
        raise away

    async def _end(self, request: web.Request) -> web.Response:
        state, code = request.query.get("state", ""), request.query.get("code", "")
        same = hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), state.encode())
        if not same or not self._holds(state):
            return _page("This link has run out or was opened elsewhere. Begin again at /slack/install.", 400)
        if not code:
            return _page("Slack was not allowed to add the bot. Begin again at /slack/install.", 400)
        secret = self._settings.client_secret.get_secret_value()
        try:
            answer = await self._api.exchange(
                client_id=self._settings.client_id,
                client_secret=secret,
                code=code[:500],
                redirect_uri=self._redirect,
            )
            installation = await self._workspaces.install(dict(answer))
        except DeliveryError as error:
            _log.warning("an installation failed", reason=str(error))
            return _page(f"{error.message}. {error.hint or 'Begin again at /slack/install.'}", 502)
        _log.info("installed", workspace=installation.workspace)
        return _page("Wirebrief is installed. Write /brief in any channel of your workspace.", 200)

    def _signed(self, text: str) -> str:
        key = hashlib.sha256(b"install " + self._settings.client_secret.get_secret_value().encode()).digest()
        return f"{text}.{hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}"

    def _holds(self, state: str) -> bool:
        """Tell whether ``state`` is one of ours and not too old."""
        text, _, _ = state.rpartition(".")
        begun = text.partition(".")[0]
        if len(state) > MAX_STATE_CHARS or not (begun.isascii() and begun.isdigit()):
            return False
        if not hmac.compare_digest(self._signed(text).encode(), state.encode()):
            return False
        return 0 <= self._now() - int(begun) <= STATE_SECONDS

    @property
    def _redirect(self) -> str:
        return f"{self._settings.public_url.rstrip('/')}/slack/oauth_redirect"


def _page(text: str, status: int) -> web.Response:
    return web.Response(
        status=status,
        text=text,
        content_type="text/plain",
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )

"""How a workspace installs the bot: OAuth with a state that works once, in the browser it was given to."""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import urlencode, urljoin

import structlog
from aiohttp import web

from bot.chat.slack.api import SlackApi
from bot.chat.slack.workspaces import OPTIONAL, REQUIRED, Workspaces
from bot.config import Slack
from bot.errors import DeliveryError

STATE_SECONDS = 600
MOST_STATES = 1000
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
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._api = api
        self._workspaces = workspaces
        self._now = now
        self._states: OrderedDict[str, float] = OrderedDict()

    def add_to(self, site: web.Application) -> None:
        """Add the pages to ``site``."""
        site.router.add_get("/slack/install", self._begin)
        site.router.add_get("/slack/oauth_redirect", self._end)

    async def _begin(self, _request: web.Request) -> web.StreamResponse:
        state, now = secrets.token_urlsafe(32), self._now()
        while self._states and (
            len(self._states) >= MOST_STATES or next(iter(self._states.values())) < now - STATE_SECONDS
        ):
            self._states.popitem(last=False)
        self._states[state] = now
        query = urlencode(
            {
                "client_id": self._settings.client_id,
                "scope": ",".join((*REQUIRED, *OPTIONAL)),
                "state": state,
                "redirect_uri": self._redirect,
            }
        )
        away = web.HTTPFound(f"{urljoin(self._settings.api_url, '/oauth/v2/authorize')}?{query}")
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
        known = self._states.pop(state, None)
        same = hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), state.encode())
        if known is None or not same or self._now() - known > STATE_SECONDS:
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

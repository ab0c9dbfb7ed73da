"""HTTP mode: what Slack posts, looked at before Bolt sees it; and the way by which workspaces install the bot.

Bolt answers a malformed time stamp with a traceback, logs bodies, and runs a signed command again when it is replayed:
so the signature is checked here, once, in constant time, and kept until it is too old to be replayed.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.chat.slack.api import SlackApi
from bot.chat.slack.install import Installer
from bot.chat.slack.workspaces import Workspaces
from bot.config import Slack
from bot.errors import ConfigError

MOST_BODY = 256 * 1024  # bytes; Slack's own are below 100 KiB
FRESH = 300  # seconds a signature is good for, on either side
MOST_SEEN = 100_000

_log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Gate:
    """Lets each signed body through once."""

    secret: str
    now: Callable[[], float] = time.time
    _seen: OrderedDict[str, float] = field(default_factory=OrderedDict)

    def passes(self, body: bytes, *, stamp: str, signature: str) -> str:
        """Return "" for a body that is Slack's and new, else what is wrong: "malformed", "old", "forged", "replayed"."""
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            return "malformed"
        if not (signature.isascii() and signature.startswith("v0=") and len(signature) == 67):
            return "malformed"
        now = self.now()
        if abs(now - int(stamp)) > FRESH:
            return "old"
        base = b"v0:" + stamp.encode() + b":" + body
        expected = "v0=" + hmac.new(self.secret.encode(), base, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature):
            return "forged"
        while self._seen and next(iter(self._seen.values())) < now - 2 * FRESH:
            self._seen.popitem(last=False)
        if signature in self._seen:
            return "replayed"
        if len(self._seen) >= MOST_SEEN:
            return "too many"
        self._seen[signature] = now
        return ""


@asynccontextmanager
async def serve_slack(
    settings: Slack, *, app: AsyncApp | None, api: SlackApi, workspaces: Workspaces
) -> AsyncIterator[str]:
    """Serve HTTP mode, and the installation where there are many workspaces; yield the address."""
    site = web.Application(client_max_size=MOST_BODY)
    if app is not None:
        site.router.add_post(
            "/slack/events", _events(app, Gate(secret=settings.signing_secret.get_secret_value()))
        )
    if workspaces.many:
        Installer(settings, api=api, workspaces=workspaces).add_to(site)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    host, _, port = settings.http.rpartition(":")
    try:
        await web.TCPSite(runner, host, int(port)).start()
    except OSError as error:
        await runner.cleanup()
        raise ConfigError(
            f"slack.http: {settings.http} cannot be listened on ({error.strerror})",
            hint="Choose another port",
        ) from error
    try:
        yield f"{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _events(app: AsyncApp, gate: Gate) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            body = await request.read()
            text = body.decode()
        except (web.HTTPRequestEntityTooLarge, UnicodeDecodeError):
            return web.Response(status=413, text="too large or not text")
        why = gate.passes(
            body,
            stamp=request.headers.get("X-Slack-Request-Timestamp", ""),
            signature=request.headers.get("X-Slack-Signature", ""),
        )
        if why == "replayed":
            return web.Response()  # it was taken the first time
        if why:
            _log.warning("a post that is not Slack's was refused", why=why)
            return web.Response(status=401, text="not Slack")
        asked = AsyncBoltRequest(body=text, query=request.query_string, headers=dict(request.headers))
        return await to_aiohttp_response(await app.async_dispatch(asked))

    return answer

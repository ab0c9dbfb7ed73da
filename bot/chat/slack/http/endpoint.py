"""HTTP mode: verify Slack's requests before Bolt sees them; serve the installation of workspaces.

Bolt answers a malformed time stamp or body with a traceback, logs bodies, and runs a signed command again when it is
replayed: so the signature is checked here, once, in constant time, and kept until it is too old to be replayed, in the
memory of this process and in one that all processes share.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog
from aiohttp import web
from cachetools import TTLCache
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.chat.failure_log import FailureLog
from bot.chat.slack.api import SlackApi
from bot.chat.slack.http.bodies import read_body
from bot.chat.slack.http.install import Installer
from bot.chat.slack.workspaces import Workspaces
from bot.config import Slack
from bot.errors import ConfigError, StoreError
from bot.log import report_fault

MAX_SLACK_REQUEST_BYTES = 256 * 1024  # bytes; Slack's own are below 100 KiB
SIGNATURE_SECONDS = 300  # seconds a signature is good for, on either side
MAX_SEEN_REQUESTS = 100_000

_log = structlog.get_logger()


class Replays(Protocol):
    """Records which signed requests any process has handled; the interface between chat and store."""

    async def first(self, key: str, *, at: datetime) -> bool:
        """Keep that the request ``key`` was taken; False when it was before. Raises ``StoreError``."""
        ...


@dataclass(slots=True, kw_only=True)
class SignatureCheck:
    """Accepts each signed body once."""

    secret: str
    now: Callable[[], float] = time.time
    _seen: TTLCache[str, None] = field(init=False)

    def __post_init__(self) -> None:
        """Make room for the signatures that may still come again."""
        self._seen = TTLCache(MAX_SEEN_REQUESTS, ttl=2 * SIGNATURE_SECONDS, timer=self.now)

    def passes(self, body: bytes, *, timestamp: str, signature: str) -> str:
        """Return "" for a body that is Slack's and new, else what is wrong: "malformed", "old", "forged", "replayed"."""
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            return "malformed"
        if not (signature.isascii() and signature.startswith("v0=") and len(signature) == 67):
            return "malformed"
        now = self.now()
        if abs(now - int(timestamp)) > SIGNATURE_SECONDS:
            return "old"
        base = b"v0:" + timestamp.encode() + b":" + body
        expected = "v0=" + hmac.new(self.secret.encode(), base, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature):
            return "forged"
        if signature in self._seen:
            return "replayed"
        if len(self._seen) >= MAX_SEEN_REQUESTS:
            return "too many"
        self._seen[signature] = None
        return ""


@asynccontextmanager
async def serve_slack(
    settings: Slack,
    *,
    app: AsyncApp | None,
    api: SlackApi,
    workspaces: Workspaces,
    replays: Replays | None = None,
    now: Callable[[], datetime],
) -> AsyncIterator[str]:
    """Serve HTTP mode, and the installation where there are many workspaces; yield the address."""
    site = web.Application(client_max_size=MAX_SLACK_REQUEST_BYTES)
    if app is not None:
        signatures = SignatureCheck(secret=settings.signing_secret.get_secret_value())
        site.router.add_post("/slack/events", _events(app, signatures, replays=replays, now=now))
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


def _events(
    app: AsyncApp, signatures: SignatureCheck, *, replays: Replays | None, now: Callable[[], datetime]
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    failures = FailureLog()  # anybody can send any number of posts

    def refuse(why: str, *, status: int, text: str) -> web.Response:
        failures.warn("a post was refused", channel="slack.http", reason=why)
        return web.Response(status=status, text=text)

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            body = await request.read()
            text = body.decode()
        except (web.HTTPRequestEntityTooLarge, UnicodeDecodeError):
            return refuse("too large or not text", status=413, text="too large or not text")
        signature = request.headers.get("X-Slack-Signature", "")
        why = signatures.passes(
            body, timestamp=request.headers.get("X-Slack-Request-Timestamp", ""), signature=signature
        )
        if why and why != "replayed":
            return refuse(why, status=401, text="not Slack")
        if why or not await _first(signature, replays, at=now()):
            return web.Response()  # it was taken the first time
        if read_body(text, content_type=request.content_type) is None:
            return refuse("signed, and not as Slack documents it", status=400, text="malformed")
        asked = AsyncBoltRequest(body=text, query=request.query_string, headers=dict(request.headers))
        try:
            return await to_aiohttp_response(await app.async_dispatch(asked))
        except Exception as error:  # noqa: BLE001 - one broken request stops nothing else
            number = report_fault(error, doing="what Slack posted")
            return web.Response(status=500, text=f"error {number}")

    return answer


async def _first(signature: str, replays: Replays | None, *, at: datetime) -> bool:
    """Return whether no process took the request before; while the database is away this process's memory decides."""
    if replays is None:
        return True
    try:
        return await replays.first(hashlib.sha256(signature.encode()).hexdigest(), at=at)
    except StoreError as error:
        _log.warning("replays across processes are not detected", reason=error.message)
        return True

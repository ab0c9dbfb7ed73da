"""Keep a Socket Mode connection: reconnect with growing waits, and replace a connection that died silently.

Slack's own client keeps trying an address that has run out, and may believe for ever in a socket that is dead: a
connection that is down for longer than ``MAX_DOWN_SECONDS`` seconds is replaced, client and all.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.chat.slack.api import SlackApi
from bot.errors import ConfigError, DeliveryError, PostRefused
from bot.log import library_logger

CHECK_INTERVAL_SECONDS = 1.0  # seconds between two checks of the connection
MAX_DOWN_SECONDS = 15.0  # seconds it may be down before it is replaced
PING_INTERVAL_SECONDS = 10.0  # seconds between two pings
RECONNECT_WAITS_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # before each further attempt

_log = structlog.get_logger()


class Socket:
    """The Socket Mode connection for ``app``."""

    def __init__(self, app: AsyncApp, api: SlackApi, *, token: str, changed: Callable[[bool], None]) -> None:
        self._app = app
        self._api = api
        self._token = token
        self._changed = changed
        self._handler: AsyncSocketModeHandler | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._up = asyncio.Event()
        self.failure: ConfigError | None = None  # why it is refused, while it is

    async def open(self) -> None:
        """Return when the connection is up; raises ``ConfigError`` for an invalid token."""
        self._keeping = asyncio.create_task(self._keep())
        connected = asyncio.create_task(self._up.wait())
        await asyncio.wait({self._keeping, connected}, return_when=asyncio.FIRST_COMPLETED)
        connected.cancel()
        if self.failure:
            raise self.failure

    async def close(self) -> None:
        """End the connection."""
        if self._keeping:
            self._keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeping
        await self._drop()

    async def renew(self) -> None:
        """Replace the connection by a new one."""
        await self._drop()

    async def connected(self) -> bool:
        """Return whether the connection is up."""
        handler = self._handler
        return handler is not None and bool(await handler.client.is_connected())

    async def _keep(self) -> None:
        attempts = 0
        while True:
            try:
                await self._connect()
            except PostRefused as refusal:
                if refusal.retry_after is None:
                    self.failure = ConfigError(f"slack.app_token: {refusal.message}", hint=_hint(refusal))
                    if not self._up.is_set():
                        return
                _log.warning("slack is not connected", reason=str(refusal))
            except (DeliveryError, TimeoutError) as error:
                _log.warning("slack is not connected", reason=str(error) or "no answer")
            else:
                attempts, self.failure = 0, None
                self._up.set()
                self._changed(True)
                _log.info("slack is connected")
                await self._stay()
                self._changed(False)
                _log.warning("slack's connection is gone; reconnecting")
            await self._drop()
            await asyncio.sleep(RECONNECT_WAITS_SECONDS[min(attempts, len(RECONNECT_WAITS_SECONDS) - 1)])
            attempts += 1

    async def _connect(self) -> None:
        answer = await self._api.call("apps_connections_open", app_token=self._token)
        handler = AsyncSocketModeHandler(
            self._app,
            app_token=self._token,
            # Errors are logged here; the library's own log lines contain addresses with tickets.
            logger=library_logger("slack.socket", level=logging.CRITICAL + 1),
            web_client=self._api.client(),
            proxy=self._api.proxy or None,
            ping_interval=PING_INTERVAL_SECONDS,
        )
        self._handler = handler
        client = handler.client
        assert isinstance(client, SocketModeClient)  # noqa: S101 - narrows the type
        client.wss_uri = str(answer["url"])
        async with asyncio.timeout(MAX_DOWN_SECONDS):
            await client.connect()  # type: ignore[no-untyped-call]

    async def _stay(self) -> None:
        """Return when the connection has been down for too long."""
        seen = time.monotonic()
        while time.monotonic() - seen < MAX_DOWN_SECONDS:
            if self._handler is None:
                return
            if await self.connected():
                seen = time.monotonic()
            await asyncio.sleep(CHECK_INTERVAL_SECONDS)

    async def _drop(self) -> None:
        handler, self._handler = self._handler, None
        if handler:
            with contextlib.suppress(Exception):  # a closed client can raise anything
                await handler.close_async()  # type: ignore[no-untyped-call]


def _hint(refusal: PostRefused) -> str:
    if refusal.reason in {"invalid_auth", "not_authed", "token_revoked", "not_allowed_token_type"}:
        return (
            "Make one at api.slack.com/apps > your app > Basic Information > App-Level Tokens, with connections:write,"
            " and put it (xapp-…) into slack.app_token"
        )
    return refusal.hint

"""Keep the gateway connection to Discord: reconnect after each failure, unless Discord refuses for good."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import aiohttp
import discord
import structlog

from bot.chat.discord.client import (
    RETRY_SECONDS,
    BriefClient,
    Connection,
    wait_before_session,
    wrong_intents,
    wrong_token,
)
from bot.errors import ConfigError, PostRefused, WirebriefError
from bot.ports import NotifyAdmins

STABLE_CONNECTION_SECONDS = (
    600.0  # seconds after which a line that breaks is no sign of the next one breaking
)
GATEWAY_WRONG_TOKEN_CODE, WRONG_INTENTS = 4004, (4013, 4014)
_UNREACHED = (
    PostRefused,
    discord.HTTPException,
    discord.GatewayNotFound,
    aiohttp.ClientError,
    TimeoutError,
    OSError,
)

_log = structlog.get_logger()


class GatewayLine:
    """The gateway connection; ``logged_in`` is awaited after each login, ``tell`` is called if it ends for good."""

    def __init__(
        self, connection: Connection, *, logged_in: Callable[[], Awaitable[None]], tell: NotifyAdmins
    ) -> None:
        self.trouble = ""  # the reason why no events arrive any more, for a person
        self._connection = connection
        self._client: BriefClient = connection.client
        self._logged_in = logged_in
        self._tell = tell
        self._line: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether events of the platform arrive."""
        shards = self._client.shards.values()
        ready = self._line is not None and not self._line.done() and self._client.is_ready()
        return ready and not any(shard.is_closed() for shard in shards)

    async def open(self) -> None:
        """Return when the connection is up; raises ``ConfigError`` if the token or the intents are wrong."""
        self._line = asyncio.create_task(self._stay_connected(), name="discord")
        ready = asyncio.create_task(self._ready())
        await asyncio.wait({self._line, ready}, return_when=asyncio.FIRST_COMPLETED)
        if self._line.done():
            ready.cancel()
            await self._line
        self._line.add_done_callback(self._ended)

    async def hang_up(self) -> None:
        """Close the gateway connection; posting continues."""
        if self._line is not None:
            self._line.cancel()
            await asyncio.gather(self._line, return_exceptions=True)
        for shard in self._client.shards.values():
            await shard.disconnect()

    async def _stay_connected(self) -> None:
        """Connect, and retry with growing delays while Discord cannot be reached and after unexpected errors."""
        wait, most = RETRY_SECONDS
        while True:
            begun = time.monotonic()
            try:
                await self._connection.log_in()
                await self._logged_in()
                await asyncio.sleep(await self._session_wait())
                await self._client.connect()
            except discord.PrivilegedIntentsRequired as error:
                raise wrong_intents() from error
            except discord.ConnectionClosed as error:
                raise _closed(error) from error
            except ConfigError:
                raise
            except _UNREACHED as error:
                _log.warning("Discord cannot be reached", again_in=wait, error=type(error).__name__)
            except Exception:  # noqa: BLE001 - an event that the library cannot read ends its line
                _log.exception("the connection to Discord failed", again_in=wait)
                await self._connection.reopen()
            else:
                return
            if time.monotonic() - begun > STABLE_CONNECTION_SECONDS:
                wait = RETRY_SECONDS[0]
            await asyncio.sleep(wait)
            wait = min(most, wait * 2)

    async def _session_wait(self) -> float:
        limits = await self._client.fetch_session_start_limits()
        wait = wait_before_session(limits.remaining, limits.reset_after / 1000)
        if wait:
            _log.warning(
                "few Discord gateway sessions are left today", remaining=limits.remaining, waiting=round(wait)
            )
        return wait

    async def _ready(self) -> None:
        """Wait until the connection is up; before the login there is no event to wait for."""
        while not self._connection.is_logged_in:  # noqa: ASYNC110 - the login sends no event
            await asyncio.sleep(0.02)
        await self._client.wait_until_ready()

    def _ended(self, line: asyncio.Task[None]) -> None:
        if not line.cancelled() and (error := line.exception()) is not None:
            self.trouble = str(error)
            _log.error("no longer listening to Discord", reason=self.trouble)
            self._telling = asyncio.create_task(self._notify_of_failure())

    async def _notify_of_failure(self) -> None:
        """Notify the admins, who may be on another platform."""
        text = f"no longer listening to Discord: {self.trouble}"
        try:
            await self._tell(f"discord {self.trouble}"[:200], text)
        except WirebriefError as error:
            _log.warning("admins could not be notified", reason=error.message)


def _closed(error: discord.ConnectionClosed) -> ConfigError:
    if error.code == GATEWAY_WRONG_TOKEN_CODE:
        return wrong_token()
    if error.code in WRONG_INTENTS:
        return wrong_intents()
    return ConfigError(
        f"Discord closed the connection for good ({error.code})",
        hint="Restart the bot; if it stays so, see docs/discord.md",
    )

"""The one connection to Discord: login, the gateway, and growing waits before each new session.

Discord allows a thousand sessions a day and resets the token of a bot that asks for more: sessions are resumed where
they can be, and each new one waits longer than the one before.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass, field

import aiohttp
import discord
import structlog

from bot.chat.discord.errors import unreached
from bot.chat.discord.rest import Rest, traced
from bot.errors import ConfigError, PostRefused

HOUR_SECONDS = 3600.0
MAX_SESSION_WAIT_SECONDS = 900.0  # seconds before a session
LOW_SESSIONS = 200  # remaining sessions of a day's thousand from which they are spread over the day
RETRY_SECONDS = 5.0, 300.0  # seconds between attempts to reach Discord: the first, the longest

_log = structlog.get_logger()
PORTAL = "https://discord.com/developers/applications"


@dataclass(slots=True, kw_only=True)
class Sessions:
    """When the next session may begin: at once, then after growing waits while sessions follow each other."""

    first: float = 5.0  # seconds, which Discord wants between any two
    begun: deque[float] = field(default_factory=lambda: deque(maxlen=100))

    def wait(self, now: float) -> float:
        """Return the seconds until a session may begin; call ``begin`` when one begins."""
        recent = [at for at in self.begun if now - at < HOUR_SECONDS]
        if not recent:
            return 0.0
        pause = min(MAX_SESSION_WAIT_SECONDS, self.first * 2.0 ** (len(recent) - 1))
        return max(0.0, recent[-1] + pause - now)

    def begin(self, now: float) -> None:
        """Remember that a session begins."""
        self.begun.append(now)


def wait_before_session(remaining: int, reset_after: float) -> float:
    """Return the seconds to wait before a session, so that the remaining sessions last until the end of the day."""
    if remaining >= LOW_SESSIONS:
        return 0.0
    return reset_after if remaining < 1 else min(MAX_SESSION_WAIT_SECONDS, reset_after / remaining)


class BriefClient(discord.AutoShardedClient):
    """discord.py's client without privileged intents, without caches of people and messages, and patient."""

    def __init__(
        self,
        *,
        message_content: bool = False,
        shards: int | None = None,
        first_wait: float = 5.0,
        ready_wait: float = 2.0,
        proxy: str = "",
    ) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = True
        intents.message_content = message_content
        super().__init__(
            intents=intents,
            shard_count=shards,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=ready_wait,
            http_trace=traced(),
            proxy=proxy or None,
        )
        self.sessions = Sessions(first=first_wait)
        self.listener: object = None  # the handler of buttons

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002
        """Wait for a new session's turn; if that takes longer than the connection lasts, it is tried again."""
        wait = 0.0 if self._several(shard_id) else self.sessions.wait(time.monotonic())
        if wait > self.sessions.first:
            _log.warning("waiting before a new Discord gateway session", seconds=round(wait))
        await asyncio.sleep(wait)
        self.sessions.begin(time.monotonic())

    def _several(self, shard_id: int | None) -> bool:
        return bool(shard_id) and len(self.sessions.begun) < (self.shard_count or 1)

    async def on_error(self, event: str, /, *_args: object, **_kwargs: object) -> None:
        """Log what failed in an event, for the operator only."""
        _log.exception("an event failed", happening=event)


class Connection:
    """The client, which logs in when first needed."""

    def __init__(self, client: BriefClient, *, token: str, window: float = 10.0) -> None:
        self.client = client
        self.rest = Rest(client=client, window=window)
        self._token = token
        self._lock = asyncio.Lock()
        self._closed = False  # to be opened anew
        self._ended = False  # for good

    @property
    def is_logged_in(self) -> bool:
        """Whether the bot has logged in."""
        return self.client.application is not None and not self._closed

    @property
    def me(self) -> str:
        """The bot's own id."""
        return str(self.client.user.id) if self.client.user else ""

    @property
    def application(self) -> str:
        """The application's id."""
        return str(self.client.application_id or "")

    async def logged_in(self) -> None:
        """Log in if necessary; raises ``PostRefused`` if Discord cannot be reached or refuses the token."""
        try:
            await self.log_in()
        except ConfigError as error:
            raise PostRefused(error.message, reason="token", hint=error.hint, retry_after=300.0) from error

    async def log_in(self) -> None:
        """Log in if necessary; raises ``ConfigError`` for a wrong token, ``PostRefused`` if Discord cannot be reached."""
        if not self._token.isascii() or not self._token or any(c.isspace() for c in self._token):
            raise wrong_token()
        async with self._lock:
            if self.is_logged_in:
                return
            if self._ended:
                raise unreached()
            try:
                async with asyncio.timeout(30.0):
                    await self.client.login(self._token)
                self._closed = False
            except (discord.LoginFailure, ValueError) as error:
                await self._clear()
                raise wrong_token() from error
            except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError) as error:
                await self._clear()
                raise unreached() from error

    async def reopen(self) -> None:
        """Disconnect, so that the next login starts again."""
        async with self._lock:
            await self.client.close()
            await self._clear()
            self.client.clear()
            self._closed = True

    async def _clear(self) -> None:
        """Make the client as it was: its connector cannot be used again once its session is closed."""
        await self.client.http.close()
        self.client.http.connector = discord.utils.MISSING
        self.client.http.clear()

    async def close(self) -> None:
        """Close what is open, for good."""
        stood, self._closed, self._ended = self.is_logged_in, True, True
        if stood:
            await self.client.close()
        else:
            await self.client.http.close()


def wrong_token() -> ConfigError:
    """Return the error for a token that Discord refuses."""
    return ConfigError(
        "discord.token: Discord does not accept this token",
        hint=f"Copy it anew: {PORTAL} → your application → Bot → Reset Token",
    )


def wrong_intents() -> ConfigError:
    """Return the error if the bot requests intents that the application does not have."""
    return ConfigError(
        "discord.message_content: the application is not allowed to read messages",
        hint=f"Switch on “Message Content Intent”: {PORTAL} → your application → Bot, or set the key to false",
    )


def quiet_library() -> None:
    """Reduce the warnings of discord.py to those that matter."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # the bot does not use voice
    logging.getLogger("discord.gateway").addFilter(_matters)


def _matters(record: logging.LogRecord) -> bool:
    """Tell a line from that of a heartbeat behind: it is counted from the one before where an answer is quick."""
    return not str(record.msg).startswith("Can't keep up")

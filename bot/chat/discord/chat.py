"""Post briefings to Discord's channels, threads and forums, each with a nonce, and find them again by it.

Discord accepts a nonce only once within a few minutes. Later the bot looks for the nonce in the history, which
needs Read Message History: without it Discord shows an empty history, and no error.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import discord
from cachetools import LRUCache

from bot.chat.discord.channels import check_name, find_channel, permissions_in, problems_in
from bot.chat.discord.client import Connection, wrong_intents
from bot.chat.discord.errors import is_global, refusal, unreached, wait_of
from bot.chat.discord.history import History
from bot.chat.discord.listener import DiscordListener
from bot.chat.discord.nonce import body_of, nonce_of, with_nonce
from bot.chat.discord.permissions import (
    FORUMS,
)
from bot.chat.discord.protocol import ErrorCode
from bot.chat.discord.render.fallback import fallbacks
from bot.chat.discord.render.layout import Style
from bot.chat.discord.render.message import render
from bot.chat.discord.rest import Answered, Unanswered, Unreached
from bot.chat.failure_log import FailureLog
from bot.chat.rate_limit import ChannelRateLimits, RateLimit
from bot.errors import DeliveryError, PostRefused, PostUnclear
from bot.model.chat import Channel
from bot.model.message import Message
from bot.ports import Post, Presence

# Between two messages in one channel: Discord takes five in five seconds.
DISCORD_MESSAGE_INTERVAL_SECONDS = 1.0
MAX_LISTED_SERVERS = 200
MAX_CACHED_CHANNELS = 5000  # kinds of channels, and where the parts of messages go
# Of a look-up: 24 hours, the default of `run.grace_hours`, and 26 in which a delivery is tried, as the setup adds them.
LOOKUP_SPAN = timedelta(hours=50)


class DiscordChat:
    """Channels ``discord:SERVER/CHANNEL``; without a server, a direct message."""

    platform = "discord"

    def __init__(
        self,
        connection: Connection,
        *,
        listener: DiscordListener,
        now: Callable[[], datetime],
        style: Style = "components",
        settle_seconds: float = 5.0,
        look_back: timedelta = LOOKUP_SPAN,
    ) -> None:
        self.window = connection.rest.window
        self.settle_seconds = settle_seconds
        self.listener = listener
        self._connection = connection
        self._rest = connection.rest
        self._style: Style = style
        self._history = History(connection, now=now, look_back=look_back, error=self._error)
        self._everywhere = RateLimit()
        self._channel_limits = ChannelRateLimits(DISCORD_MESSAGE_INTERVAL_SECONDS)
        self._failures = FailureLog()
        self._forums: LRUCache[str, bool] = LRUCache(MAX_CACHED_CHANNELS)
        self._threads: LRUCache[str, str] = LRUCache(
            MAX_CACHED_CHANNELS
        )  # where parts go, by their first message

    def render(self, message: Message, channel: Channel) -> tuple[str, ...]:
        """Return the payloads: the first for the channel, the others for its thread."""
        check_name(channel)
        return render(message, style=self._style)

    def validate(self, channel: Channel) -> None:
        """Raise ``PostRefused`` if ``channel`` cannot be a channel of Discord."""
        check_name(channel)

    def rate_limit_wait(self, channel: Channel) -> float:
        """Return the wait of the platform, then of the channel."""
        return self._everywhere.remaining() or self._channel_limits.take(channel.name)

    async def post(self, post: Post) -> str:
        """Post one message and return its id; in a forum the first one is a post, whose id its thread has too."""
        check_name(post.channel)
        payload = json.loads(post.payload)
        nonce = nonce_of(post.key, post.channel)

        async def send(body: dict[str, Any]) -> str:
            if await self._is_forum(post):
                return await self._post_to_forum(post, payload, body)
            body |= {"nonce": nonce, "enforce_nonce": True}
            where = await self._thread(post, payload)
            try:
                return str((await self._call(post, "POST", f"/channels/{where}/messages", body))["id"])
            except PostRefused as gone:
                if where == post.channel.id or gone.code != ErrorCode.UNKNOWN_CHANNEL:
                    raise
                # The thread was deleted since it was made.
                self._threads.pop(post.parent, None)
                where = await self._thread(post, payload)
                return str((await self._call(post, "POST", f"/channels/{where}/messages", body))["id"])

        return await self._in_some_form(post, body_of(payload), send)

    async def find(self, post: Post) -> str | None:
        """Look for the nonce in the thread, else in the channel; raises ``NoLookUp`` where history cannot be read."""
        check_name(post.channel)
        nonce = nonce_of(post.key, post.channel)
        if await self._is_forum(post) and not post.parent:
            return await self._history.find_in_forum(post, nonce)
        # Without a thread, its messages are in the channel.
        threaded = post.parent and await self._history.read(post, f"/channels/{post.parent}")
        return await self._history.find_in(post, post.parent if threaded else post.channel.id, nonce)

    async def amend(self, post: Post, message_id: str) -> None:
        """Replace the payload of a message."""
        check_name(post.channel)
        payload = json.loads(post.payload)
        in_thread = payload.get("place") == "thread" or await self._is_forum(post)
        where = (post.parent or message_id) if in_thread else post.channel.id

        async def edit(body: dict[str, Any]) -> str:
            # What the new form does not have would stay as it was.
            body = {"content": None, "embeds": [], "components": []} | body
            try:
                await self._call(post, "PATCH", f"/channels/{where}/messages/{message_id}", body)
            except PostRefused as gone:
                if not in_thread or gone.code != ErrorCode.UNKNOWN_CHANNEL:
                    raise
                # Its thread could not be created: the message is in the channel.
                await self._call(post, "PATCH", f"/channels/{post.channel.id}/messages/{message_id}", body)
            return message_id

        await self._in_some_form(post, body_of(payload), edit)

    async def check(self, channel: Channel) -> tuple[str, ...]:
        """Return the problems of ``channel``: each missing permission by its name in Discord's settings."""
        try:
            check_name(channel)
            await self._connection.logged_in()
            place = await find_channel(self._rest, channel)
            bits = await permissions_in(self._rest, place, who=self._connection.me)
        except Answered as answer:
            return (str(self._error(channel, answer)),)
        except (Unreached, Unanswered):
            return (str(unreached()),)
        except DeliveryError as error:
            return (str(error),)
        if channel.workspace and str(place.data.get("guild_id")) != channel.workspace:
            return (f"The channel {channel.shown} is not in the server it was named with",)
        return tuple(problems_in(place, bits))

    async def application(self) -> str:
        """Return the id of the application that the token belongs to; raises ``ConfigError`` and ``PostRefused``."""
        await self._connection.log_in()
        return self._connection.application

    async def self_check(self) -> AsyncIterator[tuple[str, str]]:
        """Yield the application, its servers, and what is missing: a mark and a sentence; raises ``ConfigError``."""
        await self._connection.log_in()
        client = self._connection.client
        application = client.application
        try:
            guilds = await self._rest.call("GET", "/users/@me/guilds", query={"limit": MAX_LISTED_SERVERS})
        except (Answered, Unanswered, Unreached) as error:
            raise unreached() from error
        name = application.name if application else "?"
        yield "✓", f"discord: application {name}, id {self._connection.application}"
        for guild in guilds:
            yield "✓", f"discord: server {guild['name']}, id {guild['id']}"
        if not guilds:
            yield (
                "✗",
                "discord: the bot is in no server. wirebrief discord invite prints the link that adds it",
            )
        flags = application.flags if application else discord.ApplicationFlags()
        has_intent = flags.gateway_message_content or flags.gateway_message_content_limited
        if client.intents.message_content and not has_intent:
            yield "✗", f"discord: {wrong_intents()}"

    async def presence(self, place: Channel) -> Presence | None:
        """Return whether the bot is in a server, or a channel of one; the gateway knows which of them are down."""
        client = self._connection.client
        if not place.workspace.isdecimal() or not client.is_ready():
            return None
        server = client.get_guild(int(place.workspace))
        if server is not None and server.unavailable:
            return None
        path, absent = f"/guilds/{place.workspace}", {ErrorCode.UNKNOWN_GUILD, ErrorCode.MISSING_ACCESS}
        if place.id:
            path, absent = f"/channels/{place.id}", {ErrorCode.UNKNOWN_CHANNEL}
        await self._everywhere.wait()
        try:
            await self._rest.call("GET", path)
        except Answered as answer:
            self._error(place, answer)
            if answer.status not in {403, 404} or answer.code not in absent:
                return None
            return Presence(account=self._connection.application, here=False)
        except (Unanswered, Unreached):
            return None
        return Presence(account=self._connection.application, here=True)

    async def _call(self, post: Post, method: str, path: str, body: Any) -> Any:
        """Make a call for ``post`` once; raises what ``post`` raises."""
        await self._connection.logged_in()
        try:
            return await self._rest.call(method, path, body, latest=post.latest)
        except Answered as answer:
            error = self._error(post.channel, answer)
            if isinstance(error, PostRefused) and error.gone:
                raise await self._named_why(post.channel, error) from answer
            raise error from answer
        except Unanswered as error:
            raise PostUnclear("Discord gave no answer", reason="no answer") from error
        except Unreached as error:
            raise unreached() from error

    def _error(self, channel: Channel, answer: Answered) -> DeliveryError:
        """Return what ``answer`` means; where Discord is busy, the next calls wait."""
        if answer.status == 429:
            wait = wait_of(answer)
            if is_global(answer):
                self._everywhere.back_off(wait)
            else:
                self._channel_limits.back_off(channel.name, wait)
        elif answer.status == 400:
            self._failures.warn(
                "Discord refused a call",
                channel=channel.name,
                reason=f"answer 400 {answer.code}",
                faults=answer.faults,
            )
        return refusal(answer, channel)

    async def _named_why(self, channel: Channel, error: PostRefused) -> PostRefused:
        """Return ``error`` with each missing permission by name."""
        problems = await self.check(channel)
        if not problems:
            return error
        return PostRefused("; ".join(problems)[:1000], reason=error.reason, code=error.code, gone=True)

    async def _in_some_form(
        self, post: Post, body: Mapping[str, Any], send: Callable[[dict[str, Any]], Awaitable[str]]
    ) -> str:
        """Send ``body``; where Discord does not take its form, in a simpler one."""
        first: PostRefused | None = None
        for form in fallbacks(body):
            try:
                return await send(with_nonce(form, nonce_of(post.key, post.channel)))
            except PostRefused as refused:
                if refused.code != ErrorCode.INVALID_FORM:
                    raise
                first = first or refused
        raise first or unreached()

    async def _thread(self, post: Post, payload: Mapping[str, Any]) -> str:
        """Return where ``post`` goes: the first message's thread, made now if need be, or the channel."""
        if not post.parent or payload.get("place") != "thread":
            return post.channel.id
        if known := self._threads.get(post.parent):
            return known
        name = str(payload.get("thread_name") or "Briefing")
        path = f"/channels/{post.channel.id}/messages/{post.parent}/threads"
        await self._connection.logged_in()
        try:
            await self._rest.call(
                "POST", path, {"name": name, "auto_archive_duration": 1440}, latest=post.latest
            )
        except Answered as answer:
            if answer.code == ErrorCode.THREAD_EXISTS:
                self._threads[post.parent] = post.parent
                return post.parent
            if answer.status in {400, 403} and answer.code in {
                ErrorCode.MISSING_PERMISSIONS,
                ErrorCode.NO_THREADS_HERE,
                ErrorCode.TOO_MANY_THREADS,
            }:
                # No threads here: whole and in order all the same.
                self._threads[post.parent] = post.channel.id
                return post.channel.id
            raise self._error(post.channel, answer) from answer
        except (Unanswered, Unreached) as error:
            # Made or not, the next attempt finds out: nothing was posted.
            raise unreached() from error
        self._threads[post.parent] = post.parent
        return post.parent

    async def _is_forum(self, post: Post) -> bool:
        seen = self._connection.client.get_channel(int(post.channel.id))
        if seen is not None:
            return isinstance(seen, discord.ForumChannel)
        known = self._forums.get(post.channel.id)
        if known is None:
            place = await self._call(post, "GET", f"/channels/{post.channel.id}", None)
            known = self._forums[post.channel.id] = int(place["type"]) in FORUMS
        return known

    async def _post_to_forum(self, post: Post, payload: Mapping[str, Any], body: dict[str, Any]) -> str:
        if post.parent:
            body |= {"nonce": nonce_of(post.key, post.channel), "enforce_nonce": True}
            return str((await self._call(post, "POST", f"/channels/{post.parent}/messages", body))["id"])
        name = str(payload.get("thread_name") or "Briefing")
        made = await self._call(
            post, "POST", f"/channels/{post.channel.id}/threads", {"name": name, "message": body}
        )
        return str(made["id"])

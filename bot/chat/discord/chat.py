"""Post briefings to Discord's channels, threads and forums, each stamped with its key, and find them again by it.

The stamp is the message's nonce, which Discord takes once within a few minutes; later it is looked for in the history,
for which the bot needs Read Message History: without it Discord shows an empty history, and no error.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import discord
from cachetools import LRUCache

from bot.chat.discord.channels import Place, place_of, roles_in
from bot.chat.discord.client import Connection, wrong_intents
from bot.chat.discord.errors import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    THREAD_EXISTS,
    UNKNOWN_CHANNEL,
    UNKNOWN_GUILD,
    UNKNOWN_MESSAGE,
    is_global,
    refusal,
    unreached,
    wait_of,
)
from bot.chat.discord.listener import DiscordListener
from bot.chat.discord.nonce import body_of, carries, stamp_of, stamped
from bot.chat.discord.permissions import (
    FORUMS,
    HISTORY,
    TAG_REQUIRED,
    WRITABLE,
    how_to_grant,
    missing,
)
from bot.chat.discord.render.fallback import INVALID_FORM, simpler
from bot.chat.discord.render.layout import Style
from bot.chat.discord.render.message import render
from bot.chat.discord.rest import Answered, Unanswered, Unreached
from bot.chat.failure_log import FailureLog
from bot.chat.rate_limit import ChannelRateLimits, RateLimit
from bot.errors import DeliveryError, NoLookUp, PostRefused, PostUnclear
from bot.model.chat import Channel
from bot.model.message import Message
from bot.ports import Post, Presence

MESSAGE_INTERVAL_SECONDS = 1.0  # seconds between two messages in one channel: Discord takes five in five
PAGE_SIZE = 100
MAX_LOOKUP_PAGES = 20  # of a look-up
MAX_LOOKUP_POSTS = 50  # of a forum that a look-up opens
SHOWN_GUILDS = 200
MAX_REMEMBERED = 5000  # kinds of channels remembered
LOOK_BACK = timedelta(hours=50)
DISCORD_EPOCH_MS = 1420070400000  # of Discord's ids, in milliseconds


class DiscordChat:
    """Channels ``discord:SERVER/CHANNEL``; without a server, a conversation of two."""

    platform = "discord"

    def __init__(
        self,
        connection: Connection,
        *,
        listener: DiscordListener,
        now: Callable[[], datetime],
        style: Style = "components",
        settle: float = 5.0,
        look_back: timedelta = LOOK_BACK,
    ) -> None:
        self.window = connection.rest.window
        self.settle = settle
        self.listener = listener
        self._connection = connection
        self._rest = connection.rest
        self._now = now
        self._style: Style = style
        self._look_back = look_back
        self._everywhere = RateLimit()
        self._places = ChannelRateLimits(MESSAGE_INTERVAL_SECONDS)
        self._failures = FailureLog()
        self._forums: LRUCache[str, bool] = LRUCache(MAX_REMEMBERED)

    def render(self, message: Message, channel: Channel) -> tuple[str, ...]:
        """Return the payloads: the first for the channel, the others for its thread."""
        _named(channel)
        return render(message, style=self._style)

    def validate(self, channel: Channel) -> None:
        """Raise ``PostRefused`` where ``channel`` can be no channel of Discord's."""
        _named(channel)

    def rate_limit_wait(self, channel: Channel) -> float:
        """Return the wait of the platform, then of the channel."""
        return self._everywhere.remaining() or self._places.take(channel.name)

    async def post(self, post: Post) -> str:
        """Post one message and return its id; in a forum the first one is a post, whose id its thread has too."""
        _named(post.channel)
        payload = json.loads(post.payload)
        stamp = stamp_of(post.key, post.channel)

        async def send(body: dict[str, Any]) -> str:
            if await self._is_forum(post):
                return await self._post_to_forum(post, payload, body)
            body |= {"nonce": stamp, "enforce_nonce": True}
            where = await self._thread(post, payload)
            return str((await self._call(post, "POST", f"/channels/{where}/messages", body))["id"])

        return await self._in_some_form(post, body_of(payload), send)

    async def find(self, post: Post) -> str | None:
        """Look for the stamp in the thread, else in the channel; raises ``NoLookUp`` where history cannot be read."""
        _named(post.channel)
        stamp = stamp_of(post.key, post.channel)
        if await self._is_forum(post) and not post.parent:
            return await self._find_in_forum(post, stamp)
        # Where no thread could be made, what was meant for it stands in the channel.
        threaded = post.parent and await self._read(post, f"/channels/{post.parent}")
        return await self._find_in(post, post.parent if threaded else post.channel.id, stamp)

    async def amend(self, post: Post, message_id: str) -> None:
        """Put another payload in the place of a message."""
        _named(post.channel)
        payload = json.loads(post.payload)
        in_thread = payload.get("place") == "thread" or await self._is_forum(post)
        where = (post.parent or message_id) if in_thread else post.channel.id

        async def edit(body: dict[str, Any]) -> str:
            # What the new form does not have would stay as it was.
            body = {"content": None, "embeds": [], "components": []} | body
            try:
                await self._call(post, "PATCH", f"/channels/{where}/messages/{message_id}", body)
            except PostRefused as gone:
                if not in_thread or str(UNKNOWN_CHANNEL) not in gone.reason:
                    raise
                # Its thread could not be made: it stands in the channel.
                await self._call(post, "PATCH", f"/channels/{post.channel.id}/messages/{message_id}", body)
            return message_id

        await self._in_some_form(post, body_of(payload), edit)

    async def check(self, channel: Channel) -> tuple[str, ...]:
        """Return what stands in the way in ``channel``: each missing permission by its name in Discord's settings."""
        try:
            _named(channel)
            await self._connection.logged_in()
            place = await place_of(self._rest, channel)
            bits = await self._bits(place)
        except Answered as answer:
            return (str(self._error(channel, answer)),)
        except (Unreached, Unanswered):
            return (str(unreached()),)
        except DeliveryError as error:
            return (str(error),)
        if channel.workspace and str(place.data.get("guild_id")) != channel.workspace:
            return (f"The channel {channel.id} is not in the server {channel.workspace}",)
        return tuple(_stands_in_the_way(place, bits))

    async def application(self) -> str:
        """Return the id of the application that the token belongs to; raises ``ConfigError`` and ``PostRefused``."""
        await self._connection.log_in()
        return self._connection.application

    async def about(self) -> AsyncIterator[tuple[str, str]]:
        """Yield the application, its servers, and what is missing: a mark and a sentence; raises ``ConfigError``."""
        await self._connection.log_in()
        client = self._connection.client
        application = client.application
        try:
            guilds = await self._rest.call("GET", "/users/@me/guilds", query={"limit": SHOWN_GUILDS})
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
        path, absent = f"/guilds/{place.workspace}", {UNKNOWN_GUILD, MISSING_ACCESS}
        if place.id:
            path, absent = f"/channels/{place.id}", {UNKNOWN_CHANNEL}
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
                self._places.back_off(channel.name, wait)
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
        return PostRefused("; ".join(problems)[:1000], reason=error.reason, gone=True)

    async def _in_some_form(
        self, post: Post, body: Mapping[str, Any], send: Callable[[dict[str, Any]], Awaitable[str]]
    ) -> str:
        """Send ``body``; where Discord does not take its form, in a simpler one."""
        first: PostRefused | None = None
        for form in simpler(body):
            try:
                return await send(stamped(form, stamp_of(post.key, post.channel)))
            except PostRefused as refused:
                if not refused.reason.endswith(f" {INVALID_FORM}"):
                    raise
                first = first or refused
        raise first or unreached()

    async def _thread(self, post: Post, payload: Mapping[str, Any]) -> str:
        """Return where ``post`` goes: the first message's thread, made now if need be, or the channel."""
        if not post.parent or payload.get("place") != "thread":
            return post.channel.id
        name = str(payload.get("thread_name") or "Briefing")
        path = f"/channels/{post.channel.id}/messages/{post.parent}/threads"
        await self._connection.logged_in()
        try:
            await self._rest.call(
                "POST", path, {"name": name, "auto_archive_duration": 1440}, latest=post.latest
            )
        except Answered as answer:
            if answer.code == THREAD_EXISTS:
                return post.parent
            if answer.status in {400, 403} and answer.code in {MISSING_PERMISSIONS, 50024, 160006}:
                return post.channel.id  # no threads here: whole and in order all the same
            raise self._error(post.channel, answer) from answer
        except (Unanswered, Unreached) as error:
            # Made or not, the next attempt finds out: nothing was posted.
            raise unreached() from error
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
            body |= {"nonce": stamp_of(post.key, post.channel), "enforce_nonce": True}
            return str((await self._call(post, "POST", f"/channels/{post.parent}/messages", body))["id"])
        name = str(payload.get("thread_name") or "Briefing")
        made = await self._call(
            post, "POST", f"/channels/{post.channel.id}/threads", {"name": name, "message": body}
        )
        return str(made["id"])

    async def _find_in(self, post: Post, where: str, stamp: str) -> str | None:
        async for message in self._history(post, where):
            if message["author"]["id"] == self._connection.me and carries(message, stamp):
                return str(message["id"])
        return None

    async def _history(self, post: Post, where: str) -> AsyncIterator[dict[str, Any]]:
        """Yield messages, newest first, as far back as one may have been posted."""
        oldest = int((self._now() - self._look_back).timestamp() * 1000 - DISCORD_EPOCH_MS) << 22
        before: dict[str, str | int] = {}
        for page in range(MAX_LOOKUP_PAGES):
            messages = await self._read(post, f"/channels/{where}/messages", {"limit": PAGE_SIZE, **before})
            if page == 0 and not messages:
                await self._readable(post, where)
            for message in messages:
                if int(message["id"]) < oldest:
                    return
                yield message
            if len(messages) < PAGE_SIZE:
                return
            before = {"before": str(messages[-1]["id"])}
        raise NoLookUp(
            f"More than {MAX_LOOKUP_PAGES * PAGE_SIZE:,} messages came since, so whether it was posted is not known",
            reason="no lookup",
            hint="Look in the channel, then use wirebrief confirm or wirebrief resend",
        )

    async def _readable(self, post: Post, where: str) -> None:
        """Raise ``NoLookUp`` where an empty history means nothing."""
        channel = post.channel if where == post.channel.id else _in_thread(post.channel, where)
        try:
            place = await place_of(self._rest, channel)
            bits = await self._bits(place)
        except (Answered, Unanswered, Unreached) as error:
            raise PostUnclear("The look-up gave no answer", reason="lookup failed") from error
        if not bits & HISTORY.bit:
            raise NoLookUp(
                f"The bot may not read the channel's history: “{HISTORY.called}” is missing",
                reason="no lookup",
                hint=f"{how_to_grant(HISTORY)}. Then look in the channel, and use wirebrief confirm or wirebrief resend",
            )

    async def _read(self, post: Post, path: str, query: Mapping[str, str | int] | None = None) -> Any:
        """Return what stands at ``path``, None where there is no such thread or message; raises ``PostUnclear``."""
        await self._connection.logged_in()
        try:
            return await self._rest.call("GET", path, query=query)
        except Answered as answer:
            if answer.code == UNKNOWN_MESSAGE or (
                answer.code == UNKNOWN_CHANNEL and post.channel.id not in path
            ):
                return None
            error = self._error(post.channel, answer)
            if isinstance(error, PostRefused) and not error.gone and error.retry_after is None:
                raise PostUnclear(error.message, reason="lookup failed") from answer
            raise error from answer
        except (Unanswered, Unreached) as error:
            raise PostUnclear("The look-up gave no answer", reason="lookup failed") from error

    async def _find_in_forum(self, post: Post, stamp: str) -> str | None:
        """Look into the newest posts of a forum that are ours; the first message of a post has its id."""
        await self._readable(post, post.channel.id)
        open_ones = await self._read(post, f"/guilds/{post.channel.workspace}/threads/active")
        closed = await self._read(
            post, f"/channels/{post.channel.id}/threads/archived/public", {"limit": MAX_LOOKUP_POSTS}
        )
        threads = [
            thread
            for thread in [*open_ones["threads"], *closed["threads"]]
            if thread.get("parent_id") == post.channel.id and thread.get("owner_id") == self._connection.me
        ]
        threads.sort(key=lambda thread: int(thread["id"]), reverse=True)
        for thread in threads[:MAX_LOOKUP_POSTS]:
            first = await self._read(post, f"/channels/{thread['id']}/messages/{thread['id']}")
            if first and carries(first, stamp):
                return str(thread["id"])
        return None

    async def _bits(self, place: Place) -> int:
        """Return what the bot may do in ``place``."""
        if place.guild is None:
            return (1 << 53) - 1
        me = self._connection.me
        return place.may(me, await roles_in(self._rest, guild=str(place.guild["id"]), who=me))


def _stands_in_the_way(place: Place, bits: int) -> list[str]:
    if place.kind not in WRITABLE:
        return ["This is no channel that messages go to. Choose a text channel, a thread or a forum"]
    found = [f"{p.called} is missing: {p.without}. {how_to_grant(p)}" for p in missing(bits, kind=place.kind)]
    if place.kind in FORUMS and int(place.data.get("flags") or 0) & TAG_REQUIRED:
        found.append(
            "The forum wants a tag on every post. Forum settings → switch off “Require people to select tags”"
        )
    if (place.data.get("thread_metadata") or {}).get("locked"):
        found.append("The thread is locked. Unlock it, or subscribe in its channel")
    return found


def _named(channel: Channel) -> None:
    """Raise ``PostRefused`` where ``channel`` can be no channel of Discord's."""
    if not (channel.id.isdecimal() and (channel.workspace.isdecimal() or not channel.workspace)):
        raise PostRefused(
            f"{channel.name!r} is no channel of Discord",
            reason="unknown channel",
            hint="Write discord:SERVER/CHANNEL with the two ids: right click → Copy ID, in developer mode",
            gone=True,
        )


def _in_thread(channel: Channel, thread: str) -> Channel:
    return Channel(platform=channel.platform, workspace=channel.workspace, id=thread)

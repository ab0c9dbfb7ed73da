"""Find a message again by its nonce in the history of a channel, a thread or a forum.

History needs the permission Read Message History: without it Discord shows an empty one, and no error.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.chat.discord.channels import find_channel, permissions_in
from bot.chat.discord.client import Connection
from bot.chat.discord.nonce import has_nonce
from bot.chat.discord.permissions import HISTORY, how_to_grant
from bot.chat.discord.protocol import ErrorCode
from bot.chat.discord.rest import Answered, Unanswered, Unreached
from bot.errors import DeliveryError, NoLookUp, PostRefused, PostUnclear
from bot.model.chat import Channel
from bot.ports import Post

DISCORD_PAGE_MESSAGES = 100
MAX_DISCORD_LOOKUP_PAGES = 20
MAX_LOOKUP_POSTS = 50  # of a forum that a look-up opens
DISCORD_EPOCH_MS = 1420070400000  # of Discord's ids


class History:
    """Reads the history back to ``look_back``; ``error`` interprets an answer."""

    def __init__(
        self,
        connection: Connection,
        *,
        now: Callable[[], datetime],
        look_back: timedelta,
        error: Callable[[Channel, Answered], DeliveryError],
    ) -> None:
        self._connection = connection
        self._rest = connection.rest
        self._now = now
        self._look_back = look_back
        self._error = error

    async def find_in(self, post: Post, where: str, nonce: str) -> str | None:
        """Return the id of the message with ``nonce`` in ``where``; raises ``NoLookUp`` and ``PostUnclear``."""
        async for message in self._history(post, where):
            if message["author"]["id"] == self._connection.me and has_nonce(message, nonce):
                return str(message["id"])
        return None

    async def find_in_forum(self, post: Post, nonce: str) -> str | None:
        """Search the bot's newest posts in a forum; the first message of a post has its id."""
        await self._readable(post, post.channel.id)
        open_ones = await self.read(post, f"/guilds/{post.channel.workspace}/threads/active")
        closed = await self.read(
            post, f"/channels/{post.channel.id}/threads/archived/public", {"limit": MAX_LOOKUP_POSTS}
        )
        threads = [
            thread
            for thread in [*open_ones["threads"], *closed["threads"]]
            if thread.get("parent_id") == post.channel.id and thread.get("owner_id") == self._connection.me
        ]
        threads.sort(key=lambda thread: int(thread["id"]), reverse=True)
        for thread in threads[:MAX_LOOKUP_POSTS]:
            first = await self.read(post, f"/channels/{thread['id']}/messages/{thread['id']}")
            if first and has_nonce(first, nonce):
                return str(thread["id"])
        return None

    async def read(self, post: Post, path: str, query: Mapping[str, str | int] | None = None) -> Any:
        """Return the data at ``path``, None if there is no such thread or message; raises ``PostUnclear``."""
        await self._connection.logged_in()
        try:
            return await self._rest.call("GET", path, query=query)
        except Answered as answer:
            if answer.code == ErrorCode.UNKNOWN_MESSAGE or (
                answer.code == ErrorCode.UNKNOWN_CHANNEL and post.channel.id not in path
            ):
                return None
            error = self._error(post.channel, answer)
            if isinstance(error, PostRefused) and not error.gone and error.retry_after is None:
                raise PostUnclear(error.message, reason="lookup failed") from answer
            raise error from answer
        except (Unanswered, Unreached) as error:
            raise PostUnclear("The look-up gave no answer", reason="lookup failed") from error

    async def _history(self, post: Post, where: str) -> AsyncIterator[dict[str, Any]]:
        """Yield messages, newest first, as far back as one may have been posted."""
        oldest = int((self._now() - self._look_back).timestamp() * 1000 - DISCORD_EPOCH_MS) << 22
        before: dict[str, str | int] = {}
        for page in range(MAX_DISCORD_LOOKUP_PAGES):
            messages = await self.read(
                post, f"/channels/{where}/messages", {"limit": DISCORD_PAGE_MESSAGES, **before}
            )
            if page == 0 and not messages:
                await self._readable(post, where)
            for message in messages:
                if int(message["id"]) < oldest:
                    return
                yield message
            if len(messages) < DISCORD_PAGE_MESSAGES:
                return
            before = {"before": str(messages[-1]["id"])}
        raise NoLookUp(
            f"More than {MAX_DISCORD_LOOKUP_PAGES * DISCORD_PAGE_MESSAGES:,} messages came since, so whether it was posted is not known",
            reason="no lookup",
            hint="Look in the channel, then use wirebrief confirm or wirebrief resend",
        )

    async def _readable(self, post: Post, where: str) -> None:
        """Raise ``NoLookUp`` where an empty history means nothing."""
        channel = post.channel if where == post.channel.id else _in_thread(post.channel, where)
        try:
            place = await find_channel(self._rest, channel)
            bits = await permissions_in(self._rest, place, who=self._connection.me)
        except (Answered, Unanswered, Unreached) as error:
            raise PostUnclear("The look-up gave no answer", reason="lookup failed") from error
        if not bits & HISTORY.bit:
            raise NoLookUp(
                f"The bot may not read the channel's history: “{HISTORY.called}” is missing",
                reason="no lookup",
                hint=f"{how_to_grant(HISTORY)}. Then look in the channel, and use wirebrief confirm or wirebrief resend",
            )


def _in_thread(channel: Channel, thread: str) -> Channel:
    return Channel(platform=channel.platform, workspace=channel.workspace, id=thread)

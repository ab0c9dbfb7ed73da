"""Post briefings to webhooks: as generic JSON, or in the form of Mattermost.

Whether a post stands is asked at ``lookup`` where the receiver has such an address; a receiver that promises to
take a key once (``idempotent``) is simply sent it again; with neither, an unknown outcome is for a person.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Self

import aiohttp

from bot.chat.adaptive_rate_limit import AdaptiveRateLimit
from bot.chat.call_deadline import TooLate, begin_before, deadline_trace
from bot.chat.document.markdown import to_markdown
from bot.chat.rate_limit import RateLimit
from bot.codec import to_json
from bot.config import Webhook
from bot.config.outbound import DIRECTLY, Outbound
from bot.errors import DeliveryReason, NoLookUp, PostRefused, PostUnclear
from bot.language.cleaning.invisible import visible
from bot.model.chat import Channel
from bot.model.message import Message
from bot.ports import Post
from bot.urls import split

MAX_MATTERMOST_CHARS = 16_000  # characters; its own limit is 16,383
MAX_GENERIC_CHARS = 200_000
MAX_WEBHOOK_RESPONSE_BYTES = 64 * 1024  # bytes read of an answer
_GONE = {
    401: "the receiver wants other credentials",
    403: "the receiver forbids it",
    404: "there is no such hook",
}
_GONE[410] = "the hook was removed"


class WebhookChat:
    """Channels ``webhook:NAME``, one for each table ``[webhooks.NAME]``."""

    platform = "webhook"

    def __init__(
        self,
        hooks: Mapping[str, Webhook],
        *,
        window: float = 10.0,
        settle_seconds: float = 5.0,
        limit: int = MAX_MATTERMOST_CHARS,
        clock: Callable[[], float] = time.monotonic,
        outbound: Outbound = DIRECTLY,
    ) -> None:
        self._outbound = outbound
        self.window = window
        self.settle_seconds = settle_seconds
        self._limit = limit
        self._hooks = hooks
        self._rate_limits = {name: RateLimit(clock=clock) for name in hooks}
        # Hooks of one server share what it takes; that is found, since no server says it.
        servers = {_server(hook): AdaptiveRateLimit(clock=clock) for hook in hooks.values()}
        self._servers = {name: servers[_server(hook)] for name, hook in hooks.items()}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        # What the operator named may be on a private network: no guard here, but no redirect either.
        self._session = aiohttp.ClientSession(
            # Calls are bounded where they are made: one that waited for a socket would be late, or never begin.
            connector=aiohttp.TCPConnector(limit=0, force_close=True),
            headers={"User-Agent": "Wirebrief"},
            trace_configs=[deadline_trace()],
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    def render(self, message: Message, channel: Channel) -> tuple[str, ...]:
        """Return one payload for a generic receiver, as many as fit for Mattermost."""
        if self._hook(channel).style == "mattermost":
            texts = to_markdown(message, limit=self._limit)
            return tuple(json.dumps({"text": text}, ensure_ascii=False) for text in texts)
        text = "\n\n".join(to_markdown(message, limit=MAX_GENERIC_CHARS))
        # The text contains invisible marks of ours that disable mentions and links; the message needs none.
        return (f'{{"text":{to_json(text)},"message":{visible(to_json(message))}}}',)

    def validate(self, channel: Channel) -> None:
        """Raise ``PostRefused`` for a webhook that is not configured."""
        self._hook(channel)

    def rate_limit_wait(self, channel: Channel) -> float:
        """Return the wait that the receiver asks for, else that for a turn among all hooks of its server."""
        if channel.id not in self._hooks:
            return 0.0
        return self._rate_limits[channel.id].remaining() or self._servers[channel.id].take(channel.id)

    async def post(self, post: Post) -> str:
        """Post one message; its id is what the receiver names, else its key."""
        hook, rate_limit = self._hook(post.channel), self._rate_limits[post.channel.id]
        body = _body(post, hook)
        headers = {"Content-Type": "application/json", "Idempotency-Key": post.key}
        if hook.secret.get_secret_value():
            digest = hmac.new(hook.secret.get_secret_value().encode(), body, hashlib.sha256).hexdigest()
            headers["X-Wirebrief-Signature"] = f"sha256={digest}"
        with begin_before(min(post.latest, time.monotonic() + self.window)) as call:
            try:
                async with self._open().post(
                    hook.url.get_secret_value(),
                    proxy=self._outbound.proxy_of(hook.url.get_secret_value()) or None,
                    data=body,
                    headers=headers,
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(total=self.window),
                ) as response:
                    return await self._outcome(response, post, rate_limit)
            except (TooLate, aiohttp.ClientError, TimeoutError, OSError) as error:
                if call.sent:
                    raise PostUnclear("The receiver gave no answer", reason="no answer") from error
                raise PostRefused(
                    "The receiver could not be reached",
                    reason="unreachable",
                    hint="Check the address of the webhook and that its receiver runs",
                    retry_after=5.0,
                ) from error

    async def find(self, post: Post) -> str | None:
        """Ask the receiver for ``post.key``: 200 with an ``id`` is there, 404 is not."""
        hook = self._hook(post.channel)
        if hook.idempotent:
            return None
        if not hook.lookup:
            raise NoLookUp(
                "The receiver cannot be asked whether a message arrived",
                reason="no lookup",
                hint="Look in the channel, then use wirebrief confirm or wirebrief resend",
            )
        try:
            async with self._open().get(
                hook.lookup,
                proxy=self._outbound.proxy_of(hook.lookup) or None,
                params={"key": post.key},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self.window),
            ) as response:
                if response.status == 404:
                    return None
                if response.status == 200:
                    return _named(await _answer(response)) or post.key
                raise PostUnclear(f"The look-up answered {response.status}", reason="lookup failed")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise PostUnclear("The look-up gave no answer", reason="lookup failed") from error

    async def amend(self, post: Post, message_id: str) -> None:  # noqa: ARG002 - the port's shape
        """Refuse: a delivered message cannot be changed."""
        raise PostRefused("Messages to a webhook stay as they are", reason=DeliveryReason.CANNOT_EDIT)

    async def check(self, channel: Channel) -> tuple[str, ...]:
        """Return what is wrong with the configuration of ``channel``; its receiver is not called."""
        try:
            self._hook(channel)
        except PostRefused as refusal:
            return (str(refusal),)
        return ()

    async def _outcome(self, response: aiohttp.ClientResponse, post: Post, rate_limit: RateLimit) -> str:
        status = response.status
        if 200 <= status < 300:
            self._servers[post.channel.id].accepted(post.channel.id)
            return _named(await _answer(response)) or post.key
        if status == 429:
            wait = _seconds(response.headers.get("Retry-After", ""))
            rate_limit.back_off(wait)
            self._servers[post.channel.id].refused(post.channel.id)
            raise PostRefused("The receiver is busy", reason=DeliveryReason.RATE_LIMITED, retry_after=wait)
        if status >= 500:
            raise PostUnclear(f"The receiver answered {status}", reason=f"answer {status}")
        if status in _GONE:
            raise PostRefused(
                f"The webhook {post.channel.id!r} takes no messages: {_GONE[status]} ({status})",
                reason=f"answer {status}",
                hint=f"Repair the webhook, then: wirebrief resume --channel {post.channel.name}",
                gone=True,
            )
        raise PostRefused(f"The receiver refused the message ({status})", reason=f"answer {status}")

    def _hook(self, channel: Channel) -> Webhook:
        if channel.id not in self._hooks:
            raise PostRefused(
                f"There is no webhook {channel.id!r}",
                reason="unknown channel",
                hint=f"Add a table [webhooks.{channel.id}] to the configuration",
                gone=True,
            )
        return self._hooks[channel.id]

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("used before it was opened")
        return self._session


def _server(hook: Webhook) -> str:
    parts = split(hook.url.get_secret_value())
    return parts.netloc if parts else ""


def _body(post: Post, hook: Webhook) -> bytes:
    body = post.payload
    if hook.style == "generic":
        # Put in as text: a payload is an object of our own making, and reading it takes longer than all else here.
        more = {"schema": "wirebrief.post/1", "key": post.key, "part": post.number, "parts": post.of}
        body = f"{body[:-1]}, {to_json(more)[1:]}"
    return body.encode(errors="replace")  # halves of characters


async def _answer(response: aiohttp.ClientResponse) -> bytes:
    """Return the start of the answer; an answer that breaks off changes nothing about its status."""
    try:
        return await response.content.read(MAX_WEBHOOK_RESPONSE_BYTES)
    except (aiohttp.ClientError, TimeoutError, OSError, asyncio.IncompleteReadError):
        return b""


def _named(answer: bytes) -> str:
    try:
        data = json.loads(answer)
    except ValueError:
        return ""
    found = data.get("id", "") if isinstance(data, dict) else ""
    return str(found)[:200] if isinstance(found, str | int) else ""


def _seconds(value: str) -> float:
    try:
        return min(3600.0, max(0.05, float(value)))
    except ValueError:
        return 5.0

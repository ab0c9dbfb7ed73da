"""Slack's Web API, each call made once; the outcome is an answer, a refusal, or unknown.

The stock client sends a post again when an answer is lost, and readers see it twice: here nothing is sent again.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Self

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.chat.call_deadline import TooLate, begin_before, deadline_trace
from bot.chat.slack.errors import refusal
from bot.errors import PostRefused, PostUnclear
from bot.log import library_logger

SLACK_CALL_TIMEOUT_SECONDS = 10.0  # seconds after which a call is given up
MAX_SLACK_WAIT_SECONDS = 3600.0  # seconds Slack may ask us to wait


class SlackApi:
    """The methods of Slack's Web API at ``url``."""

    def __init__(self, url: str, *, window: float = SLACK_CALL_TIMEOUT_SECONDS, proxy: str = "") -> None:
        self.url = url
        self.proxy = proxy
        self.window = window
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self.window),
            connector=aiohttp.TCPConnector(
                limit=0
            ),  # calls are bounded where they are made: no call waits for a socket
            trace_configs=[deadline_trace()],
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        self._client = self.client()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    def client(self, token: str | None = None) -> AsyncWebClient:
        """Return a client of Slack's own library over our session, without retries."""
        return AsyncWebClient(
            token=token,
            base_url=self.url,
            session=self._session,
            proxy=self.proxy or None,
            retry_handlers=[],  # What goes wrong is raised; at lower levels it formats every body.
            logger=library_logger("slack.sdk", level=logging.WARNING),
        )

    async def call(
        self, method: str, *, token: str = "", latest: float = math.inf, about: str = "", **arguments: Any
    ) -> Mapping[str, Any]:
        """Return the answer to ``method``, such as ``chat_postMessage``, with the token's ``scopes`` in it.

        The call begins before ``latest`` or not at all. Raises ``PostRefused`` if it certainly was not carried
        out, with Slack's code as its reason, and ``PostUnclear`` if that is unknown; ``about`` names its channel.
        """
        token_of = {"token": token} if token else {}
        made = getattr(self._open(), method)
        return await self._once(lambda: made(**token_of, **arguments), latest=latest, about=about)

    async def exchange(self, **fields: str) -> Mapping[str, Any]:
        """Return the OAuth response for a code or a refresh token; raises as ``call`` does."""
        # The library's own method warns of a form of authorisation that its HTTP client gives up.
        client = self._open()
        return await self._once(lambda: client.api_call("oauth.v2.access", data=fields))

    async def _once(
        self, call: Callable[[], Awaitable[AsyncSlackResponse]], *, latest: float = math.inf, about: str = ""
    ) -> Mapping[str, Any]:
        with begin_before(min(latest, time.monotonic() + self.window)) as one:
            try:
                answer = await call()
            except SlackApiError as error:
                raise _said(error, about) from error
            except (TooLate, aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
                if one.sent:
                    raise PostUnclear("Slack gave no answer", reason="no answer") from error
                raise PostRefused(
                    "Slack could not be reached",
                    reason="unreachable",
                    hint="Check this machine's connection, and status.slack.com",
                    retry_after=5.0,
                ) from error
        data: Mapping[str, Any] = answer.data if isinstance(answer.data, dict) else {}
        return {**data, "scopes": scopes_of(answer.headers)}

    def _open(self) -> AsyncWebClient:
        if self._client is None:
            raise RuntimeError("used before it was opened")
        return self._client

    async def respond(self, url: str, data: Mapping[str, Any]) -> None:
        """Answer at the response address ``url``; raises as ``call`` does."""
        proxy = self._open().proxy
        if self._session is None:
            raise RuntimeError("used before it was opened")
        with begin_before(time.monotonic() + self.window) as one:
            try:
                async with self._session.post(url, json=data, allow_redirects=False, proxy=proxy) as response:
                    text = (await response.content.read(500)).decode(errors="replace")
            except (TooLate, aiohttp.ClientError, TimeoutError, OSError) as error:
                if one.sent:
                    raise PostUnclear("Slack gave no answer", reason="no answer") from error
                raise PostRefused("Slack could not be reached", reason="unreachable") from error
        if response.status >= 500:
            raise PostUnclear("Slack gave no answer", reason=f"answer {response.status}")
        if response.status >= 400:
            word = next((w for w in ("expired_url", "invalid_blocks", "no_text") if w in text), "used_url")
            raise refusal(word)


def scopes_of(headers: Mapping[str, str]) -> frozenset[str]:
    """Return the scopes that an answer's headers name."""
    lower = {key.lower(): value for key, value in headers.items()}
    return frozenset(s for s in lower.get("x-oauth-scopes", "").replace(" ", "").split(",") if s)


def _said(error: SlackApiError, about: str) -> PostRefused | PostUnclear:
    """Return what an answer that is no success means."""
    response = error.response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)
    data = getattr(response, "data", None)
    word = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == 429:
        return refusal("ratelimited", retry_after=_seconds(response.headers))
    if word and status < 500:
        needed = str(data.get("needed", "")) if isinstance(data, dict) else ""
        return refusal(word, channel=about, needed=needed, retry_after=_seconds(response.headers))
    if 400 <= status < 500:
        return PostRefused(
            f"What answers at slack.api_url refused it ({status})",
            reason=f"answer {status}",
            hint="Leave slack.api_url at its default, or check the proxy in between",
        )
    return PostUnclear("Slack gave no answer", reason=f"answer {status}")


def _seconds(headers: Mapping[str, str]) -> float:
    value = {key.lower(): value for key, value in headers.items()}.get("retry-after", "")
    try:
        return min(MAX_SLACK_WAIT_SECONDS, max(0.05, float(value)))
    except ValueError:
        return 1.0

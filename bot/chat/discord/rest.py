"""Calls to Discord's REST API: each made once, before its deadline, with a known or an unknown outcome.

discord.py makes a call again after 500, 502, 504 and 429, whatever it was for: a message could be posted twice, or long
after its time. Here its session, its token and its addresses are used, and the answer is taken before it can do so.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord

from bot.chat.call_deadline import TooLate, begin_before, deadline_trace, is_guarded

DISCORD_CALL_TIMEOUT_SECONDS = 10.0  # seconds for one call
MAX_DISCORD_RESPONSE_BYTES = 8 * 1024 * 1024  # bytes; a hundred messages of history are far below


class Unreached(Exception):  # noqa: N818 - it names what happened
    """The call did not begin, so certainly nothing was done."""


class Unanswered(Exception):  # noqa: N818 - it names what happened
    """There was no answer, so it may have been done."""


class Answered(Exception):  # noqa: N818 - it names what happened
    """Discord's answer to a call; ``code`` is Discord's number of the fault, 0 if there is none."""

    def __init__(self, status: int, data: Any, headers: Mapping[str, str]) -> None:
        super().__init__(f"{status}")
        self.status = status
        self.data = data
        self.headers = headers

    @property
    def code(self) -> int:
        """Discord's own number of the fault."""
        found = self.data.get("code") if isinstance(self.data, dict) else 0
        return found if isinstance(found, int) else 0

    @property
    def faults(self) -> str:
        """The faults of the call that Discord names, for the log."""
        return json.dumps(self.data, ensure_ascii=False)[:500]


def traced() -> aiohttp.TraceConfig:
    """Return the trace configuration by which the client's answers are read."""
    trace = deadline_trace()
    trace.on_request_end.append(_taken)
    return trace


async def _taken(
    _session: aiohttp.ClientSession, _context: Any, params: aiohttp.TraceRequestEndParams
) -> None:
    """Take the answer of a guarded call, so that discord.py does not act on it; all other calls are unchanged."""
    if not is_guarded():
        return
    response = params.response
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_DISCORD_RESPONSE_BYTES:
            response.close()
            raise aiohttp.ClientPayloadError
    response.release()
    raise Answered(response.status, _read(bytes(body)), dict(response.headers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Discord's REST API over the client's session."""

    client: discord.Client
    window: float = DISCORD_CALL_TIMEOUT_SECONDS

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        latest: float = math.inf,
        query: Mapping[str, str | int] | None = None,
        seconds: float | None = None,
    ) -> Any:
        """Return the data of the answer; raises ``Answered`` for any but success, ``Unreached``, ``Unanswered``."""
        window = self.window if seconds is None else seconds
        route = discord.http.Route(method, path)
        more = {} if body is None else {"json": body}
        if query:
            more["params"] = {key: str(value) for key, value in query.items()}
        with begin_before(min(latest, time.monotonic() + window)) as one:
            try:
                async with asyncio.timeout(window):
                    return await self.client.http.request(route, **more)
            except Answered as answer:
                if answer.status < 300:
                    return answer.data
                raise
            except discord.HTTPException as error:
                raise Answered(error.status, {"code": error.code, "message": error.text}, {}) from error
            except (TooLate, aiohttp.ClientError, TimeoutError, OSError) as error:
                if one.sent:
                    raise Unanswered(type(error).__name__) from error
                raise Unreached(type(error).__name__) from error


def _read(body: bytes) -> Any:
    try:
        return json.loads(body) if body else {}
    except ValueError:
        return {}

"""HTTP calls that begin before a moment or not at all, and tell whether anything was sent.

A process that was paused may wake up hours later, in the middle of a call: what it would have posted then is late.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import aiohttp


class TooLate(Exception):  # noqa: N818 - it names what happened
    """The connection stands, but the call's time is over: nothing is written to it."""


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One call: until when it may begin, and whether it did."""

    latest: float = math.inf  # on this machine's monotonic clock
    sent: bool = False


_ATTEMPT: ContextVar[Attempt] = ContextVar("attempt")


@contextmanager
def attempt(latest: float) -> Iterator[Attempt]:
    """Let the call made inside begin before ``latest``; it raises ``TooLate`` otherwise."""
    one = Attempt(latest=latest)
    token = _ATTEMPT.set(one)
    try:
        yield one
    finally:
        _ATTEMPT.reset(token)


def attempted() -> bool:
    """Return whether the call at hand is an attempt."""
    return _ATTEMPT.get(None) is not None


def watched() -> aiohttp.TraceConfig:
    """Return what a session needs for its calls to be attempts."""
    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(_in_time)
    trace.on_connection_reuseconn.append(_in_time)
    trace.on_request_headers_sent.append(_sent)
    return trace


async def _in_time(*_: object) -> None:
    one = _ATTEMPT.get(None)
    if one is None:
        return
    if time.monotonic() > one.latest:
        raise TooLate
    one.sent = True  # from here on, bytes may be on their way


async def _sent(*_: object) -> None:
    one = _ATTEMPT.get(None)
    if one is not None:
        one.sent = True

"""HTTP calls that start before a deadline or not at all, and report whether anything was sent.

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
    """The connection is open, but the call's deadline has passed: nothing is written to it."""


@dataclass(slots=True, kw_only=True)
class GuardedCall:
    """One call: its latest beginning, and whether it began."""

    latest: float = math.inf  # on this machine's monotonic clock
    sent: bool = False


_CALL: ContextVar[GuardedCall] = ContextVar("guarded call")


@contextmanager
def begin_before(latest: float) -> Iterator[GuardedCall]:
    """Make the call inside raise ``TooLate`` unless it begins before ``latest``."""
    call = GuardedCall(latest=latest)
    token = _CALL.set(call)
    try:
        yield call
    finally:
        _CALL.reset(token)


def is_guarded() -> bool:
    """Return whether the present call has a deadline."""
    return _CALL.get(None) is not None


def deadline_trace() -> aiohttp.TraceConfig:
    """Return the trace configuration with which a session keeps the deadlines of its calls."""
    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(_check_deadline)
    trace.on_connection_reuseconn.append(_check_deadline)
    trace.on_request_headers_sent.append(_mark_sent)
    return trace


async def _check_deadline(*_: object) -> None:
    call = _CALL.get(None)
    if call is None:
        return
    if time.monotonic() > call.latest:
        raise TooLate
    call.sent = True  # from here on, bytes may be on their way


async def _mark_sent(*_: object) -> None:
    call = _CALL.get(None)
    if call is not None:
        call.sent = True

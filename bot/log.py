"""Structured logs on standard error; values known to be secret never reach them."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

MASK = "•••"


def set_up_logs(*, level: str, json_lines: bool, secrets: Iterable[str] = ()) -> None:
    """Send structured lines of at least ``level`` to standard error, with ``secrets`` masked by value."""
    hidden = tuple(sorted((s for s in secrets if s), key=len, reverse=True))

    def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {key: mask(value, hidden) for key, value in event.items()}

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            )
            if json_lines
            else structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer()
            if json_lines
            else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        # Looked up at each line: standard error may be another stream than when the logs were set up.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def mask(value: object, secrets: tuple[str, ...]) -> object:
    """Return ``value`` with every secret in it, at any depth, replaced by three dots."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, MASK)
        return value
    if isinstance(value, dict):
        return {key: mask(inner, secrets) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [mask(inner, secrets) for inner in value]
    return value


def public_address(url: str) -> str:
    """Return ``url`` without user, password, query and fragment: they may hold tokens. A malformed one gives nothing."""
    try:
        parts = urlsplit(url)
        host, number = parts.hostname or "", parts.port
    except ValueError:
        return ""
    port = f":{number}" if number else ""
    return f"{parts.scheme}://{host}{port}{parts.path}" if host else parts.path

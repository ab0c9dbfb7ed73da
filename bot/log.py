"""Structured logs on standard error: no secret, no body, no address with a token in it, at no level.

our own lines ──┐                     ┌── secrets by value, what addresses carry behind their path
                ├── traces ── redact ─┤
other programs' ┘                     └── long values cut
   └── warnings and worse alone, and of their words only those before the first value: the rest may be anybody's
"""

from __future__ import annotations

import logging
import re
import secrets as chance
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import structlog

from bot.errors import WirebriefError
from bot.inline import in_words
from bot.language.cleaning.public import MASK, public_text
from bot.urls import split

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

MAX_LOGGED_VALUE_CHARS = 2000  # characters of one value
MAX_FRAMES = 12  # innermost places of an error that are named
MAX_LIBRARY_MESSAGE_CHARS = 100  # characters kept of another program's words

# Where another program's own words end and a value begins.
_VALUE = re.compile(r"[:({\[<>\"'`=%|,\n]|\d")
_PACKAGES = re.compile(r"^.*(?:site-packages|dist-packages|lib/python3\.\d+)/")

_log = structlog.get_logger()


def set_up_logs(*, level: str, json_lines: bool, secrets: Iterable[str] = ()) -> None:
    """Send structured lines of at least ``level`` to standard error, with ``secrets`` masked by value.

    What other programs log goes the same way; of it only warnings and worse, whatever ``level`` is.
    """
    hidden = tuple(sorted(set(_spellings(secrets)), key=len, reverse=True))

    def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {key: mask(_worded(value), hidden) for key, value in event.items()}

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _traced,
            redact,
            structlog.processors.JSONRenderer()
            if json_lines
            else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        # Looked up for each line, because standard error may have been replaced since the set-up.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, _Bridge)]:
        root.removeHandler(handler)
    root.addHandler(_Bridge(logging.WARNING))
    # Without a handler it would print its own lines.
    if not logging.getLogger("dbos").handlers:
        logging.getLogger("dbos").addHandler(logging.NullHandler())


def _worded(value: object) -> object:
    return in_words(value) if isinstance(value, str) else value


def report_fault(error: BaseException, *, doing: str) -> str:
    """Log an unexpected error and return the id of its line in the log, which is all that a person is shown."""
    number = chance.token_hex(4)
    _log.error("fault", error=number, doing=doing, exc_info=error)
    return number


def log_stray_errors() -> None:
    """Log what escapes from threads and from the ends of objects, instead of printing it with all it holds."""

    def in_thread(stray: threading.ExceptHookArgs) -> None:
        _log.error(
            "a thread ended", thread=stray.thread.name if stray.thread else "", exc_info=stray.exc_value
        )

    def at_end(stray: Any) -> None:
        _log.error("object cleanup failed", exc_info=stray.exc_value)

    threading.excepthook = in_thread
    sys.unraisablehook = at_end


def mask(value: object, secrets: tuple[str, ...]) -> object:
    """Return ``value`` fit for a log: every secret in it, at any depth, replaced by three dots, addresses made public."""
    if isinstance(value, str):
        value = public_text(value[: 4 * MAX_LOGGED_VALUE_CHARS])
        for secret in secrets:
            value = value.replace(secret, MASK)
        return value if len(value) <= MAX_LOGGED_VALUE_CHARS else f"{value[:MAX_LOGGED_VALUE_CHARS]}…"
    if isinstance(value, dict):
        return {mask(key, secrets): mask(inner, secrets) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [mask(inner, secrets) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, BaseException):
        return mask(_said(value), secrets)
    return mask(str(value), secrets)


def trace(error: BaseException) -> list[str]:
    """Return what is safe to say of ``error`` and its causes: kinds and places, and of our own errors the message.

    Other errors' messages quote what they stumbled over: a feed's text, a row's values, a request with its key.
    """
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(_said(current))
        lines += _frames(current.__traceback__)
        for inner in current.exceptions[:3] if isinstance(current, BaseExceptionGroup) else ():
            lines += [f"  {line}" for line in trace(inner)]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return lines


def _said(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{kind}: {error}" if isinstance(error, WirebriefError) else kind


def _frames(found: TracebackType | None) -> Iterator[str]:
    for frame, line in list(traceback.walk_tb(found))[-MAX_FRAMES:]:
        path = _PACKAGES.sub("", frame.f_code.co_filename)
        if path.startswith("/"):
            path = "/".join(Path(path).parts[-3:])
        yield f"  {path}:{line} {frame.f_code.co_name}"


def _traced(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an error by the information that is safe to log."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(trace(error))
    return event


class _Bridge(logging.Handler):
    """Hands what other programs log to our own logs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the words of ``record``, without its values."""
        words = str(record.msg)[: 4 * MAX_LIBRARY_MESSAGE_CHARS]
        value = _VALUE.search(words)
        words = " ".join(words[: value.start() if value else None].split())[:MAX_LIBRARY_MESSAGE_CHARS]
        log = structlog.get_logger()
        try:
            log.log(
                record.levelno,
                words or "a line without words",
                program=record.name,
                place=f"{record.module}:{record.lineno}",
                **({"exc_info": record.exc_info} if record.exc_info else {}),
            )
        except Exception:  # noqa: BLE001 - a log must not break what logs
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base class's name
        """Say that a line is lost; the base class would print it."""
        sys.stderr.write(f"A log line of {record.name} could not be written.\n")


def _spellings(secrets: Iterable[str]) -> Iterator[str]:
    """Yield each secret in the forms in which it travels; of an address, its path and query alone too."""
    for secret in secrets:
        if not secret:
            continue
        yield secret
        yield quote(secret, safe="")
        yield quote(secret)
        if "://" in secret and (parts := split(secret)):
            yield from (piece for piece in (parts.path, parts.query, parts.password or "") if len(piece) > 7)
            yield from (step for step in parts.path.split("/") if len(step) > 15)


def library_logger(name: str, *, level: int) -> logging.Logger:
    """Return a logger for a library whose own lines may hold bodies: below ``level`` silent, and never passed on."""
    logger = logging.getLogger(f"wirebrief.{name}")
    logger.setLevel(level)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    return logger

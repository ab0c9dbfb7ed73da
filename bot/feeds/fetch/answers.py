"""The meaning of a server's status and headers, in bounded texts of our own."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from bot.errors import FetchError, FetchReason
from bot.feeds.fetch.guard import no_such_host

MAX_SERVER_WAIT_SECONDS = 24 * 3600  # seconds a server's Retry-After or caching header is believed
MAX_VALIDATOR_CHARS = 512
_LATER = "It is tried again later"
_PROXY = "The operator finds it under [fetch] proxy"
_BROWSER = "Open it in a browser"

_STATUS = {
    204: ("empty", "The server sent no document", _BROWSER),
    300: ("redirects", "The address offers several documents", "Open it in a browser and give one of them"),
    401: ("unauthorised", "The address asks for a login", "Give an address that is open to all"),
    402: ("paywall", "The address asks for a payment", "Give an address that is open to all"),
    403: ("forbidden", "The publisher refuses automated reading", "Ask the publisher, or remove it"),
    404: ("not_found", "There is nothing at the address", "Check the address in a browser"),
    406: ("http", "The server does not offer a supported format", _BROWSER),
    407: ("proxy", "The proxy asks for a user and password", _PROXY),
    408: (FetchReason.TIMEOUT, "The server found the request too slow", _LATER),
    410: (FetchReason.GONE, "The address is gone for good", "Remove it, or find its successor"),
    429: (
        "too_many",
        "The publisher asks us to send fewer requests",
        "Nothing to do: it is read again later",
    ),
    451: ("legal", "The address is withheld for legal reasons", "Remove it, or find another source"),
    503: (
        "server",
        "The publisher's server is closed for the moment",
        "Nothing to do: it is tried again later",
    ),
}

_MEDIA = {
    "image": "an image",
    "audio": "a sound recording",
    "video": "a video",
    "font": "a font",
    "model": "a model",
}
_FILES = dict.fromkeys(
    (
        "zip",
        "x-zip-compressed",
        "x-7z-compressed",
        "vnd.rar",
        "x-rar-compressed",
        "x-tar",
        "x-bzip2",
        "java-archive",
        "vnd.android.package-archive",
        "x-msdownload",
        "x-apple-diskimage",
        "x-iso9660-image",
        "wasm",
    ),
    "an archive file",
)


def refusal(status: int, *, retry_after: str) -> FetchError:
    """Return the error for a status without a document; ``retry_after`` applies to 429 and 503."""
    if status in _STATUS:
        reason, message, hint = _STATUS[status]
    elif status >= 500:
        reason, message, hint = "server", "The publisher's server has a fault", _LATER
    else:
        reason, message, hint = "http", f"The address answered with status {status}", _BROWSER
    wait = seconds_until(retry_after) if status in {429, 503} else None
    return FetchError(message, reason=reason, hint=hint, status=status, retry_after=wait)


def seconds_until(text: str) -> int | None:
    """Return the seconds of a number or an HTTP date, at most a day; None for neither."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 12:
        return min(MAX_SERVER_WAIT_SECONDS, int(text))
    return _bounded(moment - datetime.now(UTC)) if (moment := _date(text)) else None


def caching_seconds(headers: Mapping[str, str]) -> int | None:
    """Return for how long a document may be kept, at most a day: ``Cache-Control`` first, then ``Expires``."""
    for directive in headers.get("Cache-Control", "")[:500].lower().split(","):
        name, _, value = directive.strip().partition("=")
        value = value.strip('" ')
        if name in {"no-store", "no-cache"}:
            return None
        if name == "max-age" and value.isascii() and value.isdigit():
            return min(MAX_SERVER_WAIT_SECONDS, int(value[:12]))
    if not (expires := _date(headers.get("Expires", ""))):
        return None
    # Both dates are by the server's clock, which need not agree with ours.
    return _bounded(expires - (_date(headers.get("Date", "")) or datetime.now(UTC)))


def refuse_media(content_type: str) -> None:
    """Raise ``FetchError`` for media without text, before the body is read."""
    kind, _, form = content_type.partition("/")
    name = _MEDIA.get(kind) or _FILES.get(form)
    if name:
        raise FetchError(
            f"The address gives {name}, not a text", reason="media", hint="Give the address of an article"
        )


def media_type(header: str) -> tuple[str, str]:
    """Return the media type, lower case, and the charset of a ``Content-Type``; empty for what is not usable."""
    kind, *parameters = header[:500].split(";")
    kind = kind.strip().lower()
    charset = ""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and not charset:
            charset = value.strip(" \t\"'").lower()
    named = charset.isascii() and charset.replace("-", "").replace("_", "").isalnum() and len(charset) <= 40
    return kind if kind.isascii() and kind.isprintable() else "", charset if named else ""


def validator(text: str) -> str:
    """Return an ``ETag`` or ``Last-Modified`` if it can be stored and sent back, else an empty text."""
    return text if len(text) <= MAX_VALIDATOR_CHARS and text.isascii() and text.isprintable() else ""


def in_words(error: Exception) -> FetchError:
    """Return the sentence for a failed exchange, which reveals nothing of the network."""
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return FetchError("The proxy cannot be reached", reason="proxy", hint=_PROXY)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        wants = "asks for a user and password" if error.status == 407 else "does not let the request through"
        return FetchError(f"The proxy {wants}", reason="proxy", hint=_PROXY, status=error.status)
    if isinstance(error, aiohttp.ClientConnectorDNSError) or isinstance(error.__cause__, socket.gaierror):
        return no_such_host()
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return FetchError("The server's certificate is not valid", reason="tls", hint=_BROWSER)
    if isinstance(error, aiohttp.ClientSSLError):
        return FetchError(
            "No encryption method in common with the server", reason=FetchReason.NO_TLS, hint=_BROWSER
        )
    if isinstance(error, aiohttp.ClientConnectorError):
        if error.errno == errno.ECONNREFUSED:
            return FetchError(
                "The host does not accept connections", reason=FetchReason.UNCONNECTED, hint=_LATER
            )
        return FetchError("The host cannot be reached", reason=FetchReason.UNCONNECTED, hint=_LATER)
    if isinstance(error, aiohttp.ClientPayloadError):
        return FetchError("The document was cut off", reason="cut", hint=_LATER)
    if isinstance(error, aiohttp.ClientResponseError):
        return FetchError(
            "The server does not answer as a web server should", reason="protocol", hint=_BROWSER
        )
    if isinstance(error, aiohttp.InvalidURL):
        return FetchError("The address is not a web address", reason="bad_url", hint="Check the address")
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return FetchError(
            "The server closed the connection without an answer", reason=FetchReason.CONNECTION, hint=_LATER
        )
    return FetchError("The connection broke", reason=FetchReason.CONNECTION, hint=_LATER)


def _bounded(wait: timedelta) -> int:
    return int(min(MAX_SERVER_WAIT_SECONDS, max(0.0, wait.total_seconds())))


def _date(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text[:100])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None

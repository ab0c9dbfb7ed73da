"""The few Protocols, with their contracts in prose; each has at least two real implementations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """What to ask an outside address for; ``etag`` and ``last_modified`` make the request conditional."""

    url: str
    accept: str = "*/*"
    etag: str = ""
    last_modified: str = ""
    max_bytes: int = 4 * 1024 * 1024  # of the decoded body, and of the body on the wire
    deadline: float = 10.0  # seconds, in total, redirects included


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """What an address answered: status 200 with a body, or 304 without one; everything else is an error."""

    url: str  # final address after redirects
    status: int
    body: bytes = b""
    content_type: str = ""  # media type, lower case, without parameters
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""  # set when every redirect on the way was permanent (301, 308)
    max_age: int | None = None  # seconds, from Cache-Control or Expires


class Fetcher(Protocol):
    """Brings one document from outside.

    Promises: never more than ``max_bytes`` kept, never longer than ``deadline``, never an address that
    the guard refuses, no proxy from the environment, no cookies, no credentials forwarded over a redirect.
    Raises ``FetchError`` (``BlockedAddress`` for refused ones) with a sentence for a person and a stable
    ``reason``; never anything else.
    """

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Return the document at ``request.url``."""
        ...

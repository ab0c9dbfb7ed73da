"""Bring one document from outside: bounded in time and size, never from an address the guard refuses.

check_url ──▶ host's turn ──▶ connect (guard) ──▶ headers ──▶ redirect? again, vetted : body, capped
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import zlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp
import brotli

from bot.errors import FetchError
from bot.feeds.guard import AllowList, ConnectGuard, check_url, connecting_to, refuse
from bot.ports import FetchRequest, FetchResult

MAX_REDIRECTS = 5
PERMANENT = frozenset({301, 308})
MOVED = PERMANENT | {302, 303, 307}
CHUNK = 64 * 1024
HOSTS_REMEMBERED = 4096
LONGEST_WAIT = 24 * 3600.0  # seconds a Retry-After is believed

_STATUS = {
    401: ("unauthorised", "The address asks for a login", "Give an address that is open to all"),
    402: ("paywall", "The address asks for a payment", "Give an address that is open to all"),
    403: ("forbidden", "The publisher refuses automated reading", "Ask the publisher, or remove it"),
    404: ("not_found", "There is nothing at the address", "Check the address in a browser"),
    410: ("gone", "The address is gone for good", "Remove it, or find its successor"),
    429: ("too_many", "The publisher asks us to come less often", "Nothing to do: it is read again later"),
}


class HttpFetcher:
    """Fetches over HTTP(S), one request in flight a host, at most ``concurrency`` in all."""

    def __init__(self, *, user_agent: str, allow: AllowList, concurrency: int = 16) -> None:
        self._allow = allow
        self._slots = asyncio.Semaphore(concurrency)
        self._hosts: OrderedDict[str, asyncio.Lock] = OrderedDict()
        guard = ConnectGuard(allow=allow)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(socket_factory=guard.socket, force_close=True, limit=0),
            headers={"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate, br"},
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Return the document at ``request.url``; see ``bot.ports.Fetcher`` for what is promised."""
        url = check_url(request.url, allow=self._allow)
        try:
            async with asyncio.timeout(request.deadline):
                return await self._follow(url, request)
        except TimeoutError as error:
            raise FetchError(
                f"The address did not answer within {request.deadline:g} seconds",
                reason="timeout",
                hint="Try again later",
            ) from error

    async def _follow(self, url: str, request: FetchRequest) -> FetchResult:
        first, permanent, seen = url, True, {url}
        for _ in range(MAX_REDIRECTS + 1):
            async with self._turn(url), self._get(url, request) as response:
                if response.status not in MOVED:
                    return await self._result(
                        response, request, url=url, moved=url if permanent and url != first else ""
                    )
                permanent = permanent and response.status in PERMANENT
                target = urljoin(url, response.headers.get("Location", ""))
            url = check_url(target, allow=self._allow)
            if url in seen:
                raise FetchError(
                    "The address redirects to itself", reason="redirects", hint="Check it in a browser"
                )
            seen.add(url)
        raise FetchError("The address redirects too often", reason="redirects", hint="Check it in a browser")

    @asynccontextmanager
    async def _turn(self, url: str) -> AsyncIterator[None]:
        """Wait for the host's turn first, so that a slow host holds no slot that others could use."""
        host = urlsplit(url).netloc
        lock = self._hosts.setdefault(host, asyncio.Lock())
        self._hosts.move_to_end(host)
        while len(self._hosts) > HOSTS_REMEMBERED and not next(iter(self._hosts.values())).locked():
            self._hosts.popitem(last=False)
        async with lock, self._slots:
            yield

    @asynccontextmanager
    async def _get(self, url: str, request: FetchRequest) -> AsyncIterator[aiohttp.ClientResponse]:
        headers = {"Accept": request.accept}
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        with connecting_to(urlsplit(url).hostname or "") as attempt:
            try:
                async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                    yield response
            except (aiohttp.ClientError, OSError, ssl.SSLError, ValueError) as error:
                if attempt.refused:
                    refuse()
                raise _in_words(error) from error

    async def _result(
        self, response: aiohttp.ClientResponse, request: FetchRequest, *, url: str, moved: str
    ) -> FetchResult:
        headers = response.headers
        if response.status not in {200, 304}:
            raise _refusal(response.status, headers.get("Retry-After", ""))
        body = b"" if response.status == 304 else await _read(response, request.max_bytes)
        return FetchResult(
            url=url,
            status=response.status,
            body=body,
            content_type=response.content_type.lower() if "Content-Type" in headers else "",
            charset=response.charset or "",
            etag=headers.get("ETag", "")[:500],
            last_modified=headers.get("Last-Modified", "")[:100],
            moved_to=moved,
            max_age=_max_age(headers.get("Cache-Control", ""), headers.get("Expires", "")),
        )


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Return the decoded body; raises ``FetchError`` as soon as it is over ``limit``, on the wire or decoded."""
    decode = _Decoder(response.headers.get("Content-Encoding", ""), limit)
    wire, parts, size = 0, [], 0
    async for chunk in response.content.iter_chunked(CHUNK):
        wire += len(chunk)
        part = decode(chunk)
        size += len(part)
        if wire > limit or size > limit:
            raise _too_large(limit)
        parts.append(part)
    return b"".join(parts)


class _Decoder:
    """Undoes one content encoding a piece at a time, never making more than the limit at once."""

    def __init__(self, encoding: str, limit: int) -> None:
        self._limit = limit
        name = encoding.strip().lower()
        self._zlib = zlib.decompressobj(wbits=47) if name in {"gzip", "x-gzip", "deflate"} else None
        self._brotli = brotli.Decompressor() if name == "br" else None
        self._raw_deflate = name == "deflate"
        if name not in {"", "identity", "gzip", "x-gzip", "deflate", "br"}:
            raise FetchError("The address answers in an encoding that is not read", reason="encoding")

    def __call__(self, chunk: bytes) -> bytes:
        try:
            if self._zlib:
                return self._inflate(chunk)
            if self._brotli:
                part: bytes = self._brotli.process(chunk, output_buffer_limit=self._limit + 1)
                if not self._brotli.can_accept_more_data():
                    raise _too_large(self._limit)
                return part
        except (zlib.error, brotli.error) as error:
            raise FetchError(
                "The address answers with damaged compression", reason="encoding", hint="Try again later"
            ) from error
        return chunk

    def _inflate(self, chunk: bytes) -> bytes:
        assert self._zlib  # noqa: S101 - only called where it is set
        try:
            part = self._zlib.decompress(chunk, self._limit + 1)
        except zlib.error:
            if not self._raw_deflate:
                raise
            # Some servers send deflate without its wrapper.
            self._zlib, self._raw_deflate = zlib.decompressobj(wbits=-15), False
            part = self._zlib.decompress(chunk, self._limit + 1)
        self._raw_deflate = False
        if self._zlib.unconsumed_tail:
            raise _too_large(self._limit)
        return part


def _too_large(limit: int) -> FetchError:
    return FetchError(f"The document is larger than {limit // 2**20 or 1} MiB", reason="too_large")


def _refusal(status: int, retry_after: str) -> FetchError:
    if status in _STATUS:
        reason, message, hint = _STATUS[status]
    elif status >= 500:
        reason, message, hint = (
            "server",
            "The publisher's server has a fault",
            "Nothing to do: it is tried again later",
        )
    else:
        reason, message, hint = "http", f"The address answered with status {status}", "Check it in a browser"
    wait = _seconds(retry_after) if status in {429, 503} else None
    return FetchError(message, reason=reason, hint=hint, status=status, retry_after=wait)


def _seconds(retry_after: str) -> float | None:
    value = retry_after.strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        return min(LONGEST_WAIT, float(value))
    until = _date(value)
    return min(LONGEST_WAIT, max(0.0, (until - datetime.now(UTC)).total_seconds())) if until else None


def _max_age(cache_control: str, expires: str) -> int | None:
    for directive in cache_control.lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name == "max-age" and value.strip('"').isdigit() and len(value) < 12:
            return min(int(value.strip('"')), int(LONGEST_WAIT))
    until = _date(expires)
    return int(min(LONGEST_WAIT, max(0.0, (until - datetime.now(UTC)).total_seconds()))) if until else None


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _in_words(error: Exception) -> FetchError:
    if isinstance(error, aiohttp.ClientConnectorDNSError) or isinstance(error.__cause__, socket.gaierror):
        return FetchError("There is no such host", reason="dns", hint="Check the address")
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return FetchError(
            "The publisher's certificate is not valid", reason="tls", hint="Open it in a browser"
        )
    if isinstance(error, aiohttp.ClientConnectorError | ConnectionRefusedError):
        return FetchError("The host does not accept connections", reason="connect", hint="Try again later")
    if isinstance(error, aiohttp.ClientPayloadError):
        return FetchError("The answer broke off before its end", reason="cut", hint="Try again later")
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return FetchError("The address is not a web address", reason="bad_url", hint="Check the address")
    return FetchError("The connection broke", reason="connection", hint="Try again later")

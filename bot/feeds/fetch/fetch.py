"""Fetch one document from outside: bounded in time and size, never from an address that the guard refuses.

check_url ──▶ host's turn ──▶ connect (guard) ──▶ headers ──▶ redirect? again, vetted : body, capped
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

import aiohttp
import structlog
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.blocking import run_blocking
from bot.errors import FetchError, FetchReason
from bot.feeds.address import site_of
from bot.feeds.fetch.allow_list import WEB_PORTS, AllowList
from bot.feeds.fetch.answers import in_words, validator
from bot.feeds.fetch.connections import Connections
from bot.feeds.fetch.guard import ConnectGuard, check_url, connecting_to, no_such_host, ports_for, read_url
from bot.feeds.fetch.names import ThreadResolver
from bot.feeds.fetch.proxy import Proxy, at_address, permitted_address
from bot.feeds.fetch.response import Redirect, read_response, redirect_error
from bot.language.owners import owner_of
from bot.ports import FetchRequest, FetchResult
from bot.urls import join

MAX_REDIRECTS = 5
UNENCRYPTED = frozenset(
    {FetchReason.UNCONNECTED, FetchReason.CONNECTION, FetchReason.NO_TLS}
)  # what an https address gives at a host without
MAX_UNANSWERED_REQUESTS = (
    3  # requests in a row a host may leave unanswered before those that wait for it give up
)
MAX_QUEUE_SECONDS = 120.0  # seconds a request waits for its host's turn

_log = structlog.get_logger()


@dataclass(slots=True)
class _Host:
    """A registrable host that has requests; forgotten with the last of them."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    unanswered: int = 0  # in a row


class HttpFetcher:
    """Fetches over HTTP(S), one request in flight a registrable host, at most ``concurrency`` in all.

    A request's deadline runs while it has its host's turn; the wait for the turn is bounded apart, so that
    many entries of one publisher do not time each other out. Requests that wait for a host's turn use its
    connection one after the other; with the last of them it is closed. Implements ``bot.ports.Fetcher``.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow: AllowList,
        concurrency: int = 16,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        proxy: Proxy | None = None,
    ) -> None:
        self._allow = allow
        self._slots = asyncio.Semaphore(concurrency)
        self._hosts: dict[str, _Host] = {}
        self._guard = ConnectGuard(allow=allow)
        self._names = resolver or ThreadResolver(threads=2 * concurrency)
        self._session = _session(
            self._guard, names=self._names, tls=tls, user_agent=user_agent, awaited=self._awaited
        )
        self._proxy = proxy
        # Connections to the proxy have a separate guard, which allows only the proxy.
        self._behind = (
            _session(proxy.guard, names=self._names, tls=tls, user_agent=user_agent) if proxy else None
        )

    async def __aenter__(self) -> Self:
        await run_blocking(
            site_of, "http://localhost"
        )  # reads the list of domains before any loop is held up
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
        if self._behind:
            await self._behind.close()

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Return the document at ``request.url``; see ``bot.ports.Fetcher`` for what is promised."""
        try:
            return await self._fetch(request)
        except FetchError as error:
            if not (request.plain_too and request.url.startswith("https://") and error.reason in UNENCRYPTED):
                raise
            plain = replace(request, url=f"http://{request.url.removeprefix('https://')}", plain_too=False)
            try:
                return replace(await self._fetch(plain), plain=True)
            except FetchError as other:
                # If http is refused too, the first error is used.
                raise (error if other.reason in UNENCRYPTED else other) from other

    async def _fetch(self, request: FetchRequest) -> FetchResult:
        # Only the very port of a feed's own address: no redirect leads from the web's ports to another.
        ports = ports_for(request.url) if request.operator else WEB_PORTS
        url = check_url(request.url, allow=self._allow, ports=ports)
        seen, lasting, left = {url}, True, request.deadline
        clock = asyncio.get_running_loop().time
        while True:
            async with self._queued(url):
                started = clock()
                answer = await self._within(left, url, request, ports)
                left -= clock() - started
            if isinstance(answer, FetchResult):
                return replace(answer, moved_to=url) if len(seen) > 1 and lasting else answer
            if not (target := join(url, answer.target)):
                raise redirect_error("The address redirects to something that is not a web address")
            came, url = url, check_url(target, allow=self._allow, ports=ports)
            # A redirect from https to http is used, because no secret is sent, but never stored as permanent.
            lasting = lasting and answer.permanent and (url.startswith("https:") or came.startswith("http:"))
            if url in seen:
                raise redirect_error("The address redirects in a circle")
            if len(seen) > MAX_REDIRECTS:
                raise redirect_error(f"The address redirects more than {MAX_REDIRECTS} times")
            seen.add(url)

    @asynccontextmanager
    async def _queued(self, url: str) -> AsyncIterator[None]:
        """Wait for the host's turn, then for a slot, so that a slow host holds no slot others could use."""
        name = site_of(url)
        host = self._hosts.setdefault(name, _Host())
        host.users += 1
        try:
            if host.users == 1:
                await host.lock.acquire()  # nobody has it
            else:
                await _turn_of(host)
            try:
                if host.unanswered >= MAX_UNANSWERED_REQUESTS:
                    raise _busy(
                        f"The host left {MAX_UNANSWERED_REQUESTS} requests before this one unanswered"
                    )
                async with self._slots:
                    yield
                host.unanswered = 0
            except FetchError as error:
                host.unanswered = (
                    host.unanswered + 1 if error.reason in {FetchReason.TIMEOUT, FetchReason.BUSY} else 0
                )
                raise
            finally:
                host.lock.release()
        finally:
            host.users -= 1
            if not host.users:
                del self._hosts[name]

    def _awaited(self, host: str) -> bool:
        """Tell whether a request waits for the turn of ``host``, beside the one that has it."""
        known = self._hosts.get(owner_of(host))
        return known is not None and known.users > 1

    async def _within(
        self, seconds: float, url: str, request: FetchRequest, ports: frozenset[int]
    ) -> FetchResult | Redirect:
        progress = _Progress()
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(url, request, progress, ports)
        except TimeoutError as error:
            what = "send the whole document" if progress.answered else "answer"
            raise FetchError(
                f"The server did not {what} within {request.deadline:g} seconds",
                reason=FetchReason.TIMEOUT,
                hint="It is tried again later",
            ) from error

    async def _exchange(
        self, url: str, request: FetchRequest, progress: _Progress, ports: frozenset[int]
    ) -> FetchResult | Redirect:
        headers = {"Accept": request.accept}
        if etag := validator(request.etag):
            headers["If-None-Match"] = etag
        if last_modified := validator(request.last_modified):
            headers["If-Modified-Since"] = last_modified
        conditional = len(headers) > 1
        route = await self._route(url, ports)
        with connecting_to(route.host, ports=ports) as attempt:
            try:
                async with route.session.get(
                    URL(route.url, encoded=True),
                    headers=headers | route.headers,
                    allow_redirects=False,
                    **route.options,
                ) as response:
                    progress.answered = True
                    return await read_response(response, request, url=url, conditional=conditional)
            except (aiohttp.ClientError, OSError, ValueError) as error:
                if attempt.refused and isinstance(error, aiohttp.ClientConnectorError):
                    _log.info("host resolved to a blocked address", host=attempt.host)
                    raise no_such_host() from None
                raise in_words(error) from error

    async def _route(self, url: str, ports: frozenset[int]) -> _Route:
        """Return how ``url`` is asked for: by ourselves, or through the proxy at an address that was vetted here."""
        asked, tls = read_url(url), url.startswith("https:")
        host, port = asked.host, asked.port
        direct = _Route(session=self._session, url=url, host=host)
        if not self._proxy or not self._behind:
            return direct
        if self._allow.named_or_covered(host, asked.literal, port=port):
            return direct
        try:
            rows = await self._names.resolve(host, port, socket.AF_UNSPEC)
        except OSError as error:
            raise no_such_host() from error
        address = permitted_address(rows, guard=self._guard, host=host, port=port, ports=ports)
        if not address:
            _log.info("host resolved to a blocked address", host=host)
            raise no_such_host()
        at, authority = at_address(url, address)
        return _Route(
            session=self._behind,
            url=at,
            host=self._proxy.host,
            headers={"Host": authority} | ({} if tls else self._proxy.headers),
            options=self._proxy.options(host, tls=tls),
        )


async def _turn_of(host: _Host) -> None:
    try:
        async with asyncio.timeout(MAX_QUEUE_SECONDS):
            await host.lock.acquire()
    except TimeoutError as error:
        raise _busy("Too many requests were waiting for this host") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Route:
    """The request for one address; ``host`` is passed to the guard."""

    session: aiohttp.ClientSession
    url: str
    host: str
    headers: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)


def _session(
    guard: ConnectGuard,
    *,
    names: AbstractResolver,
    tls: ssl.SSLContext | None,
    user_agent: str,
    awaited: Callable[[str], bool] | None = None,
) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=Connections(awaited=awaited, socket_factory=guard.socket, resolver=names, ssl=tls or True),
        headers={"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate, br"},
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None),
    )


@dataclass(slots=True)
class _Progress:
    """How far one exchange came."""

    answered: bool = False


def _busy(message: str) -> FetchError:
    return FetchError(message, reason=FetchReason.BUSY, hint="It is tried again later")

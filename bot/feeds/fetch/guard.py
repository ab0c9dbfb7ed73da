"""Decide which outside addresses may be read: first by the text of a URL, then at each connection.

The text is checked to give an early, clear sentence. What protects is the second check: the socket of every
connection is made by ``ConnectGuard.socket``, which sees the address that is about to be connected to, so
literals, redirects and names that resolve differently the second time all pass through it. What the first check
says follows from the text alone; a name the second refuses is answered as one that does not exist, so that nobody
learns which names a private network has.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import SplitResult, quote

from bot.errors import BlockedAddress, FetchError
from bot.feeds.address import MAX_URL_CHARS
from bot.feeds.fetch.allow_list import WEB_PORTS, Address, AllowList, bad_address, literal_address, plain_host
from bot.feeds.fetch.special_addresses import (
    GLOBAL_V6,
    ISATAP_MARKS,
    NAT64,
    NEVER_BY_NAME,
    PRIVATE_SUFFIXES,
    SPECIAL_V4,
    SPECIAL_V6,
)
from bot.language.owners import MAX_KNOWN_URLS
from bot.language.text_cache import text_cached
from bot.urls import port_of, split

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

READ_BYTES = 16 * 1024  # bytes taken from a connection at once
FEED_PORTS = frozenset({8080, 8443})  # of feeds that an operator adds
UNQUOTED = "%/:@!$&'()*+,;=~?[]|"  # left as the publisher wrote them; the rest is percent-encoded

AddressInfo = tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One connection attempt: the requested name, and whether an address of it was refused."""

    host: str
    ports: frozenset[int] = WEB_PORTS
    refused: bool = False


_attempt: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


@contextmanager
def connecting_to(host: str, *, ports: frozenset[int] = WEB_PORTS) -> Iterator[Attempt]:
    """Set for the guard the host and ports of the sockets in this context; yields the attempt."""
    attempt = Attempt(host=host, ports=ports)
    token = _attempt.set(attempt)
    try:
        yield attempt
    finally:
        _attempt.reset(token)


class RefusedConnect(OSError):  # noqa: N818 - an OSError, so that a name's other addresses are tried
    """The address of a connection is forbidden."""


class _ShortReads(socket.socket):
    """A socket that is read in chunks of ``READ_BYTES``: what is read is parsed in one go, and thousands of tiny answers would hold the loop."""

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Return at most ``READ_BYTES``."""
        return super().recv(min(size, READ_BYTES), flags)

    def recv_into(self, buffer: WriteableBuffer, size: int = 0, flags: int = 0) -> int:
        """Take at most ``READ_BYTES``."""
        return super().recv_into(buffer, min(size or len(memoryview(buffer)), READ_BYTES), flags)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectGuard:
    """Creates the sockets of a client, and refuses addresses that are neither public nor allowed."""

    allow: AllowList

    def socket(self, info: AddressInfo) -> socket.socket:
        """Return an unconnected socket for one ``getaddrinfo`` row; raises ``RefusedConnect``."""
        family, kind, protocol, _, target = info
        attempt = _attempt.get()
        host, ports = (attempt.host, attempt.ports) if attempt else ("", WEB_PORTS)
        if not self.permits(target[0], target[1], host=host, ports=ports):
            if attempt:
                attempt.refused = True
            raise RefusedConnect("refused address")
        return _ShortReads(family=family, type=kind, proto=protocol)

    def permits(self, target: str, port: int, *, host: str, ports: frozenset[int] = WEB_PORTS) -> bool:
        """Return whether a connection to the address ``target`` may be made for ``host``."""
        try:
            address = ip_address(target)
        except ValueError:
            return False
        if self.allow.covers(address, port=port):
            return True
        if self.allow.names(host, port=port):
            meant = (address, _carried(address) or address)
            return not any(one in network for one in meant for network in NEVER_BY_NAME)
        return port in ports and is_public(address)


def is_public(ip: str | Address) -> bool:
    """Return whether ``ip`` is an ordinary address of the public internet; False for what is no address.

    An IPv4 address inside an IPv6 one is checked too: NAT64 and ISATAP forms are allowed if it is; mapped,
    compatible, 6to4 and Teredo forms are always refused.
    """
    try:
        address = ip_address(ip) if isinstance(ip, str) else ip
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in block for block in SPECIAL_V4)
    carried = _carried(address)
    if carried and not is_public(carried):
        return False
    return address in NAT64 or (address in GLOBAL_V6 and not any(address in block for block in SPECIAL_V6))


def _carried(address: Address) -> IPv4Address | None:
    """Return the IPv4 address inside a NAT64 or ISATAP address."""
    if isinstance(address, IPv4Address):
        return None
    number = int(address)
    if address in NAT64 or (number >> 32) & 0xFFFF_FFFF in ISATAP_MARKS:
        return IPv4Address(number & 0xFFFF_FFFF)
    return None


def ports_for(url: str) -> frozenset[int]:
    """Return the ports that may be read for a feed an operator added at ``url``: the web's own, and its very port."""
    named = FEED_PORTS & {port_of(url) or 0}
    return WEB_PORTS | named if named else WEB_PORTS


def check_url(url: str, *, allow: AllowList, ports: frozenset[int] = WEB_PORTS) -> str:
    """Return ``url`` normalised (lower-case ASCII host, no default port, no fragment) if it may be read at ``ports``.

    Raises ``FetchError`` with reason ``bad_url`` for an unusable address, ``BlockedAddress`` for
    a forbidden one. Neither message reveals anything of the network.
    """
    asked = read_url(url)
    if not allow.named_or_covered(asked.host, asked.literal, port=asked.port):
        if not asked.public:
            refuse()
        if asked.port not in ports:
            raise BlockedAddress(
                "Only the web's own ports, 80 and 443, are read",
                reason="blocked",
                hint="The operator can add a feed at 8080 or 8443, or allow the host with its port under [fetch] allow",
            )
    return asked.normal


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedUrl:
    """What the text of an address says; ``public`` where its host is not private by its name or number."""

    normal: str
    host: str
    port: int
    literal: Address | None
    public: bool


@text_cached(maxsize=MAX_KNOWN_URLS)  # a feed is asked for at the same address again and again
def read_url(url: str) -> AskedUrl:
    """Return what the text of ``url`` says; raises ``FetchError``."""
    parts = _split(url)
    host = plain_host(parts.hostname or "")
    usual = 443 if parts.scheme == "https" else 80
    port, literal = parts.port or usual, literal_address(host)
    shown = f"[{host}]" if ":" in host else host
    authority = shown if port == usual else f"{shown}:{port}"
    path = quote(parts.path, safe=UNQUOTED, errors="replace") or "/"
    query = f"?{quote(parts.query, safe=UNQUOTED, errors='replace')}" if parts.query else ""
    if literal:
        # Networks without IPv4 make NAT64 addresses for themselves; a link that spells one out tries to get around the guard.
        public = is_public(literal) and literal not in NAT64
    else:
        public = "." in host and not f".{host}".endswith(PRIVATE_SUFFIXES)
    return AskedUrl(
        normal=f"{parts.scheme}://{authority}{path}{query}",
        host=host,
        port=port,
        literal=literal,
        public=public,
    )


def refuse() -> NoReturn:
    """Raise ``BlockedAddress`` with the one sentence that every refused address gets."""
    raise BlockedAddress(
        "The address is not on the public internet, so it is not read",
        reason="blocked",
        hint="The operator can allow a private host under [fetch] allow",
    )


def no_such_host() -> FetchError:
    """Return the same error for a name that does not exist and for one with a forbidden address."""
    return FetchError(
        "There is no public web server of that name",
        reason="dns",
        hint="Check its spelling; the operator can allow a private host under [fetch] allow",
    )


def _split(url: str) -> SplitResult:
    """Return the parts of an http(s) URL without credentials; raises ``FetchError``."""
    url = url.strip()
    if len(url) > MAX_URL_CHARS:
        raise bad_address(f"The address is longer than {MAX_URL_CHARS} characters")
    if " " in url or not url.isprintable():  # no other white space can be printed
        raise bad_address("The address contains spaces or control characters")
    if not (parts := split(url)):
        raise bad_address("The address is not a web address, or its port is not a number from 1 to 65535")
    if parts.scheme not in {"http", "https"}:
        raise bad_address("The address does not start with http:// or https://")
    if "@" in parts.netloc:
        raise bad_address(
            "The address carries a user name or password, and those are never sent", hint="Leave them out"
        )
    if "\\" in parts.netloc or "%" in parts.netloc or not parts.hostname:
        raise bad_address("The address names no host")
    return parts

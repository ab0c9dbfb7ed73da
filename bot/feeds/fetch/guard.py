"""Decide which outside addresses may be read: once on the text of a URL, once more on the connect itself.

The text is checked to give an early, clear sentence. What protects is the second check: the socket of every
connection is made by ``ConnectGuard.socket``, which sees the address that is about to be connected to, so
literals, redirects and names that resolve differently the second time all pass through it. What the first check
says follows from the text alone; a name the second refuses is answered as one that does not exist, so that nobody
learns which names a private network has.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import SplitResult, quote

from yarl import URL

from bot.errors import BlockedAddress, ConfigError, FetchError
from bot.feeds.fetch.special_addresses import (
    GLOBAL_V6,
    ISATAP_MARKS,
    NAT64,
    NEVER_BY_NAME,
    PRIVATE_SUFFIXES,
    SPECIAL_V4,
    SPECIAL_V6,
)
from bot.urls import port_of, split

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_URL_CHARS = 4096  # characters
READ_BYTES = 16 * 1024  # bytes taken from a connection at once
WEB_PORTS = frozenset({80, 443})
FEED_PORTS = frozenset({8080, 8443})  # of feeds that an operator adds
HOST_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")
UNQUOTED = "%/:@!$&'()*+,;=~?[]|"  # left as the publisher wrote them; the rest is percent-encoded

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
AddressInfo = tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowList:
    """Private hosts and networks an operator lets the program read; empty by default.

    Each goes with its ports; an allowed host name may resolve to any address but metadata and link-local ones.
    """

    hosts: tuple[tuple[str, frozenset[int] | None], ...] = ()  # None: every port
    networks: tuple[tuple[Network, frozenset[int] | None], ...] = ()

    @classmethod
    def parse(cls, entries: Iterable[str]) -> AllowList:
        """Return the list for ``entries`` such as ``feeds.corp:8080``, ``10.1.0.0/16``, ``[::1]:80``, ``127.0.0.1:*``.

        Without a port an entry means 80 and 443, with ``*`` every port. Raises ``ConfigError`` that lists
        every entry that cannot be read.
        """
        hosts: list[tuple[str, frozenset[int] | None]] = []
        networks: list[tuple[Network, frozenset[int] | None]] = []
        problems: list[str] = []
        for entry in entries:
            try:
                name, ports = _split_port(entry.strip().lower())
                try:
                    networks.append((ip_network(name), ports))
                except ValueError:
                    hosts.append((_plain_host(name), ports))
            except (ValueError, FetchError):
                problems.append(f"fetch.allow: {entry!r} is no host, host:port or network")
        if problems:
            raise ConfigError(
                "; ".join(problems),
                hint='Write "feeds.corp:8080", "10.1.0.0/16" or "[::1]:8080"',
                problems=tuple(problems),
            )
        return cls(hosts=tuple(hosts), networks=tuple(networks))

    def names(self, host: str, *, port: int) -> bool:
        """Return whether ``host`` is listed by name with ``port``."""
        return any(host == name and (ports is None or port in ports) for name, ports in self.hosts)

    def named_or_covered(self, host: str, *, port: int) -> bool:
        """Return whether ``host`` is listed, by name or as the address it is, with ``port``."""
        literal = _literal(host)
        return self.names(host, port=port) or bool(literal and self.covers(literal, port=port))

    def covers(self, address: Address, *, port: int) -> bool:
        """Return whether ``address`` lies in a listed network with ``port``."""
        return any(
            address in network and (ports is None or port in ports) for network, ports in self.networks
        )


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One connect under way: the name that was asked for, and whether an address of it was refused."""

    host: str
    ports: frozenset[int] = WEB_PORTS
    refused: bool = False


_attempt: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


@contextmanager
def connecting_to(host: str, *, ports: frozenset[int] = WEB_PORTS) -> Iterator[Attempt]:
    """Tell the guard for which host, at which ports, the sockets of this context are; yields what it noted."""
    attempt = Attempt(host=host, ports=ports)
    token = _attempt.set(attempt)
    try:
        yield attempt
    finally:
        _attempt.reset(token)


class RefusedConnect(OSError):  # noqa: N818 - an OSError, so that a name's other addresses are tried
    """The address about to be connected to is not one we connect to."""


class _Sipping(socket.socket):
    """A socket that is read in sips: what is read is parsed in one go, and thousands of tiny answers would hold the loop."""

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Return at most a sip."""
        return super().recv(min(size, READ_BYTES), flags)

    def recv_into(self, buffer: WriteableBuffer, size: int = 0, flags: int = 0) -> int:
        """Take at most a sip."""
        return super().recv_into(buffer, min(size or len(memoryview(buffer)), READ_BYTES), flags)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectGuard:
    """Makes the sockets of a client and refuses those whose address is not public nor allowed."""

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
        return _Sipping(family=family, type=kind, proto=protocol)

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

    An IPv4 address inside an IPv6 one is judged too: NAT64 and ISATAP forms stand and fall with it, mapped,
    compatible, 6to4 and Teredo forms are refused whole.
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
    """Return the IPv4 address that a NAT64 or ISATAP address stands for."""
    if isinstance(address, IPv4Address):
        return None
    number = int(address)
    if address in NAT64 or (number >> 32) & 0xFFFF_FFFF in ISATAP_MARKS:
        return IPv4Address(number & 0xFFFF_FFFF)
    return None


def ports_for(url: str) -> frozenset[int]:
    """Return the ports that may be read for a feed an operator added at ``url``: the web's own, and its very port."""
    return WEB_PORTS | (FEED_PORTS & {port_of(url) or 0})


def check_url(url: str, *, allow: AllowList, ports: frozenset[int] = WEB_PORTS) -> str:
    """Return ``url`` normalised (lower-case ASCII host, no default port, no fragment) if it may be read at ``ports``.

    Raises ``FetchError`` with reason ``bad_url`` for what is no usable web address, ``BlockedAddress`` for
    one that is never connected to. Neither message says anything of the network behind.
    """
    parts = _split(url)
    host = _plain_host(parts.hostname or "")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    literal = _literal(host)
    if not allow.named_or_covered(host, port=port):
        if literal:
            # Networks without IPv4 make NAT64 addresses for themselves; a link that spells one out wants past us.
            if not is_public(literal) or literal in NAT64:
                refuse()
        elif "." not in host or f".{host}".endswith(PRIVATE_SUFFIXES):
            refuse()
        if port not in ports:
            raise BlockedAddress(
                "Only the web's own ports, 80 and 443, are read",
                reason="blocked",
                hint="The operator can add a feed at 8080 or 8443, or allow the host with its port under [fetch] allow",
            )
    shown = f"[{host}]" if ":" in host else host
    authority = shown if port == (443 if parts.scheme == "https" else 80) else f"{shown}:{port}"
    path = quote(parts.path, safe=UNQUOTED, errors="replace") or "/"
    query = f"?{quote(parts.query, safe=UNQUOTED, errors='replace')}" if parts.query else ""
    return f"{parts.scheme}://{authority}{path}{query}"


def refuse() -> NoReturn:
    """Raise ``BlockedAddress`` with the one sentence that every refused address gets."""
    raise BlockedAddress(
        "The address is not on the public internet, so it is not read",
        reason="blocked",
        hint="The operator can allow a private host under [fetch] allow",
    )


def nowhere() -> FetchError:
    """Return the one error for a name that does not exist and for one that leads where we do not go."""
    return FetchError(
        "There is no public web server of that name",
        reason="dns",
        hint="Check its spelling; the operator can allow a private host under [fetch] allow",
    )


def _split(url: str) -> SplitResult:
    """Return the parts of an http(s) URL without credentials; raises ``FetchError``."""
    url = url.strip()
    if len(url) > MAX_URL_CHARS:
        raise _bad(f"The address is longer than {MAX_URL_CHARS} characters")
    if any(character.isspace() or not character.isprintable() for character in url):
        raise _bad("The address contains spaces or control characters")
    if not (parts := split(url)):
        raise _bad("The address is not a web address, or its port is not a number from 1 to 65535")
    if parts.scheme not in {"http", "https"}:
        raise _bad("The address does not start with http:// or https://")
    if "@" in parts.netloc:
        raise _bad(
            "The address carries a user name or password, and those are never sent", hint="Leave them out"
        )
    if "\\" in parts.netloc or "%" in parts.netloc or not parts.hostname:
        raise _bad("The address names no host")
    return parts


def _plain_host(host: str) -> str:
    """Return ``host`` as lower-case ASCII without a final dot, IPv6 without brackets; raises ``FetchError``."""
    if ":" in host:
        try:
            return IPv6Address(host).compressed
        except ValueError as error:
            raise _bad("The address names no host") from error
    if not host.isascii():
        try:
            host = URL.build(scheme="http", host=host).raw_host or ""
        except ValueError as error:
            raise _bad("The address names no host") from error
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if (
        len(host) > 253
        or not set(host) <= HOST_CHARACTERS
        or not all(0 < len(label) < 64 for label in labels)
    ):
        raise _bad("The address names no host")
    # What ends in a number is an IPv4 address to the resolver, in octal, hexadecimal and shorter forms too.
    if (labels[-1].isdigit() or labels[-1].startswith("0x")) and not _is_dotted_quad(host):
        raise _bad("The address writes its host as a number", hint="Write four plain numbers or a name")
    return host


def _literal(host: str) -> Address | None:
    return ip_address(host) if ":" in host or _is_dotted_quad(host) else None


def _is_dotted_quad(host: str) -> bool:
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True


def _split_port(entry: str) -> tuple[str, frozenset[int] | None]:
    """Return the host or network of an entry and its ports; raises ``ValueError``."""
    if entry.startswith("["):
        name, closed, rest = entry[1:].partition("]")
        if not closed or (rest and not rest.startswith(":")):
            raise ValueError(entry)
        port = rest.removeprefix(":")
    elif entry.count(":") == 1:
        name, _, port = entry.partition(":")
        if not port:
            raise ValueError(entry)
    else:
        name, port = entry, ""
    if not port:
        return name, WEB_PORTS
    if port == "*":
        return name, None
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(entry)
    return name, frozenset({int(port)})


def _bad(message: str, *, hint: str = "Give an address such as https://example.com/feed") -> FetchError:
    return FetchError(message, reason="bad_url", hint=hint)

"""The private hosts and networks that the operator allows, and the normal form of a host."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from yarl import URL

from bot.errors import ConfigError, FetchError

WEB_PORTS = frozenset({80, 443})
HOST_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowList:
    """Private hosts and networks that the operator allows; empty by default.

    Each has its ports; an allowed host name may resolve to any address except metadata and link-local ones.
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
                    hosts.append((plain_host(name), ports))
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

    def named_or_covered(self, host: str, literal: Address | None, *, port: int) -> bool:
        """Return whether ``host`` is listed, by name or as the ``literal`` address that it is, with ``port``."""
        return self.names(host, port=port) or bool(literal and self.covers(literal, port=port))

    def covers(self, address: Address, *, port: int) -> bool:
        """Return whether ``address`` lies in a listed network with ``port``."""
        return any(
            address in network and (ports is None or port in ports) for network, ports in self.networks
        )


def plain_host(host: str) -> str:
    """Return ``host`` as lower-case ASCII without a final dot, IPv6 without brackets; raises ``FetchError``."""
    if ":" in host:
        try:
            return IPv6Address(host).compressed
        except ValueError as error:
            raise bad_address("The address names no host") from error
    if not host.isascii():
        try:
            host = URL.build(scheme="http", host=host).raw_host or ""
        except ValueError as error:
            raise bad_address("The address names no host") from error
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if (
        len(host) > 253
        or not set(host) <= HOST_CHARACTERS
        or not all(0 < len(label) < 64 for label in labels)
    ):
        raise bad_address("The address names no host")
    # What ends in a number is an IPv4 address to the resolver, in octal, hexadecimal and shorter forms too.
    if (labels[-1].isdigit() or labels[-1].startswith("0x")) and not is_dotted_quad(host):
        raise bad_address(
            "The address writes its host as a number", hint="Write four plain numbers or a name"
        )
    return host


def literal_address(host: str) -> Address | None:
    """Return the address that ``host`` is, None for a name."""
    if ":" in host:
        return ip_address(host)
    if not host[-1:].isdigit():
        return None
    try:
        return IPv4Address(host)
    except ValueError:
        return None


def is_dotted_quad(host: str) -> bool:
    """Tell whether ``host`` is an IPv4 address in four numbers."""
    return ":" not in host and literal_address(host) is not None


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


def bad_address(
    message: str, *, hint: str = "Give an address such as https://example.com/feed"
) -> FetchError:
    """Return the error for an address that cannot be read."""
    return FetchError(message, reason="bad_url", hint=hint)

"""Requests through an HTTP proxy, which gets checked addresses and never names.

name ──our resolver──▶ addresses ──guard──▶ one public address ──▶ http: GET http://ADDRESS/…, Host: name
                                                                └─▶ https: CONNECT ADDRESS:443, then TLS with the name
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import ResolveResult
from yarl import URL

from bot.errors import ConfigError
from bot.feeds.fetch.allow_list import AllowList
from bot.feeds.fetch.guard import ConnectGuard
from bot.urls import port_of, split


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """The address of the proxy, and its credentials."""

    url: str  # without user and password
    host: str
    port: int
    auth: str = ""  # value of Proxy-Authorization

    @property
    def guard(self) -> ConnectGuard:
        """The guard of connections to the proxy itself: allowed by configuration, and to nowhere else."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return ConnectGuard(allow=AllowList.parse([f"{shown}:{self.port}"]))

    def options(self, host: str, *, tls: bool) -> dict[str, Any]:
        """Return the options of a request that goes through the proxy to an address of ``host``."""
        options: dict[str, Any] = {"proxy": URL(self.url)}
        if tls:
            # Only the request for a tunnel is the proxy's to read; what goes through it is not.
            options |= {"server_hostname": host, "proxy_headers": self.headers}
        return options

    @property
    def headers(self) -> dict[str, str]:
        """The headers that are meant for the proxy."""
        return {"Proxy-Authorization": self.auth} if self.auth else {}


def read_proxy(text: str) -> Proxy | None:
    """Return the proxy at ``http://[user:password@]host:port``; None for no text. Raises ``ConfigError``."""
    if not text:
        return None
    parts = split(text)
    if not parts or parts.scheme != "http" or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ConfigError(
            "fetch.proxy is not the address of an HTTP proxy", hint='Write "http://proxy.corp:3128"'
        )
    url = URL(text)
    try:
        auth = aiohttp.encode_basic_auth(url.user, url.password or "") if url.user else ""
    except ValueError as error:
        raise ConfigError("The user name in fetch.proxy contains a colon", hint="Leave it out") from error
    host, port = parts.hostname, parts.port or 80
    shown = f"[{host}]" if ":" in host else host
    return Proxy(url=f"http://{shown}:{port}", host=host, port=port, auth=auth)


def permitted_address(
    rows: Sequence[ResolveResult], *, guard: ConnectGuard, host: str, port: int, ports: frozenset[int]
) -> str:
    """Return the address of ``host`` that may be read, one of IPv4 first; empty where there is none."""
    found = [row["host"] for row in rows if guard.permits(row["host"], port, host=host, ports=ports)]
    return min(found, key=lambda address: ":" in address, default="")


def at_address(url: str, address: str) -> tuple[str, str]:
    """Return ``url`` with ``address`` in the place of its host, and what the header ``Host`` says instead."""
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    port = f":{named}" if (named := port_of(url)) else ""
    shown = f"[{address}]" if ":" in address else address
    return f"{scheme}://{shown}{port}{slash}{path}", authority

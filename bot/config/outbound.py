"""Choose the way of calls to models and chat platforms: through the proxy, or directly. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from bot.urls import host_of

LOCAL_NAMES = frozenset({"localhost", "host.docker.internal", "host.containers.internal"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """The proxy at ``url``, empty for none, and the hosts that are called directly, with their subdomains."""

    url: str = ""
    direct: tuple[str, ...] = ()

    def proxy_of(self, address: str) -> str:
        """Return the proxy for a call to ``address``, empty for a direct call: in a private network, or by configuration."""
        host = host_of(address).rstrip(".")
        if not self.url or host in LOCAL_NAMES or _is_private(host):
            return ""
        named = (one.lower().lstrip(".") for one in self.direct)
        return "" if any(host == one or host.endswith(f".{one}") for one in named) else self.url


DIRECTLY = Outbound()


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False

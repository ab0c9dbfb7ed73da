"""Split and join addresses from outside without raising, where the standard library would raise."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit

_PLAIN_PLACE = re.compile(
    r"[a-z0-9.-]*(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}))?"
)  # a host, perhaps with a sound port
MAX_SPLIT_URL_CHARS = 10_000  # characters; no address of the web is longer

_FEED_SCHEMES = frozenset({"feed", "feeds", "itpc", "pcast", "podcast"})  # what readers of feeds invented


def split(url: str) -> SplitResult | None:
    """Return the parts of ``url``, its host and port sound; None for what is no address.

    Refused are brackets that hold no IPv6 address, hosts that change under normalisation (``http://℀.com``), ports
    that are not a number from 1 to 65535, and texts longer than ``MAX_SPLIT_URL_CHARS``. Parts without a host are no fault.
    """
    if len(url) > MAX_SPLIT_URL_CHARS:
        return None
    try:
        parts = urlsplit(url)
        if _PLAIN_PLACE.fullmatch(parts.netloc):
            return parts  # the library takes it apart for host and port
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    return None if port == 0 or ("[" in parts.netloc and ":" not in host) else parts


def join(base: str, target: str) -> str:
    """Return ``target`` as seen from ``base``; empty when either is no address."""
    if split(base) is None or split(target) is None:
        return ""
    try:
        joined = urljoin(base, target)
    except ValueError:
        return ""
    return joined if split(joined) else ""


def host_of(url: str) -> str:
    """Return the host of ``url``, lower case; empty for what is no address or has none."""
    parts = split(url)
    return (parts.hostname or "") if parts else ""


def path_of(url: str) -> str:
    """Return the path of ``url``; empty for what is no address."""
    parts = split(url)
    return parts.path if parts else ""


def port_of(url: str) -> int | None:
    """Return the port that ``url`` names; None where it names none or is no address."""
    parts = split(url)
    return parts.port if parts else None


def web_host(url: str) -> str:
    """Return the host of ``url``, lower case; empty for what is no address of the web (http, https)."""
    parts = split(url)
    return (parts.hostname or "") if parts and parts.scheme in {"http", "https"} else ""


def with_scheme(url: str) -> str:
    """Return an address that people and feeds write without ``https://`` with it: ``www.…``, ``feed://…``."""
    scheme, colon, rest = url.partition(":")
    if colon and scheme.lower() in _FEED_SCHEMES:
        return rest if rest.lower().startswith(("http://", "https://")) else f"https://{rest.lstrip('/')}"
    return f"https://{url}" if url[:4].lower() == "www." else url

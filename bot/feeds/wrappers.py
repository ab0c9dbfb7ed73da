"""Unwrap addresses that contain another: redirect services, and Google's copies of AMP pages. Pure.

An address that was unwrapped is a claim of who wrapped it: it says where to read, and vouches for nothing there.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote

from bot.urls import host_of, split

MAX_WRAPPERS = 3  # wrappers in wrappers
_PARAMETERS = (
    "url",
    "q",
    "u",
    "to",
    "target",
    "dest",
    "destination",
    "redirect",
    "redirect_url",
    "link",
    "uddg",
    "z",
)
# Where a path of this shape has one parameter that is a whole address of the web, the path does nothing but lead there.
_PATHS = re.compile(
    r"^/(?:url|redirect|redirection|redir(?:/redirect)?|redirector|away(?:\.php)?|out|outbound|goto|go|link|l|l\.php|click|exit|"
    r"news/apiclick\.aspx|linkfilter/?|safe/redirect|external|leave)/?$",
    re.IGNORECASE,
)
# By host, the path after which the wrapped address follows unescaped: caches of AMP pages.
_CACHES = (
    (re.compile(r"(?:^|\.)cdn\.ampproject\.org$"), re.compile(r"^/[civr]/(s/)?(.+)$")),
    (re.compile(r"^(?:www\.)?google\.[a-z.]{2,6}$"), re.compile(r"^/amp/(s/)?(.+)$")),
)


def unwrapped(url: str) -> str:
    """Return the address that ``url`` wraps, else ``url``."""
    for _ in range(MAX_WRAPPERS):
        inner = _inner(url)
        if not inner:
            break
        url = inner
    return url


def amp_source(url: str) -> str:
    """Return the address of the article of which ``url`` is Google's copy, else ``url``."""
    return _cached(url) or url


def _cached(url: str) -> str:
    parts = split(url)
    if not parts or parts.scheme not in {"http", "https"}:
        return ""
    host = (parts.hostname or "").lower()
    for hosts, paths in _CACHES:
        cached = paths.match(parts.path) if hosts.search(host) else None
        if cached:
            return _whole(
                f"http{'s' if cached[1] else ''}://{cached[2]}" + (f"?{parts.query}" if parts.query else "")
            )
    return ""


def _inner(url: str) -> str:
    parts = split(url)
    if not parts or parts.scheme not in {"http", "https"}:
        return ""
    if cached := _cached(url):
        return cached
    if not _PATHS.match(parts.path):
        return ""
    values = {k.lower(): v for k, v in parse_qsl(parts.query) if k.lower() in _PARAMETERS}
    found = {address for value in values.values() if (address := _whole(value))}
    return found.pop() if len(found) == 1 else ""


def _whole(value: str) -> str:
    """Return ``value`` where it is a whole address of the web, unquoted once more where that makes it one."""
    for text in (value, unquote(value)):
        if text.startswith(("http://", "https://")) and "." in host_of(text):
            return text
    return ""

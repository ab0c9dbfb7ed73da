"""Links that may be followed."""

from __future__ import annotations

from urllib.parse import urlsplit


def safe_link(url: str) -> str:
    """Return ``url`` if a browser may follow it (http or https), else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""

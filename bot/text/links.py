"""Links that may be followed."""

from __future__ import annotations

from urllib.parse import quote, urlsplit


def safe_link(url: str) -> str:
    """Return ``url`` if a browser may follow it (http or https), else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""


def link_target(url: str) -> str:
    """Return ``url`` as the target of a link that nothing in it can end, in ASCII; empty when it may not be followed."""
    # What is no character of an address is written in percent; brackets too, which end a link in Markdown.
    target = quote(safe_link(url.strip()), safe=":/?#@!$&'*+,;=%~-._", errors="replace")
    return safe_link(target)


def links_in(text: str, *, most: int) -> tuple[list[str], int]:
    """Return the first ``most`` different http(s) addresses of ``text``, and how many there are in all.

    Words are taken apart at white space and angle brackets; a label behind ``|`` and closing marks are no part of them.
    """
    found: dict[str, None] = {}
    for word in text.replace("<", " ").replace(">", " ").split():
        start = word.lower().find("http")
        if start < 0:
            continue
        address = word[start:].split("|", 1)[0].rstrip(".,;:!?'\"»”’")
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1]
        if safe_link(address):
            found[address] = None
    return list(found)[:most], len(found)

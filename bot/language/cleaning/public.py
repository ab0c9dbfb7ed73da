"""Addresses without the key of a private feed, wherever in the address it is.

    https://me:pw@feeds.example/private-3f9a…/basic.ics?key=…   ->   https://feeds.example/private-•••/basic.ics

A token is what no person would write: much that changes between capitals, small letters and digits, or what stands
behind a word such as "private" or "key". A step of a path that is taken for one without being one costs a reader a few
letters; the other way round a stranger reads the feed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from bot.language.text_cache import text_cached
from bot.urls import split

MASK = "•••"
MIN_SECRET_CHARS = 6  # characters of what follows a word such as "key"

_ADDRESS = re.compile(r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s\"'<>`]+")
_WORDS = "private|priv|secret|token|apikey|api[-_]?key|key|auth|access|sig|signature|hash|password|passwd|pass|pwd|session|credential|hmac|jwt|code"
_MARKED = re.compile(rf"(?:^|[-_.~;/])(?:{_WORDS})[-_.~=:](?P<secret>.+)$", re.IGNORECASE)
_MARK = re.compile(rf"(?:.*[-_.])?(?:{_WORDS})s?", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:rss|xml|atom|rdf|json|ics|ical|opml|php|aspx?|html?|txt)$", re.IGNORECASE)
_RUN = re.compile(r"[A-Za-z0-9]+")
_HEX = re.compile(r"(?=(?:[a-f]*\d){2})(?=(?:\d*[a-f]){2})[0-9a-f]{12,}", re.IGNORECASE)


def public_address(url: str) -> str:
    """Return ``url`` without user, password, query and fragment, and with every token in its host and path masked.

    A malformed address gives an empty text.
    """
    if not (parts := split(url)):
        return ""
    host, number = parts.hostname or "", parts.port
    path = "/".join(shown for _, shown in _steps(parts.path))
    shown = (
        f"[{host}]"
        if ":" in host
        else ".".join(MASK if is_token(label) else label for label in host.split("."))
    )
    port = f":{number}" if number else ""
    return f"{parts.scheme}://{shown}{port}{path}" if host else path


def public_text(text: str) -> str:
    """Return ``text`` with every address in it as ``public_address`` shows it."""
    return _ADDRESS.sub(lambda found: public_address(found[0]) or MASK, text)


@text_cached(maxsize=256)  # a feed's address is asked of with each of its links
def secrets_in(url: str) -> frozenset[str]:
    """Return the possible secrets in ``url``: password, tokens of host, path, query and fragment."""
    if not (parts := split(url)):
        return frozenset()
    host, password = parts.hostname or "", unquote(parts.password or "")
    found = {secret for secret, _ in _steps(parts.path) if secret}
    found |= {label for label in host.split(".") if is_token(label)}
    for name, value in (*parse_qsl(parts.query), *parse_qsl(parts.fragment)):
        if is_token(value) or (len(value) >= MIN_SECRET_CHARS and _MARK.fullmatch(name)):
            found.add(value)
    return frozenset(found | ({password} if len(password) >= MIN_SECRET_CHARS else set()))


def is_token(text: str) -> bool:
    """Return whether ``text`` looks like a token and not like words or a number."""
    text = unquote(text)
    if _UUID.search(text):
        return True
    runs = _RUN.findall(text)
    if any(_random(run) for run in runs):
        return True
    # What is encoded for addresses has "-" and "_" among its signs.
    whole = "".join(runs)
    mixed = sum(len(run) for run in runs if not run.isalpha() and not run.isdecimal())
    if mixed >= 16 and 2 * mixed > len(whole):
        return True
    return (
        len(whole) >= 20
        and len(text) - len(whole) <= len(text) // 5
        and _mixed(whole)
        and _changes(whole) * 4 > len(whole)
    )


def _random(run: str) -> bool:
    digits = sum(map(str.isdigit, run))
    if len(run) >= 16 and 0 < digits < len(run):
        return True
    if _HEX.fullmatch(run) or (digits == len(run) and digits >= 16):
        return True
    if len(run) >= 10 and digits and _mixed(run) and _changes(run) * 5 >= 2 * len(run):
        return True
    if len(run) >= 20 and not digits and _mixed(run, digits=False):
        return _changes(run) * 3 >= len(run)
    return len(run) >= 40 and not digits


def _mixed(run: str, *, digits: bool = True) -> bool:
    kinds = (str.isupper, str.islower, str.isdigit) if digits else (str.isupper, str.islower)
    return all(any(map(kind, run)) for kind in kinds)


def _changes(run: str) -> int:
    """Return how often one kind of character follows another; a capital at the head of a word counts once."""
    kinds = ["d" if c.isdigit() else "u" if c.isupper() else "l" for c in run]
    return sum(a != b for a, b in itertools.pairwise(kinds))


def _steps(path: str) -> Iterator[tuple[str, str]]:
    """Yield for each step of ``path`` the secret in it, if any, and how the step is shown."""
    after_mark = False
    for step in path.split("/"):
        plain = unquote(step)
        stem = _ENDING.sub("", plain)
        marked = _MARKED.search(stem)
        if after_mark and len(stem) >= MIN_SECRET_CHARS:
            yield stem, MASK
        elif marked and len(marked["secret"]) >= MIN_SECRET_CHARS:
            yield marked["secret"], f"{stem[: marked.start('secret')]}{MASK}"
        elif is_token(stem):
            yield stem, MASK
        else:
            yield "", step
        after_mark = bool(_MARK.fullmatch(stem))

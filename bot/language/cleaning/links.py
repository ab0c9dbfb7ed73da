"""Links that may be followed."""

from __future__ import annotations

import re
from urllib.parse import quote, urlunsplit

from bot.language.cleaning.invisible import visible
from bot.language.text_cache import text_cached
from bot.urls import split, web_host, with_scheme

MAX_LINKED_TEXT_CHARS = 50_000  # characters that are looked through for links
MAX_LINK_CHARS = 4000

_APART = str.maketrans(
    dict.fromkeys('<>"“”„‟«»‹›…。、，．！？；：｡､「」『』（）［］｛｝【】〔〕〈〉《》〖〗＜＞｜＂‥', " ")
)
# "www.": not in "awww." nor in "anna@www."; "feed:": what readers of feeds invented.
_BEGINS = re.compile(r"https?://|feeds?://|feed:(?=https?://)|(?<![\w@.-])www\.(?=\w)", re.IGNORECASE)
_BARE = re.compile(
    r"(?:(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}|\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?(?:[/?#]\S*)?"
)
_CLOSING = ".,;:!?'’‘`*،؛؟۔।॥։"
_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))


def safe_link(url: str) -> str:
    """Return ``url`` if a browser may follow it (http or https), else nothing."""
    return url if web_host(url) else ""


@text_cached(maxsize=4_096)
def link_target(url: str) -> str:
    """Return ``url`` as a safe link target in ASCII, which cannot end the link early; empty if it may not be followed.

    Credentials are left out; characters that are invalid in an address, or special in a chat, are percent-encoded.
    """
    parts = split(safe_link(url.strip()))
    if not parts or not parts.netloc:
        return ""
    host = quote(parts.netloc.rpartition("@")[2], safe=":[]-._~", errors="replace")
    rest = (quote(part, safe="/:?!$&'*+,;=%~-._", errors="replace") for part in parts[2:])
    return safe_link(urlunsplit((parts.scheme, host, *rest)))


def links_in(text: str, *, most: int) -> tuple[list[str], int]:
    """Return the first ``most`` different http(s) addresses of ``text``, and how many there are in all.

    Words are split at white space, angle brackets, double quotes and Chinese and Japanese punctuation, which
    follows a link without a space; a label after ``|`` and closing marks are removed.
    """
    found: dict[str, None] = {}
    for word in visible(text[:MAX_LINKED_TEXT_CHARS]).translate(_APART).split():
        begun = _BEGINS.search(word)
        if not begun or len(word) - begun.start() > MAX_LINK_CHARS:
            continue
        address = with_scheme(_unclosed(word[begun.start() :].split("|", 1)[0]))
        if safe_link(address):
            found[address] = None
    return list(found)[:most], len(found)


def typed_address(text: str) -> str:
    """Return the address that a person wrote in place of an address: without scheme, or inside other words."""
    text = visible(text).strip()
    if text.translate(_APART).split() != [text]:
        found, count = links_in(text, most=1)
        return found[0] if count == 1 else text
    return f"https://{text}" if _BARE.fullmatch(text) else with_scheme(text)


def scheme_guessed(text: str) -> bool:
    """Return whether the https of the address in ``text`` was added by the program, so that the host may not offer it."""
    address = typed_address(text)
    return address.startswith("https://") and "://".join(address.split("://")[:2]) not in visible(text)


def _unclosed(address: str) -> str:
    """Return ``address`` without the marks of the sentence around it."""
    for _ in range(3):  # "(… “https://news.example/a”).": marks and brackets take turns
        address = address.rstrip(_CLOSING)
        for opening, closing in _BRACKETS:
            # A closing bracket without an opening one in the address belongs to the sentence around it.
            over = address.count(closing) - address.count(opening)
            behind = len(address) - len(address.rstrip(closing))
            address = address[: len(address) - max(0, min(over, behind))]
    return address

"""Identify the entries of a feed: by GUID, address, or title, time and text. Pure.

entries ──what is shared tells nothing──▶ keys of each, the surest first
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from bot.feeds.address import canonical_url
from bot.model.news import Entry
from bot.urls import split

# Characters of an entry's text from which an equal one under another address is the same entry.
MIN_TELLING_CHARS = 80
MAX_COMPARED_WORDS = 400  # words of a text that are compared
CHARS_PER_WORD = 20  # characters read for each word
EDIT_SEARCH_FACTOR = 2  # how many times as much of a stored text is searched, because an edit moves words
PAGE_SEARCH_FACTOR = 4  # the same for a page, whose article may begin late
SAME_TEXT_SHARE = 0.3  # share of an entry's longer words that a text must have to be the same
LONG_WORD_LETTERS = 4  # letters of a longer word
_TAG = re.compile(r"<[^<>]{0,2000}>")
_WORD = re.compile(r"\w+")

Key = tuple[str, str]
"""``("guid", …)`` or ``("hash", …)`` with the feed in it, ``("link", …)`` for everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An entry with its keys in its feed.

    ``own`` is its surest key, ``said`` the key of its words, empty if there are few; ``link`` is its
    canonical address if that identifies it, else empty.
    """

    entry: Entry
    own: Key
    said: Key | None = None
    link: str = ""

    @property
    def shared(self) -> tuple[Key, ...]:
        """The key that all feeds which list the same page share."""
        return (("link", self.link),) if self.link else ()

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of this feed alone."""
        return (self.own, self.said) if self.said else (self.own,)


def listed(entries: Sequence[Entry], *, feed_id: str) -> tuple[Listed, ...]:
    """Return ``entries`` of one document with their keys, in order.

    A GUID shared by entries with different addresses, titles and texts is ignored, and so is an address shared by
    entries with different titles, or that of a front page. Then text and time identify the entry.
    """
    guids: defaultdict[str, set[Hashable]] = defaultdict(set)
    links: defaultdict[str, set[Hashable]] = defaultdict(set)
    times: defaultdict[Hashable, set[str]] = defaultdict(set)
    addresses = [canonical_url(e.link) for e in entries]
    for entry, link in zip(entries, addresses, strict=True):
        guids[entry.guid].add((link, _plain(entry.title)))
        links[link].add(_plain(entry.title) or (entry.guid, _text(entry)))
        times[link, _plain(entry.title), entry.published].add(_text(entry))
    found = []
    for entry, link in zip(entries, addresses, strict=True):
        tells = bool(link) and len(links[link]) == 1 and not is_front_page(link)
        if entry.guid and len(guids[entry.guid]) == 1:
            own = ("guid", f"{feed_id}\n{entry.guid}")
        elif tells:
            own = _hashed(feed_id, "link", link)
        else:
            alone = len(times[link, _plain(entry.title), entry.published]) == 1
            moment = entry.published.isoformat() if entry.published else ""
            moment = moment if moment and alone else f"{moment}{_text(entry)}"
            own = _hashed(feed_id, "entry", link, _plain(entry.title), moment)
        text = _text(entry)
        said = _hashed(feed_id, "said", _plain(entry.title), text) if len(text) >= MIN_TELLING_CHARS else None
        found.append(Listed(entry=entry, own=own, said=said, link=link if tells else ""))
    return tuple(found)


def key_of_page(about: str) -> Key:
    """Return the key for texts of other sites' feeds about the page at the canonical address ``about``."""
    return _hashed("about", about)


def is_front_page(link: str) -> bool:
    """Return whether the canonical address ``link`` is that of a site's front page."""
    parts = split(link)
    return parts is not None and parts.path in {"", "/"} and not parts.query and not parts.fragment


def says_the_same(entry: Entry, *, title: str, text: str) -> bool:
    """Return whether ``entry`` may be an edit of an article with ``title`` and ``text``: it shares the longer words."""
    words = _longer(
        f"{entry.title} {_TAG.sub(' ', entry.content or entry.summary)[: CHARS_PER_WORD * MAX_COMPARED_WORDS]}"
    )
    there = _longer(f"{title} {text[: EDIT_SEARCH_FACTOR * CHARS_PER_WORD * MAX_COMPARED_WORDS]}")
    return not words or len(words & there) >= SAME_TEXT_SHARE * len(words)


def shares_words(one: str, other: str) -> bool:
    """Return whether ``other`` has half of the longer words of ``one``, and so the same text."""
    words = _longer(one[: CHARS_PER_WORD * MAX_COMPARED_WORDS])
    most = PAGE_SEARCH_FACTOR * MAX_COMPARED_WORDS
    return len(words & _longer(other[: CHARS_PER_WORD * most], most=most)) * 2 >= len(words)


def _hashed(*parts: str) -> Key:
    return "hash", hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _text(entry: Entry) -> str:
    return _plain(_TAG.sub(" ", entry.content or entry.summary))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _longer(text: str, *, most: int = MAX_COMPARED_WORDS) -> set[str]:
    return {
        w for w in _WORD.findall(text.casefold())[:most] if len(w) >= LONG_WORD_LETTERS or not w.isascii()
    }

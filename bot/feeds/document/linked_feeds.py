"""The feeds that a web page names: its alternate links, else links in it that lead to feeds. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.etree
import lxml.html

from bot.errors import NamedFeed
from bot.language.rules import words_of_all
from bot.language.speech import any_of
from bot.urls import join, web_host

MAX_LINKED_FEEDS = 20
MAX_SEARCHED_PAGE_BYTES = 1_000_000  # bytes that are looked through
MAX_FEED_LINK_TITLE_CHARS = 200

_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "text/rss+xml",
    }
)
_LOOKS_LIKE_FEED = re.compile(r"(?:[/.](?:rss|atom|feed|rdf)(?:\.xml)?|/feed\.json|\.rss)/?$", re.IGNORECASE)
_COMMENTS = re.compile(any_of(words_of_all("site", "comments")), re.IGNORECASE)


def feeds_of_page(body: bytes, *, url: str) -> tuple[NamedFeed, ...]:
    """Return the feeds that the page ``body`` at ``url`` names, in its order, at most ``MAX_LINKED_FEEDS``.

    Feeds of comments are left out if there are others. An unreadable page gives none.
    """
    try:
        tree = lxml.html.document_fromstring(body[:MAX_SEARCHED_PAGE_BYTES])
    except (lxml.etree.LxmlError, ValueError):
        return ()
    stated_base = next((str(tag.get("href")) for tag in tree.iter("base") if tag.get("href")), "")
    base = join(url, stated_base.strip())
    stated = list(_stated(tree)) or list(_linked(tree))
    found: dict[str, NamedFeed] = {}
    for target, title in stated:
        address = join(base or url, target.strip())
        if web_host(address) and address not in found:
            found[address] = NamedFeed(url=address, title=" ".join(title.split())[:MAX_FEED_LINK_TITLE_CHARS])
    news = [feed for feed in found.values() if not _COMMENTS.search(f"{feed.title} {feed.url}")]
    return tuple(news or found.values())[:MAX_LINKED_FEEDS]


def _stated(tree: lxml.html.HtmlElement) -> Iterator[tuple[str, str]]:
    for link in tree.iter("link", "a"):
        kind = str(link.get("type") or "").partition(";")[0].strip().lower()
        is_alternate = "alternate" in str(link.get("rel") or "").lower().split() or link.tag == "a"
        if is_alternate and kind in _TYPES and link.get("href"):
            yield str(link.get("href")), str(link.get("title") or "") or _text(link)


def _linked(tree: lxml.html.HtmlElement) -> Iterator[tuple[str, str]]:
    for link in tree.iter("a"):
        target = str(link.get("href") or "")
        if _LOOKS_LIKE_FEED.search(target.partition("?")[0].partition("#")[0]):
            yield target, str(link.get("title") or "") or _text(link)


def _text(link: lxml.html.HtmlElement) -> str:
    return str(link.text_content())[:MAX_FEED_LINK_TITLE_CHARS] if link.tag == "a" else ""

"""Read RSS, RDF and Atom: directly if it is XML, repaired if it nearly is, with two parsers if it is damaged.

text ──XML?──▶ tree ──▶ feed
  └─no─ repair ──XML?──▶ tree ──▶ feed, asked for a second reading where an entry lacks something
               └─no─ what can be recovered of the tree + the tolerant parser's reading ──▶ the best of both
"""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree

from bot.errors import ParseError
from bot.feeds.document.raw import NO_ENTRIES, RawEntry, RawFeed
from bot.feeds.document.repair import repaired
from bot.feeds.document.tolerant import merged, read_tolerantly
from bot.feeds.document.tree import read_tree
from bot.feeds.document.xml_text import document, xml_text

_OPENED = re.compile(r"<(?:[\w-]{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CLOSED = re.compile(r"</(?:[\w-]{1,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w-]{1,20}:)?(?:rss|rdf|feed|channel)\b", re.IGNORECASE)
_ENDS = ("</rss>", "</feed>", "rdf>", "</channel>", "feed>")


def parse_xml(body: bytes, *, charset: str) -> RawFeed:
    """Return the feed in ``body``; raises ``ParseError`` that says what it is instead."""
    text = xml_text(body, charset=charset)
    feed = _tree_of(text)
    if feed is not None and (feed.entries or not _OPENED.search(text)):
        return replace(feed, note="" if feed.entries else NO_ENTRIES)
    text_repaired = repaired(text)
    cut = _is_cut(text)
    feed = None if cut else _tree_of(text_repaired)
    if feed is not None and not any(map(_lacks, feed.entries)) and feed.entries:
        return feed
    first = feed or _tree_of(text_repaired, recover=True)
    second = read_tolerantly(text_repaired)
    best = merged(first, second, sure=feed is not None) if first and second else first or second
    if best is None:
        if _ROOT.search(text[:65_536]):
            raise ParseError("The feed is damaged beyond reading", hint="Try again later")
        raise ParseError("The address gives XML, but no feed", hint="Check the address in a browser")
    if cut:
        best = _without_begun(best, text)
        return replace(best, note=f"The feed is cut off; {len(best.entries)} whole entries were read")
    if feed is not None:
        return replace(best, note="" if best.entries else NO_ENTRIES)
    return replace(best, note="The feed is damaged; what is readable was read")


def _tree_of(text: str, *, recover: bool = False) -> RawFeed | None:
    """Return the feed in ``text``; None when it is no XML, or XML of another kind."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )
    try:
        root = etree.fromstring(document(text), parser)
        if root is None:
            return None
        if recover:
            etree.strip_tags(root, etree.Entity)  # recovery keeps undeclared entities as nodes
        return read_tree(root)
    except (etree.LxmlError, ValueError, RecursionError):
        return None


def _lacks(entry: RawEntry) -> bool:
    """Tell whether ``entry`` misses what nearly every entry has."""
    return not (entry.title and entry.link and (entry.summary or entry.content))


def _is_cut(text: str) -> bool:
    closed = text.rstrip()[-200:].lower()
    return not any(end in closed for end in _ENDS)


def _without_begun(feed: RawFeed, text: str) -> RawFeed:
    """Return ``feed`` without a last entry that was cut; where no entry is ever ended, all count as whole."""
    closed = list(_CLOSED.finditer(text))
    begun = _OPENED.search(text, closed[-1].end()) if closed else None
    return replace(feed, entries=feed.entries[: len(closed)]) if begun else feed

"""Read RSS, RDF and Atom: the fast parser first, the tolerant one when it fails or falls short."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import fastfeedparser
import feedparser

from bot.errors import ParseError
from bot.feeds.encodings import declares_entities, xml_in_utf8
from bot.feeds.moments import read_moment
from bot.feeds.raw import Moment, RawEntry, RawFeed

_ITEM = re.compile(rb"<(?:[\w-]{1,20}:)?(item|entry)[\s>/]", re.IGNORECASE)
_DATES = re.compile(
    rb"<(?:[\w-]{1,20}:)?(?:pubdate|published|updated|date|modified|issued|created)\b[^>]{0,120}>"
    rb"\s{0,20}(?:<!\[CDATA\[)?\s{0,20}([^<\]]{8,60})",
    re.IGNORECASE,
)
_ROOT = re.compile(rb"<(?:[\w-]{1,20}:)?(rss|rdf|feed|channel)\b([^>]{0,2000})", re.IGNORECASE)
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


def parse_xml(body: bytes, *, charset: str) -> RawFeed:
    """Return the feed in ``body``; raises ``ParseError`` with what it is instead."""
    text = xml_in_utf8(body, charset=charset)
    # Anywhere: what a parser takes for the head may lie behind a comment of any length.
    if declares_entities(text):
        raise ParseError("The feed declares entities of its own, which is refused as unsafe")
    expected = len(_ITEM.findall(text))
    closed = text.rstrip()[-60:].lower()
    whole = any(end in closed for end in (b"</rss>", b"</feed>", b"rdf>", b"</channel>"))
    printed = _printed_dates(text)
    first = _fast(text, printed)
    best = first
    if first is None or len(first.entries) < expected:
        second = _tolerant(text, printed)
        if second is not None and (first is None or len(second.entries) > len(first.entries)):
            best = second
    if best is None:
        if _ROOT.search(text[:65_536]):
            raise ParseError("The feed is damaged beyond reading", hint="Try again later")
        raise ParseError("The address gives XML, but no feed", hint="Check the address in a browser")
    note = ""
    if not whole:
        note = f"The feed is cut off; {len(best.entries)} whole entries were read"
    elif first is None:
        note = "The feed is damaged; what is readable was read"
    elif not best.entries:
        note = "The feed holds no entries"
    return _with(best, note=note, text=text)


def _with(feed: RawFeed, *, note: str, text: bytes) -> RawFeed:
    first = _ITEM.search(text)
    head = text[: first.start() if first else len(text)][:65_536]
    root = _ROOT.search(head)
    attributes = root.group(2).decode("utf-8", "replace") if root else ""
    base = re.search(r"xml:base\s*=\s*[\"']([^\"']{1,500})[\"']", attributes)
    spoken = re.search(r"xml:lang\s*=\s*[\"']([\w-]{2,20})[\"']", attributes)
    return replace(
        feed,
        format=_format(root, attributes),
        base=base.group(1) if base else "",
        language=_tag(head, "language") or (spoken.group(1) if spoken else feed.language),
        ttl=_ttl(head),
        note=note,
    )


def _fast(text: bytes, printed: Mapping[datetime, int]) -> RawFeed | None:
    try:
        parsed = fastfeedparser.parse(text, include_media=False, include_enclosures=False)
    except Exception:  # noqa: BLE001 - whatever it stumbles over, the second parser gets its try
        return None
    return _raw(parsed.feed, parsed.entries, printed)


def _tolerant(text: bytes, printed: Mapping[datetime, int]) -> RawFeed | None:
    # A stream, never bytes or text: the library would open a file or an address of that name.
    parsed = feedparser.parse(io.BytesIO(text), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.get("version") and not parsed.entries:
        return None
    # Plain dictionaries: theirs answers a missing key with another one's value.
    return _raw(dict(parsed.feed), [dict(entry) for entry in parsed.entries], printed)


def _raw(
    feed: Mapping[str, Any], entries: list[Mapping[str, Any]], printed: Mapping[datetime, int]
) -> RawFeed:
    return RawFeed(
        format="xml",
        title=_text(feed.get("title")),
        link=_text(feed.get("link")),
        language=_text(feed.get("language")),
        entries=tuple(_entry(entry, printed) for entry in entries),
    )


def _entry(entry: Mapping[str, Any], printed: Mapping[datetime, int]) -> RawEntry:
    contents = [_text(c.get("value")) for c in entry.get("content") or () if isinstance(c, Mapping)]
    tags = [_text(t.get("term")) for t in entry.get("tags") or () if isinstance(t, Mapping)]
    return RawEntry(
        guid=_text(entry.get("id")),
        link=_text(entry.get("link")),
        title=_text(entry.get("title")),
        summary=_text(entry.get("summary")) or _text(entry.get("description")),
        content=max(contents, key=len, default=""),
        author=_text(entry.get("author")),
        language=_text(entry.get("language")),
        published=_at(entry.get("published"), printed) or _at(entry.get("created"), printed),
        updated=_at(entry.get("updated"), printed),
        tags=tuple(tags),
    )


def _printed_dates(text: bytes) -> dict[datetime, int]:
    """Return every date printed in the document with its UTC offset.

    The parsers hand on UTC alone, and the fast one makes a date up for a text it cannot read: a date that is
    not printed here is none.
    """
    moments = (read_moment(raw.decode("utf-8", "replace")) for raw in set(_DATES.findall(text)))
    return dict(moment for moment in moments if moment)


def _at(stated: object, printed: Mapping[datetime, int]) -> Moment | None:
    moment = read_moment(_text(stated))
    return (moment[0], printed[moment[0]]) if moment and moment[0] in printed else None


def _format(root: re.Match[bytes] | None, attributes: str) -> str:
    kind = root.group(1).decode().lower() if root else "rss"
    if kind == "rss":
        version = re.search(r"version\s*=\s*[\"']([\d.]{1,8})[\"']", attributes)
        return f"rss {version.group(1)}" if version else "rss"
    return {"feed": "atom", "rdf": "rdf"}.get(kind, "rss")


def _ttl(head: bytes) -> int | None:
    minutes = _tag(head, "ttl")
    if minutes.isdigit():
        return min(int(minutes), 43_200) * 60 or None
    period = _PERIODS.get(_tag(head, "updatePeriod").lower())
    frequency = _tag(head, "updateFrequency")
    return max(60, period // max(1, int(frequency) if frequency.isdigit() else 1)) if period else None


def _tag(head: bytes, name: str) -> str:
    found = re.search(
        rb"<(?:[\w-]{1,20}:)?" + name.encode() + rb"\b[^>]{0,200}>([^<]{1,100})<", head, re.IGNORECASE
    )
    return found.group(1).decode("utf-8", "replace").strip() if found else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

"""Parse a feed document: RSS 0.9 to 2.0, RDF, Atom, JSON Feed. Bytes in, entries or one clear reason out.

    bytes ──look──▶ JSON | XML ──read──▶ raw entries ──clean──▶ FeedDocument

Runs inside a killable worker: picklable by name, no state. The readers do not sanitise, so links and titles are
made safe here: only http(s) links survive, titles are plain text in one line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.errors import ParseError
from bot.feeds.aggregators import with_linked_articles
from bot.feeds.document.json_feed import parse_json
from bot.feeds.document.linked_feeds import feeds_of_page
from bot.feeds.document.raw import RawEntry, RawFeed
from bot.feeds.document.xml_feed import parse_xml
from bot.feeds.giant_tags import without_giant_tags
from bot.language.cleaning.invisible import visible
from bot.language.cleaning.links import safe_link
from bot.model.news import Entry, FeedDocument
from bot.urls import join, with_scheme

MAX_FEED_BYTES = 8 * 1024 * 1024  # bytes; real feeds end near 2 MB
MAX_TAG_BYTES = 64 * 1024  # bytes of one start tag: giant ones hang every parser
MAX_ENTRY_TITLE_CHARS = 500
MAX_ENTRY_MARKUP_CHARS = 200_000  # characters of one entry's markup
MAX_GUID_CHARS = 1000
MAX_ENTRY_NAME_CHARS = 200

_BREAK = re.compile(r"[ \t]*[\r\n\t\x0b\x0c]\s*")
_HTML = re.compile(rb"<(?:!doctype\s{1,5}html|html|head|body)\b", re.IGNORECASE)
_FEED = re.compile(rb"<(?:[a-z][\w-]{0,20}:)?(?:rss|rdf|feed|channel)\b", re.IGNORECASE)


def parse_feed(
    body: bytes, *, url: str, content_type: str = "", charset: str = "", max_entries: int = 500
) -> FeedDocument:
    """Return the feed in ``body``, fetched from ``url``; at most the newest ``max_entries`` entries.

    Links are absolute http(s), dates aware UTC or None, titles plain text. A damaged document gives its intact
    part and a ``note``. Raises ``ParseError`` with one sentence if there is none.
    """
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise ParseError("The feed is empty", hint="Check the address in a browser")
    if len(body) > MAX_FEED_BYTES:
        raise ParseError(f"The feed is larger than {MAX_FEED_BYTES // 2**20} MiB")
    head = body[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    if head.startswith((b"{", b"[")) or ("json" in content_type and not head.startswith(b"<")):
        raw = parse_json(body)
    else:
        if _giant_tag(body):
            # Latin-1 keeps every byte as it is, and marks are the same in all encodings but UTF-16 and UTF-32.
            body = without_giant_tags(body.decode("latin-1")).encode("latin-1")
        _refuse_non_feed(head, body, url=url)
        raw = parse_xml(body, charset=charset)
    return with_linked_articles(_document(raw, url=url, max_entries=max_entries))


def absolute_link(link: str, base: str) -> str:
    """Return ``link`` made absolute against ``base``, or nothing unless it is http or https.

    Spaces become ``%20``; line breaks are removed with the spaces around them. ``www.example.org`` and
    ``feed://`` are https.
    """
    link = _BREAK.sub("", link.strip()).replace(" ", "%20")
    if not link or len(link) > 4096:
        return ""
    return safe_link(join(base, with_scheme(link)))


def _document(raw: RawFeed, *, url: str, max_entries: int) -> FeedDocument:
    home = home_of(raw, url)
    notes = [raw.note] if raw.note else []
    chosen: Sequence[RawEntry] = raw.entries
    if len(chosen) > max_entries:
        notes.append(f"The feed holds {len(chosen):,} entries; the newest {max_entries} were read")
        chosen = _newest(chosen, max_entries)
    entries = tuple(entry_of(item, home=home) for item in chosen)
    entries = tuple(e for e in entries if e.title or e.summary or e.content or e.link)
    entries = _without_shared_guids(entries)
    if raw.entries and not entries:
        notes.append("No entry of the feed has a title, a text or a link")
    return FeedDocument(
        format=raw.format,
        title=_one_line(raw.title),
        link=absolute_link(raw.link, url),
        language=language_code(raw.language),
        ttl=raw.ttl,
        entries=entries,
        note=". ".join(notes),
    )


def home_of(raw: RawFeed, url: str) -> str:
    """Return the address that links in ``raw``, read from ``url``, are relative to."""
    return absolute_link(raw.base or raw.link, url) or url


def entry_of(raw: RawEntry, *, home: str) -> Entry:
    """Return ``raw`` made safe and bounded; ``home`` is the address its links are relative to."""
    base = absolute_link(raw.base, home) or home
    published, offset = raw.published or (None, 0)
    return Entry(
        guid=" ".join(raw.guid.split())[:MAX_GUID_CHARS],
        link=absolute_link(raw.link, base),
        title=_one_line(raw.title),
        summary=raw.summary[:MAX_ENTRY_MARKUP_CHARS],
        content=raw.content[:MAX_ENTRY_MARKUP_CHARS],
        author=_one_line(raw.author)[:MAX_ENTRY_NAME_CHARS],
        published=published,
        updated=raw.updated[0] if raw.updated else None,
        utc_offset=offset or (raw.updated[1] if raw.updated and not raw.published else 0),
        language=language_code(raw.language),
        tags=tuple(t for t in (_one_line(tag)[:100] for tag in raw.tags[:20]) if t),
        source_name=_one_line(raw.source_name)[:MAX_ENTRY_NAME_CHARS],
        source_url=absolute_link(raw.source_url, base),
        enclosure=absolute_link(raw.enclosure, base),
    )


def _without_shared_guids(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return ``entries`` without the GUIDs that identify nothing.

    Those are on two entries whose links differ, or both whose titles and whose texts differ.
    """
    first: dict[str, Entry] = {}
    shared = {e.guid for e in entries if e.guid and _differ(first.setdefault(e.guid, e), e)}
    return tuple(replace(e, guid="") if e.guid in shared else e for e in entries)


def _differ(one: Entry, other: Entry) -> bool:
    texts = (one.summary, one.content) != (other.summary, other.content)
    return one.link != other.link or (one.title != other.title and texts)


def _one_line(text: str) -> str:
    return " ".join(visible(text).split())[:MAX_ENTRY_TITLE_CHARS]


def language_code(stated: str) -> str:
    """Return the language of a tag such as ``en-GB`` as ``en``; empty for what is no tag."""
    code = re.split(r"[-_]", stated.strip())[0].lower()
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


def _newest(entries: Sequence[RawEntry], limit: int) -> list[RawEntry]:
    if any(e.published is None and e.updated is None for e in entries):
        return list(entries[:limit])  # undated feeds list their newest first
    order = sorted(
        range(len(entries)),
        key=lambda i: (entries[i].published or entries[i].updated or (0,))[0],
        reverse=True,
    )
    return [entries[i] for i in sorted(order[:limit])]


def _refuse_non_feed(head: bytes, body: bytes, *, url: str) -> None:
    if _giant_tag(body):
        raise ParseError("The feed's markup is too large to read")
    wide = head[:1024].replace(b"\x00", b"")
    if _HTML.search(wide) and not _FEED.search(body[:65536].replace(b"\x00", b"")):
        found = feeds_of_page(body, url=url)
        hint = (
            "Add the feed that the page names"
            if found
            else "The page names no feed; give the address of its feed"
        )
        raise ParseError("The address gives a web page, not a feed", hint=hint, feeds=found)
    if b"<" not in wide:
        raise ParseError(
            "The address gives no feed: it is neither XML nor JSON", hint="Check the address in a browser"
        )


def _giant_tag(body: bytes) -> bool:
    position = body.find(b"<")
    while position >= 0:
        if body.startswith(b"<![CDATA[", position):
            end = body.find(b"]]>", position)
        elif body.startswith(b"<!--", position):
            end = body.find(b"-->", position)
        else:
            end = body.find(b">", position)
            if (end if end >= 0 else len(body)) - position > MAX_TAG_BYTES:
                return True
        if end < 0:
            return False
        position = body.find(b"<", end)
    return False

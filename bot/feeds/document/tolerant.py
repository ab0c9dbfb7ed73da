"""Read a damaged feed a second time with a tolerant parser, and combine the intact parts of both readings."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import feedparser

from bot.feeds.document.dates import read_moment
from bot.feeds.document.markup import MarkupKind, as_markup, plain_text
from bot.feeds.document.raw import RawEntry, RawFeed
from bot.feeds.document.tree import NO_FILE_RANK, file_rank

MAX_TOLERANT_CHARS = 2 * 1024 * 1024  # characters that are guessed at: it takes a second

_TAGS = re.compile(r"<[^<>]{0,2000}>|\s+")
_FOREIGN = re.compile(r"<(?:item|entry|title|guid|pubdate|link|description)\b", re.IGNORECASE)


def read_tolerantly(text: str) -> RawFeed | None:
    """Return the feed that the tolerant parser finds in ``text``; None if it finds none or fails."""
    body = text[:MAX_TOLERANT_CHARS].encode("utf-8", "replace")
    try:
        # A stream, never bytes or text: the library would open a file or an address of that name.
        parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
        if not parsed.get("version") and not parsed.entries:
            return None
        # Plain dictionaries: theirs answers a missing key with another one's value.
        return _feed(dict(parsed.feed), [dict(entry) for entry in parsed.entries])
    except Exception:  # noqa: BLE001 - the tolerant parser can raise anything: then the first reading is used
        return None


def merged(first: RawFeed, second: RawFeed, *, sure: bool) -> RawFeed:
    """Return the reading with more entries, each completed from the other reading.

    Entries are matched by GUID, link or title; if both readings have the same number, also by position. If the
    first reading is ``sure``, only missing parts are taken from the second.
    """
    best, other = (first, second) if len(first.entries) >= len(second.entries) else (second, first)
    known = _by_identity(other.entries)
    aligned = len(best.entries) == len(other.entries)
    entries = []
    for place, entry in enumerate(best.entries):
        twin = next((known[key] for key in _identities(entry) if key in known), None)
        if (
            twin is None
            and aligned
            and not any(map(_clash, _identities(entry), _identities(other.entries[place])))
        ):
            twin = other.entries[place]
        entries.append(_whole(entry, twin, sure=sure and best is first) if twin else entry)
    return replace(
        first,
        title=first.title or second.title,
        link=first.link or second.link,
        language=first.language or second.language,
        entries=tuple(entries),
    )


def _by_identity(entries: Iterable[RawEntry]) -> dict[tuple[str, str], RawEntry]:
    """Return the entries by what identifies them; a value that several share identifies none."""
    found: dict[tuple[str, str], RawEntry | None] = {}
    for entry in entries:
        for key in _identities(entry):
            found[key] = None if key in found else entry
    return {key: entry for key, entry in found.items() if entry is not None}


def _identities(entry: RawEntry) -> list[tuple[str, str]]:
    return [(name, getattr(entry, name)) for name in ("guid", "link", "title") if getattr(entry, name)]


def _clash(one: tuple[str, str], two: tuple[str, str]) -> bool:
    return one[0] == two[0] and not (one[1].startswith(two[1]) or two[1].startswith(one[1]))


def _whole(entry: RawEntry, twin: RawEntry, *, sure: bool) -> RawEntry:
    """Return ``entry`` with the values of ``twin`` where its own are missing or the beginning of the other's."""
    longer = _stated if sure else _longer
    return replace(
        entry,
        title=longer(entry.title, twin.title),
        summary=longer(entry.summary, twin.summary),
        content=longer(entry.content, twin.content),
        link=longer(entry.link, twin.link),
        author=longer(entry.author, twin.author),
        source_name=longer(entry.source_name, twin.source_name),
        source_url=entry.source_url or twin.source_url,
        enclosure=entry.enclosure or twin.enclosure,
        guid=entry.guid or twin.guid,
        published=entry.published or twin.published,
        updated=entry.updated or twin.updated,
        language=entry.language or twin.language,
        tags=entry.tags or twin.tags,
    )


def _stated(own: str, other: str) -> str:
    return own if own.strip() else other


def _longer(own: str, other: str) -> str:
    if not own.strip():
        return other
    if len(other) <= len(own) or _FOREIGN.search(other):
        return own
    begun, whole = _letters(own), _letters(other)
    more = whole[len(begun) :] if whole.startswith(begun.rstrip("&")) else ""
    return other if len(more) > 1 else own


def _letters(text: str) -> str:
    return html.unescape(_TAGS.sub("", text))


def _feed(feed: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> RawFeed:
    language = _text(feed.get("language"))
    return RawFeed(
        format="rss",
        title=_line(feed, "title"),
        link=_text(feed.get("link")),
        language=language,
        entries=tuple(_entry(entry, language=language) for entry in entries),
    )


def _entry(entry: Mapping[str, Any], *, language: str) -> RawEntry:
    contents = [_markup(c) for c in _dicts(entry, "content")]
    summary = entry.get("summary_detail") or {"value": entry.get("summary") or entry.get("description")}
    stated = entry.get("source")
    source: Mapping[str, Any] = stated if isinstance(stated, Mapping) else {}
    spoken = _text(entry.get("language"))
    files = [
        (file_rank(_text(e.get("type")), _text(e.get("href"))), _text(e.get("href")))
        for e in _dicts(entry, "enclosures")
    ]
    rank, enclosure = min(files, default=(NO_FILE_RANK, ""))
    return RawEntry(
        guid=_text(entry.get("id")),
        link=_link(entry),
        title=_line(entry, "title"),
        summary=_markup(summary),
        content=max(contents, key=len, default=""),
        author=_name(entry),
        language=spoken,
        published=read_moment(
            _text(entry.get("published")) or _text(entry.get("created")), language=spoken or language
        ),
        updated=read_moment(_text(entry.get("updated")), language=spoken or language),
        tags=tuple(filter(None, (_text(t.get("term")) for t in _dicts(entry, "tags")))),
        source_name=_line(source, "title"),
        source_url=_text(source.get("href")) or _text(source.get("link")),
        enclosure=enclosure if rank < NO_FILE_RANK else "",
    )


def _link(entry: Mapping[str, Any]) -> str:
    """Return the link of ``entry``; it puts the GUID there too, whatever that is."""
    link = _text(entry.get("link"))
    return "" if link == _text(entry.get("id")) and not link.lower().startswith("http") else link


def _name(entry: Mapping[str, Any]) -> str:
    detail = entry.get("author_detail")
    name = _text(detail.get("name")) if isinstance(detail, Mapping) else _text(entry.get("author"))
    return plain_text(name)


def _line(value: Mapping[str, Any], name: str) -> str:
    detail = value.get(f"{name}_detail")
    kind = _kind(detail) if isinstance(detail, Mapping) else MarkupKind.GUESS
    return plain_text(_text(value.get(name)), kind=kind)


def _markup(detail: Mapping[str, Any]) -> str:
    # It calls plain what it did not look at, so only its word for markup counts.
    return as_markup(_text(detail.get("value")), kind=_kind(detail))


def _kind(detail: Mapping[str, Any]) -> MarkupKind:
    return MarkupKind.HTML if "html" in _text(detail.get("type")) else MarkupKind.GUESS


def _dicts(entry: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = entry.get(name)
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""

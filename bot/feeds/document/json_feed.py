"""Read a JSON Feed, version 1 or 1.1 (jsonfeed.org), and what is nearly one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.errors import ParseError
from bot.feeds.document.dates import read_moment
from bot.feeds.document.markup import MarkupKind, as_markup, modern, plain_text
from bot.feeds.document.raw import Moment, RawEntry, RawFeed
from bot.feeds.document.tree import NO_FILE_RANK, file_rank
from bot.feeds.encodings import decoded

MAX_DIGITS = 4000  # of a number: longer ones take the interpreter's time, and mean nothing


def parse_json(body: bytes) -> RawFeed:
    """Return the feed in ``body``; raises ``ParseError`` if it is JSON of another kind or cut off."""
    try:
        named = json.detect_encoding(body)  # by its zeros: JSON begins with two characters of ASCII
        wide = named.startswith(("utf-16", "utf-32"))
        text = body.decode(named, "replace") if wide else decoded(body, names=("utf-8",))
        text = text.lstrip("\ufeff \t\r\n")
        # Some servers add text after the end, which does not belong to the feed.
        data, _ = json.JSONDecoder(strict=False, parse_int=_number, parse_float=str).raw_decode(text)
    except (ValueError, RecursionError) as error:
        raise ParseError("The feed is JSON but damaged or cut off", hint="Try again later") from error
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise ParseError("The address gives JSON, but no JSON Feed", hint="Check the address in a browser")
    items = [item for item in data["items"] if isinstance(item, dict)]
    language = _text(data.get("language"))
    return RawFeed(
        format="json feed",
        title=plain_text(_text(data.get("title"))),
        link=_text(data.get("home_page_url")),
        language=language,
        entries=tuple(_entry(item, language=language) for item in items),
        note="" if len(items) == len(data["items"]) else "Some items are no objects and were left out",
    )


def _entry(item: Mapping[str, Any], *, language: str) -> RawEntry:
    html, text = _text(item.get("content_html")), _text(item.get("content_text"))
    spoken = _text(item.get("language"))
    guid = _text(item.get("id"))
    link = _text(item.get("url")) or _text(item.get("external_url"))
    return RawEntry(
        guid=guid,
        link=link or (guid if guid.lower().startswith(("http://", "https://")) else ""),
        title=plain_text(_text(item.get("title"))),
        summary=as_markup(_text(item.get("summary")), kind=MarkupKind.TEXT),
        content=as_markup(html, kind=MarkupKind.HTML) or as_markup(text, kind=MarkupKind.TEXT),
        author=_authors(item),
        language=spoken,
        published=_moment(item.get("date_published"), spoken or language),
        updated=_moment(item.get("date_modified"), spoken or language),
        tags=tuple(plain_text(_text(tag)) for tag in _listed(item.get("tags"))),
        enclosure=_enclosure(item),
    )


def _authors(item: Mapping[str, Any]) -> str:
    stated = _listed(item.get("authors")) or [item.get("author")]
    names = (_text(a.get("name")) if isinstance(a, dict) else _text(a) for a in stated)
    return ", ".join(plain_text(name) for name in names if name)


def _enclosure(item: Mapping[str, Any]) -> str:
    files = [a for a in _listed(item.get("attachments")) if isinstance(a, dict) and _text(a.get("url"))]
    ranked = [(file_rank(_text(a.get("mime_type")), _text(a["url"])), _text(a["url"])) for a in files]
    rank, url = min(ranked, key=lambda pair: pair[0], default=(NO_FILE_RANK, ""))
    return url if rank < NO_FILE_RANK else ""


def _moment(value: Any, language: str) -> Moment | None:
    text = _text(value)
    if text.isdecimal() and text.isascii() and len(text) in {10, 13}:  # seconds or milliseconds since 1970
        return datetime.fromtimestamp(int(text[:10]), UTC), 0
    return read_moment(text, language=language)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(digits: str) -> str:
    # As printed: ids are compared, never used as numbers.
    return digits[:MAX_DIGITS]


def _text(value: Any) -> str:
    return modern(value) if isinstance(value, str) else ""

"""Read a JSON Feed, version 1 or 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from typing import Any

from bot.errors import ParseError
from bot.feeds.encodings import decoded
from bot.feeds.moments import read_moment
from bot.feeds.raw import RawEntry, RawFeed


def parse_json(body: bytes) -> RawFeed:
    """Return the feed in ``body``; raises ``ParseError`` when it is JSON of another kind or cut off."""
    try:
        data = json.loads(decoded(body, names=("utf-8",)))
    except (ValueError, RecursionError) as error:
        raise ParseError("The feed is JSON but damaged or cut off", hint="Try again later") from error
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise ParseError("The address gives JSON, but no JSON Feed", hint="Check the address in a browser")
    items = [item for item in data["items"] if isinstance(item, dict)]
    return RawFeed(
        format="json feed",
        title=_text(data.get("title")),
        link=_text(data.get("home_page_url")),
        language=_text(data.get("language")),
        entries=tuple(_entry(item) for item in items),
        note="" if len(items) == len(data["items"]) else "Some items are no objects and were left out",
    )


def _entry(item: dict[str, Any]) -> RawEntry:
    html, text = _text(item.get("content_html")), _text(item.get("content_text"))
    authors = item.get("authors") or [item.get("author")]
    names = (
        [_text(a.get("name")) for a in authors if isinstance(a, dict)] if isinstance(authors, list) else []
    )
    tags = item.get("tags")
    return RawEntry(
        guid=_text(item.get("id")),
        link=_text(item.get("url")) or _text(item.get("external_url")),
        title=_text(item.get("title")),
        summary=_text(item.get("summary")),
        content=html or _escape(text),
        author=", ".join(n for n in names if n),
        language=_text(item.get("language")),
        published=read_moment(_text(item.get("date_published"))),
        updated=read_moment(_text(item.get("date_modified"))),
        tags=tuple(_text(t) for t in tags) if isinstance(tags, list) else (),
    )


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;") if text else ""


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""

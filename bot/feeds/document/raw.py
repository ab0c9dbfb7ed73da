"""The values that readers of the feed formats return, as the document states them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

NO_ENTRIES = "The feed holds no entries"

Moment = tuple[datetime, int]
"""Aware UTC, and the minutes east of UTC as printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """One item, unsanitised. ``title``, ``author`` and ``source_name`` are plain text, ``summary`` and ``content`` markup."""

    guid: str = ""
    link: str = ""
    base: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    author: str = ""
    language: str = ""
    published: Moment | None = None
    updated: Moment | None = None
    tags: tuple[str, ...] = ()
    source_name: str = ""
    source_url: str = ""
    enclosure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """One document, unsanitised; ``title`` is plain text."""

    format: str
    title: str = ""
    link: str = ""
    base: str = ""
    language: str = ""
    ttl: int | None = None  # seconds
    entries: tuple[RawEntry, ...] = ()
    note: str = ""

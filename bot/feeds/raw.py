"""What the parsers of the feed formats hand on: values as the document prints them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

Moment = tuple[datetime, int]
"""Aware UTC, and the minutes east of UTC as printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """One item, unsanitised."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """One document, unsanitised."""

    format: str
    title: str = ""
    link: str = ""
    base: str = ""
    language: str = ""
    ttl: int | None = None  # seconds
    entries: tuple[RawEntry, ...] = ()
    note: str = ""

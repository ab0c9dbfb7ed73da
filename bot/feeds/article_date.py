"""Determine the date of an article: by its feed, by its page, else by when it was first seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.feeds.page.extract import Page
from bot.model.news import DateSource, Entry

EARLIEST_DATE = datetime(1990, 1, 1, tzinfo=UTC)  # before the web: an earlier date is a broken clock
MAX_CLOCK_SKEW = timedelta(minutes=5)  # largest difference of clocks
# Clocks and zones differ by at most a day; later is a scheduled or broken date.
MAX_FUTURE_DATE_GAP = timedelta(hours=26)


def best_date(
    entry: Entry, page: Page | None, *, now: datetime, page_first: bool = False
) -> tuple[datetime, DateSource, int]:
    """Return the article's date, where it comes from, and its minutes east of UTC.

    The feed's date is preferred, then the page's, or the other way round (``page_first``). An impossible date
    (before 1990, more than 26 hours ahead) is ignored; without any, the time of the first sighting is used, and marked so. A date less far ahead comes from a wrong clock
    or zone, or is an announcement: since the article is published, it is marked and not used.
    """
    stated = [
        (entry.published or entry.updated, DateSource.FEED, entry.utc_offset),
        (page.published if page else None, DateSource.PAGE, page.utc_offset if page else 0),
    ]
    for moment, source, offset in reversed(stated) if page_first else stated:
        if moment and EARLIEST_DATE <= moment <= now + MAX_CLOCK_SKEW:
            return min(moment, now), source, offset
    if any(moment and now < moment <= now + MAX_FUTURE_DATE_GAP for moment, _, _ in stated):
        return now, DateSource.AHEAD, 0
    return now, DateSource.FETCHED, 0


def newest(
    entries: tuple[Entry, ...], *, limit: int, key: Callable[[Entry], datetime | None]
) -> tuple[Entry, ...]:
    """Return the ``limit`` newest entries in feed order; undated ones count by their place in the feed."""
    if len(entries) <= limit:
        return entries
    dated = [e for e in entries if key(e)]
    if len(dated) < len(entries):
        return entries[:limit]
    keep = {id(e) for e in sorted(dated, key=lambda e: key(e) or EARLIEST_DATE, reverse=True)[:limit]}
    return tuple(e for e in entries if id(e) in keep)

"""Decide when to poll a feed next, and compute its health: pure decisions on the outcome of a poll.

Interval = the longest of half the usual gap between its entries, its ``ttl`` and its caching headers, from 15 minutes to a
day. A failing feed is polled less and less, up to once a day, and never dropped; one that was never read is tried
again within minutes, since somebody has just followed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.model.news import FeedHealth

MIN_POLL_INTERVAL_SECONDS = 15 * 60
MAX_POLL_INTERVAL_SECONDS = 24 * 3600
USUAL_INTERVAL_SECONDS = 3600  # where nothing is known: publishers ask for at most hourly requests
SHARE_OF_GAP = 0.5  # polling twice in the usual gap between entries finds each within half a gap
SILENCE_SHARE = 0.1  # a feed silent for ten hours is polled hourly, one silent for ten days daily
FIRST_TRY_SECONDS = (120, 300, 600, 1200, 2400)  # seconds after each failure of a feed that was never read
JITTER_SHARE = 0.1  # share of the interval by which polls are spread
MAX_READ_GAPS = 10  # newest gaps between entries, from which the usual one is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class PolledDocument:
    """What a poll brought, as far as it decides on the next one; ``ttl`` and ``max_age`` are in seconds."""

    dates: Sequence[datetime] = ()  # of its entries
    ttl: int | None = None
    max_age: int | None = None
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""


def is_due(health: FeedHealth | None, now: datetime) -> bool:
    """Tell whether a feed with ``health`` (None: never polled) should be polled.

    A next poll further ahead than possible comes from a wrong clock; then the feed is due.
    """
    if health is None or health.next_poll is None or health.next_poll <= now:
        return True
    return health.next_poll - now > timedelta(seconds=MAX_POLL_INTERVAL_SECONDS * (1 + JITTER_SHARE))


def after_success(
    health: FeedHealth,
    *,
    now: datetime,
    document: PolledDocument,
    jitter: float = 0.0,
) -> FeedHealth:
    """Return the health after ``document`` came; ``jitter`` from 0 to 1."""
    wanted = max(interval_of(document.dates, now=now), document.ttl or 0, document.max_age or 0)
    interval = int(min(MAX_POLL_INTERVAL_SECONDS, max(MIN_POLL_INTERVAL_SECONDS, wanted)))
    return replace(
        _succeeded(health, now=now, interval=interval, jitter=jitter),
        etag=document.etag,
        last_modified=document.last_modified,
        body_hash=document.body_hash,
        reason="",
        entries_seen=health.entries_seen + len(document.dates),
    )


def after_unchanged(
    health: FeedHealth, *, now: datetime, max_age: int | None, jitter: float = 0.0
) -> FeedHealth:
    """Return the health after the server said that nothing changed: polls come a quarter less often."""
    interval = int(
        min(MAX_POLL_INTERVAL_SECONDS, max(MIN_POLL_INTERVAL_SECONDS, health.interval * 1.25, max_age or 0))
    )
    return _succeeded(health, now=now, interval=interval, jitter=jitter)


def after_failure(
    health: FeedHealth,
    *,
    now: datetime,
    reason: str,
    retry_after: float | None,
    gone: bool = False,
    jitter: float = 0.0,
) -> FeedHealth:
    """Return the health after a failed poll: the wait doubles with each failure in a row, up to a day.

    A feed that was never read is tried again after 2, 5, 10, 20 and 40 minutes first.
    ``retry_after`` (seconds) is used if it is longer, up to a day; a feed that is ``gone`` (410) is
    polled once a day.
    """
    failures = health.failures + 1
    wait = min(
        MAX_POLL_INTERVAL_SECONDS,
        max(MIN_POLL_INTERVAL_SECONDS, health.interval) * 2 ** min(failures - 1, 10),
    )
    if health.last_success is None:
        later = USUAL_INTERVAL_SECONDS * 2 ** min(max(0, failures - 1 - len(FIRST_TRY_SECONDS)), 10)
        wait = (
            FIRST_TRY_SECONDS[failures - 1]
            if failures <= len(FIRST_TRY_SECONDS)
            else min(MAX_POLL_INTERVAL_SECONDS, later)
        )
    if gone:
        wait = MAX_POLL_INTERVAL_SECONDS
    if retry_after is not None:
        wait = min(MAX_POLL_INTERVAL_SECONDS, max(wait, retry_after))
    return replace(
        health,
        last_polled=now,
        next_poll=_next(now, wait=wait, jitter=jitter),
        failures=failures,
        reason=reason,
    )


def interval_of(dates: Sequence[datetime], *, now: datetime) -> float:
    """Return the seconds between polls that fit the frequency of entries.

    It is half the mean of the newest gaps, and more the longer the feed is silent. With fewer than three different dates
    it is an hour, or more by the silence.
    """
    past = sorted({d for d in dates if d <= now}, reverse=True)[: MAX_READ_GAPS + 1]
    if not past:
        return USUAL_INTERVAL_SECONDS
    silence = (now - past[0]).total_seconds() * SILENCE_SHARE
    if len(past) < 3:
        return max(USUAL_INTERVAL_SECONDS, silence)
    gap = (past[0] - past[-1]).total_seconds() / (len(past) - 1)
    return max(gap * SHARE_OF_GAP, silence)


def _succeeded(health: FeedHealth, *, now: datetime, interval: int, jitter: float) -> FeedHealth:
    return replace(
        health,
        last_polled=now,
        last_success=now,
        next_poll=_next(now, wait=interval, jitter=jitter),
        interval=interval,
        failures=0,
        reason="",
    )


def _next(now: datetime, *, wait: float, jitter: float) -> datetime:
    """Spread polls later, never earlier: what a publisher asked for is a minimum."""
    return now + timedelta(seconds=wait * (1 + JITTER_SHARE * min(1.0, max(0.0, jitter))))

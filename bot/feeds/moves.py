"""Decide where a moved feed is read: the new address is used after three days, and the old one is still tried. Pure.

    asked      answer                              then
    old        itself                              the old address, and days are counted anew
    old        leads to B for good                 a day is counted; on the third B is lasting
    old        nothing (B is lasting)              B
    B          …                                   B; the old address is asked again on the next day

One day of a wrong redirect binds nothing, and an old address that answers again is read again.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from bot.model.news import PERMANENT_AFTER_DAYS, Feed, FeedHealth


def address_to_ask(feed: Feed, health: FeedHealth, *, now: datetime) -> str:
    """Return the address at which ``feed`` is polled: for a moved feed, once a day the old one."""
    if not feed.moved_to:
        return feed.url
    asked = health.old_asked
    return feed.moved_to if asked and _day(asked) == _day(now) else feed.url


def with_moves(
    feed: Feed, health: FeedHealth, *, asked: str, moved_to: str, now: datetime
) -> tuple[Feed, FeedHealth]:
    """Return ``feed`` and ``health`` after an answer of ``asked``; ``moved_to`` is its permanent redirect, or empty."""
    if asked != feed.url:
        return feed, health
    if not moved_to or moved_to == feed.url:
        feed = replace(feed, moved_to="") if feed.moved_to else feed
        return feed, replace(health, old_asked=now, redirect="", redirect_days=0, redirect_seen=None)
    if hashed(moved_to) != health.redirect:
        days = 1
    else:
        seen = health.redirect_seen
        days = health.redirect_days + (0 if seen and _day(seen) == _day(now) else 1)
    health = replace(health, old_asked=now, redirect=hashed(moved_to), redirect_days=days, redirect_seen=now)
    return (replace(feed, moved_to=moved_to) if days >= PERMANENT_AFTER_DAYS else feed), health


def hashed(address: str) -> str:
    """Return a hash that identifies ``address`` without containing a key."""
    return hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:32]


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()

"""Word the feeds that are read for a channel: whose each is, and how it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.chat.message import short_date
from bot.log import public_address
from bot.model.message import Line, Message, Part
from bot.model.news import Feed, FeedHealth
from bot.model.scope import Visibility

SHOWN = 40  # feeds of each kind

_WHOSE = {
    Visibility.CHANNEL: "This channel's own",
    Visibility.WORKSPACE: "This workspace's",
    Visibility.SHARED: "Everybody's",
}


def feeds_message(
    feeds: Sequence[Feed], health: Mapping[str, FeedHealth], *, in_full: bool, timezone: str
) -> Message:
    """Return ``feeds`` by whose they are; ``in_full`` with how each answers, the failing ones first."""
    failing = [f for f in feeds if f.id in health and health[f.id].failures]
    parts = []
    for visibility, title in _WHOSE.items():
        some = [f for f in feeds if f.scope.visibility is visibility]
        if in_full:
            some.sort(key=lambda f: f not in failing)
        lines = [_line(f, health.get(f.id), in_full=in_full, timezone=timezone) for f in some[:SHOWN]]
        if len(some) > SHOWN:
            lines.append(Line(text=f"and {len(some) - SHOWN:,} more"))
        if lines:
            parts.append(Part(title=f"{title} ({len(some):,})", lines=tuple(lines)))
    read = f"{len(feeds):,} {'feed' if len(feeds) == 1 else 'feeds'}"
    return Message(
        title="Feeds read here",
        dateline=f"{read}, {len(failing)} cannot be read now" if failing else read,
        notice="" if feeds else "No feed is read here yet: an admin adds one with /brief sources add URL.",
        parts=tuple(parts),
    )


def feed_name(feed: Feed) -> str:
    """Return what readers are shown of a feed: its title, else its address without what may be a key."""
    return feed.title or public_address(feed.url)


def _line(feed: Feed, health: FeedHealth | None, *, in_full: bool, timezone: str) -> Line:
    name = feed_name(feed)
    if health is None:
        return Line(lead=name, text="not read yet")
    if health.failures:
        return Line(label="Fails", lead=name, text=health.reason or "no answer")
    if not in_full or health.last_success is None:
        return Line(lead=name, text=f"pack {feed.pack}" if feed.pack else "")
    local = health.last_success.astimezone(ZoneInfo(timezone))
    return Line(lead=name, text=f"read {short_date(local.date())} {local:%H:%M}")

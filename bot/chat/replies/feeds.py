"""The list of feeds read for a channel: owner and health of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.chat.document.lines import short_date
from bot.chat.document.plain import plain_line
from bot.language.cleaning.public import public_address, public_text
from bot.language.locale.en import counted
from bot.model.message import Line, Message, Part
from bot.model.news import PERMANENT_AFTER_DAYS, Feed, FeedHealth
from bot.model.scope import Visibility
from bot.urls import host_of

MAX_LISTED_FEEDS = 40  # feeds of each kind

_WHOSE = {
    Visibility.CHANNEL: "Only in this channel",
    Visibility.WORKSPACE: "In this workspace",
    Visibility.SHARED: "For everyone",
}


def feeds_message(
    feeds: Sequence[Feed], health: Mapping[str, FeedHealth], *, in_full: bool, timezone: str
) -> Message:
    """Return ``feeds`` by owner; ``in_full`` with the health of each, the failing ones first."""
    failing = [f for f in feeds if f.id in health and health[f.id].failures]
    names = feed_names(feeds)
    parts = []
    for visibility, title in _WHOSE.items():
        some = [f for f in feeds if f.scope.visibility is visibility]
        if in_full:
            some.sort(key=lambda f: f not in failing)
        lines = [
            _line(names[f.id], f, health.get(f.id), in_full=in_full, timezone=timezone)
            for f in some[:MAX_LISTED_FEEDS]
        ]
        if len(some) > MAX_LISTED_FEEDS:
            lines.append(Line(text=f"and {len(some) - MAX_LISTED_FEEDS:,} more"))
        if lines:
            parts.append(Part(title=f"{title} ({len(some):,})", lines=tuple(lines)))
    read = counted(len(feeds), "feed")
    return Message(
        title="Feeds read here",
        dateline=f"{read}, {len(failing)} cannot be read now" if failing else read,
        notice="" if feeds else "No feed is read here yet: an admin adds one with /brief feeds add URL.",
        parts=tuple(parts),
    )


def feed_name(feed: Feed) -> str:
    """Return what readers are shown of a feed: its title, else its host; see ``feed_names`` for several."""
    return public_text(plain_line(feed.title)) or host_of(public_address(feed.url)) or "a feed"


def feed_names(feeds: Sequence[Feed]) -> dict[str, str]:
    """Return what readers are shown of each of ``feeds``, by id; of those that share a name all but one get a number."""
    plain = {feed.id: feed_name(feed) for feed in feeds}
    taken = {name.casefold() for name in plain.values()}
    names: dict[str, str] = {}
    shared: Counter[str] = Counter()
    for feed in sorted(feeds, key=lambda f: f.id):
        name = plain[feed.id]
        shared[name.casefold()] += 1
        while shared[name.casefold()] > 1 and f"{name} ({shared[name.casefold()]})".casefold() in taken:
            shared[name.casefold()] += 1
        number = shared[name.casefold()]
        names[feed.id] = name if number == 1 else f"{name} ({number})"
    return names


def move_sentence(name: str, was: Feed, feed: Feed) -> str:
    """Return the notice to admins on a feed that is read at another address from now on."""
    old, new = public_address(feed.url), public_address(feed.moved_to)
    if feed.moved_to:
        return (
            f"The feed “{name}” has moved permanently, seen on {PERMANENT_AFTER_DAYS} days: {old} leads to {new}, where it is read from "
            f"now on. The old address is tried once a day"
        )
    return f"The feed “{name}” answers at its old address again, {old}, and is read there; it had moved to {public_address(was.moved_to)}"


def _line(name: str, feed: Feed, health: FeedHealth | None, *, in_full: bool, timezone: str) -> Line:
    if health is None:
        return Line(lead=name, text="not read yet")
    if health.failures:
        return Line(label="Fails", lead=name, text=health.reason or "no answer")
    if not in_full or health.last_success is None:
        return Line(lead=name, text=f"pack {feed.pack}" if feed.pack else "")
    local = health.last_success.astimezone(ZoneInfo(timezone))
    return Line(lead=name, text=f"read {short_date(local.date())} {local:%H:%M}")

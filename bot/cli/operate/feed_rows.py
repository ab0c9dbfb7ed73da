"""Print a feed, its health and its check: as JSON and as lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.chat.document.plain import plain
from bot.language.cleaning.public import public_address
from bot.language.rules import abilities_without_model
from bot.model.news import Feed, FeedHealth

if TYPE_CHECKING:
    from bot.flows.ingest.feed_discovery import Check


def feed_row(
    feed: Feed, name: str, health: FeedHealth | None, shown: Callable[[str], str]
) -> dict[str, object]:
    """Return a feed as JSON has it; ``shown`` is how an address is printed."""
    return {
        "id": feed.id,
        "name": name,
        "address": shown(feed.url),
        "moved_to": shown(feed.moved_to) if feed.moved_to else "",
        "pack": feed.pack,
        "language": feed.language,
        "channel": feed.scope.channel,
        "last_success": health.last_success if health else None,
        "last_polled": health.last_polled if health else None,
        "next_poll": health.next_poll if health else None,
        "failures": health.failures if health else 0,
        "reason": health.reason if health else "",
    }


def check_row(item: Check, name: str) -> dict[str, object]:
    """Return what became of trying a feed as JSON has it."""
    return {
        "id": item.feed.id,
        "name": name,
        "address": public_address(item.feed.address),
        "works": not item.problem,
        "entries": item.entries,
        "reason": item.problem or item.note,
    }


def health_line(health: FeedHealth | None) -> str:
    """Return when a feed was read and will be, and what fails."""
    if health is None:
        return "not read yet"
    success = f"{health.last_success:%Y-%m-%d %H:%M} UTC" if health.last_success else "never"
    following = f"{health.next_poll:%Y-%m-%d %H:%M} UTC" if health.next_poll else "soon"
    text = f"last read {success}, next {following}"
    if health.failures:
        text += f", {health.failures} failures in a row"
    return text + (f": {health.reason}" if health.reason else "")


def language_abilities(language: str) -> str:
    """Return what briefings have from a feed in ``language`` without a model."""
    found = abilities_without_model(language)
    what = ", ".join(found) if found else "only the lead of each article"
    return f"language {plain(language)}; without a model: {what}"

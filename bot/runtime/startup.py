"""Print at the start what the bot will do next, and its problems."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.replies.feeds import feed_names
from bot.flows.requests.subscribing.subscribe import next_slot
from bot.inline import in_words
from bot.language.locale.en import counted
from bot.language.locale.phrases import ENGLISH
from bot.model.chat import Subscription
from bot.model.news import Feed
from bot.ports import Chat
from bot.runtime.app import App
from bot.runtime.checks import obstacles
from bot.store.engine import engine_name

MAX_SHOWN_LINES = 5  # next slots and problems named at the start


async def startup_summary(
    app: App,
    chats: Mapping[str, Chat],
    *,
    feeds: list[Feed],
    subscriptions: list[Subscription],
    address: str,
    seconds: float,
) -> list[str]:
    """Return a summary of what the bot will do."""
    now = app.now()
    running = [s for s in subscriptions if not s.paused]
    due = [(slot, s) for s in running if (slot := next_slot(s, after=now))]
    kind = engine_name(app.config.database.url)
    model = app.config.model.name or "none: stories are quoted from the articles"
    matched_by = "words and meaning" if app.encoder else "words"
    lines = [
        f"Wirebrief runs ({seconds:.1f} s): {counted(len(feeds), 'feed')}, "
        f"{counted(len(running), 'subscription')}"
        + (f", {len(subscriptions) - len(running)} paused" if len(running) < len(subscriptions) else ""),
        f"Database {kind}; model {model}; questions by {matched_by}; feeds read every {app.config.run.ingest_minutes} min"
        + (f"; health at http://{address}/readyz" if address else ""),
    ]
    lines += [
        f"Next: {slot_line(slot.due, s)}" for slot, s in sorted(due, key=lambda d: d[0].due)[:MAX_SHOWN_LINES]
    ]
    problems = await _problems(app, chats, feeds=feeds, subscriptions=subscriptions)
    lines += [f"Problem: {problem}" for problem in problems[:MAX_SHOWN_LINES]]
    if len(problems) > MAX_SHOWN_LINES:
        lines.append(f"… and {len(problems) - MAX_SHOWN_LINES} more problems; wirebrief check names them")
    return lines


def slot_line(due: datetime, subscription: Subscription) -> str:
    """Return a slot with its zone and offset, and its channel."""
    local = due.astimezone(ZoneInfo(subscription.zone))
    offset = f"{local:%z}"
    day = ENGLISH.formatted(local, "EEE y-MM-dd")
    return f"{day} {local:%H:%M} {subscription.zone} (UTC{offset[:3]}:{offset[3:]}) → {subscription.channel.name}"


async def _problems(
    app: App, chats: Mapping[str, Chat], *, feeds: list[Feed], subscriptions: list[Subscription]
) -> list[str]:
    found = []
    if not feeds:
        found.append("there are no feeds; add one: wirebrief feeds add URL")
    if not subscriptions:
        found.append("there are no subscriptions; add one: wirebrief subscribe CHANNEL TIMES")
    if not app.config.run.admin_channel:
        found.append("run.admin_channel is empty: problems are written to the log only")
    found += [f"{s.channel.name} is paused: {in_words(s.paused)}" for s in subscriptions if s.paused]
    for name, channel in {s.channel.name: s.channel for s in subscriptions if not s.paused}.items():
        found += [f"{name}: {sentence}" for sentence in await obstacles(channel, chats, near=True)]
    healths = await app.store.feeds.health()
    names = feed_names(feeds)
    found += [
        f"feed {names[f.id]}: {healths[f.id].reason}"
        for f in feeds
        if f.id in healths and healths[f.id].failures
    ]
    return found

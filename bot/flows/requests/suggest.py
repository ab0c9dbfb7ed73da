"""Suggest stories, briefings and feeds while somebody types, from what their place may know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.chat.replies.feeds import feed_names
from bot.flows.requests.stories import MAX_SEARCHED_STORIES
from bot.model.chat import Channel
from bot.store import Store

SUGGESTED_STORY_AGE = timedelta(days=30)  # a story without an article for so long is typed whole
MAX_INPUT_SUGGESTIONS = 25
MAX_COMPARED_INPUT_CHARS = 100  # characters that are compared


async def suggest(
    kind: str, typed: str, channel: Channel, *, store: Store, now: Callable[[], datetime]
) -> Sequence[tuple[str, str]]:
    """Return values with their labels for ``kind``: "story", "subscription" or "feed"; the newest first."""
    if kind == "story":
        sent = await store.briefings.sent_stories(channel.name)
        titles = await store.stories.titles(
            now() - SUGGESTED_STORY_AGE, by=channel.scope, most=MAX_SEARCHED_STORIES
        )
        names = await store.stories.names(list(titles))
        found = [
            (
                story_id,
                names.get(story_id) or (sent[story_id].headline if story_id in sent else "") or title,
            )
            for story_id, title in titles.items()
        ]
    elif kind == "subscription":
        subscriptions = await store.subscriptions.all(destination=channel.name)
        found = [(s.id, f"{s.title} · {s.when}" if s.title else s.when) for s in subscriptions]
    else:
        feeds = await store.feeds.all(by=channel.scope)
        found = list(feed_names(feeds).items())
    words = typed[:MAX_COMPARED_INPUT_CHARS].lower().split()
    return [(value, label) for value, label in found if all(word in label.lower() for word in words)][
        :MAX_INPUT_SUGGESTIONS
    ]

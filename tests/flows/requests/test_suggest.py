"""What is suggested to somebody who types: from what their channel may know, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.flows.requests.suggest import MAX_INPUT_SUGGESTIONS, suggest
from bot.model.chat import Channel, Subscription
from bot.model.news import Feed
from bot.model.scope import SHARED, Scope, Visibility
from bot.model.story import Story
from bot.store import KeptProfile, open_store

pytestmark = pytest.mark.slow

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
HERE = Channel(platform="discord", workspace="1", id="2")
OTHERS = Scope(workspace="1", channel="discord:1/3", visibility=Visibility.CHANNEL)


@pytest.fixture
async def store(sqlite_url):
    async with open_store(sqlite_url) as opened:
        yield opened


async def suggested(store, kind, typed):
    return await suggest(kind, typed, HERE, store=store, now=lambda: AT)


async def keep(store, *stories):
    await store.stories.save(stories, [], profiles={one.id: KeptProfile(data=b"") for one in stories})


def story(number, title, *, days=0, scope=SHARED):
    at = AT - timedelta(days=days)
    return Story(id=f"sto-{number}", title=title, article_ids=(), first_at=at, last_at=at, scope=scope)


async def test_stories_are_found_by_the_beginning_of_words_newest_first(store):
    await keep(
        store, story(1, "Harbour strike ends", days=3), story(2, "Harbour fire", days=1), story(3, "Vote")
    )
    assert await suggested(store, "story", "harb") == [
        ("sto-2", "Harbour fire"),
        ("sto-1", "Harbour strike ends"),
    ]
    assert await suggested(store, "story", "harb STR") == [("sto-1", "Harbour strike ends")]


async def test_what_belongs_to_another_channel_is_not_suggested(store):
    await keep(store, story(1, "Harbour strike", scope=OTHERS))
    assert await suggested(store, "story", "harbour") == []


async def test_an_old_story_and_a_long_list_are_left_out(store):
    await keep(store, story("old", "Harbour strike", days=40), *(story(n, f"Harbour {n}") for n in range(40)))
    found = await suggested(store, "story", "harbour")
    assert len(found) == MAX_INPUT_SUGGESTIONS
    assert "sto-old" not in dict(found)


async def test_briefings_of_this_channel_are_suggested_with_their_times(store):
    subscription = Subscription(
        id="sub-1",
        channel=HERE,
        times="weekdays 07:30",
        zone="Europe/Berlin",
        lines=("30 7 * * 1-5",),
        title="Morning",
        created_at=AT,
    )
    await store.subscriptions.save(subscription, next_due=None, enumerated=AT)
    assert await suggested(store, "subscription", "") == [
        ("sub-1", "Morning · weekdays 07:30 Europe/Berlin"),
    ]
    named = replace(subscription, times="daily 06:00 UTC", zone="UTC", lines=("0 6 * * *",), title="")
    await store.subscriptions.save(named, next_due=None, enumerated=AT)
    assert await suggested(store, "subscription", "") == [("sub-1", "daily 06:00 UTC")]


async def test_feeds_are_suggested_by_title_or_address(store):
    await store.feeds.add([Feed(id="fee-1", url="https://n.example/feed", title="Harbour Post")])
    assert await suggested(store, "feed", "post") == [("fee-1", "Harbour Post")]

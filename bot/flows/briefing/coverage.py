"""The coverage of a briefing: feeds and articles read since the one before."""

from __future__ import annotations

from datetime import datetime

from bot.chat.replies.feeds import feed_names
from bot.flows.briefing.subscription_filter import SubscriptionFilter
from bot.model.briefing import Coverage, FeedFailure
from bot.model.scope import Scope
from bot.store import Store


async def coverage_since(
    store: Store,
    *,
    since: datetime,
    at: datetime,
    zone: str,
    articles: int,
    stories: int,
    subscription_filter: SubscriptionFilter,
    by: Scope,
) -> Coverage:
    """Return what was read since ``since``; a feed counts as failed when its last poll in that time failed."""
    runs = await store.feeds.runs(since, at)
    health = await store.feeds.health()
    feeds = await store.feeds.all(by=by)
    names = feed_names(feeds)
    ours = [f for f in feeds if subscription_filter.feeds is None or f.id in subscription_filter.feeds]
    polled = [
        (feed, health[feed.id])
        for feed in ours
        if feed.id in health and (health[feed.id].last_polled or since) > since
    ]
    succeeded = [
        moment for f in ours if f.id in health and (moment := health[f.id].last_success or since) > since
    ]
    # What an ingest brings that still runs is not known as of ``at``: that its feeds answered is no news yet.
    read = any(moment <= at for moment in succeeded) or (succeeded and any(run.feeds_read for run in runs))
    failed = tuple(FeedFailure(feed=names[f.id], reason=h.reason) for f, h in polled if h.failures)
    return Coverage(
        feeds_due=len(polled) if runs else 0,
        feeds_read=len(polled) - len(failed) if runs else 0,
        failures=failed,
        articles=articles,
        stories=stories,
        since=since,
        until=at,
        timezone=zone,
        nothing_read=not (read or articles),
        no_feeds=not ours,
    )

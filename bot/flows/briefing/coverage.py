"""The coverage of a briefing: feeds and articles read since the one before."""

from __future__ import annotations

from bot.chat.replies.feeds import feed_names
from bot.flows.briefing.request import BriefingRequest
from bot.model.briefing import Coverage, FeedFailure
from bot.store import Store


async def coverage_of(request: BriefingRequest, *, store: Store, articles: int, stories: int) -> Coverage:
    """Return what was read since the briefing before; a feed counts as failed when its last poll in that time failed."""
    since, at = request.since, request.at
    reads = request.subscription_filter
    runs = await store.feeds.runs(since, at)
    health = await store.feeds.health()
    feeds = await store.feeds.all(by=request.by)
    names = feed_names(feeds)
    ours = [f for f in feeds if reads.feeds is None or f.id in reads.feeds]
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
        timezone=request.settings.timezone,
        nothing_read=not (read or articles),
        no_feeds=not ours,
    )

"""What a subscription would have matched lately: stories of the last week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.blocking import run_blocking
from bot.flows.briefing.subscription_filter import SubscriptionFilter, filter_for
from bot.model.chat import Subscription
from bot.model.news import Article, Feed
from bot.store import Store

PREVIEW_SPAN = timedelta(days=7)
MAX_PREVIEW_STORIES = 300  # stories, the newest, that are looked at
MAX_NAMED_STORIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPreview:
    """How many of ``looked_at`` stories of the last week a subscription matches, with the names of the newest."""

    looked_at: int
    matching: int
    named: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether there were stories, and none of them matched."""
        return bool(self.looked_at) and not self.matching


async def preview(
    subscription: Subscription, *, feeds: Sequence[Feed], store: Store, now: datetime
) -> MatchPreview:
    """Return the stories of the last week that ``subscription`` matches."""
    titles = await store.stories.titles(now - PREVIEW_SPAN, by=subscription.scope, most=MAX_PREVIEW_STORIES)
    stories = {one.id: one for one in await store.stories.get(list(titles), by=subscription.scope)}
    ids = dict.fromkeys(article_id for one in stories.values() for article_id in one.article_ids)
    known = {article.id: article for article in await store.articles.as_of(list(ids), now)}
    # In the order of the titles: the newest story first.
    articles = {
        story_id: [known[one] for one in stories[story_id].article_ids if one in known]
        for story_id in titles
        if story_id in stories and stories[story_id].article_ids
    }
    subscription_filter = filter_for(subscription, feeds)
    matching = await run_blocking(_matching, articles, subscription_filter)
    named = tuple(titles[one] for one in matching[:MAX_NAMED_STORIES])
    return MatchPreview(looked_at=len(articles), matching=len(matching), named=named)


def _matching(articles: dict[str, list[Article]], subscription_filter: SubscriptionFilter) -> list[str]:
    found = []
    for story_id, all_of_it in articles.items():
        ours = [article for article in all_of_it if subscription_filter.reads(article)]
        if ours and subscription_filter.about(ours):
            found.append(story_id)
    return found

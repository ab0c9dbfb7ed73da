"""Rank the stories of the archive, each with the reasons for its place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.config import BriefingSettings
from bot.flows.briefing.context import StoryContext
from bot.model.briefing import Section, StoryBrief
from bot.model.news import Article
from bot.model.scope import SHARED, Scope
from bot.model.story import Story
from bot.model.update import Importance
from bot.store import Store
from bot.stories.rank import Candidate, RankedCandidate, rank
from bot.stories.sources import independent_sources


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedStory:
    """A story with its rank and the reasons for it."""

    story: Story
    score: float
    why: tuple[str, ...]


async def ranked_stories(
    *,
    store: Store,
    since: datetime,
    now: datetime,
    limit: int,
    interests: Sequence[str],
    by: Scope | None = SHARED,
) -> list[RankedStory]:
    """Return the stories with an article after ``since``, most important first, each with its reasons.

    ``by`` is the scope of the reader; None is the operator, who sees all.
    """
    stories = {story.id: story for story in await store.stories.recent(since, by=by)}
    candidates = []
    for story in stories.values():
        articles = await store.articles.many(story.article_ids)
        candidates.append(story_candidate(story, articles, since=since, text=story.title))
    found = []
    for ranked in rank(candidates, now=now, interests=interests)[:limit]:
        story = stories[ranked.story_id]
        reasons = await _joined(story, store=store, everything=by is None)
        found.append(RankedStory(story=story, score=ranked.score, why=(*ranked.why, *reasons)))
    return found


async def _joined(story: Story, *, store: Store, everything: bool) -> list[str]:
    """Return why each article is in ``story``, with ``everything`` also those that others see beside it."""
    joined = await store.stories.why(story.id)
    beside = {p.article_id for p in joined} - set(story.article_ids)
    whose = {a.id: f" (beside it, of {a.scope.whose})" for a in await store.articles.many(beside)}
    ways = await store.articles.feed_counts(p.article_id for p in joined)
    listed = {article_id: f"; one article, listed by {count} feeds" for article_id, count in ways.items()}
    return [
        f"{p.article_id}{whose.get(p.article_id, '')}: {'; '.join(p.why)}{listed.get(p.article_id, '')}"
        for p in joined
        if everything or p.article_id not in beside
    ]


def story_candidate(
    story: Story,
    articles: Sequence[Article],
    *,
    since: datetime,
    text: str,
    fresh: Collection[str] | None = None,
) -> Candidate:
    """Return ``story`` as a candidate for ranking."""
    new = [a for a in articles if (a.fetched_at > since if fresh is None else a.id in fresh)]
    return Candidate(
        story_id=story.id,
        originators=len(independent_sources(articles)),
        new_articles=len(new),
        first_at=story.first_at,
        last_at=story.last_at,
        unsent_share=len(new) / len(articles) if articles else 0.0,
        text=text,
    )


def rank_contexts(
    contexts: Sequence[StoryContext],
    briefs: Sequence[StoryBrief],
    *,
    since: datetime,
    settings: BriefingSettings,
    now: datetime,
    chosen: Collection[str] = (),
    fresh: Collection[str] | None = None,
) -> tuple[RankedCandidate, ...]:
    """Return ``contexts`` with a brief, most important first: changed ones and new ones in one order."""
    by_story = {b.story_id: b for b in briefs}
    candidates = [
        replace(
            story_candidate(
                d.story,
                d.articles,
                since=since,
                text=f"{d.story.title} {by_story[d.story.id].headline.text}",
                fresh=fresh,
            ),
            followed=d.story.id in chosen,
            changed=by_story[d.story.id].previous_status is not None,
            importance=_importance(by_story[d.story.id]),
        )
        for d in contexts
        if d.story.id in by_story
    ]
    return rank(candidates, now=now, interests=settings.interests)


def can_wait(brief: StoryBrief, *, followed: Collection[str]) -> bool:
    """Tell whether ``brief`` makes room for other news: a feature, or no more than details of a known story.

    That is one without a key fact or a change of status. Stories that the channel chose to follow (ids) do not wait.
    """
    known = brief.section is Section.CHANGED and brief.previous_status is None
    waits = brief.feature or (known and _importance(brief) < Importance.KEY)
    return waits and brief.story_id not in followed


def _importance(brief: StoryBrief) -> int:
    """Return the importance of the news in ``brief``; undated news can wait."""
    importance = max((said.importance for said in brief.bullets), default=0)
    return Importance.DETAIL if brief.feature else importance


def in_order(briefs: Iterable[StoryBrief], order: Sequence[RankedCandidate]) -> tuple[StoryBrief, ...]:
    """Return ``briefs`` as ranked, each with the reason for its place."""
    place = {ranked.story_id: i for i, ranked in enumerate(order)}
    # How many sources there are is said anyway, beside their names.
    reasons = {r.story_id: [why for why in r.why if "independent source" not in why] for r in order}
    ordered = sorted(briefs, key=lambda b: place[b.story_id])
    return tuple(replace(b, why=b.why or reasons[b.story_id][0].split(" (+")[0]) for b in ordered)

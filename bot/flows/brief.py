"""Brief: from stories to the document one channel gets, against what that channel was told.

    stories ──ledger──▶ dossiers ──write──▶ briefs ──delta──▶ changed | new | unchanged ──assemble──▶ briefing
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.briefings.assemble import assemble, statements_of
from bot.briefings.delta import against_told, due_on
from bot.briefings.extractive import write_story
from bot.config import Briefings
from bot.model.briefing import Briefing, Coverage, FeedFailure, StoryBrief, Told, Unchanged, Watch
from bot.model.news import Article, Citation
from bot.model.scope import Scope
from bot.model.story import Expectation, Ledger, Outcome, Story
from bot.stories.cluster import Clusterer
from bot.stories.ledger import corroborate, read_ledger
from bot.stories.rank import Candidate, rank
from bot.store import Store

REMEMBER = timedelta(days=14)  # a story a channel heard of within this time counts as followed


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedStory:
    """A story with its place among the others, explained."""

    story: Story
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All a writer gets about a story."""

    story: Story
    articles: tuple[Article, ...]
    ledger: Ledger


async def brief_channel(
    *, store: Store, channel: str, scope: Scope, settings: Briefings, now: datetime, slot: str = ""
) -> Briefing:
    """Return, keep and remember the briefing of ``channel`` at ``now``.

    The channel's earlier briefings decide what is new to it; its first one looks back ``window_hours``.
    """
    told = await store.briefings.told(channel)
    last = await store.briefings.last(channel)
    since = last.made_at if last else now - timedelta(hours=settings.window_hours)
    today = now.astimezone(ZoneInfo(settings.timezone)).date()
    recent = {s.id: s for s in await store.stories.list(since=since)}
    followed = {key: value for key, value in told.items() if value.told_at >= now - REMEMBER}
    fresh = await store.articles.fetched_between(since, now)
    moved = {article.id for article in fresh}
    dossiers = [
        await open_dossier(story, store=store, today=today)
        for story in recent.values()
        if moved.intersection(story.article_ids)
    ]
    briefs = rank_briefs(dossiers, told=followed, since=since, settings=settings, now=now)
    delta = against_told(briefs, followed)
    written = {d.story.id for d in dossiers}
    silent = tuple(_unchanged(t) for t in followed.values() if t.story_id not in written)
    headlines = {b.story_id: b.headline.text for b in briefs}
    headlines |= {t.story_id: t.headline for t in followed.values() if t.story_id not in headlines}
    announced: dict[str, Sequence[Expectation]] = {t.story_id: t.expectations for t in followed.values()}
    announced |= {d.story.id: d.ledger.expectations for d in dossiers}
    briefing = await _put_together(
        delta.stories[: settings.stories],
        store=store,
        title=settings.title,
        channel=channel,
        now=now,
        coverage=await _coverage(
            store, since=since, now=now, settings=settings, articles=len(fresh),
            stories=len(delta.stories) + len(delta.unchanged) + len(silent),
        ),
        watch=tuple(due_on(today, announced, headlines)),
        unchanged=(*delta.unchanged, *silent),
    )
    memory = [_remember(b, now=now, before=told.get(b.story_id), watch=briefing.watch) for b in briefing.stories]
    await store.briefings.save(briefing, channel=channel, scope=scope, slot=slot or now.isoformat(), told=memory)
    return briefing

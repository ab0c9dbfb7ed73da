"""Make a briefing of given articles, without earlier knowledge; nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.blocking import run_blocking
from bot.briefings.assemble import assemble, without_copies
from bot.config import BriefingSettings
from bot.faults import Faults
from bot.flows.briefing.choosing.choose_stories import named, written_by_model
from bot.flows.briefing.choosing.rank_stories import in_order, rank_contexts
from bot.flows.briefing.context import read_by_rules, story_context
from bot.flows.briefing.draft import StoryDraft
from bot.flows.briefing.session import ModelSession
from bot.flows.briefing.write import counts, degraded, tell_stories
from bot.flows.rules.reader import RulesReader
from bot.model.briefing import Briefing, Coverage
from bot.model.ids import derive_id
from bot.model.news import Article
from bot.model.story import Story
from bot.stories.clustering.cluster import Clusterer
from bot.stories.clustering.features import features_of
from bot.stories.clustering.profiles import Corpus


async def brief_articles(
    articles: Sequence[Article],
    *,
    settings: BriefingSettings,
    now: datetime,
    session: ModelSession | None = None,
    rules: RulesReader | None = None,
) -> Briefing:
    """Return the briefing of given ``articles``, clustered into stories; nothing is stored.

    Raises as ``RulesReader.read`` does for articles that ``rules`` cannot read.
    """
    rules = rules or RulesReader()
    clusterer = Clusterer(Corpus())
    members: dict[str, list[Article]] = {}
    for article in sorted(articles, key=lambda a: a.sort_key):
        members.setdefault(clusterer.assign(features_of(article)).story_id, []).append(article)
    newest = max(article.published_at for article in articles)
    today = newest.astimezone(ZoneInfo(settings.timezone)).date()
    known = [
        await run_blocking(story_context, _story(story_id, found), found)
        for story_id, found in members.items()
    ]
    contexts = [
        await read_by_rules(context, sent_at=None, background=(), today=today, rules=rules)
        for context in known
    ]
    drafts = [
        StoryDraft(
            brief=named(context), articles=context.articles, by_rules=None if session else context.by_rules
        )
        for context in contexts
    ]
    faults = Faults()
    if session is None:
        written = await tell_stories(
            drafts, at=newest, timezone=settings.timezone, rules=rules, faults=faults
        )
    else:
        written = await written_by_model(
            drafts, session=session, at=now, timezone=settings.timezone, rules=rules
        )
    briefs = [w.brief or w.draft.brief for w in written]
    order = rank_contexts(
        contexts, briefs, since=newest - timedelta(days=3650), settings=settings, now=newest
    )
    briefing = assemble(
        without_copies(in_order(briefs, order)),
        title="Briefing",
        channel=derive_id("given", *(a.id for a in articles)),
        made_at=now,
        coverage=Coverage(
            articles=len(articles), stories=len(contexts), until=now, timezone=settings.timezone
        ),
        articles={(a.id, a.revision): a for a in articles},
        degraded=degraded(written),
        checks=counts(written),
    )
    return replace(briefing, language=settings.language)


def _story(story_id: str, articles: Sequence[Article]) -> Story:
    return Story(
        id=story_id,
        title=articles[0].title,
        article_ids=tuple(a.id for a in articles),
        first_at=min(a.published_at for a in articles),
        last_at=max(a.published_at for a in articles),
    )

"""A story as it is told without a model: what rules read of its articles, against what a channel was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.briefings.from_ledger import ChannelMemory, LedgerView, brief_of
from bot.flows.briefing.context import ledger_by_rules, since
from bot.flows.story_history import in_batches
from bot.model.briefing import SentStory, StoryBrief
from bot.model.news import Article
from bot.model.story import Ledger
from bot.stories.sources import corroborate
from bot.updates.by_rules.headline import headline_from


def ledger_of(articles: Sequence[Article], *, today: date, story_id: str = "sto-1") -> Ledger:
    """Return what rules know of a story of ``articles``."""
    return ledger_by_rules(story_id, in_batches(articles), today=today).public


def told_by_rules(
    articles: Sequence[Article], *, today: date, sent: SentStory | None = None, story_id: str = "sto-1"
) -> StoryBrief | None:
    """Return the story of ``articles`` for a channel that was ``sent`` so much of it, None where nothing is new."""
    read = ledger_by_rules(story_id, since(articles, sent.told_at if sent else None), today=today)
    view = LedgerView(ledger=read.ledger, public=read.public, corroboration=corroborate(articles))
    return brief_of(view, ChannelMemory(story=sent), fallback=headline_from(articles), today=today)

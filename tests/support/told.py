"""A story as it is told without a model: what rules read of its articles, against what a channel was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.briefings.from_ledger import LedgerView, brief_of
from bot.briefings.memory import ChannelMemory
from bot.flows.rules.work import in_batches, in_two_batches, ledger_by_rules
from bot.model.briefing import SentStory, StoryBrief
from bot.model.news import Article
from bot.model.story import Ledger
from bot.stories.announcements import read_on
from bot.stories.sources import corroborate
from bot.stories.view import public_ledger
from bot.updates.by_rules.headline import headline_from
from bot.updates.by_rules.read import updates_by_rules


def ledger_of(articles: Sequence[Article], *, today: date, story_id: str = "sto-1") -> Ledger:
    """Return what rules know of a story of ``articles``."""
    public = public_ledger(story_id, updates_by_rules(story_id, in_batches(articles)), articles)[1]
    return read_on(public, today=today)


def told_by_rules(
    articles: Sequence[Article], *, today: date, sent: SentStory | None = None, story_id: str = "sto-1"
) -> StoryBrief | None:
    """Return the story of ``articles`` for a channel that was ``sent`` so much of it, None where nothing is new."""
    earlier, new = in_two_batches(articles, sent.sent_at if sent else None)
    ids = frozenset(a.id for a in earlier)
    read = ledger_by_rules(
        [*earlier, *new], story_id=story_id, earlier=ids, today=today, changed=sent is not None
    )
    view = LedgerView(ledger=read.ledger, public=read.public, corroboration=corroborate(articles))
    return brief_of(view, ChannelMemory(story=sent), fallback=headline_from(articles), today=today)

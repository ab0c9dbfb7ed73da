"""A story before it is written: its articles, what is known of it, and what its channel was sent."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.briefings.memory import ChannelMemory
from bot.flows.rules.work import RulesLedger
from bot.flows.updates.story import StoryMaterial
from bot.model.briefing import StoryBrief
from bot.model.news import Article
from bot.model.scope import SHARED, Scope
from bot.model.update import StoryUpdate


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDraft:
    """A story with the input that a model's reading of it needs."""

    brief: StoryBrief  # by its name alone
    articles: tuple[Article, ...]
    updates: tuple[StoryUpdate, ...] = ()  # kept ones, that the channel may read
    by_rules: RulesLedger | None = None  # what rules read of it, where no model is meant to and none has
    older: tuple[Article, ...] = ()  # earlier revisions of the articles, among them all that the updates read
    memory: ChannelMemory = field(default_factory=ChannelMemory)
    scope: Scope = SHARED  # the scope of the channel
    followed: bool = False  # by the channel: read whenever an article comes

    @property
    def material(self) -> StoryMaterial:
        """The input of a reading."""
        return StoryMaterial(
            story_id=self.brief.story_id,
            articles=self.articles,
            updates=self.updates,
            older=self.older,
            scope=self.scope,
            followed=self.followed,
        )

"""The story of the ferry as a flow has it, and a reader of it: what only the tests of flows need is costly to import."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.flows.briefing.choosing.choose_stories import named
from bot.flows.briefing.context import story_context
from bot.flows.briefing.draft import StoryDraft
from bot.flows.updates.prompts import load_update_prompts
from bot.flows.updates.read import UpdateReader
from bot.language.locale.phrases import phrases
from bot.model.record_key import fence_of
from bot.model.story import Story
from tests.flows.ferry import ARTICLES, KINDS, MONDAY, STORY

PROMPTS = load_update_prompts(KINDS)


def draft(articles=ARTICLES, **changes):
    """Return the story of ``articles`` by its name."""
    story = Story(id=STORY, title="Ferry talks", article_ids=(), first_at=MONDAY, last_at=MONDAY)
    return StoryDraft(brief=named(story_context(story, articles)), articles=tuple(articles), **changes)


def reader(model, **changes):
    """Return a reader of stories with ``model``."""
    return replace(UpdateReader(model=model, prompts=PROMPTS, kinds=KINDS, fence=fence_of), **changes)


# What is loaded on the first use is loaded before a loop runs.
WARM = (ZoneInfo("UTC"), draft(), phrases("en").count(2, ("story", "stories")))

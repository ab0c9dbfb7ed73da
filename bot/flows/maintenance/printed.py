"""The printed text of a story, for matching with gold. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bot.flows.maintenance.gold_match import fold
from bot.model.briefing import StoryBrief
from bot.model.story import Announcement


def lines_of(story: StoryBrief) -> list[tuple[str, str]]:
    """Return every posted line of a story with its field, folded."""
    lines = [("headline", story.headline.text)]
    lines += [("status", f"{story.status.line} {story.status.said_by}")] if story.status else []
    lines += [("bullet", bullet.text) for bullet in story.bullets]
    lines += [("actor", f"{one.name} ({one.role}): {one.position}") for one in story.actors]
    lines += [("figure", f"{one.value} {one.counts} {one.claimant}") for one in story.figures]
    lines += [("next", f"{one.what} {one.when}") for one in story.next]
    return [(kind, fold(text)) for kind, text in lines]


def next_of(stories: Iterable[StoryBrief]) -> list[Announcement]:
    """Return the announcements of ``stories``."""
    return [one for story in stories for one in story.next]


def announced_of(one: Announcement) -> str:
    """Return text and time of ``one``, folded."""
    return fold(f"{one.what} {one.when}")

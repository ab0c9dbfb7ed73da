"""A pasted link, read and set into what is known already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.briefing import Source, Statement, StoryBrief
from bot.model.scope import SHARED, Scope
from bot.model.story import Disagreement


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkBrief:
    """One link: what its page says, what that adds, or why it could not be read (``failure``, one sentence)."""

    id: str
    url: str
    read_at: datetime
    failure: str = ""
    brief: StoryBrief | None = None
    story_id: str = ""  # the story it belongs to
    story_headline: str = ""
    adds: tuple[Statement, ...] = ()  # what nothing we have says
    contradicts: tuple[Disagreement, ...] = ()
    briefed_at: datetime | None = None  # when this channel was told of the article
    reprint_of: str = ""  # who wrote it first, where the page is a reprint
    stored: bool = False  # answered from what was read at ``read_at`` earlier
    page_changes: tuple[str, ...] = ()  # what is new on the page since then, with ``fresh``
    note: str = ""  # a paywall, a cut text: one sentence
    sources: tuple[Source, ...] = ()
    degraded: str = ""
    timezone: str = "UTC"
    scope: Scope = SHARED

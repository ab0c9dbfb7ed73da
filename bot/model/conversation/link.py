"""A pasted link: what its page says, and the comparison with its story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.briefing import Checks, Source, Statement, StoryBrief
from bot.model.scope import SHARED, Scope
from bot.model.story import Disagreement, Status

LINK_SCHEMA = "wirebrief.link/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkBrief:
    """One link: what its page says, what that adds, or why it could not be read (``failure``, one sentence)."""

    schema: str = LINK_SCHEMA
    id: str
    url: str  # as it was pasted
    asked_at: datetime
    read_at: datetime
    failure: str = ""
    outlet: str = ""
    published_at: datetime | None = None  # None where the page does not say
    brief: StoryBrief | None = None
    story_id: str = ""  # the story it belongs to; empty if no stored story is similar
    story_headline: str = ""
    story_status: Status | None = None  # where the story stands without the page
    adds: tuple[Statement, ...] = ()  # what nothing we have says
    contradicts: tuple[Disagreement, ...] = ()
    known_since: datetime | None = None  # since when a feed brought this very page
    briefed_at: datetime | None = None  # when this channel was sent the article
    story_sent_at: datetime | None = None  # when this channel was last sent its story
    reprint_of: str = ""  # who wrote it first, where the page is a reprint
    credits: str = ""  # the agency that the page itself names as who wrote it
    stored: bool = False  # answered from what was read at ``read_at`` earlier
    reread: bool = False  # read again although it was stored
    page_changes: tuple[
        Statement, ...
    ] = ()  # what is new on the page since it was last read, where ``reread``
    page_dropped: tuple[str, ...] = ()  # what it said then and no longer says
    note: str = ""  # a paywall, a cut text: one sentence
    sources: tuple[Source, ...] = ()
    degraded: str = ""
    checks: Checks = Checks()  # noqa: RUF009 - frozen
    timezone: str = "UTC"
    why: tuple[str, ...] = ()  # how its story was found
    scope: Scope = SHARED

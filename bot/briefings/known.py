"""Compare what a channel was sent of a story with its present state; list what is announced for a day. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from bot.language.rules import load_rules
from bot.language.similarity import BESIDE_SIMILARITY, is_restated
from bot.model.briefing import SentStory, Statement, StoryAnnouncement, Unchanged
from bot.model.story import Announcement, Outcome, Status
from bot.model.update import Phase

MAX_WATCHED_ANNOUNCEMENTS = (
    1  # announcements of one story that are listed for a day: two mostly tell of one event in other words
)

_RULES = load_rules("en", "outcomes")


def status_changed(new: Status | None, old: Status | None) -> bool:
    """Return whether ``new`` is later than ``old`` and differs in state or, materially, in its line.

    Rules set no states: in a story that no model read, a different line alone does not count as a change.
    """
    known = new is not None and old is not None and new.state_or_phase and old.state_or_phase
    return bool(known) and says_otherwise(new, old)


def says_otherwise(new: Status | None, old: Status | None) -> bool:
    """Return whether ``new`` is later than ``old`` and differs: in state or, materially, in its line."""
    if new is None or old is None or new.as_of <= old.as_of:
        return False
    return (new.kind, new.state) != (old.kind, old.state) or not is_restated(
        new.line, [old.line], least=BESIDE_SIMILARITY
    )


def unchanged_line(known: SentStory, newest: Status | None, *, otherwise: Statement) -> Unchanged | None:
    """Return a story known to the channel in one line, None if its course is over.

    The status is the one that was sent or the ``newest`` one, whichever is later; the headline is the one that was
    sent, or ``otherwise``.
    """
    found = [status for status in (known.status, newest) if status]
    status = max(found, key=lambda s: s.as_of, default=None)
    if status and status.phase == Phase.OVER.value:
        return None
    return Unchanged(
        story_id=known.story_id,
        headline=headline_of(known) or otherwise,
        status=status,
        last_sent_at=known.sent_at,
    )


def readable_part(sent: SentStory, articles: Collection[str]) -> SentStory:
    """Return what a channel was ``sent``, without a headline or status from other articles than ``articles`` (ids).

    They belong to another story by now, or this subscription of the channel does not read them.
    """
    status = sent.status if sent.status and sent.status.citation.article_id in articles else None
    if all(c.article_id in articles for c in sent.headline_citations):
        return replace(sent, status=status)
    return replace(sent, status=status, headline="", headline_citations=())


def headline_of(known: SentStory) -> Statement | None:
    """Return the headline of a story that the channel was sent, with its citations."""
    if not known.headline_citations:
        return None  # sent by an earlier version
    return Statement(text=known.headline, citations=known.headline_citations)


def due_on(
    today: date, announcements: Mapping[str, Iterable[Announcement]], headlines: Mapping[str, str]
) -> list[StoryAnnouncement]:
    """Return what was announced for ``today``, story by story; each announcement once."""
    watch: list[StoryAnnouncement] = []
    said: list[str] = []
    for story_id, announced in announcements.items():
        before = len(said)
        for announcement in announced:
            if announcement.outcome is not Outcome.OPEN or not _falls_on(announcement, today):
                continue
            if len(said) - before == MAX_WATCHED_ANNOUNCEMENTS or is_restated(
                announcement.what, said, least=BESIDE_SIMILARITY
            ):
                continue
            said.append(announcement.what)
            watch.append(
                StoryAnnouncement(
                    story_id=story_id, headline=headlines.get(story_id, ""), expectation=announcement
                )
            )
    return watch


def _falls_on(announcement: Announcement, today: date) -> bool:
    # "Later this week" or "around Friday" does not say that it is today; "between 5 and 9 March" says that it may be.
    firm = not any(_RULES.has(sense, announcement.when) for sense in ("around", "earliest"))
    counted = announcement.as_of.date() < today and _RULES.has("counts down", announcement.what)
    named = announcement.due_end in {None, today} or _RULES.has("begins on a day", announcement.when)
    return firm and not counted and announcement.due == today and named

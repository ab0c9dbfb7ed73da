"""The ledger of a story that no model has read: folded from what rules read in its articles, batch by batch. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from bot.language.text_cache import Given, text_cached
from bot.model.ledger import StoryLedger
from bot.model.news import Article
from bot.model.story import Ledger
from bot.model.update import StoryUpdate
from bot.stories.announcements import lapse
from bot.stories.view import public_ledger
from bot.updates.by_rules.read import updates_by_rules

MAX_READ_ARTICLES = 60  # newest articles of a story that rules read: bounds the work of a year-long story
MAX_KEPT_READINGS = 1_000  # stories whose readings are kept in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesLedger:
    """What rules read of a story, and what is known by it."""

    updates: tuple[StoryUpdate, ...]
    ledger: StoryLedger
    public: Ledger


def ledger_by_rules(story_id: str, batches: Iterable[Sequence[Article]], *, today: date) -> RulesLedger:
    """Return what rules read in ``batches`` of a story's articles, oldest first, and know of it on ``today``."""
    given = tuple(tuple(batch) for batch in batches if batch)
    return _read_once(Given((story_id, given, today)))


# Read ahead of a slot, for one channel or for the briefing before, it is there at the minute.
@text_cached(maxsize=MAX_KEPT_READINGS)
def _read_once(given: Given[tuple[str, tuple[tuple[Article, ...], ...], date]]) -> RulesLedger:
    story_id, batches, today = given.take()
    updates = updates_by_rules(story_id, batches)
    ledger, public = public_ledger(story_id, updates, [a for batch in batches for a in batch])
    expectations = tuple(lapse(e, today=today) for e in public.expectations)
    return RulesLedger(updates=updates, ledger=ledger, public=replace(public, expectations=expectations))


def by_day(articles: Iterable[Article]) -> list[list[Article]]:
    """Return the newest of ``articles`` in batches: those of each day on which some came, the oldest day first."""
    newest = sorted(articles, key=lambda a: a.place_in_time)[-MAX_READ_ARTICLES:]
    came = sorted(newest, key=lambda a: (a.fetched_at, a.place_in_time))
    return [list(batch) for _, batch in groupby(came, key=lambda a: a.fetched_at.date())]


def since(
    articles: Iterable[Article], moment: datetime | None, *, background: Iterable[str] = ()
) -> list[list[Article]]:
    """Return ``articles`` in two batches: those that came by ``moment`` or are ``background`` (ids), and the others."""
    old = set(background)
    newest = sorted(articles, key=lambda a: a.place_in_time)[-MAX_READ_ARTICLES:]
    earlier = [a for a in newest if a.id in old or (moment is not None and a.fetched_at <= moment)]
    return [earlier, [a for a in newest if a not in earlier]]

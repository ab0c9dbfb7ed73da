"""How what is known of a story came about: its ledger at each moment at which that changed, folded anew from what is kept.

updates of a model, else what rules read in the articles as they came ──fold──▶ ledger at each moment ──changes──▶ rows
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.blocking import run_blocking
from bot.language.text_cache import Given, text_cached
from bot.model.ledger import StoryLedger
from bot.model.news import Article
from bot.model.scope import Scope
from bot.model.story import Ledger, LedgerEntry, Story
from bot.model.update import StoryUpdate
from bot.stories.announcements import read_on
from bot.stories.history import rows_of
from bot.stories.view import public_ledger
from bot.updates.by_rules.read import updates_by_rules

if TYPE_CHECKING:  # a database is more than those need who look at a story
    from bot.store import Store

MAX_READ_ARTICLES = 60  # newest articles of a story that rules read: bounds the work of a year-long story
MAX_MOMENTS = 12  # at which articles of a story came, up to which each is a step of its history
MAX_KEPT_HISTORIES = 1_000  # stories whose histories are kept in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFrom:
    """What is known of a story from ``at`` on."""

    at: datetime
    ledger: StoryLedger
    public: Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHistory:
    """A story's ledgers, oldest first."""

    story_id: str
    known: tuple[KnownFrom, ...] = ()
    revisions: tuple[Article, ...] = ()  # of its articles, every one by then, oldest first
    rows: tuple[LedgerEntry, ...] = ()

    @property
    def now(self) -> KnownFrom | None:
        """What is known at the end, None where nothing is."""
        return self.known[-1] if self.known else None

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles as they stand at the end."""
        return tuple({a.id: a for a in self.revisions}.values())

    def moved(self, since: datetime) -> bool:
        """Tell whether anything became known after ``since``."""
        return any(known.at > since for known in self.known)

    @property
    def read(self) -> bool:
        """Whether a model has read any of it."""
        return bool(self.known and self.known[-1].ledger.read_by_model)

    def by(self, moment: datetime, *, timezone: str) -> Ledger:
        """Return what was known at ``moment`` (aware)."""
        then = [known for known in self.known if known.at <= moment]
        today = moment.astimezone(ZoneInfo(timezone)).date()
        return read_on(then[-1].public, today=today) if then else Ledger(story_id=self.story_id)


async def story_histories(
    stories: Sequence[Story], *, store: Store, at: datetime, by: Scope | None, since: datetime | None = None
) -> dict[str, StoryHistory]:
    """Return the history of each of ``stories`` up to ``at`` (aware), as the destination ``by`` may know it.

    ``by`` None is the operator, who sees a story as it was made. What was known ``since`` (aware) can be told from what
    came later on the same day.
    """
    found = {}
    scopes = {story.id: by or story.scope for story in stories}
    updates: dict[str, tuple[StoryUpdate, ...]] = {}
    for scope in dict.fromkeys(scopes.values()):
        ids = [story_id for story_id, own in scopes.items() if own == scope]
        updates |= await store.updates.of(ids, by=scope)
    for story in stories:
        revisions = await store.articles.revisions(story.article_ids)
        made = [update for update in updates[story.id] if update.made_at <= at]
        came = [article for article in revisions if article.fetched_at <= at]
        found[story.id] = await run_blocking(history_of, story.id, made, came, since=since)
    return found


def history_of(
    story_id: str,
    updates: Sequence[StoryUpdate],
    revisions: Sequence[Article],
    *,
    since: datetime | None = None,
) -> StoryHistory:
    """Return the history of a story from its kept ``updates``, without any from what rules read in ``revisions`` of its articles."""
    ordered = tuple(sorted(revisions, key=lambda a: (a.place_in_time, a.revision)))
    known = _known_once(Given((story_id, tuple(updates), ordered, since)))
    rows = rows_of(story_id, [(one.at, one.public) for one in known])
    return StoryHistory(story_id=story_id, known=known, revisions=ordered, rows=rows)


# Without the articles, which are much larger than what is known by them.
@text_cached(maxsize=MAX_KEPT_HISTORIES)
def _known_once(
    given: Given[tuple[str, tuple[StoryUpdate, ...], tuple[Article, ...], datetime | None]],
) -> tuple[KnownFrom, ...]:
    story_id, updates, revisions, since = given.take()
    made = updates or updates_by_rules(story_id, in_batches(revisions, cut=since), facts=False)
    return tuple(_known(story_id, made, revisions))


def _known(
    story_id: str, updates: Sequence[StoryUpdate], revisions: Sequence[Article]
) -> Iterator[KnownFrom]:
    """Yield what is known from each moment on at which an update was made, or an article was edited that one had read."""
    read = {article_id for update in updates for article_id, _ in update.articles}
    edited = {a.fetched_at for a in revisions if a.revision > 1 and a.id in read}
    first = min((update.made_at for update in updates), default=None)
    moments = {update.made_at for update in updates} | {at for at in edited if first and at > first}
    for moment in sorted(moments):
        made = [update for update in updates if update.made_at <= moment]
        there = [a for a in revisions if a.fetched_at <= moment]
        ledger, public = public_ledger(story_id, made, there)
        yield KnownFrom(at=moment, ledger=ledger, public=public)


def in_batches(articles: Iterable[Article], *, cut: datetime | None = None) -> list[list[Article]]:
    """Return the newest of ``articles`` as they came, in batches, the oldest first: of each moment, or where these are many of each day.

    The day of ``cut`` (aware) is two batches then: what came by it, and the rest.
    """
    came = sorted(newest_of(articles), key=lambda a: (a.fetched_at, a.place_in_time))
    moments = [list(batch) for _, batch in groupby(came, key=lambda a: a.fetched_at)]
    if len(moments) <= MAX_MOMENTS:
        return moments
    days = groupby(came, key=lambda a: (a.fetched_at.date(), cut is not None and a.fetched_at > cut))
    return [list(batch) for _, batch in days]


def newest_of(articles: Iterable[Article]) -> list[Article]:
    """Return those of ``articles`` that rules read, oldest first."""
    return sorted(articles, key=lambda a: a.place_in_time)[-MAX_READ_ARTICLES:]

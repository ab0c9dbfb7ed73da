"""How what is known of a story came about: its ledger at each moment at which that changed, folded anew from what is kept.

updates of a model, else what rules read in the articles as they came ──fold──▶ ledger at each moment ──changes──▶ rows
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.blocking import run_blocking
from bot.language.text_cache import Given, text_cached
from bot.model.ledger import StoryLedger
from bot.model.news import Article
from bot.model.scope import Scope
from bot.model.story import Ledger, LedgerEntry, Story
from bot.model.update import StoryUpdate
from bot.store import Store
from bot.stories.announcements import lapse
from bot.stories.history import rows_of
from bot.stories.view import public_ledger
from bot.updates.by_rules.read import updates_by_rules

MAX_READ_ARTICLES = 60  # newest articles of a story that rules read: bounds the work of a year-long story
MAX_MOMENTS = 12  # at which articles of a story came, up to which each is a step of its history
MAX_KEPT_HISTORIES = 1_000  # stories whose histories are kept in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFrom:
    """What is known of a story from ``at`` on."""

    at: datetime
    ledger: StoryLedger
    public: Ledger

    def on(self, today: date) -> Ledger:
        """Return the public form as it is read on ``today``: of what went by without a report it says so."""
        expectations = tuple(lapse(e, today=today) for e in self.public.expectations)
        return replace(self.public, expectations=expectations)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHistory:
    """A story's ledgers, oldest first."""

    story_id: str
    known: tuple[KnownFrom, ...] = ()
    revisions: tuple[Article, ...] = ()  # of its articles, every one by then
    rows: tuple[LedgerEntry, ...] = ()

    @property
    def now(self) -> KnownFrom | None:
        """What is known at the end, None where nothing is."""
        return self.known[-1] if self.known else None

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles as they stand at the end."""
        newest = {a.id: a for a in sorted(self.revisions, key=lambda a: (a.place_in_time, a.revision))}
        return tuple(newest.values())

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
        return then[-1].on(today) if then else Ledger(story_id=self.story_id)


async def story_histories(
    stories: Sequence[Story], *, store: Store, at: datetime, by: Scope | None, since: datetime | None = None
) -> dict[str, StoryHistory]:
    """Return the history of each of ``stories`` up to ``at`` (aware), as the destination ``by`` may know it.

    ``by`` None is the operator, who sees a story as it was made. What was known ``since`` (aware) can be told from what
    came later on the same day.
    """
    found = {}
    for story in stories:
        updates = await store.updates.of([story.id], by=story.scope if by is None else by)
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
    return _once(Given((story_id, tuple(updates), tuple(revisions), since)))


@text_cached(maxsize=MAX_KEPT_HISTORIES)
def _once(
    given: Given[tuple[str, tuple[StoryUpdate, ...], tuple[Article, ...], datetime | None]],
) -> StoryHistory:
    story_id, updates, revisions, since = given.take()
    made = updates or updates_by_rules(story_id, in_batches(revisions, cut=since), facts=False)
    known = tuple(_known(story_id, made, revisions))
    return StoryHistory(
        story_id=story_id,
        known=known,
        revisions=tuple(sorted(revisions, key=lambda a: (a.place_in_time, a.revision))),
        rows=rows_of(story_id, [(one.at, one.public) for one in known]),
    )


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
    newest = sorted(articles, key=lambda a: a.place_in_time)[-MAX_READ_ARTICLES:]
    came = sorted(newest, key=lambda a: (a.fetched_at, a.place_in_time))
    moments = [list(batch) for _, batch in groupby(came, key=lambda a: a.fetched_at)]
    if len(moments) <= MAX_MOMENTS:
        return moments
    days = groupby(came, key=lambda a: (a.fetched_at.date(), cut is not None and a.fetched_at > cut))
    return [list(batch) for _, batch in days]

"""The timeline of a story: its ledger at each moment at which it changed, folded from stored updates.

updates of a model, else what rules read in the articles as they came ──fold──▶ ledger at each moment ──changes──▶ rows
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.blocking import run_blocking
from bot.flows.rules.reader import RulesReader
from bot.flows.rules.work import KnownFrom, known_by_rules, known_from
from bot.language.text_cache import CacheInput, text_cached
from bot.model.news import Article
from bot.model.scope import Scope
from bot.model.story import Ledger, LedgerEntry, Story
from bot.model.update import StoryUpdate
from bot.stories.announcements import read_on
from bot.stories.timeline import rows_of

if TYPE_CHECKING:  # a database is more than those need who look at a story
    from bot.store import Store

MAX_KEPT_TIMELINES = 1_000  # stories whose timelines are kept in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTimeline:
    """A story's ledgers, oldest first."""

    story_id: str
    known: tuple[KnownFrom, ...] = ()
    revisions: tuple[Article, ...] = ()  # of its articles, every one by then, oldest first
    rows: tuple[LedgerEntry, ...] = ()

    @property
    def now(self) -> KnownFrom | None:
        """The last ledger, None if nothing is known."""
        return self.known[-1] if self.known else None

    @property
    def articles(self) -> tuple[Article, ...]:
        """The last revisions of the articles."""
        return tuple({a.id: a for a in self.revisions}.values())

    def moved(self, since: datetime) -> bool:
        """Return whether anything became known after ``since``."""
        return any(known.at > since for known in self.known)

    @property
    def read(self) -> bool:
        """Whether a model has read any of it."""
        return bool(self.known and self.known[-1].ledger.read_by_model)

    def by(self, moment: datetime, *, timezone: str) -> Ledger:
        """Return the ledger at ``moment`` (aware)."""
        then = [known for known in self.known if known.at <= moment]
        today = moment.astimezone(ZoneInfo(timezone)).date()
        return read_on(then[-1].public, today=today) if then else Ledger(story_id=self.story_id)


async def story_timelines(
    stories: Sequence[Story],
    *,
    store: Store,
    at: datetime,
    by: Scope | None,
    since: datetime | None = None,
    rules: RulesReader | None = None,
) -> dict[str, StoryTimeline]:
    """Return the timeline of each of ``stories`` up to ``at`` (aware), as the destination ``by`` may read it.

    ``by`` None is the operator, who sees a story completely. What was known ``since`` (aware) is separate from what
    arrived later on the same day. ``rules`` read what no model has read.
    """
    rules = rules or RulesReader(store=store)
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
        found[story.id] = await read_timeline(story.id, made, came, since=since, rules=rules)
    return found


async def read_timeline(
    story_id: str,
    updates: Sequence[StoryUpdate],
    revisions: Sequence[Article],
    *,
    rules: RulesReader,
    since: datetime | None = None,
) -> StoryTimeline:
    """Return the timeline of a story as ``timeline_of`` does, read by ``rules`` if no model has read it.

    Articles that cannot be read are left out; if none can be read, it raises as ``RulesReader.read`` does.
    """
    if updates or not revisions:
        return await run_blocking(timeline_of, story_id, updates, revisions, since=since)
    reading = await rules.read(known_by_rules, _ordered(revisions), story_id=story_id, since=since)
    return await run_blocking(_timeline, story_id, reading.found, reading.articles)


def timeline_of(
    story_id: str,
    updates: Sequence[StoryUpdate],
    revisions: Sequence[Article],
    *,
    since: datetime | None = None,
) -> StoryTimeline:
    """Return the timeline of a story from its stored ``updates``, or, if it has none, from what rules read in ``revisions`` of its articles."""
    ordered = _ordered(revisions)
    if updates:
        known = _known_once(CacheInput((story_id, tuple(updates), ordered)))
    else:
        known = known_by_rules(ordered, story_id=story_id, since=since)
    return _timeline(story_id, known, ordered)


def _ordered(revisions: Iterable[Article]) -> tuple[Article, ...]:
    return tuple(sorted(revisions, key=lambda a: (a.sort_key, a.revision)))


def _timeline(story_id: str, known: Sequence[KnownFrom], revisions: Sequence[Article]) -> StoryTimeline:
    rows = rows_of(story_id, [(one.at, one.public) for one in known])
    return StoryTimeline(story_id=story_id, known=tuple(known), revisions=tuple(revisions), rows=rows)


# Without the articles, which are much larger than the ledger.
@text_cached(maxsize=MAX_KEPT_TIMELINES)
def _known_once(
    given: CacheInput[tuple[str, tuple[StoryUpdate, ...], tuple[Article, ...]]],
) -> tuple[KnownFrom, ...]:
    return tuple(known_from(*given.take()))

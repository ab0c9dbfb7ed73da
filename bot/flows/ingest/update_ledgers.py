"""Update the ledgers of stories from their articles, by adding rows; or rebuild them.

articles of a story ──fold──▶ ledger ──changes──▶ rows
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

import structlog

from bot.blocking import run_blocking
from bot.errors import InputError, StoreError
from bot.faults import Fault, Faults, ends_all
from bot.feeds.workers.pool import WorkerPool
from bot.flows.ingest.assign_scope import set_aside_article
from bot.flows.ledger_by_rules import MAX_READ_ARTICLES, by_day, ledger_by_rules
from bot.model.news import Article
from bot.model.scope import SHARED, Scope
from bot.model.story import LedgerEntry, Story
from bot.store import Store
from bot.stories.history import changes

STORY_TIMEOUT_SECONDS, ARTICLE_TIMEOUT_SECONDS = 20.0, 3.0  # seconds for one story, and for one article of it
STORIES_PER_BATCH = 20  # stories whose rows are kept together
UPDATING_LEDGER = "bringing a story's ledger up to date"
MAX_WRITE_ATTEMPTS = 5  # against others who write the same ledgers

_log = structlog.get_logger()


async def update_ledgers(
    ids: Sequence[str],
    *,
    store: Store,
    now: datetime,
    timezone: str,
    workers: WorkerPool | None = None,
    faults: Faults | None = None,
) -> int:
    """Add to the ledgers of the stories ``ids`` what is new by ``now``; return how many rows that were.

    ``workers`` read the sentences, so that the loop goes on. An article that a ledger cannot be made of is set aside;
    a story whose ledger cannot be made all the same keeps the one it has.
    """
    faults = faults or Faults()
    updater = _LedgerUpdater(store=store, now=now, timezone=timezone, workers=workers, faults=faults)
    added = 0
    for start in range(0, len(ids), STORIES_PER_BATCH):
        some = ids[start : start + STORIES_PER_BATCH]
        try:
            added += await updater.update(some)
        except Exception as error:
            if ends_all(error):
                raise
            for story_id in some:
                done = await faults.guard(updater.update([story_id]), doing=UPDATING_LEDGER)
                added += 0 if isinstance(done, Fault) else done
    return added


def new_rows(
    story_id: str, articles: Sequence[Article], known: Sequence[LedgerEntry], *, at: datetime, timezone: str
) -> tuple[LedgerEntry, ...]:
    """Return the rows to add to ``known`` once ``articles`` are read, "today" being that of ``timezone``.

    Runs inside of workers: what it imports, each of them holds.
    """
    read = remembered(articles)
    ledger = ledger_by_rules(story_id, by_day(read), today=at.astimezone(ZoneInfo(timezone)).date())
    return changes(known, ledger.public, at=at, read={article.id for article in read})


def remembered(articles: Sequence[Article]) -> list[Article]:
    """Return those of ``articles`` that a ledger is folded from: the newest ones, oldest first."""
    return sorted(articles, key=lambda a: a.place_in_time)[-MAX_READ_ARTICLES:]


@dataclass(frozen=True, slots=True, kw_only=True)
class _LedgerUpdater:
    store: Store
    now: datetime
    timezone: str
    workers: WorkerPool | None
    faults: Faults

    async def update(self, ids: Sequence[str]) -> int:
        for _ in range(MAX_WRITE_ATTEMPTS):
            added = await self._try(ids)
            if added is not None:
                return added
            # Another was quicker: what it added is read before what is left to add.
        raise StoreError("The ledgers of some stories are written all the time", hint="Try again in a minute")

    async def _try(self, ids: Sequence[str]) -> int | None:
        known = await self.store.ledgers.of(ids)
        stories = {story.id: story for story in await self.store.stories.get(ids, by=None)}
        added: list[LedgerEntry] = []
        every = [article_id for story in stories.values() for article_id in story.article_ids]
        found = await self.store.articles.many(dict.fromkeys(every))
        order = {article.id: number for number, article in enumerate(found)}
        for story in stories.values():
            own = sorted(order[article_id] for article_id in story.article_ids if article_id in order)
            articles = [found[number] for number in own]
            await asyncio.sleep(0)
            added += await self._new_rows(story.id, remembered(articles), known[story.id])
        scopes = {story.id: story.scope for story in stories.values()}
        return len(added) if await self.store.ledgers.append(added, scopes=scopes) else None

    async def _new_rows(
        self, story_id: str, articles: Sequence[Article], known: Sequence[LedgerEntry]
    ) -> Sequence[LedgerEntry]:
        """Return the rows that ``articles`` add to ``known``, after what breaks them is set aside."""
        whole = self._read(story_id, articles, known, deadline=STORY_TIMEOUT_SECONDS)
        rows = await self.faults.guard(whole, doing=UPDATING_LEDGER)
        if not isinstance(rows, Fault):
            return rows
        broken: dict[str, Fault] = {}
        for article in articles:
            alone = self._read(story_id, [article], (), deadline=ARTICLE_TIMEOUT_SECONDS)
            one = await self.faults.guard(alone, doing=UPDATING_LEDGER)
            if isinstance(one, Fault):
                broken[article.id] = one
        if not broken:
            _log.warning("ledger update failed", story=story_id, error=rows.id)
            return ()
        await self.store.set_aside.add(
            [
                set_aside_article(a, broken[a.id], at=self.now, doing=UPDATING_LEDGER)
                for a in articles
                if a.id in broken
            ]
        )
        left = [article for article in articles if article.id not in broken]
        rest = self._read(story_id, left, known, deadline=STORY_TIMEOUT_SECONDS)
        rows = await self.faults.guard(rest, doing=UPDATING_LEDGER)
        return () if isinstance(rows, Fault) else rows

    async def _read(
        self,
        story_id: str,
        articles: Sequence[Article],
        known: Sequence[LedgerEntry],
        *,
        deadline: float,
    ) -> tuple[LedgerEntry, ...]:
        given = (story_id, articles, known)
        if self.workers is None:
            return new_rows(*given, at=self.now, timezone=self.timezone)
        return await self.workers.run(
            new_rows, *given, at=self.now, timezone=self.timezone, deadline=deadline
        )


async def rebuild_ledgers(ids: Sequence[str], *, store: Store, timezone: str) -> int:
    """Write the ledgers of the stories ``ids`` anew from their articles, as they came; return the number of rows.

    Every moment at which an article came or was edited is lived through again with what was there then, so
    the same articles always give the same rows. A story that cannot be read keeps its ledger. Raises
    ``InputError`` naming an unknown story.
    """
    stories = {story.id: story for story in await store.stories.get(ids, by=None)}
    missing = [story_id for story_id in ids if story_id not in stories]
    if missing:
        raise InputError(f"There is no story {missing[0]!r}", hint="List them with: wirebrief stories")
    faults, count = Faults(), 0

    async def one(story: Story) -> int:
        revisions = await store.articles.revisions(story.article_ids)
        entries = await run_blocking(replayed, story, revisions, timezone=timezone)
        await store.ledgers.replace(story.id, entries, scope=story.scope)
        return len(entries)

    for rows in await faults.each(stories.values(), one, doing="writing a story's ledger anew", at_once=1):
        count += 0 if isinstance(rows, Fault) else rows
    return count


async def ledger_rows(
    stories: Sequence[Story], *, store: Store, timezone: str, by: Scope | None
) -> dict[str, tuple[LedgerEntry, ...]]:
    """Return the rows of the ledger of each of ``stories`` as the destination ``by`` may know them.

    What is kept is folded from the articles a story is made of; where others stand beside them, it is folded anew.
    """
    ids = [story.id for story in stories]
    rows = await store.ledgers.of(ids)
    if by is None or by == SHARED:
        return rows
    made = {story.id: set(story.article_ids) for story in await store.stories.get(ids, by=None)}
    for story in stories:
        if not set(story.article_ids) <= made[story.id]:
            revisions = await store.articles.revisions(story.article_ids)
            rows[story.id] = await run_blocking(replayed, story, revisions, timezone=timezone)
    return rows


def replayed(story: Story, revisions: Sequence[Article], *, timezone: str) -> tuple[LedgerEntry, ...]:
    """Return the rows that ``revisions`` give when they come in the order of their fetching."""
    entries: tuple[LedgerEntry, ...] = ()
    by_id: dict[str, Article] = {}
    ordered = sorted(revisions, key=lambda a: (a.fetched_at, a.place_in_time, a.revision))
    for moment, came in groupby(ordered, key=lambda a: a.fetched_at):
        by_id |= {article.id: article for article in came}
        entries += new_rows(story.id, list(by_id.values()), entries, at=moment, timezone=timezone)
    return entries

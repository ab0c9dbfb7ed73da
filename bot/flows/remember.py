"""Remember: bring the ledgers of stories up to what their articles say, by adding rows; or write them anew.

articles of a story ──fold──▶ ledger ──changes──▶ rows
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import structlog

from bot.errors import InputError, ParseError, StoreError, WorkerKilled
from bot.feeds.workers import WorkerPool
from bot.model.news import Article
from bot.model.scope import SHARED, Scope
from bot.model.story import LedgerEntry, Story
from bot.store import Store
from bot.stories.history import learned
from bot.stories.ledger import remembered

LONGEST_READING = 20.0  # seconds for one story
TRIES = 5  # against others who write the same ledgers

_log = structlog.get_logger()


async def remember(
    ids: Sequence[str], *, store: Store, now: datetime, timezone: str, workers: WorkerPool | None = None
) -> int:
    """Add to the ledgers of the stories ``ids`` what is new by ``now``; return how many rows that were.

    ``workers`` read the sentences, so that the loop goes on; a story they cannot read in time keeps its ledger.
    """
    for _ in range(TRIES):
        added = await _remember(ids, store=store, now=now, timezone=timezone, workers=workers)
        if added is not None:
            return added
        # Another was quicker: what it added is read before what is left to add.
    raise StoreError("The ledgers of some stories are written all the time", hint="Try again in a minute")


async def _remember(
    ids: Sequence[str], *, store: Store, now: datetime, timezone: str, workers: WorkerPool | None
) -> int | None:
    known = await store.ledgers.of(ids)
    stories = {story.id: story for story in await store.stories.get(ids, by=None)}
    added: list[LedgerEntry] = []
    for story in stories.values():
        articles = await store.articles.many(story.article_ids)
        await asyncio.sleep(0)
        read = remembered(articles)
        if workers is None:
            added += learned(story.id, read, known[story.id], at=now, timezone=timezone)
            continue
        try:
            added += await workers.run(
                learned, story.id, read, known[story.id], at=now, timezone=timezone, deadline=LONGEST_READING
            )
        except (ParseError, WorkerKilled) as error:
            _log.warning(
                "a story's ledger could not be brought up to date", story=story.id, reason=error.message
            )
    scopes = {story.id: story.scope for story in stories.values()}
    return len(added) if await store.ledgers.append(added, scopes=scopes) else None


async def rebuild(ids: Sequence[str], *, store: Store, timezone: str) -> int:
    """Write the ledgers of the stories ``ids`` anew from their articles, as they came; return the number of rows.

    Every moment at which an article came or was edited is lived through again with what was there then, so
    the same articles always give the same rows. Raises ``InputError`` naming an unknown story.
    """
    stories = {story.id: story for story in await store.stories.get(ids, by=None)}
    missing = [story_id for story_id in ids if story_id not in stories]
    if missing:
        raise InputError(f"There is no story {missing[0]!r}", hint="List them with: wirebrief stories")
    count = 0
    for story in stories.values():
        revisions = await store.articles.revisions(story.article_ids)
        entries = await asyncio.to_thread(replayed, story, revisions, timezone=timezone)
        await store.ledgers.replace(story.id, entries, scope=story.scope)
        count += len(entries)
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
            rows[story.id] = await asyncio.to_thread(replayed, story, revisions, timezone=timezone)
    return rows


def replayed(story: Story, revisions: Sequence[Article], *, timezone: str) -> tuple[LedgerEntry, ...]:
    """Return the rows that ``revisions`` give when they come in the order of their fetching."""
    entries: tuple[LedgerEntry, ...] = ()
    standing: dict[str, Article] = {}
    ordered = sorted(revisions, key=lambda a: (a.fetched_at, a.id, a.revision))
    for moment, came in groupby(ordered, key=lambda a: a.fetched_at):
        standing |= {article.id: article for article in came}
        entries += learned(story.id, list(standing.values()), entries, at=moment, timezone=timezone)
    return entries

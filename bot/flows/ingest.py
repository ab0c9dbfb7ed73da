"""Ingest: read every due feed, keep what is new, and place it in stories.

    due feeds ──read──▶ drafts ──dedupe──▶ articles ──cluster──▶ stories ──▶ ledgers

Reading runs side by side; keeping and placing run in one order (by date, then id), so the same news gives
the same stories. A crash between two steps loses nothing: unread entries are read again at the next poll,
and articles without a story are placed by the next ingest.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

import structlog

from bot.chat.feeds import feed_name
from bot.config import Fetch
from bot.feeds.address import canonical_url
from bot.feeds.polling import is_due
from bot.feeds.workers import WorkerPool
from bot.flows.place import keep, keys_of, place, stories_made_of
from bot.flows.reading import Draft, Poll, entry_hash, newest, poll_feed, read_entry
from bot.flows.remember import remember
from bot.flows.sites import known_outlets
from bot.language.outlets import Outlets
from bot.model.briefing import FeedFailure
from bot.model.ids import derive_id
from bot.model.news import Entry, Feed, FeedHealth
from bot.ports import Fetcher
from bot.store import IngestRun, KnownText, Store

BREATH = 20  # tasks begun before others get their turn

_log = structlog.get_logger()
T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and of how much."""
Fence = Callable[[], Awaitable[None]]
"""Raises ``LostLease`` when another process reads the feeds now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What one ingest did; ``failures`` names every feed that could not be read."""

    started_at: datetime
    finished_at: datetime
    feeds_due: int = 0
    feeds_read: int = 0
    articles_new: int = 0
    articles_edited: int = 0
    failures: tuple[FeedFailure, ...] = ()
    stories: tuple[str, ...] = field(default=())  # ids of those that gained an article


async def ingest(
    *,
    store: Store,
    fetcher: Fetcher,
    workers: WorkerPool,
    settings: Fetch,
    now: Callable[[], datetime],
    timezone: str = "UTC",
    pins: Mapping[str, str] | None = None,
    everything: bool = False,
    progress: Progress | None = None,
    fence: Fence | None = None,
) -> IngestReport:
    """Read the feeds that are due (all of them with ``everything``) and return what came of it.

    ``timezone`` is the zone in which the ledger's "today" is meant, ``pins`` are the operator's names of outlets by
    domain; ``fence`` is asked before anything is kept.
    """
    report = progress or (lambda _what, _done, _total: None)
    started = now()
    fence = fence or _nothing
    # Left behind by an ingest that was cut off: nobody has read them yet, so they come now.
    await store.articles.come_at(await store.articles.unplaced(), started)
    feeds, healths = await store.feeds.all(), await store.feeds.health()
    due = [f for f in feeds if everything or is_due(healths.get(f.id), started)]
    reader = _Reader(
        store=store,
        fetcher=fetcher,
        workers=workers,
        settings=settings,
        now=started,
        known=known_outlets(pins or {}, feeds),
        progress=report,
    )
    polls = await reader.poll(due, healths)
    drafts = await reader.read(polls)
    await fence()
    new, edited = await keep(drafts, store=store, now=started)
    # Health is kept last: a crash before this polls the feed again instead of skipping what it said.
    await store.feeds.save_polls([_learned(poll) for poll in polls])
    await fence()
    stories = await place(store=store, now=started)
    rewritten = await stories_made_of(edited, store=store)
    await remember(
        sorted({*stories, *rewritten}), store=store, now=started, timezone=timezone, workers=workers
    )
    failures = tuple(FeedFailure(feed=feed_name(p.feed), reason=p.failure) for p in polls if p.failure)
    for failure in failures:
        _log.warning("feed failed", feed=failure.feed, reason=failure.reason)
    result = IngestReport(
        started_at=started,
        finished_at=now(),
        feeds_due=len(due),
        feeds_read=len(due) - len(failures),
        articles_new=new,
        articles_edited=len(edited),
        failures=failures,
        stories=stories,
    )
    if due:
        await store.feeds.log(_run(result))
    return result


def _batched(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield ``values`` in runs of ``size``."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


async def _nothing() -> None:
    """Let everything pass: nobody else reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads many feeds and entries side by side; the fetcher and the workers bound how many."""

    store: Store
    fetcher: Fetcher
    workers: WorkerPool
    settings: Fetch
    now: datetime
    known: Outlets
    progress: Progress

    async def poll(self, feeds: Sequence[Feed], healths: dict[str, FeedHealth]) -> list[Poll]:
        done = 0
        polls: list[Poll] = []

        async def one(feed: Feed) -> None:
            nonlocal done
            poll = await poll_feed(
                feed,
                healths.get(feed.id) or FeedHealth(feed_id=feed.id),
                fetcher=self.fetcher,
                workers=self.workers,
                settings=self.settings,
                now=self.now,
                jitter=random.random(),  # noqa: S311 - spreads polls, guards nothing
            )
            done += 1
            self.progress("Reading feeds", done, len(feeds))
            polls.append(poll)

        async with asyncio.TaskGroup() as group:
            for some in _batched(feeds, BREATH):
                for feed in some:
                    group.create_task(one(feed))
                await asyncio.sleep(0)  # a thousand beginnings at once would hold the loop up
        return sorted(polls, key=lambda p: p.feed.id)

    async def read(self, polls: Sequence[Poll]) -> list[tuple[Draft, KnownText | None]]:
        """Return the entries that are new or were edited, as drafts beside what they were known as."""
        wanted: list[tuple[Poll, Entry, KnownText | None]] = []
        for poll in polls:
            if poll.document:
                wanted += [(poll, entry, known) for entry, known in await self._news(poll)]
        drafts: list[tuple[Draft, KnownText | None]] = []
        done = 0

        async def one(poll: Poll, entry: Entry, known: KnownText | None) -> None:
            nonlocal done
            assert poll.document  # noqa: S101 - only polls with a document are wanted
            draft = await read_entry(
                entry,
                feed=poll.feed,
                document=poll.document,
                fetcher=self.fetcher,
                workers=self.workers,
                settings=self.settings,
                now=self.now,
                known=self.known,
            )
            done += 1
            self.progress("Reading articles", done, len(wanted))
            if draft:
                drafts.append((draft, known))

        async with asyncio.TaskGroup() as group:
            for some in _batched(wanted, BREATH):
                for item in some:
                    group.create_task(one(*item))
                await asyncio.sleep(0)
        return sorted(drafts, key=lambda pair: (pair[0].article.published_at, pair[0].article.id))

    async def _news(self, poll: Poll) -> list[tuple[Entry, KnownText | None]]:
        assert poll.document  # noqa: S101 - checked by the caller
        entries = poll.document.entries
        first = poll.first
        if first:
            entries = newest(
                entries, limit=self.settings.first_poll_entries, key=lambda e: e.published or e.updated
            )
        keys = {
            id(e): keys_of(guid=e.guid, link=canonical_url(e.link), feed_id=poll.feed.id) for e in entries
        }
        known = await self.store.articles.known([k for ks in keys.values() for k in ks], poll.feed.scope)
        unknown = [k for ks in keys.values() for k in ks if not any(key in known for key in ks)]
        gone = await self.store.articles.gone(unknown, poll.feed.scope)
        news = []
        for entry in entries:
            match = next((known[key] for key in keys[id(entry)] if key in known), None)
            if match is None and any(key in gone for key in keys[id(entry)]):
                continue  # kept no more, though the feed lists it still
            if match is None or match.entry_hash != entry_hash(entry):
                news.append((entry, match))
        return news


def _learned(poll: Poll) -> tuple[Feed, FeedHealth]:
    feed, document = poll.feed, poll.document
    if document:
        feed = replace(
            feed,
            title=feed.title or document.title,
            site=feed.site or document.link,
            language=feed.language or document.language,
        )
    if poll.moved_to and poll.moved_to != feed.url:
        feed = replace(feed, moved_to=poll.moved_to)
    return feed, poll.health


def _run(report: IngestReport) -> IngestRun:
    return IngestRun(
        id=derive_id("ing", report.started_at.isoformat(), report.finished_at.isoformat()),
        started_at=report.started_at,
        finished_at=report.finished_at,
        feeds_due=report.feeds_due,
        feeds_read=report.feeds_read,
        articles_new=report.articles_new,
        articles_edited=report.articles_edited,
        failures=report.failures,
    )

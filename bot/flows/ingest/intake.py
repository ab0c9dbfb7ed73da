"""Read feeds concurrently, and store the articles of each as soon as it is read.

    feed ──poll──▶ entries ──new, edited──▶ drafts, a batch at a time ──▶ queue ──▶ kept ──▶ the feed's health kept
                                                                              └── full: readers wait

Memory holds a bounded number of batches, however many feeds there are. The health of a feed is stored after all its
articles: after a crash before that, the feed is polled again and nothing is lost.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from bot.chat.replies.feeds import feed_name
from bot.faults import Fault, Faults, together
from bot.feeds.article_date import newest
from bot.feeds.entries import Listed
from bot.flows.ingest.clustering.assign_stories import StoredArticles, store_articles
from bot.flows.ingest.identity import Pair, new_entries
from bot.flows.ingest.pages import FeedText, feed_texts, markup_of
from bot.flows.ingest.poll import READING_FEED, Poll, failed_poll, poll_feed
from bot.flows.ingest.reading import READING_ENTRY, ArticleDraft, entry_id, read_entry
from bot.flows.ingest.same_pages import without_same
from bot.flows.ingest.services import ReadingServices
from bot.language.outlets import Outlets
from bot.model.briefing import FeedFailure
from bot.model.news import Entry, Feed, FeedHealth
from bot.store import KnownText, SetAside, SetAsideKind, Store

MAX_CONCURRENT_FEEDS = 64  # read concurrently; the fetcher bounds how many are answered at once
ENTRIES_PER_BATCH = 25  # of one feed, read concurrently and kept together
MAX_QUEUED_BATCHES = 16  # batches that wait to be kept
MAX_HELD_POLLS = 500  # feeds without anything new that are kept in one write
MAX_BATCHES_PER_WRITE = 8  # batches that are kept at once
MAX_SHARED_WRITE_SECONDS = 0.2  # seconds that articles wait for more to share their write
STORING_FEED = "storing what a feed brought"

_log = structlog.get_logger()

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and of how much."""
LeaseCheck = Callable[[], Awaitable[None]]
"""Raises ``LostLease`` when another process reads the feeds now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeResult:
    """The results so far."""

    feeds_read: int = 0
    new: int = 0
    edited: tuple[str, ...] = ()
    failures: tuple[FeedFailure, ...] = ()
    folded: int = 0  # entries that only led to an article of another feed, GUID or address
    moves: tuple[tuple[Feed, Feed], ...] = ()  # feeds whose lasting address is another now: before, and after


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """Some of what a feed brought; with the ``last``, its health is kept."""

    poll: Poll
    drafts: tuple[Pair, ...] = ()
    unread: tuple[SetAside, ...] = ()
    last: bool = True

    @property
    def quiet(self) -> bool:
        """Whether there is nothing in it but when the feed was polled: should that be lost, it is polled again."""
        return not (self.drafts or self.unread or self.poll.document or self.poll.failure)


@dataclass(slots=True, kw_only=True)
class Intake:
    """Reads many feeds; ``report`` is called after each batch with the results so far."""

    store: Store
    services: ReadingServices
    now: datetime
    known: Outlets
    progress: Progress
    check_lease: LeaseCheck
    names: Mapping[str, str]  # of feeds, by id, as they are shown
    report: Callable[[IntakeResult], Awaitable[None]]
    faults: Faults = field(default_factory=Faults)
    came: IntakeResult = field(default_factory=IntakeResult)
    _earlier: dict[str, dict[str, SetAside]] = field(default_factory=dict)  # before this, by feed
    _set_aside_again: defaultdict[str, set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )  # and after it
    _before: Mapping[str, FeedHealth] = field(default_factory=dict)  # of feeds, by id
    _done: int = 0
    _folded: int = 0
    _wanted: int = 0

    async def read(self, feeds: Sequence[Feed], healths: dict[str, FeedHealth]) -> IntakeResult:
        """Read ``feeds``, store their articles, and return the result."""
        queue: asyncio.Queue[_Batch | None] = asyncio.Queue(maxsize=MAX_QUEUED_BATCHES)
        self._before = healths
        self._earlier = await self.store.set_aside.by_feed()
        polled = 0

        async def one(feed: Feed) -> None:
            nonlocal polled
            health = healths.get(feed.id) or FeedHealth(feed_id=feed.id)
            done = await self.faults.guard(self._read_feed(feed, health, queue), doing=READING_FEED)
            if isinstance(done, Fault):
                why = f"{done.sentence(READING_FEED)}."
                failed = failed_poll(feed, health, why, now=self.now, jitter=_jitter())
                await queue.put(_Batch(poll=failed))
            polled += 1
            self.progress("Reading feeds", polled, len(feeds))

        async def all_of_them() -> None:
            await self.faults.each(feeds, one, doing=READING_FEED, at_once=MAX_CONCURRENT_FEEDS)
            await queue.put(None)

        await together(all_of_them(), self._store_all(queue))
        failures = tuple(sorted(self.came.failures, key=lambda f: (f.feed, f.reason)))
        self.came = replace(self.came, failures=failures)
        return self.came

    async def _read_feed(self, feed: Feed, health: FeedHealth, queue: asyncio.Queue[_Batch | None]) -> None:
        poll = await poll_feed(
            feed,
            health,
            services=self.services,
            now=self.now,
            jitter=_jitter(),
        )
        wanted = await self._news(poll) if poll.document else []
        self._wanted += len(wanted)
        parts = [
            wanted[start : start + ENTRIES_PER_BATCH] for start in range(0, len(wanted), ENTRIES_PER_BATCH)
        ] or [[]]
        for number, part in enumerate(parts, 1):
            read = await self.faults.guard(self._feed_texts(poll, part), doing=READING_ENTRY)
            texts = [None] * len(part) if isinstance(read, Fault) else read
            found = await self.faults.each(
                zip(part, texts, strict=True),
                lambda one: self._read_entry(poll, *one),
                doing=READING_ENTRY,
                at_once=ENTRIES_PER_BATCH,
            )
            drafts: list[Pair] = []
            unread: list[SetAside] = []
            for (item, known), draft in zip(part, found, strict=True):
                if isinstance(draft, Fault):
                    unread.append(self._set_aside(poll.feed, item.entry, draft, READING_ENTRY))
                elif draft:
                    drafts.append((draft, known))
            last = number == len(parts)
            await queue.put(_Batch(poll=poll, drafts=tuple(drafts), unread=tuple(unread), last=last))

    async def _feed_texts(
        self, poll: Poll, part: Sequence[tuple[Listed, KnownText | None]]
    ) -> list[FeedText]:
        """Return the feed's own text of each entry of ``part``."""
        language = poll.document.language if poll.document else ""
        entries = [markup_of(item.entry, language=language) for item, _ in part]
        return await feed_texts(entries, services=self.services)

    async def _read_entry(
        self, poll: Poll, pair: tuple[Listed, KnownText | None], text: FeedText | None
    ) -> ArticleDraft | None:
        assert poll.document  # noqa: S101 - only polls with a document have entries
        try:
            return await read_entry(
                pair[0],
                feed_text=text
                or (await self._feed_texts(poll, [pair]))[0],  # by itself where all together met a fault
                feed=poll.feed,
                document=poll.document,
                services=self.services,
                now=self.now,
                known=self.known,
            )
        finally:
            self._done += 1
            self.progress("Reading articles", self._done, self._wanted)

    async def _news(self, poll: Poll) -> list[tuple[Listed, KnownText | None]]:
        """Return the entries that are new or were edited, beside what they are known as."""
        assert poll.document  # noqa: S101 - checked by the caller
        entries = poll.document.entries
        if poll.first:
            limit = self.services.settings.first_poll_entries
            entries = newest(entries, limit=limit, key=lambda e: e.published or e.updated)
        news = await new_entries(
            entries,
            feed=poll.feed,
            store=self.store,
            now=self.now,
            title=poll.document.title,
            outlets=self.known,
        )
        earlier, read = self._earlier.get(poll.feed.id, {}), []
        for item, match in news.read:
            before = earlier.get(entry_id(poll.feed, item.entry))
            if before and not before.waits:
                self._set_aside_again[poll.feed.id].add(before.id)
                continue  # it would fail again
            read.append((item, match))
        self._folded += news.folded
        return read

    def _set_aside(self, feed: Feed, entry: Entry, fault: Fault, doing: str) -> SetAside:
        return SetAside(
            id=entry_id(feed, entry),
            kind=SetAsideKind.ENTRY,
            title=entry.title,
            feed_id=feed.id,
            reason=fault.sentence(doing),
            at=self.now,
            scope=feed.scope,
        )

    async def _store_all(self, queue: asyncio.Queue[_Batch | None]) -> None:
        """Keep what comes through ``queue`` until it ends, several batches at once where they come together, and quiet ones in any case."""
        held: list[_Batch] = []
        quiet = True
        while True:
            some = await _come_together(queue)
            came = [one for one in some if one]
            held += came
            quiet = quiet and all(one.quiet for one in came)
            if some[-1] is None:
                break
            if len(held) >= MAX_HELD_POLLS or not quiet:
                await self._store(held)
                held, quiet = [], True
        if held:
            await self._store(held)

    async def _store(self, batches: Sequence[_Batch]) -> None:
        await self.check_lease()
        kept = await self.faults.guard(self._store_drafts(batches), doing=STORING_FEED)
        if isinstance(kept, Fault) and len(batches) > 1:
            for batch in batches:
                await self._store([batch])
            return
        unread = [one for batch in batches for one in batch.unread]
        polls = [batch.poll for batch in batches if batch.last]
        if isinstance(kept, Fault):
            polls, kept = [self._refused(batches[0].poll, kept)], StoredArticles()
        for batch in batches:
            for draft, _ in batch.drafts:
                if fault := kept.unkept.get(draft.article.id):
                    unread.append(self._unkept(batch.poll.feed, draft, fault))
        for one in unread:
            self._set_aside_again[one.feed_id].add(one.id)
        await self.store.set_aside.add(unread)
        for poll in polls:
            await self._end(poll)
        await self._save([self._with_document(poll) for poll in polls])
        for poll in polls:
            self._log_change(poll)
        self._count(kept, polls)
        await self.report(self.came)

    async def _store_drafts(self, batches: Sequence[_Batch]) -> StoredArticles:
        pairs = [pair for batch in batches for pair in batch.drafts]
        pairs = await without_same(pairs, store=self.store, faults=self.faults)
        return await store_articles(pairs, store=self.store, now=self.now, faults=self.faults)

    def _refused(self, poll: Poll, fault: Fault) -> Poll:
        why = f"{fault.sentence(STORING_FEED)}."
        return failed_poll(poll.feed, poll.before or poll.health, why, now=self.now, jitter=_jitter())

    def _unkept(self, feed: Feed, draft: ArticleDraft, fault: Fault) -> SetAside:
        article = draft.article
        return SetAside(
            id=draft.entry_id,
            kind=SetAsideKind.ENTRY,
            title=article.title,
            feed_id=feed.id,
            reason=fault.sentence("keeping an article"),
            at=self.now,
            scope=feed.scope,
        )

    async def _end(self, poll: Poll) -> None:
        """Remove the entries of a feed that are set aside no more: read now, or listed no more."""
        if poll.document:
            before = self._earlier.get(poll.feed.id, {}).values()
            entries = {one.id for one in before if one.kind is SetAsideKind.ENTRY}
            await self.store.set_aside.remove(entries - self._set_aside_again[poll.feed.id])

    async def _save(self, polls: list[tuple[Feed, FeedHealth]]) -> None:
        saved = await self.faults.guard(self.store.feeds.save_polls(polls), doing=STORING_FEED)
        if not isinstance(saved, Fault):
            return
        for feed, health in polls:
            one = await self.faults.guard(self.store.feeds.save_polls([(feed, health)]), doing=STORING_FEED)
            if isinstance(one, Fault):
                # What it says of itself cannot be kept; that it was polled can.
                why = f"{one.sentence(STORING_FEED)}."
                bare = replace(health, etag="", last_modified="", reason=why)
                await self.faults.guard(self.store.feeds.save_health(bare), doing=STORING_FEED)

    def _with_document(self, poll: Poll) -> tuple[Feed, FeedHealth]:
        feed, document, health = poll.feed, poll.document, poll.health
        if document:
            feed = replace(
                feed,
                title=feed.title or document.title,
                site=feed.site or document.link,
                language=feed.language or document.language,
            )
        return feed, health

    def _log_change(self, poll: Poll) -> None:
        """Log that a feed fails, or no longer does: once each, however often it is polled."""
        before = self._before.get(poll.feed.id)
        failures = before.failures if before else 0
        name = self.names.get(poll.feed.id) or feed_name(poll.feed)
        if poll.failure and not failures:
            _log.warning("feed failed", feed=name, reason=poll.failure)
        elif failures and not poll.failure:
            _log.info("feed recovered", feed=name, failures=failures)

    def _count(self, kept: StoredArticles, polls: Sequence[Poll]) -> None:
        news, self._folded = self._folded, 0
        failed = tuple(
            FeedFailure(feed=self.names.get(p.feed.id) or feed_name(p.feed), reason=p.failure)
            for p in polls
            if p.failure
        )
        moves = tuple((p.was, p.feed) for p in polls if p.was and p.was.moved_to != p.feed.moved_to)
        self.came = IntakeResult(
            feeds_read=self.came.feeds_read + len(polls) - len(failed),
            new=self.came.new + kept.new,
            edited=(*self.came.edited, *kept.edited),
            failures=(*self.came.failures, *failed),
            folded=self.came.folded + news + kept.folded,
            moves=(*self.came.moves, *moves),
        )


async def _come_together(queue: asyncio.Queue[_Batch | None]) -> list[_Batch | None]:
    """Return the next batch of ``queue`` with those that come shortly after it; None is the end."""
    some = [await queue.get()]
    with suppress(TimeoutError):
        async with asyncio.timeout(MAX_SHARED_WRITE_SECONDS):
            while len(some) < MAX_BATCHES_PER_WRITE and some[-1] is not None:
                some.append(await queue.get())
    return some


def _jitter() -> float:
    return random.random()  # noqa: S311 - spreads polls, guards nothing

"""Ingest: read every due feed, keep what is new, and place it in stories.

    due feeds ──read──▶ drafts ──dedupe──▶ articles ──cluster──▶ stories ──▶ ledgers

Reading runs side by side; keeping and placing run in one order (by date, then id), so the same news gives
the same stories. A crash between two steps loses nothing: unread entries are read again at the next poll,
and articles without a story are placed by the next ingest.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.config import Fetch
from bot.feeds.address import canonical_url
from bot.feeds.polling import is_due
from bot.feeds.workers import WorkerPool
from bot.flows.reading import Draft, Poll, entry_hash, newest, poll_feed, read_entry
from bot.flows.remember import remember
from bot.log import public_address
from bot.model.briefing import FeedFailure
from bot.model.ids import derive_id
from bot.model.news import Article, Entry, Feed, FeedHealth
from bot.model.story import Story
from bot.ports import Fetcher
from bot.store import IngestRun, KnownText, Placement, Store, StoredDraft
from bot.stories.cluster import Clusterer, Corpus, StoryProfile
from bot.stories.dedupe import (
    Known,
    ReprintIndex,
    fingerprint,
    originator,
    pack_fingerprint,
    unpack_fingerprint,
)
from bot.stories.features import features_of

REPRINT_WINDOW = timedelta(days=14)  # wire copy is reprinted within days
ASLEEP = timedelta(days=365)  # a story silent for longer is not compared with new articles

_log = structlog.get_logger()
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
    everything: bool = False,
    progress: Progress | None = None,
    fence: Fence | None = None,
) -> IngestReport:
    """Read the feeds that are due (all of them with ``everything``) and return what came of it.

    ``timezone`` is the zone in which the ledger's "today" is meant; ``fence`` is asked before anything is kept.
    """
    report = progress or (lambda _what, _done, _total: None)
    started = now()
    fence = fence or _nothing
    # Left behind by an ingest that was cut off: nobody has read them yet, so they come now.
    await store.articles.come_at(await store.articles.unplaced(), started)
    feeds, healths = await store.feeds.all(), await store.feeds.health()
    due = [f for f in feeds if everything or is_due(healths.get(f.id), started)]
    reader = _Reader(
        store=store, fetcher=fetcher, workers=workers, settings=settings, now=started, progress=report
    )
    polls = await reader.poll(due, healths)
    drafts = await reader.read(polls)
    await fence()
    new, edited = await _keep(drafts, store=store, now=started)
    # Health is kept last: a crash before this polls the feed again instead of skipping what it said.
    await store.feeds.save_polls([_learned(poll) for poll in polls])
    await fence()
    stories = await place(store=store, now=started)
    rewritten = await store.stories.of_articles(edited)
    await remember(sorted({*stories, *rewritten.values()}), store=store, now=started, timezone=timezone)
    failures = tuple(
        FeedFailure(feed=p.feed.title or public_address(p.feed.url), reason=p.failure)
        for p in polls
        if p.failure
    )
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


async def place(*, store: Store, now: datetime) -> tuple[str, ...]:
    """Place every article that is in no story yet; return the ids of the stories that gained one."""
    articles = await store.articles.many(await store.articles.unplaced())
    if not articles:
        return ()
    data = await store.stories.corpus()
    profiles = await store.stories.profiles(now - ASLEEP)
    clusterer = Clusterer(
        Corpus.from_bytes(data) if data else Corpus(),
        [StoryProfile.from_bytes(story_id, blob) for story_id, blob in profiles.items()],
    )
    await _know_groups(clusterer, articles, store=store, now=now)
    placements: list[Placement] = []
    for article in articles:
        # Clustering is pure computing: let the loop breathe between articles.
        await asyncio.sleep(0)
        found = clusterer.assign(features_of(article))
        placements.append(
            Placement(article_id=article.id, story_id=found.story_id, score=found.score, why=found.why)
        )
    touched = {p.story_id for p in placements}
    known = {story.id: story for story in await store.stories.get(sorted(touched))}
    stories = [_grown(sid, known.get(sid), articles, placements) for sid in sorted(touched)]
    await store.stories.save(
        stories,
        placements,
        profiles={sid: clusterer.profiles[sid].to_bytes() for sid in touched},
        corpus=clusterer.corpus.to_bytes(),
    )
    return tuple(sorted(touched))


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
            for feed in feeds:
                group.create_task(one(feed))
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
            )
            done += 1
            self.progress("Reading articles", done, len(wanted))
            if draft:
                drafts.append((draft, known))

        async with asyncio.TaskGroup() as group:
            for item in wanted:
                group.create_task(one(*item))
        return sorted(drafts, key=lambda pair: (pair[0].article.published_at, pair[0].article.id))

    async def _news(self, poll: Poll) -> list[tuple[Entry, KnownText | None]]:
        assert poll.document  # noqa: S101 - checked by the caller
        entries = poll.document.entries
        first = poll.first
        if first:
            entries = newest(
                entries, limit=self.settings.first_poll_entries, key=lambda e: e.published or e.updated
            )
        keys = {id(e): _keys(guid=e.guid, link=canonical_url(e.link), feed_id=poll.feed.id) for e in entries}
        known = await self.store.articles.known([k for ks in keys.values() for k in ks], poll.feed.scope)
        news = []
        for entry in entries:
            match = next((known[key] for key in keys[id(entry)] if key in known), None)
            if match is None or match.entry_hash != entry_hash(entry):
                news.append((entry, match))
        return news


async def _keep(
    drafts: Iterable[tuple[Draft, KnownText | None]], *, store: Store, now: datetime
) -> tuple[int, list[str]]:
    """Keep new articles and new revisions; return how many are new and which were edited.

    One article in two feeds is one.
    """
    index = ReprintIndex(
        Known(
            article_id=t.article_id,
            published_at=t.published_at,
            fingerprint=unpack_fingerprint(t.fingerprint),
            text_group=t.text_group,
            originator=t.originator,
        )
        for t in await store.articles.texts_since(now - REPRINT_WINDOW)
    )
    kept: dict[str, StoredDraft] = {}
    new = 0
    edited: list[str] = []
    for draft, known in drafts:
        article = draft.article
        if known:
            before = await store.articles.revision(known.article_id, known.revision)
            changed = before is None or (before.title, before.sentences) != (article.title, article.sentences)
            revision = known.revision + (1 if changed else 0)
            article = replace(article, id=known.article_id, revision=revision)
            if before and not changed:
                article = replace(article, fetched_at=before.fetched_at)
            edited += [article.id] if changed else []
        elif article.id in kept:
            continue
        else:
            new += 1
        kept[article.id] = _stored(article, draft, index)
        await asyncio.sleep(0)
    await store.articles.save(list(kept.values()))
    return new, edited


def _stored(article: Article, draft: Draft, index: ReprintIndex) -> StoredDraft:
    text = "\n".join(s.text for s in article.sentences)
    values = fingerprint(text)
    original = index.find(values)
    source = originator([s.text for s in article.sentences], author=article.author, outlet=article.outlet)
    if original and original.article_id != article.id:
        article = replace(article, text_group=original.text_group, originator=original.originator or source)
    else:
        article = replace(article, text_group=article.id, originator=source)
    index.add(
        Known(
            article_id=article.id,
            published_at=article.published_at,
            fingerprint=values,
            text_group=article.text_group,
            originator=article.originator,
        )
    )
    return StoredDraft(
        article=article,
        keys=_keys(guid=draft.guid, link=draft.link, feed_id=article.feed_id),
        entry_hash=draft.entry_hash,
        fingerprint=pack_fingerprint(values),
    )


def _keys(*, guid: str, link: str, feed_id: str) -> tuple[tuple[str, str], ...]:
    """Return what an entry is known by: its GUID within its feed, then its canonical link."""
    keys = (("guid", f"{feed_id}\n{guid}" if guid else ""), ("link", link))
    return tuple((kind, value) for kind, value in keys if value)


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


async def _know_groups(
    clusterer: Clusterer, articles: Sequence[Article], *, store: Store, now: datetime
) -> None:
    groups = {a.text_group for a in articles if a.text_group}
    texts = [t for t in await store.articles.texts_since(now - REPRINT_WINDOW) if t.text_group in groups]
    placed = await store.stories.of_articles([t.article_id for t in texts])
    for text in texts:
        if text.article_id in placed:
            clusterer.know_group(text.text_group, placed[text.article_id])


def _grown(
    story_id: str, known: Story | None, articles: Sequence[Article], placements: Sequence[Placement]
) -> Story:
    members = {p.article_id for p in placements if p.story_id == story_id}
    new = [a for a in articles if a.id in members]
    dates = [a.published_at for a in new] + ([known.first_at, known.last_at] if known else [])
    return Story(
        id=story_id,
        title=known.title if known else new[0].title,
        article_ids=(),
        first_at=min(dates),
        last_at=max(dates),
        scope=new[0].scope,
    )


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

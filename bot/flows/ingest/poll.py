"""Poll one feed: request its address and read the document.

Every failure is a value in the result, with its reason in one sentence.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import FetchError, FetchReason, ParseError, WorkerKilled
from bot.feeds.document.parse import MAX_FEED_BYTES, parse_feed
from bot.feeds.moves import address_to_ask, hashed, with_moves
from bot.feeds.polling import PolledDocument, after_failure, after_success, after_unchanged
from bot.feeds.private import without_keys
from bot.flows.ingest.services import ReadingServices
from bot.model.news import Feed, FeedDocument, FeedHealth
from bot.ports import FetchRequest, FetchResult

FEED_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
READING_FEED = "reading a feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """The result of one poll of a feed; ``failure`` is one sentence or empty."""

    feed: Feed
    health: FeedHealth
    document: FeedDocument | None = None  # None when it failed or did not change
    was: Feed | None = None  # as it was before the poll, where it answered
    failure: str = ""
    first: bool = False  # the feed never gave anything before
    before: FeedHealth | None = None  # as it was, where there is a document


async def poll_feed(
    feed: Feed,
    health: FeedHealth,
    *,
    services: ReadingServices,
    now: datetime,
    jitter: float,
) -> Poll:
    """Return the present document of ``feed``, or why there is none; ``jitter`` from 0 to 1 spreads the next poll.

    The old address of a moved feed is tried once a day; if it does not answer, the new one is read.
    """

    async def at(asked: str, health: FeedHealth) -> Poll:
        return await _poll_at(asked, feed, health, services=services, now=now, jitter=jitter)

    asked = address_to_ask(feed, health, now=now)
    poll = await at(asked, health)
    if poll.failure and feed.moved_to and asked != feed.moved_to:
        return await at(feed.moved_to, replace(health, old_asked=now))
    return poll


async def _poll_at(
    asked: str,
    feed: Feed,
    health: FeedHealth,
    *,
    services: ReadingServices,
    now: datetime,
    jitter: float,
) -> Poll:
    try:
        answer = await _answer(asked, health, services=services)
        moved, with_move = with_moves(feed, health, asked=asked, moved_to=answer.moved_to, now=now)
        body_hash = hashlib.sha256(answer.body).hexdigest() if answer.body else ""
        if answer.status == 304 or body_hash == health.body_hash != "":
            unchanged = after_unchanged(with_move, now=now, max_age=answer.max_age, jitter=jitter)
            return Poll(feed=moved, health=unchanged, was=feed)
        document = await services.workers.run(
            parse_feed,
            answer.body,
            url=answer.url,
            content_type=answer.content_type,
            charset=answer.charset,
            max_entries=services.settings.max_entries,
            deadline=services.settings.parse_deadline,
        )
        document = without_keys(document, replace(feed, moved_to=answer.url))
        document = without_common_change(document)
    except FetchError as error:
        gone = error.reason == FetchReason.GONE
        why, wait = error.message, error.retry_after
        return failed_poll(feed, health, why, now=now, retry_after=wait, gone=gone, jitter=jitter)
    except (ParseError, WorkerKilled) as error:
        return failed_poll(feed, health, error.message, now=now, jitter=jitter)
    good = after_success(
        replace(with_move, answered_by=hashed(answer.url)),
        now=now,
        document=PolledDocument(
            dates=[at for e in document.entries if (at := e.published or e.updated)],
            ttl=document.ttl,
            max_age=answer.max_age,
            etag=answer.etag,
            last_modified=answer.last_modified,
            body_hash=body_hash,
        ),
        jitter=jitter,
    )
    first = health.last_success is None
    return Poll(feed=moved, health=good, document=document, was=feed, first=first, before=health)


async def _answer(asked: str, health: FeedHealth, *, services: ReadingServices) -> FetchResult:
    """Return what ``asked`` answers; that nothing changed is believed of the address alone that answered before."""
    request = FetchRequest(
        url=asked,
        operator=True,
        accept=FEED_ACCEPT,
        etag=health.etag,
        last_modified=health.last_modified,
        max_bytes=MAX_FEED_BYTES,
        deadline=services.settings.feed_deadline,
    )
    answer = await services.fetcher.fetch(request)
    if answer.status == 304 and health.answered_by not in {"", hashed(answer.url)}:
        return await services.fetcher.fetch(replace(request, etag="", last_modified=""))
    return answer


def without_common_change(document: FeedDocument) -> FeedDocument:
    """Return ``document`` without a date of change that all entries share: it is the time at which the feed was written."""
    changed = {entry.updated for entry in document.entries}
    if len(changed) > 1 or len(document.entries) < 3 or not all(e.published for e in document.entries):
        return document
    return replace(document, entries=tuple(replace(e, updated=None) for e in document.entries))


def failed_poll(
    feed: Feed,
    health: FeedHealth,
    reason: str,
    *,
    now: datetime,
    retry_after: float | None = None,
    gone: bool = False,
    jitter: float = 0.0,
) -> Poll:
    """Return a failed poll of ``feed`` with ``reason``, one sentence."""
    bad = after_failure(health, now=now, reason=reason, retry_after=retry_after, gone=gone, jitter=jitter)
    return Poll(feed=feed, health=bad, failure=reason)

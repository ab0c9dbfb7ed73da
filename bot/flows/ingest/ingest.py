"""Ingest: read every due feed, store what is new, and assign it to stories.

    due feeds ──intake──▶ articles, kept feed by feed ──assign──▶ stories

Feeds are read concurrently and kept as they are done; stories are assigned afterwards in one order (by date, then id), so the same
news gives the same stories. A crash loses nothing: what was kept stays, unread entries are read again at the next
poll, and articles without a story are assigned by the next ingest. What meets an error that nobody expected costs only
itself: it is set aside, named in the health of its feed, and reported to admins once.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.chat.replies.feeds import feed_name, feed_names, move_sentence
from bot.faults import Faults
from bot.feeds.polling import is_due
from bot.flows.ingest.clustering.assign_stories import assign_stories
from bot.flows.ingest.clustering.reprints import COMPARING, rematch_reprints
from bot.flows.ingest.intake import Intake, IntakeResult, LeaseCheck, Progress
from bot.flows.ingest.services import ReadingServices
from bot.flows.ingest.sites import known_outlets
from bot.flows.notify import notifier, notify_of_faults
from bot.language.locale.en import counted
from bot.model.briefing import FeedFailure
from bot.store import IngestRun, Store

__all__ = ["IngestReport", "Progress", "ingest"]

MIN_REPORT_SECONDS = 1.0  # between two times that an ingest in progress keeps what it did so far


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """The result of one ingest; ``failures`` names every feed that could not be read."""

    started_at: datetime
    finished_at: datetime
    feeds_due: int = 0
    feeds_read: int = 0
    articles_new: int = 0
    articles_edited: int = 0
    failures: tuple[FeedFailure, ...] = ()
    stories: tuple[str, ...] = field(default=())  # ids of those that gained an article
    folded: int = 0  # entries that only led to an article of another feed, GUID or address
    set_aside: int = 0  # what cannot be processed, by this ingest and earlier ones


async def ingest(
    *,
    store: Store,
    services: ReadingServices,
    now: Callable[[], datetime],
    pins: Mapping[str, str] | None = None,
    everything: bool = False,
    retry: bool = False,
    progress: Progress | None = None,
    check_lease: LeaseCheck | None = None,
) -> IngestReport:
    """Read the feeds that are due (all of them with ``everything``) and return the result.

    Items that an earlier version set aside are tried again, with ``retry`` all items. ``pins`` are the operator's names of outlets by domain; ``check_lease`` is called
    before anything is stored.
    """
    started, check_lease = now(), check_lease or _nothing
    # Whatever is stored came before what is read now, whichever clock it was by.
    await store.times.correct(started)
    faults = Faults()
    await store.set_aside.retry(everything=retry)
    feeds, healths = await store.feeds.all(), await store.feeds.health()
    due = [f for f in feeds if everything or is_due(healths.get(f.id), started)]
    run = uuid.uuid4().hex

    async def log(came: IntakeResult, *, cut_off: bool = True) -> None:
        if due:
            await store.feeds.log(_run(run, came, due=len(due), at=(started, now()), cut_off=cut_off))

    last_said = -MIN_REPORT_SECONDS

    async def report(came: IntakeResult) -> None:
        nonlocal last_said
        at = asyncio.get_running_loop().time()
        if at - last_said >= MIN_REPORT_SECONDS:
            last_said = at
            await log(came)

    await log(IntakeResult())
    # Left by an interrupted ingest: these articles were not processed yet, so this ingest takes them.
    await store.articles.set_arrival(list(await store.articles.unassigned()), started)
    intake = Intake(
        store=store,
        services=services,
        now=started,
        known=known_outlets(pins or {}, feeds),
        progress=progress or (lambda _what, _done, _total: None),
        check_lease=check_lease,
        names=feed_names(feeds),
        report=report,
        faults=faults,
    )
    came = await intake.read(due, healths)
    await check_lease()
    stories = await assign_stories(store=store, now=started, workers=services.workers, faults=faults)
    await faults.guard(
        rematch_reprints(came.edited, store=store, now=started, faults=faults, workers=services.workers),
        doing=COMPARING,
    )
    await _name_in_health(store)
    await notify_of_faults(faults.all, notify=notifier(store=store, now=now), version=store.database.version)
    await _tell_moves(came, names=intake.names, store=store, now=now)
    await log(came, cut_off=False)
    return IngestReport(
        started_at=started,
        finished_at=now(),
        feeds_due=len(due),
        feeds_read=len(due) - len(came.failures),
        articles_new=came.new,
        articles_edited=len(came.edited),
        folded=came.folded,
        failures=came.failures,
        stories=stories,
        set_aside=await store.set_aside.count(),
    )


async def _nothing() -> None:
    """Return at once: no other process ingests."""


async def _name_in_health(store: Store) -> None:
    """Let the health of each feed that was read say what of it is set aside, and why."""
    by_feed = await store.set_aside.by_feed()
    healths = await store.feeds.health() if by_feed else {}
    for feed_id, things in by_feed.items():
        health = healths.get(feed_id)
        if health and not health.failures:
            one = next(iter(things.values()))
            count = counted(len(things), f"{one.kind.value} is", "articles are")
            await store.feeds.save_health(replace(health, reason=f"{count} set aside. {one.reason}."))


async def _tell_moves(
    came: IntakeResult, *, names: Mapping[str, str], store: Store, now: Callable[[], datetime]
) -> None:
    """Tell admins which feeds are read at another address from now on, each move once."""
    notify = notifier(store=store, now=now)
    for was, feed in came.moves:
        key = f"feed moved {feed.id} {now():%Y-%m-%d}"
        await notify(key, move_sentence(names.get(feed.id) or feed_name(feed), was, feed), feed.scope)


def _run(
    name: str, came: IntakeResult, *, due: int, at: tuple[datetime, datetime], cut_off: bool
) -> IngestRun:
    return IngestRun(
        id=name,
        started_at=at[0],
        finished_at=at[1],
        feeds_due=due,
        feeds_read=came.feeds_read,
        articles_new=came.new,
        articles_edited=len(came.edited),
        failures=came.failures,
        cut_off=cut_off,
    )

"""The running bot: the scheduler wakes it, the store says what is due, and chains of steps do the work.

scheduler, signals ──▶ create, claim in turn ──▶ chains: gather … record     every few minutes ──▶ chain: ingest
                                  │
leases: deliveries in work, this process, who reads the feeds ──┴──▶ when they run out, others go on
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import structlog

from bot.chat.failure_log import FailureLog
from bot.concurrency import QueuePlace
from bot.errors import StoreError, WirebriefError
from bot.flows.delivery.ahead import Preparer
from bot.flows.delivery.failing import notify_of_failing
from bot.flows.delivery.slots import deliver_due, queue_of
from bot.flows.delivery.warm_up import warm_up
from bot.flows.maintenance.uninstall import find_removals
from bot.flows.notify import Notify, post_notices
from bot.flows.updates.claims import CLAIM_PREFIX
from bot.ports import Chat
from bot.runtime.app import App
from bot.runtime.durable import Durable
from bot.runtime.monitoring.metrics import Metrics
from bot.runtime.queue_room import QueueRoom
from bot.runtime.reading import read_feeds
from bot.runtime.scheduler import Waker, WakeScheduler, timetable_of
from bot.store.signals import Signal

LEASE_RENEWAL_SECONDS = 8.0  # seconds between renewals of leases, which last 30
# Slots, signals and leases that run out have their moments; these are for changes without a signal, and for clocks that were set.
TICK_SECONDS = 20.0  # seconds between ticks: looks for what is due or was left
NOTICES_SECONDS = 20.0  # seconds between looks for notices, and for what has failed long enough to be one
# A new parser process and a first briefing take two seconds of a processor, for which those of a scheduled time would wait.
WARM_UP_SECONDS = 30.0  # seconds between looks whether they are needed
FIRST_WARM_UP_SECONDS = 2.0  # seconds after the start, which may be just before a scheduled time
WARM_UP_LEAD_TIME = timedelta(seconds=75)  # before a scheduled time, from which they are
REFRESH_SECONDS = 60.0  # seconds until the scheduler knows a new subscription without a signal
NOTICES_LEASE_DURATION = timedelta(minutes=2)  # for which one process alone sends notices
NOTICE_RETRY_SECONDS, MAX_NOTICE_WAIT_SECONDS = 10.0, 900.0  # until notices that failed are sent again
PROCESS_LEASE_DURATION = timedelta(seconds=30)
NEW_FEEDS_SECONDS = 60.0  # seconds between looks for feeds that were never read and are due
# Articles, subscriptions and slots that come near have their moments; this is for a model that answers again.
PREPARE_SECONDS = 120.0  # seconds between looks for stories to be read ahead of a slot
REMOVAL_CHECK_SECONDS = 600.0  # seconds between looks at places not seen since the start
# Interval for the other places; removals during a connection arrive as events.
REMOVAL_RECHECK_INTERVAL = timedelta(hours=6)
WORKFLOW_RETENTION = timedelta(days=7)  # kept after they began; no chain lasts so long

_log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Service:
    """One process of the running bot."""

    app: App
    durable: Durable
    scheduler: WakeScheduler
    chats: Mapping[str, Chat]
    metrics: Metrics
    notify: Notify
    preparer: Preparer
    name: str
    began: datetime
    started: float = field(default_factory=time.monotonic)
    last_tick: float = 0.0  # when the last tick succeeded, on the monotonic clock
    problem: str = ""  # why the last tick failed
    caches: list[Callable[[], None]] = field(
        default_factory=list
    )  # each drops what this process keeps in memory
    forgotten: str | None = None  # the mark of the newest deletion that this process knows
    scraping: asyncio.Lock = field(default_factory=asyncio.Lock)
    _ticked_at: datetime | None = None  # the time of the newest tick, by the clock that may be set back
    _failures: FailureLog = field(default_factory=FailureLog)
    _ticking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _sending_notices: asyncio.Lock = field(default_factory=asyncio.Lock)
    _ticker: Waker = field(init=False)
    _wakers: Mapping[Signal, Waker] = field(init=False)
    _preparing: Waker = field(init=False)
    _next_tick: asyncio.TimerHandle | None = None
    _next_near: asyncio.TimerHandle | None = None
    _hearing: AsyncExitStack = field(default_factory=AsyncExitStack)
    _notice_wait: float = 0.0  # seconds, after notices could not be sent
    _no_notices_until: float = 0.0  # on the monotonic clock

    def __post_init__(self) -> None:
        self._ticker = Waker(self.tick)
        self._preparing = Waker(self.prepare)
        self._wakers = {
            Signal.ARTICLES: self._preparing,
            Signal.DELIVERIES: self._ticker,
            Signal.FORGOTTEN: self._ticker,
            Signal.SUBSCRIPTIONS: Waker(self.refresh),
            Signal.NOTICES: Waker(self.send_notices),
            Signal.FEEDS: Waker(self.ingest_new_feeds),
        }
        self.durable.on_room = self._ticker.wake

    async def begin(self) -> None:
        """Process what is due or was interrupted, then start the scheduler."""
        await self.tick()
        await self.refresh()
        run = self.app.config.run
        self.scheduler.every(TICK_SECONDS, self.tick, name="tick")
        self.scheduler.every(LEASE_RENEWAL_SECONDS, self.renew, name="renew")
        self.scheduler.every(REFRESH_SECONDS, self.refresh, name="refresh")
        self.scheduler.every(WARM_UP_SECONDS, self.warm_up, name="warm up", first=FIRST_WARM_UP_SECONDS)
        self.scheduler.every(NOTICES_SECONDS, self.send_notices, name="notices")
        self.scheduler.every(run.ingest_minutes * 60, self.ingest, name="ingest")
        self.scheduler.every(NEW_FEEDS_SECONDS, self.ingest_new_feeds, name="new feeds")
        if self.app.model and run.prepare_minutes:
            self.scheduler.every(PREPARE_SECONDS, self.prepare, name="prepare")
        self.scheduler.every(REMOVAL_CHECK_SECONDS, self.check_removals, name="removals", jitter=60)
        self.scheduler.every(6 * 3600, self.prune, name="prune", jitter=600)
        self.scheduler.start()
        subscription = self.app.store.database.signals.subscribed(lambda signal: self._wakers[signal].wake())
        await self._hearing.enter_async_context(subscription)
        await self.renew()
        await self.ingest()

    async def read(self) -> None:
        """Read the feeds that are due, and return when this is done."""
        await read_feeds(self.app, self.metrics)

    async def stop(self) -> None:
        """Start nothing more; return when nothing but chains is at work."""
        await self.scheduler.stop()
        await self._hearing.aclose()
        for waker in self._wakers.values():
            await waker.stop()
        for timer in (self._next_tick, self._next_near):
            if timer:
                timer.cancel()
        self.preparer.stop()

    async def end(self) -> None:
        """Start nothing more, finish deliveries within the time limit, release what is held."""
        await self.stop()
        left = await self.durable.drain(self.app.config.run.stop_seconds)
        if left:
            _log.warning("stopped during deliveries", deliveries=left)
        await self._give_back()
        await self.app.store.leases.release(f"replica {self.name}", holder=self.name)

    async def _give_back(self) -> None:
        """Let other processes have at once what waits for a place here; what is within a step is looked up in its time."""
        held = self.durable.held("deliver")
        within = {run.subject for run in self.durable.active}
        waiting = {subject: epoch for subject, epoch in held.items() if subject not in within}
        try:
            if waiting:
                await self.app.store.deliveries.renew(waiting, self.app.now(), lasting=timedelta())
        except StoreError as error:
            _log.warning("leases could not be released", reason=error.message)

    async def tick(self) -> None:
        """Create the deliveries that are due and claim those without a lease; after a failure the next tick tries again."""
        async with self._ticking:
            try:
                now = self.app.now()
                if self._ticked_at is None or now < self._ticked_at:
                    await self._correct_times(now)
                self._ticked_at = now
                await self._clear_caches()
                grace = timedelta(hours=self.app.config.run.grace_hours)
                created, started = await deliver_due(
                    store=self.app.store,
                    now=now,
                    grace=grace,
                    start=self._start,
                    room=QueueRoom(self.durable),
                    platforms=list(self.chats),
                )
                await self._recover(now)
                free = await self.app.store.deliveries.next_free(now)
            except Exception as error:  # noqa: BLE001 - DBOS raises what its database raises
                before = self.problem
                self.problem = _reason_of(error)
                if self.problem != before:  # a database that is away would fill the log
                    _log.error(
                        "scheduler tick failed",
                        reason=self.problem,
                        exc_info=not isinstance(error, StoreError),
                    )
                return
            if self.problem:
                _log.info("scheduler recovered", seconds=round(time.monotonic() - self.last_tick))
            self.last_tick, self.problem = time.monotonic(), ""
            self._tick_again(free - now if free else None)
            if created:
                self._preparing.wake()  # the next slots of these may be near as well
            if created or started:
                _log.debug("deliveries started", subscriptions=created, deliveries=started)

    def _tick_again(self, after: timedelta | None) -> None:
        """Tick once more when a lease runs out, should that be before the next tick."""
        if self._next_tick:
            self._next_tick.cancel()
        self._next_tick = self._after(after, TICK_SECONDS, self._ticker)

    def _after(self, wait: timedelta | None, limit: float, waker: Waker) -> asyncio.TimerHandle | None:
        """Wake ``waker`` after ``wait``, should that be within ``limit`` seconds, when it is woken anyway."""
        if not wait or wait.total_seconds() >= limit or self.durable.stopping:
            return None
        return asyncio.get_running_loop().call_later(wait.total_seconds(), waker.wake)

    def _warn(self, event: str, error: Exception) -> None:
        """Log repeated attempts at growing intervals, with the number of omitted lines."""
        self._failures.warn(event, reason=_reason_of(error))

    async def renew(self) -> None:
        """Renew the leases of this process and of its deliveries."""
        now = self.app.now()
        try:
            name = f"replica {self.name}"
            leases = self.app.store.leases
            if not await leases.renew(name, holder=self.name, now=now, lasting=PROCESS_LEASE_DURATION):
                await leases.acquire(name, holder=self.name, now=now, lasting=PROCESS_LEASE_DURATION)
            if held := self.durable.held("deliver"):
                await self.app.store.deliveries.renew(held, now)
        except StoreError as error:
            self._warn("leases could not be renewed", error)

    async def refresh(self) -> None:
        """Give the scheduler the timetables of all active subscriptions."""
        try:
            names = await self.app.store.subscriptions.timetables()
        except StoreError as error:
            self._warn("timetables could not be read", error)
            return
        self.scheduler.at_slots({name: timetable_of(name) for name in names}, self.tick)
        self._preparing.wake()

    async def send_notices(self) -> None:
        """Send the unsent notices to admins; after a failure try again with doubled waits."""
        if time.monotonic() < self._no_notices_until:
            return
        store, now = self.app.store, self.app.now
        try:
            await notify_of_failing(store=store, now=now(), notify=self.notify)
            # The signal of a new notice comes while others are being sent, here or by another process.
            async with self._sending_notices:
                lasting = NOTICES_LEASE_DURATION
                async with store.leases.hold("notices", holder=self.name, now=now, lasting=lasting) as held:
                    if not held:
                        return  # by another process, or by one that was killed meanwhile; looked at again soon
                    _, failed = await post_notices(
                        store=store, chats=self.chats, channel=self.app.admin_channel
                    )
        except StoreError as error:
            self._warn("notices could not be sent", error)
            return
        self._notice_wait = (
            min(MAX_NOTICE_WAIT_SECONDS, max(NOTICE_RETRY_SECONDS, 2 * self._notice_wait)) if failed else 0.0
        )
        self._no_notices_until = time.monotonic() + self._notice_wait

    async def ingest(self) -> None:
        """Start the ingest of this period; it runs once, however many processes ask."""
        period = self.app.config.run.ingest_minutes * 60
        try:
            number = await self._number(period)
            await self.durable.start("ingest", number, 0, QueuePlace(queue="ingest"))
        except Exception as error:  # noqa: BLE001 - DBOS raises what its database raises
            self._warn("ingest could not be started", error)

    async def ingest_new_feeds(self) -> None:
        """Start an ingest if a feed that was never read is due; somebody waits for it."""
        try:
            now = self.app.now()
            if await self.app.store.feeds.first_try_due(now):
                number = f"first {await self._number(NEW_FEEDS_SECONDS)}"
                await self.durable.start("ingest", number, 0, QueuePlace(queue="ingest"))
        except Exception as error:  # noqa: BLE001 - DBOS raises what its database raises
            self._warn("ingest could not be started", error)

    async def _number(self, period: float) -> str:
        """Return the number of the present ``period`` (seconds), the same in each process, and another where a clock was set back into it."""
        number = str(int(self.app.now().timestamp() // period))
        corrected = await self.app.store.times.corrected_at()
        return f"{number} {corrected.isoformat()}" if corrected else number

    async def prepare(self) -> None:
        """Start a round of reading ahead when a slot is near; it runs once, however many processes ask."""
        if not (self.app.model and self.preparer.minutes):
            return
        try:
            near = await self.preparer.next_near()  # before: a slot that comes near meanwhile is a cause then
            if cause := await self.preparer.cause():
                number = f"{cause} {await self._number(PREPARE_SECONDS)}"
                await self.durable.start("prepare", number, 0, QueuePlace(queue="prepare"))
        except Exception as error:  # noqa: BLE001 - DBOS raises what its database raises
            self._warn("reading ahead could not be started", error)
            return
        if self._next_near:
            self._next_near.cancel()
        self._next_near = self._after(near, PREPARE_SECONDS, self._preparing)

    async def warm_up(self) -> None:
        """Have a parser process ready if a scheduled time is near, and what its briefings need; with a model stories are read ahead."""
        due = self.scheduler.next_slot()
        if due is None or due - datetime.now(UTC) > WARM_UP_LEAD_TIME:
            return
        try:
            await self.app.workers.have_one()
            if not self.app.model:
                await warm_up(self.preparer.composer, lead_time=WARM_UP_LEAD_TIME)
        except Exception as error:  # noqa: BLE001 - at the scheduled time it is handled, and told
            self._warn("a briefing could not be made ahead", error)

    async def check_removals(self) -> None:
        """Check from which places the bot was removed while it was not connected: all at the start, then at intervals."""
        now = self.app.now()
        try:
            await find_removals(
                store=self.app.store,
                chats=self.chats,
                now=now,
                unseen_since=max(self.began, now - REMOVAL_RECHECK_INTERVAL),
            )
        except StoreError as error:
            self._warn("removals could not be checked", error)

    async def prune(self) -> None:
        """Delete data that is older than its retention time."""
        try:
            await self.app.prune()
            await self.durable.prune(before=self.app.now() - WORKFLOW_RETENTION)
            for claim in await self.app.store.leases.run_out(CLAIM_PREFIX, now=self.app.now()):
                await self.app.store.leases.drop(claim, now=self.app.now())
        except Exception as error:  # noqa: BLE001 - DBOS raises what its database raises
            _log.warning("old rows could not be removed", reason=error)

    async def _correct_times(self, now: datetime) -> None:
        """Move what was stored by a clock that ran ahead and was set back."""
        if await self.app.store.times.correct(now):
            _log.warning("the clock was set back: stored times ahead of it were moved to now")
            await self.refresh()

    async def _clear_caches(self) -> None:
        """Clear the caches of this process where data was deleted, by whichever process."""
        mark = await self.app.store.last_forgotten()
        if mark != self.forgotten:
            for clear in self.caches:
                clear()
            self.forgotten = mark

    async def _recover(self, now: datetime) -> None:
        leases = self.app.store.leases
        for lease in await leases.run_out("replica ", now=now):
            executor = lease.removeprefix("replica ")
            # Our own runs out when the clock is set or the machine slept: it is renewed in a moment.
            if executor != self.name and await leases.drop(lease, now=now):
                _log.warning("taking over the work of a process that ended", process=executor)
                await self.durable.recover(executor)

    async def _start(self, subject: str, epoch: int, place: QueuePlace) -> None:
        # A platform that is no longer configured has no queue: its delivery fails in another one, and admins are notified.
        queues = [queue_of(platform) for platform in self.chats]
        known = place if place.queue in queues else replace(place, queue=queues[0])
        await self.durable.start("deliver", subject, epoch, known)


def _reason_of(error: Exception) -> str:
    return error.message if isinstance(error, WirebriefError) else type(error).__name__

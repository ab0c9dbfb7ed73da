"""Wake the bot with APScheduler at scheduled times, at regular intervals, and on demand."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.concurrency import end_tasks
from bot.schedule import Timetable, slots

CLOCK_CHECK_SECONDS = 5.0  # seconds between two looks whether the clock was set
MIN_CLOCK_STEP_SECONDS = 2.0  # by which it was set, so that jobs begin anew; less is made up for by ticks

Wake = Callable[[], Awaitable[object]]


class ClockSteps:
    """Tells whether the clock was set, by comparing it with one that nobody sets."""

    def __init__(self) -> None:
        self._ahead: float | None = None

    def was_set(self, wall: float, monotonic: float) -> bool:
        """Tell whether between this call and the one before the clock went by other seconds than passed."""
        ahead, before = wall - monotonic, self._ahead
        self._ahead = ahead
        return before is not None and abs(ahead - before) > MIN_CLOCK_STEP_SECONDS


class SlotTrigger(BaseTrigger):  # type: ignore[misc]
    """Triggers at each slot of a timetable once, also at changes between summer and winter time."""

    def __init__(self, timetable: Timetable) -> None:
        self._timetable = timetable

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """Return the first slot after ``now`` and after the one fired last."""
        after = max(previous, now) if previous else now
        slot = next(slots(self._timetable, after=after.astimezone(UTC)), None)
        return slot.due if slot else None


class WakeScheduler:
    """Wakes the bot at slots and at intervals; a wake that is still running is not started again."""

    def __init__(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": AsyncIOExecutor()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        self._timetables: set[str] = set()
        self._tasks: set[asyncio.Task[Any]] = set()  # wakes that run, and what follows the clock
        self._stopped = False

    def start(self) -> None:
        """Start the scheduler."""
        self._scheduler.start()
        self._tasks.add(asyncio.create_task(self._follow_clock()))

    async def stop(self) -> None:
        """Wake nothing any more; return when the wakes that run, which are cancelled, have ended."""
        self._stopped = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        await end_tasks(self._tasks)

    def _kept(self, wake: Wake) -> Wake:
        """Return ``wake``, which can then be waited for: APScheduler only cancels."""

        async def run() -> None:
            task = asyncio.current_task()
            if self._stopped or task is None:
                return
            self._tasks.add(task)
            try:
                await wake()
            finally:
                self._tasks.discard(task)

        return run

    def every(
        self, seconds: float, wake: Wake, *, name: str, jitter: float = 0.0, first: float | None = None
    ) -> None:
        """Wake every ``seconds``, the first time after as long, or after ``first`` seconds."""
        begin = None if first is None else datetime.now(UTC) + timedelta(seconds=first)
        trigger = IntervalTrigger(seconds=seconds, jitter=jitter or None, start_date=begin, timezone=UTC)
        self._scheduler.add_job(self._kept(wake), trigger, id=name)

    async def _follow_clock(self) -> None:
        steps = ClockSteps()
        while True:
            await asyncio.sleep(CLOCK_CHECK_SECONDS)
            if steps.was_set(time.time(), time.monotonic()):
                self.begin_anew()

    def begin_anew(self) -> None:
        """Wake everything now, and from now on: the next times were computed from a clock that has been set since.

        Until then nothing would happen, neither a tick nor an ingest, for as many hours as it was set back.
        """
        now = datetime.now(UTC)
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=now)

    def next_slot(self) -> datetime | None:
        """Return the next scheduled time of any timetable, None if there is none."""
        due = (self._scheduler.get_job(f"slots {name}") for name in self._timetables)
        return min((job.next_run_time for job in due if job and job.next_run_time), default=None)

    def at_slots(self, timetables: Mapping[str, Timetable], wake: Wake) -> None:
        """Wake at the slots of ``timetables``, by name, and of no others."""
        for name in self._timetables - timetables.keys():
            self._scheduler.remove_job(f"slots {name}")
        for name in timetables.keys() - self._timetables:
            # A hair after the slot: the store compares with the same clock.
            self._scheduler.add_job(
                self._kept(wake),
                SlotTrigger(timetables[name]),
                id=f"slots {name}",
                next_run_time=_first(timetables[name]),
            )
        self._timetables = set(timetables)


class Waker:
    """Runs ``do`` on demand: at once, never twice at a time, and once for all demands before it begins."""

    def __init__(self, do: Wake) -> None:
        self._do = do
        self._lock = asyncio.Lock()
        self._waiting: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = False

    def wake(self) -> None:
        """Run it as soon as it is not running."""
        if self._waiting or self._stopped:
            return
        self._waiting = asyncio.create_task(self._once())
        self._tasks.add(self._waiting)
        self._waiting.add_done_callback(self._tasks.discard)

    async def _once(self) -> None:
        async with self._lock:
            self._waiting = None
            await self._do()

    async def stop(self) -> None:
        """Never run it again; return when it has ended, for which it is cancelled."""
        self._stopped = True
        await end_tasks(self._tasks)


def _first(timetable: Timetable) -> datetime | None:
    slot = next(slots(timetable, after=datetime.now(UTC) - timedelta(seconds=1)), None)
    return slot.due if slot else None


def timetable_of(name: str) -> Timetable:
    """Return the timetable that a subscription's row names."""
    lines, zone = name.rsplit(" ", 1)
    return Timetable(lines=tuple(lines.split(";")), zone=zone)

"""Wake the bot with APScheduler at scheduled times, at regular intervals, and on demand."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.schedule import Timetable, slots

Wake = Callable[[], Awaitable[object]]


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

    def start(self) -> None:
        """Start the scheduler."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop the scheduler."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def every(
        self, seconds: float, wake: Wake, *, name: str, jitter: float = 0.0, first: float | None = None
    ) -> None:
        """Wake every ``seconds``, the first time after as long, or after ``first`` seconds."""
        begin = None if first is None else datetime.now(UTC) + timedelta(seconds=first)
        trigger = IntervalTrigger(seconds=seconds, jitter=jitter or None, start_date=begin, timezone=UTC)
        self._scheduler.add_job(wake, trigger, id=name)

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
                wake,
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

    def wake(self) -> None:
        """Run it as soon as it is not running."""
        if self._waiting:
            return
        self._waiting = asyncio.create_task(self._once())
        self._tasks.add(self._waiting)
        self._waiting.add_done_callback(self._tasks.discard)

    async def _once(self) -> None:
        async with self._lock:
            self._waiting = None
            await self._do()

    def stop(self) -> None:
        """Never run it again."""
        for task in self._tasks:
            task.cancel()


def _first(timetable: Timetable) -> datetime | None:
    slot = next(slots(timetable, after=datetime.now(UTC) - timedelta(seconds=1)), None)
    return slot.due if slot else None


def timetable_of(name: str) -> Timetable:
    """Return the timetable that a subscription's row names."""
    lines, zone = name.rsplit(" ", 1)
    return Timetable(lines=tuple(lines.split(";")), zone=zone)

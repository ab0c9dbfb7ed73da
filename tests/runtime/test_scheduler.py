"""The clock over real timers, and its trigger over every change of clocks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.runtime import scheduler
from bot.runtime.scheduler import ClockSteps, SlotTrigger, Waker, WakeScheduler
from bot.schedule import Timetable, read_timetable, slots

pytestmark = pytest.mark.slow


def test_the_trigger_gives_exactly_the_slots_each_once():
    timetable = read_timetable("daily 02:30 Europe/Berlin")
    trigger = SlotTrigger(timetable)
    now, previous, fired = datetime(2025, 3, 28, tzinfo=UTC), None, []
    while now < datetime(2025, 4, 2, tzinfo=UTC):
        previous = trigger.get_next_fire_time(previous, now)
        now = previous
        fired.append(previous)
    wanted = [
        slot.due
        for slot, _ in zip(slots(timetable, after=datetime(2025, 3, 28, tzinfo=UTC)), fired, strict=False)
    ]
    assert fired == wanted
    assert len(set(fired)) == len(fired)


def test_a_clock_set_back_does_not_fire_a_slot_again():
    trigger = SlotTrigger(read_timetable("daily 07:30 UTC"))
    fired = datetime(2025, 3, 10, 7, 30, tzinfo=UTC)
    assert trigger.get_next_fire_time(fired, fired - timedelta(hours=3)) == fired + timedelta(days=1)


async def test_the_first_wake_may_come_before_the_interval_is_over():
    clock, woken = WakeScheduler(), asyncio.Event()

    async def wake():
        woken.set()

    clock.every(3600, wake, name="wake", first=0.01)
    clock.start()
    async with asyncio.timeout(60):
        await woken.wait()
    await clock.stop()


async def test_it_wakes_at_intervals_and_never_twice_at_once():
    clock, woken, inside, enough = WakeScheduler(), [], [], asyncio.Event()

    async def wake():
        assert not inside
        inside.append(1)
        await asyncio.sleep(0.12)
        woken.append(1)
        inside.clear()
        if len(woken) == 3:
            enough.set()

    clock.every(0.05, wake, name="wake")
    clock.start()
    try:
        async with asyncio.timeout(120):
            await enough.wait()
    finally:
        await clock.stop()


async def test_the_next_scheduled_time_is_the_soonest_of_all_timetables():
    clock = WakeScheduler()
    clock.start()
    try:
        assert clock.next_slot() is None
        hourly, yearly = read_timetable("0 * * * * UTC"), read_timetable("30 6 1 1 * UTC")
        clock.at_slots({"hourly": hourly, "yearly": yearly}, asyncio.Event().wait)
        assert clock.next_slot() - datetime.now(UTC) <= timedelta(hours=1)
        clock.at_slots({"yearly": yearly}, asyncio.Event().wait)
        due = clock.next_slot()
        assert (due.month, due.day, due.hour, due.minute) == (1, 1, 6, 30)
    finally:
        await clock.stop()


async def test_timetables_come_and_go_while_it_runs():
    clock, woken = WakeScheduler(), asyncio.Event()

    async def wake():
        woken.set()

    clock.start()
    try:
        clock.at_slots({"a": read_timetable("daily 07:30 UTC"), "b": read_timetable("daily 08:30 UTC")}, wake)
        clock.at_slots({"b": read_timetable("daily 08:30 UTC")}, wake)
        # Every second of this minute and the next: of a whole day there would be too many to read.
        soon = [datetime.now(UTC) + timedelta(minutes=m) for m in (0, 1)]
        every_second = Timetable(lines=tuple(f"* {at:%M %H} * * *" for at in soon), zone="UTC")
        clock.at_slots({"c": every_second}, wake)
        async with asyncio.timeout(120):
            await woken.wait()
    finally:
        await clock.stop()


def test_a_clock_that_was_set_is_told_from_one_that_goes():
    steps = ClockSteps()
    seen = [(100.0, 0.0), (105.0, 5.0), (110.5, 10.0), (18_115.0, 15.0), (18_120.0, 20.0), (125.0, 25.0)]
    assert [steps.was_set(*moment) for moment in seen] == [False, False, False, True, False, True]


async def test_a_running_scheduler_sees_that_the_clock_was_set(monkeypatch):
    wall, woken, looked = [18_000.0], asyncio.Event(), asyncio.Event()

    def seen():
        looked.set()
        return wall[0]

    monkeypatch.setattr(scheduler, "CLOCK_CHECK_SECONDS", 0.0)
    monkeypatch.setattr(scheduler, "time", SimpleNamespace(time=seen, monotonic=lambda: 0.0))
    clock = WakeScheduler()

    async def wake():
        woken.set()

    clock.every(3600, wake, name="wake")
    clock.start()
    try:
        async with asyncio.timeout(60):
            await looked.wait()
            wall[0] = 0.0
            await woken.wait()
    finally:
        await clock.stop()


async def test_after_the_clock_was_set_back_nothing_waits_for_the_time_it_had_shown():
    clock, woken = WakeScheduler(), {name: asyncio.Event() for name in ("often", "slots")}

    def wake(name):
        async def set_it():
            woken[name].set()

        return set_it

    clock.every(3600, wake("often"), name="often", first=5 * 3600)
    clock.at_slots({"yearly": read_timetable("30 6 1 1 * UTC")}, wake("slots"))
    clock.start()
    try:
        clock.begin_anew()
        async with asyncio.timeout(60):
            for event in woken.values():
                await event.wait()
        assert clock._scheduler.get_job("often").next_run_time - datetime.now(UTC) <= timedelta(hours=1)
        due = clock.next_slot()
        assert (due.month, due.day, due.hour, due.minute) == (1, 1, 6, 30)
    finally:
        await clock.stop()


@pytest.mark.parametrize("times", ["0 7 29 2 *", "0 0 1 1 *"])
def test_a_slot_years_away_is_found(times):
    timetable = Timetable(lines=(times,), zone="UTC")
    assert SlotTrigger(timetable).get_next_fire_time(None, datetime(2025, 3, 1, tzinfo=UTC)) > datetime(
        2025, 3, 2, tzinfo=UTC
    )


async def ends_slowly(begun, ended):
    begun.set()
    try:
        await asyncio.Event().wait()
    finally:
        for _ in range(10):  # as what gives a connection back
            await asyncio.sleep(0)
        ended.append(1)


@pytest.mark.parametrize("kind", [WakeScheduler, Waker])
async def test_what_is_stopped_has_ended_and_begins_no_more(kind):
    begun, ended = asyncio.Event(), []

    async def wake():
        await ends_slowly(begun, ended)

    if kind is Waker:
        one = Waker(wake)
        one.wake()
    else:
        one = WakeScheduler()
        one.every(3600, wake, name="wake", first=0.01)
        one.start()
    async with asyncio.timeout(60):
        await begun.wait()
    begun.clear()
    if kind is Waker:
        one.wake()
    await one.stop()
    assert ended == [1]
    if kind is Waker:
        one.wake()
    await asyncio.sleep(0)
    await one.stop()
    assert not begun.is_set()
    assert ended == [1]

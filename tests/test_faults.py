"""Faults: one of many fails alone; what is nobody's own ends all of it."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import LostLease, RowRefused, StoreError
from bot.faults import MAX_KNOWN_FAULTS, Fault, Faults


async def broken(number):
    await asyncio.sleep(0)
    if number % 2:
        raise KeyError(number)
    return number


async def test_the_others_go_on_and_results_keep_their_order():
    found = await Faults().each(range(5), broken, doing="counting", at_once=2)
    assert [one for one in found if not isinstance(one, Fault)] == [0, 2, 4]
    assert [isinstance(one, Fault) for one in found] == [False, True, False, True, False]


async def test_the_same_fault_is_logged_once_and_named_by_one_id(capsys):
    faults = Faults()
    found = await faults.each(range(99), broken, doing="counting")
    assert len({one.id for one in found if isinstance(one, Fault)}) == 1
    assert len(faults.all) == 1
    (fault,) = faults.all
    assert (
        fault.sentence("counting")
        == f"Something went wrong inside Wirebrief while counting (error {fault.id})"
    )
    assert capsys.readouterr().err.count(fault.id) == 1


async def test_different_faults_are_told_apart():
    faults = Faults()
    faults.guarded(lambda: int("x"), doing="counting")
    faults.guarded(lambda: {}["x"], doing="counting")
    assert len({fault.key for fault in faults.all}) == 2


async def test_of_very_many_kinds_the_latest_are_remembered_and_each_has_its_own_id(capsys):
    faults = Faults()
    for number in range(MAX_KNOWN_FAULTS + 20):
        error = type(f"Fault{number}", (Exception,), {})("broken")
        fault = faults.report(error, doing="counting")
        assert faults.report(error, doing="counting") == fault
    assert len(faults.all) == MAX_KNOWN_FAULTS
    assert fault in faults.all
    assert capsys.readouterr().err.count("doing=counting") == MAX_KNOWN_FAULTS + 20


@pytest.mark.parametrize("error", [StoreError("away"), LostLease("taken over"), asyncio.CancelledError()])
async def test_what_is_nobodys_own_ends_all_of_it(error):
    async def raising(_number):
        raise error

    with pytest.raises(type(error)) as raised:
        await Faults().each(range(3), raising, doing="counting")
    assert type(raised.value) is type(error)


async def test_a_row_that_is_refused_is_its_own():
    async def refused():
        raise RowRefused("The database does not take it")

    found = await Faults().guard(refused(), doing="keeping")
    assert isinstance(found, Fault)
    assert found.sentence("keeping") == f"The database does not take it (error {found.id})"


async def test_a_cancelled_fan_out_leaves_nothing_running():
    begun: list[asyncio.Task] = []

    async def forever(_number):
        begun.append(asyncio.current_task())
        await asyncio.Event().wait()

    task = asyncio.create_task(Faults().each(range(5), forever, doing="waiting"))
    while len(begun) < 5:  # noqa: ASYNC110 - they begin at once
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert all(one.cancelled() for one in begun)

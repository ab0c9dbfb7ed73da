"""Deliveries are claimed in their order, those that failed last, however many are open or final."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.model.chat import Channel, Delivery, State, delivery_id
from bot.store import open_store

pytestmark = pytest.mark.slow
NOW = datetime(2026, 3, 10, 7, tzinfo=UTC)


def delivery(number, *, minutes=0, failing=False, state=State.DUE):
    due = NOW - timedelta(minutes=minutes)
    return Delivery(
        id=delivery_id(f"sub-{number}", due.isoformat()),
        subscription_id=f"sub-{number}",
        channel=Channel.read(f"slack:T1/C{number}"),
        wall=due.isoformat(),
        due_at=due,
        state=state,
        updated_at=due,
        failing_since=due if failing else None,
    )


async def test_of_those_that_are_due_as_many_are_claimed_as_there_is_room_for_and_those_that_failed_last(
    engine_url,
):
    fine = [delivery(number, minutes=10 - number) for number in range(4)]
    failing = [delivery(number, minutes=60 - number, failing=True) for number in (10, 11)]
    final = [delivery(number, minutes=90, state=State.MISSED) for number in (20, 21)]
    async with open_store(engine_url) as store:
        for one in (*failing, *fine[::-1], *final):
            await store.deliveries.add(replace(one, failing_since=None))
            await store.deliveries.update(replace(one, updated_at=NOW - timedelta(hours=3)), epoch=0)
        first = await store.deliveries.claim(NOW, limit=3)
        rest = await store.deliveries.claim(NOW, limit=2)
        last = await store.deliveries.claim(NOW, limit=9)
    assert [one.id for one in first] == [one.id for one in fine[:3]]
    assert [(one.id, one.retry) for one in rest] == [(fine[3].id, False), (failing[0].id, True)]
    assert [one.id for one in last] == [failing[1].id]


async def test_whoever_claims_does_not_sort_all_that_is_open(sqlite_url):
    claiming = []

    def note(_connection, _cursor, statement, parameters, *_):
        if statement.startswith("UPDATE delivery"):
            claiming.append((statement, parameters))

    async with open_store(sqlite_url) as store:
        async with store.database.writing() as connection:
            sa.event.listen(connection.sync_connection.engine, "before_cursor_execute", note)
        await store.deliveries.claim(NOW, platform="slack")
        async with store.database.reading() as connection:
            for statement, parameters in claiming:
                plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                steps = " ".join(row[3] for row in plan)
                assert "USING INDEX ix_delivery_open_due_at" in steps
                assert "TEMP B-TREE" not in steps
    assert len(claiming) == 2

"""Times that a clock gave which ran ahead, and was set back since.

What is stored has happened. A stored time that lies in the future was given by a wrong clock, and would hide what comes until
then: it is moved to just before the present. All such times keep their order, so that what came after a posting still does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.codec import to_plain
from bot.model.chat import State
from bot.store import tables
from bot.store.briefings.lease import DELIVERY_LEASE_DURATION
from bot.store.engine import Database
from bot.store.rows import upsert

# Times further ahead than this are left: the present clock may be the wrong one, such as that of a machine which has just
# started without a battery, and nobody's memory is to be moved to 1970.
MAX_CORRECTED_SKEW = timedelta(days=2)
MIN_CORRECTED_SKEW = timedelta(
    seconds=2
)  # what was written while this was called, or by a process a moment ahead
# By as much the clocks of processes may differ: then times move, and nothing is planned anew.
MAX_PROCESS_SKEW = timedelta(minutes=1)
MAX_LEASE_DURATION = timedelta(minutes=5)  # longer than that of any lease
_MARK = "clock set back"  # the lease that holds when the clock was last seen to have been set back
_SMALLEST_INTERVAL = timedelta(microseconds=1)
# When something happened. ``data`` of a table has those of its row under the same names.
_HAPPENED: Sequence[tuple[sa.Table, Sequence[str]]] = (
    (tables.article, ("fetched_at",)),
    (tables.passage, ("known_at",)),
    (tables.story_update, ("made_at",)),
    (tables.briefing, ("made_at",)),
    (tables.briefing_record, ("made_at",)),
    (tables.sent_story, ("sent_at",)),
    (tables.delivery, ("made_at", "posted_at", "updated_at", "failing_since")),
    (tables.ingest, ("started_at", "finished_at")),
    (tables.feed_health, ("last_polled", "last_success")),
    (tables.look, ("at",)),
    (tables.watch, ("asked_at",)),
    (tables.forgotten, ("at",)),
    (tables.model_call, ("at",)),
)


class StoredTimes:
    """What a clock that was set back leaves in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def corrected_at(self) -> datetime | None:
        """Return when the clock was last seen to have been set back; None if it never was."""
        table = tables.lease
        async with self._database.reading() as connection:
            statement = sa.select(table.c.taken).where(table.c.name == _MARK)
            found: datetime | None = (await connection.execute(statement)).scalar()
        return found

    async def correct(self, now: datetime) -> bool:
        """Move the times that lie after ``now``; return whether there were any.

        If they lie more than ``MAX_PROCESS_SKEW`` ahead, what was to happen is planned anew: feeds polled ahead of their
        time are due, scheduled times that were passed over ahead of theirs are again to come, and leases end as if they
        had begun now. Nothing is moved if no time lies more than ``MIN_CORRECTED_SKEW`` ahead, or one lies more than ``MAX_CORRECTED_SKEW`` ahead.
        """
        async with self._database.reading() as connection:
            skew = await _newest(connection, now) - now
        if not MIN_CORRECTED_SKEW < skew <= MAX_CORRECTED_SKEW:
            return False
        async with self._database.writing() as connection:
            # Before the times move: they tell what was planned ahead of its time.
            if skew > MAX_PROCESS_SKEW:
                await _plan_anew(connection, now)
            await _move(connection, now)
        return True


async def _newest(connection: AsyncConnection, now: datetime) -> datetime:
    """Return the newest time that is stored, as far as an index tells it; at least ``now``."""
    article, ingest, delivery = tables.article.c, tables.ingest.c, tables.delivery.c
    recent = delivery.due_at > now - MAX_CORRECTED_SKEW
    newest: list[datetime | None] = [
        (
            await connection.execute(sa.select(sa.func.max(column, type_=tables.UtcTime)).where(*wanted))
        ).scalar()
        for column, wanted in (
            (article.fetched_at, ()),
            (ingest.started_at, ()),
            (delivery.made_at, (recent,)),
            (delivery.updated_at, (recent,)),
        )
    ]
    return max([now, *filter(None, newest)])


async def _plan_anew(connection: AsyncConnection, now: datetime) -> None:
    """Let what was done ahead of its time be due again, and note that the clock was set back."""
    await _plan_slots_anew(connection, now)
    health = tables.feed_health
    await connection.execute(sa.update(health).where(health.c.last_polled > now).values(next_poll=now))
    await _end_leases(connection, now)
    await upsert(connection, tables.lease, [{"name": _MARK, "holder": "", "taken": now, "until": now}])


async def _plan_slots_anew(connection: AsyncConnection, now: datetime) -> None:
    """Let the scheduled times that were passed over ahead of their time come again; one that was posted stays so."""
    delivery, subscription = tables.delivery, tables.subscription
    too_soon = sa.and_(
        delivery.c.due_at > now - MAX_CORRECTED_SKEW,
        delivery.c.state == State.MISSED.value,
        delivery.c.updated_at > now,
    )
    passed_over = await connection.execute(
        sa.select(delivery.c.subscription_id, sa.func.min(delivery.c.due_at, type_=tables.UtcTime))
        .where(too_soon)
        .group_by(delivery.c.subscription_id)
    )
    first: dict[str, datetime] = {row[0]: row[1] for row in passed_over}
    await connection.execute(sa.delete(delivery).where(too_soon))
    ahead = sa.select(subscription.c.id).where(subscription.c.enumerated > now, subscription.c.next_due > now)
    ids = (await connection.execute(ahead)).scalars().all()
    if known := [{"key": one, "until": min(now, first.get(one, now)) - _SMALLEST_INTERVAL} for one in ids]:
        await connection.execute(
            sa.update(subscription)
            .where(subscription.c.id == sa.bindparam("key"))
            .values(enumerated=sa.bindparam("until"), next_due=sa.bindparam("until")),
            known,
        )


async def _end_leases(connection: AsyncConnection, now: datetime) -> None:
    lease, delivery = tables.lease, tables.delivery
    limit = now + MAX_LEASE_DURATION
    await connection.execute(sa.update(lease).where(lease.c.until > limit).values(until=limit))
    limit = now + DELIVERY_LEASE_DURATION
    await connection.execute(
        sa.update(delivery)
        .where(delivery.c.open, delivery.c.round > 0, delivery.c.lease_until > limit)
        .values(lease_until=limit)
    )


async def _move(connection: AsyncConnection, now: datetime) -> None:
    """Move every time in ``_HAPPENED`` that lies after ``now``."""
    found = {table.name: await _rows_ahead(connection, table, names, now) for table, names in _HAPPENED}
    ahead = sorted(
        {row[name] for table, names in _HAPPENED for row in found[table.name] for name in names if row[name]}
    )
    ahead = [time for time in ahead if time > now]
    new = {time: now - (len(ahead) - place) * _SMALLEST_INTERVAL for place, time in enumerate(ahead)}
    for table, names in _HAPPENED:
        keys = [column.name for column in table.primary_key]
        for row in found[table.name]:
            moved = {name: new[row[name]] for name in names if row[name] in new}
            await connection.execute(
                sa.update(table)
                .where(*(table.c[key] == row[key] for key in keys))
                .values(_in_row(row, moved))
            )


async def _rows_ahead(
    connection: AsyncConnection, table: sa.Table, names: Sequence[str], now: datetime
) -> Sequence[sa.RowMapping]:
    wanted = [c for c in table.c if c.primary_key or c.name in names or c.name in ("data", "unsent")]
    statement = sa.select(*wanted).where(sa.or_(*(table.c[name] > now for name in names)))
    return (await connection.execute(statement.with_for_update())).mappings().all()


def _in_row(row: sa.RowMapping, moved: Mapping[str, datetime]) -> dict[str, object]:
    """Return the values of ``row`` with its ``moved`` times, by column."""
    values: dict[str, object] = dict(moved)
    data = row.get("data")
    if isinstance(data, Mapping):
        plain = {name: to_plain(time) for name, time in moved.items()}
        values["data"] = {**data, **plain}
        waiting = row.get("unsent")
        if isinstance(waiting, Sequence) and "made_at" in plain:
            values["unsent"] = [
                one | {"sent_at": plain["made_at"]} if one["sent_at"] == data["made_at"] else one
                for one in waiting
            ]
    return values

"""Deliveries and their parts: the record of what was, or may have been, posted.

A process that works on a delivery holds its lease in one *epoch*. When the lease expires, the next epoch begins in another
process, and every write of an older epoch is refused. Only the process whose ``reserve_attempt`` of a
part succeeded calls the platform: the statement compares the number of attempts and counts one more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Delivery, DeliveryPart, PartState, State
from bot.store import tables
from bot.store.briefings.delivery_rows import changing_values, new_row, part_rows, read_delivery, read_part
from bot.store.briefings.lease import DELIVERY_LEASE_DURATION, Claimed, claiming, is_of
from bot.store.engine import Database
from bot.store.rows import chunks, insert_missing
from bot.store.signals import Signal

MAX_FAILING_DELIVERIES = 2000  # deliveries looked at to tell what fails


# Put together once: ten thousand slots at one minute use each of these ten thousand times.
_one, _part_of = tables.delivery.c, tables.delivery_part.c
_IN_EPOCH = sa.select(tables.delivery).where(
    _one.id == sa.bindparam("which"), _one.round == sa.bindparam("seen"), _one.open
)
_COVERED = sa.select(sa.func.max(_one.made_at)).where(
    _one.subscription_id == sa.bindparam("which"),
    sa.or_(_one.state == State.POSTED.value, _one.state == State.SILENT.value),
)
# As of when its briefing is made is fixed once: a step that was begun by a wrong clock may not put its time back.
_MINE = (
    sa.update(tables.delivery)
    .where(_one.id == sa.bindparam("which"), _one.round == sa.bindparam("seen"))
    .values(made_at=sa.func.coalesce(_one.made_at, sa.bindparam("made", type_=tables.UtcTime)))
)
_PARTS = (
    sa.select(tables.delivery_part)
    .where(_part_of.delivery_id == sa.bindparam("which"))
    .order_by(_part_of.number)
)
_PART = sa.update(tables.delivery_part).where(
    _part_of.delivery_id == sa.bindparam("which"), _part_of.number == sa.bindparam("nth")
)
_OURS = _PART.where(_part_of.attempt == sa.bindparam("seen"), _part_of.state == PartState.INTENDED.value)
_AS_SEEN = _PART.where(
    _part_of.attempt == sa.bindparam("seen"),
    _part_of.state == PartState.WAITING.value,
    sa.exists().where(_one.id == sa.bindparam("which"), _one.round == sa.bindparam("epoch"), _one.open),
)


class Deliveries:
    """Deliveries, one row for each slot, and their parts, one row for each message."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, delivery_id: str) -> Delivery | None:
        """Return one delivery."""
        found = await self._select(tables.delivery.c.id == delivery_id, limit=1)
        return found[0] if found else None

    async def in_epoch(self, delivery_id: str, epoch: int) -> Delivery | None:
        """Return the delivery if it is not final and in ``epoch``, else None."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_IN_EPOCH, {"which": delivery_id, "seen": epoch})
            row = rows.mappings().first()
        return read_delivery(row) if row else None

    async def named(self, start: str) -> list[Delivery]:
        """Return up to three deliveries whose id begins with ``start``."""
        return await self._select(tables.delivery.c.id.startswith(start, autoescape=True), limit=3)

    async def of_message(self, destination: str, message_id: str) -> Delivery | None:
        """Return the delivery one of whose messages in ``destination`` is ``message_id``."""
        table, part = tables.delivery, tables.delivery_part
        ids = sa.select(part.c.delivery_id).where(part.c.message_id == message_id)
        found = await self._select(table.c.id.in_(ids), table.c.destination == destination, limit=1)
        return found[0] if found else None

    async def of_briefing(self, briefing_id: str) -> list[Delivery]:
        """Return the deliveries of a briefing."""
        return await self._select(tables.delivery.c.briefing_id == briefing_id, limit=10)

    async def update_payload(self, part: DeliveryPart, payload: str) -> None:
        """Store that a posted ``part`` was edited to ``payload``."""
        place = {"which": part.delivery_id, "nth": part.number}
        await self._database.write(_PART, place | {"payload": payload})

    async def add(self, delivery: Delivery) -> bool:
        """Store a delivery that no timetable made; return False if it exists already."""
        async with self._database.writing() as connection:
            added = bool(await insert_missing(connection, tables.delivery, [new_row(delivery)]))
            await self._database.signals.send(connection, Signal.DELIVERIES)
        return added

    async def recent(
        self, limit: int, *, destination: str = "", since: datetime | None = None
    ) -> list[Delivery]:
        """Return the newest deliveries, newest first."""
        table = tables.delivery
        wanted = [table.c.destination == destination] if destination else []
        wanted += [table.c.due_at >= since] if since else []
        return await self._select(*wanted, limit=limit)

    async def counts(self) -> dict[str, int]:
        """Return the number of deliveries in each of ``SHOWN_STATES``."""
        table = tables.delivery
        shown = sa.case((table.c.state == State.UNCERTAIN.value, "uncertain"), else_=table.c.state).label(
            "shown"
        )
        async with self._database.reading() as connection:
            rows = await connection.execute(sa.select(shown, sa.func.count()).group_by("shown"))
            return {row[0]: row[1] for row in rows}

    async def open(self) -> int:
        """Return the number of deliveries that are not final."""
        table = tables.delivery
        async with self._database.reading() as connection:
            statement = sa.select(sa.func.count()).select_from(table).where(table.c.open)
            return int((await connection.execute(statement)).scalar() or 0)

    async def open_without_failure(self) -> int:
        """Return the number of deliveries that are not final and to whose channel none has failed."""
        table, other = tables.delivery, tables.delivery.alias()
        failing = sa.exists().where(
            other.c.destination == table.c.destination, other.c.open, other.c.failing_since.is_not(None)
        )
        statement = sa.select(sa.func.count()).select_from(table).where(table.c.open, ~failing)
        async with self._database.reading() as connection:
            return int((await connection.execute(statement)).scalar() or 0)

    async def oldest_open(self) -> datetime | None:
        """Return when the oldest delivery that is not final was due."""
        table = tables.delivery
        async with self._database.reading() as connection:
            statement = sa.select(sa.func.min(table.c.due_at)).where(table.c.open)
            due: datetime | None = (await connection.execute(statement)).scalar()
        return due

    async def next_free(self, now: datetime) -> datetime | None:
        """Return when the first lease of an open delivery expires after ``now``, unless it is renewed."""
        table = tables.delivery
        first = sa.select(sa.func.min(table.c.lease_until)).where(table.c.open, table.c.lease_until > now)
        async with self._database.reading() as connection:
            found: datetime | None = (await connection.execute(first)).scalar()
        return found

    async def failing(self) -> list[Delivery]:
        """Return the open deliveries that have failed and not been posted since, the longest first."""
        table = tables.delivery
        statement = (
            sa.select(table)
            .where(table.c.open, table.c.failing_since.is_not(None))
            .order_by(table.c.failing_since, table.c.id)
            .limit(MAX_FAILING_DELIVERIES)
        )
        async with self._database.reading() as connection:
            rows = await connection.execute(statement)
            return [read_delivery(row) for row in rows.mappings()]

    async def claim(
        self, now: datetime, *, limit: int = 500, platform: str = "", but: Collection[str] = ()
    ) -> list[Claimed]:
        """Claim up to ``limit`` open deliveries whose lease has expired, each in a new epoch; those that failed come last.

        They are of every platform, of one ``platform``, or of all ``but`` some; of each channel only the earliest that is not final, so that posts are in order. A lease or wait further ahead
        than the longest possible one comes from a wrong clock, and counts as expired.
        """
        table = tables.delivery
        wanted = [*([is_of(platform)] if platform else []), *(~is_of(one) for one in but)]
        found: list[Claimed] = []
        async with self._database.writing() as connection:
            # One after the other: each reads the index in its order, and ends where it has enough.
            for failing in (table.c.failing_since.is_(None), table.c.failing_since.is_not(None)):
                if len(found) < limit:
                    rows = await connection.execute(claiming(now, *wanted, failing, limit=limit - len(found)))
                    found += [
                        Claimed(id=r[0], epoch=r[1], destination=r[2], retry=r[3] is not None)
                        for r in sorted(rows, key=lambda r: (r[4], r[0]))
                    ]
        return found

    async def release_all(self, now: datetime) -> None:
        """Release every open delivery, so that it can be claimed again when its wait is over.

        For a process that is alone with its database, before it begins work.
        """
        table = tables.delivery
        async with self._database.writing() as connection:
            await connection.execute(
                sa.update(table)
                .where(table.c.open, table.c.round > 0)
                .values(round=table.c.round + 1, lease_until=now)
            )

    async def renew(
        self, epochs: Mapping[str, int], now: datetime, *, lasting: timedelta = DELIVERY_LEASE_DURATION
    ) -> None:
        """Renew the leases of deliveries in work, given as id to epoch, for ``lasting``; a duration of zero releases them."""
        table = tables.delivery
        async with self._database.writing() as connection:
            for part in chunks(epochs.items()):
                await connection.execute(
                    sa.update(table)
                    .where(table.c.id == sa.bindparam("key"), table.c.round == sa.bindparam("seen"))
                    .values(lease_until=now + lasting),
                    [{"key": key, "seen": seen} for key, seen in part],
                )
            if not lasting:
                await self._database.signals.send(connection, Signal.DELIVERIES)

    async def update(self, delivery: Delivery, *, epoch: int, wait: timedelta = timedelta()) -> bool:
        """Store ``delivery`` as changed in ``epoch``; return False if a newer epoch has taken over.

        ``wait`` is how long the delivery rests: then its process continues with it, and any other process one lease
        later.
        """
        return bool(await self._database.write(_MINE, _changed(delivery, epoch=epoch, wait=wait)))

    async def reopen(self, delivery: Delivery) -> None:
        """Store ``delivery`` as a person decided; a process that works on it stops."""
        table = tables.delivery
        async with self._database.writing() as connection:
            await connection.execute(
                sa.update(table)
                .where(table.c.id == delivery.id)
                .values(
                    **changing_values(delivery),
                    round=table.c.round + 1,
                    lease_until=delivery.updated_at,
                    retry_at=None,
                )
            )
            await self._database.signals.send(connection, Signal.DELIVERIES)

    async def covered_until(self, subscription_id: str) -> datetime | None:
        """Return until when a subscription's channel has the news: the last slot that was posted or quiet."""
        async with self._database.reading() as connection:
            found = await connection.execute(_COVERED, {"which": subscription_id})
            made: datetime | None = found.scalar()
        return made

    async def keep_parts(
        self, parts: Sequence[DeliveryPart], *, delivery: Delivery, epoch: int
    ) -> int | None:
        """Store ``delivery`` as changed, and its messages; return how many are new: those that are stored already do not change.

        Return None and store nothing if a newer epoch has taken over, or the delivery was deleted meanwhile.
        """
        rows = part_rows(parts, scope=delivery.scope)
        async with self._database.writing() as connection:
            if not await update_within(connection, delivery, epoch=epoch):
                return None
            return await insert_missing(connection, tables.delivery_part, rows)

    async def parts(self, delivery_id: str) -> list[DeliveryPart]:
        """Return the messages of a delivery, in order."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_PARTS, {"which": delivery_id})
            return [read_part(row) for row in rows.mappings()]

    async def reserve_attempt(self, part: DeliveryPart, *, epoch: int) -> bool:
        """Count one more attempt at the waiting ``part``; return False if it has changed meanwhile, or ``epoch`` is over.

        Only a caller that gets True may call the platform, and only once.
        """
        seen = {"which": part.delivery_id, "nth": part.number, "seen": part.attempt, "epoch": epoch}
        ours = {"state": PartState.INTENDED.value, "attempt": part.attempt + 1}
        return bool(await self._database.write(_AS_SEEN, seen | ours))

    async def posted(self, part: DeliveryPart, message_id: str) -> None:
        """Store that ``part`` is on the platform as ``message_id``."""
        posted = {"state": PartState.POSTED.value, "message_id": message_id}
        await self._database.write(_PART, posted | {"which": part.delivery_id, "nth": part.number})

    async def refused(self, part: DeliveryPart) -> None:
        """Store that no call up to attempt ``part.attempt`` has posted or will post anything."""
        seen = {"which": part.delivery_id, "nth": part.number, "seen": part.attempt}
        await self._database.write(_OURS, seen | {"state": PartState.WAITING.value})

    async def _select(self, *wanted: sa.ColumnElement[bool], limit: int) -> list[Delivery]:
        table = tables.delivery
        statement = sa.select(table).where(*wanted).order_by(table.c.due_at.desc(), table.c.id).limit(limit)
        async with self._database.reading() as connection:
            rows = await connection.execute(statement)
            return [read_delivery(row) for row in rows.mappings()]


async def update_within(connection: AsyncConnection, delivery: Delivery, *, epoch: int) -> bool:
    """Store ``delivery`` as ``Deliveries.update`` does, within a transaction, which holds its lock until it ends."""
    return bool((await connection.execute(_MINE, _changed(delivery, epoch=epoch))).rowcount)


def _changed(delivery: Delivery, *, epoch: int, wait: timedelta = timedelta()) -> dict[str, object]:
    """Return the values for ``_MINE``."""
    until = delivery.updated_at + wait
    values = changing_values(delivery)
    made_at = values.pop("made_at")
    return values | {
        "made": made_at,
        "lease_until": until + DELIVERY_LEASE_DURATION,
        "retry_at": until if wait else None,
        "which": delivery.id,
        "seen": epoch,
    }

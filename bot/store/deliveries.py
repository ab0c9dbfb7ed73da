"""Deliveries and their parts: the truth of what was, or may have been, posted.

Whoever works on a delivery holds its lease in one *round*; when a lease runs out the next round begins elsewhere,
and every write of an older round is refused. A call to a platform is made only by the one whose ``intend`` of a
part succeeded: it compares the number of attempts it saw and counts one more, in one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import FINAL, Channel, Delivery, Part, PartState, State
from bot.store import tables
from bot.store.engine import Database
from bot.store.rows import chunks, insert_missing, scope_columns, scope_of

LEASE = timedelta(seconds=30)  # renewed well before; how long a dead worker's deliveries wait
QUEUED = timedelta(minutes=10)  # of a delivery that stands in a queue: at work, it has a LEASE again


# Put together once: ten thousand slots at one minute use each of these ten thousand times.
_one, _part_of = tables.delivery.c, tables.delivery_part.c
_AT_WORK = sa.select(tables.delivery).where(
    _one.id == sa.bindparam("which"), _one.round == sa.bindparam("seen"), _one.open
)
_MINE = sa.update(tables.delivery).where(_one.id == sa.bindparam("which"), _one.round == sa.bindparam("seen"))
_PARTS = (
    sa.select(tables.delivery_part)
    .where(_part_of.delivery_id == sa.bindparam("which"))
    .order_by(_part_of.number)
)
_PART = sa.update(tables.delivery_part).where(
    _part_of.delivery_id == sa.bindparam("which"), _part_of.number == sa.bindparam("nth")
)
_OURS = _PART.where(_part_of.attempt == sa.bindparam("seen"), _part_of.state == PartState.INTENDED.value)
_AS_SEEN = _PART.where(_part_of.attempt == sa.bindparam("seen"), _part_of.state == PartState.WAITING.value)


class Deliveries:
    """One row a slot, one row a message."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, delivery_id: str) -> Delivery | None:
        """Return one delivery."""
        found = await self._select(tables.delivery.c.id == delivery_id, limit=1)
        return found[0] if found else None

    async def at_work(self, delivery_id: str, round_: int) -> Delivery | None:
        """Return a delivery that is not final and in ``round_``; None when there is nothing to do in that round."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_AT_WORK, {"which": delivery_id, "seen": round_})
            row = rows.mappings().first()
        return _delivery(row) if row else None

    async def named(self, start: str) -> list[Delivery]:
        """Return up to three deliveries whose id begins with ``start``."""
        return await self._select(tables.delivery.c.id.startswith(start, autoescape=True), limit=3)

    async def under(self, destination: str, message_id: str) -> Delivery | None:
        """Return the delivery one of whose messages in ``destination`` is ``message_id``."""
        table, part = tables.delivery, tables.delivery_part
        ids = sa.select(part.c.delivery_id).where(part.c.message_id == message_id)
        found = await self._select(table.c.id.in_(ids), table.c.destination == destination, limit=1)
        return found[0] if found else None

    async def of_briefing(self, briefing_id: str) -> list[Delivery]:
        """Return the deliveries of a briefing."""
        return await self._select(tables.delivery.c.briefing_id == briefing_id, limit=10)

    async def repaint(self, part: Part, payload: str) -> None:
        """Keep that a posted ``part`` was edited to ``payload``."""
        place = {"which": part.delivery_id, "nth": part.number}
        await self._database.write(_PART, place | {"payload": payload})

    async def add(self, delivery: Delivery) -> bool:
        """Keep a delivery that no timetable made; False where it stands already."""
        async with self._database.writing() as connection:
            return bool(await insert_missing(connection, tables.delivery, [new_row(delivery)]))

    async def recent(
        self, limit: int, *, destination: str = "", since: datetime | None = None
    ) -> list[Delivery]:
        """Return the newest deliveries, newest first."""
        table = tables.delivery
        wanted = [table.c.destination == destination] if destination else []
        wanted += [table.c.due_at >= since] if since else []
        return await self._select(*wanted, limit=limit)

    async def counts(self) -> dict[str, int]:
        """Return how many deliveries stand in each state."""
        table = tables.delivery
        async with self._database.reading() as connection:
            rows = await connection.execute(sa.select(table.c.state, sa.func.count()).group_by(table.c.state))
            return {row[0]: row[1] for row in rows}

    async def open(self) -> int:
        """Return how many deliveries are not final."""
        table = tables.delivery
        async with self._database.reading() as connection:
            statement = sa.select(sa.func.count()).select_from(table).where(table.c.open)
            return int((await connection.execute(statement)).scalar() or 0)

    async def oldest_open(self) -> datetime | None:
        """Return when the oldest delivery that is not final was due."""
        table = tables.delivery
        async with self._database.reading() as connection:
            statement = sa.select(sa.func.min(table.c.due_at)).where(table.c.open)
            due: datetime | None = (await connection.execute(statement)).scalar()
        return due

    async def take(self, now: datetime, *, limit: int = 500) -> list[tuple[str, int, str]]:
        """Take up to ``limit`` open deliveries whose lease ran out: return id, new round and destination of each.

        Of each channel only the earliest that is not final: posts come in their order. A lease further ahead than
        any is given comes from a clock that was wrong: it has run out too.
        """
        table, other = tables.delivery, tables.delivery.alias()
        earlier = sa.exists().where(
            other.c.destination == table.c.destination,
            other.c.open,
            sa.or_(
                other.c.due_at < table.c.due_at,
                sa.and_(other.c.due_at == table.c.due_at, other.c.id < table.c.id),
            ),
        )
        free = (
            sa.select(table.c.id)
            .where(
                table.c.open,
                sa.or_(table.c.lease_until <= now, table.c.lease_until > now + 6 * QUEUED),
                ~earlier,
            )
            .order_by(table.c.due_at, table.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        async with self._database.writing() as connection:
            rows = await connection.execute(
                sa.update(table)
                .where(table.c.id.in_(free.scalar_subquery()))
                .values(round=table.c.round + 1, lease_until=now + LEASE)
                .returning(table.c.id, table.c.round, table.c.destination, table.c.due_at)
            )
            return [(r[0], r[1], r[2]) for r in sorted(rows, key=lambda r: (r[3], r[0]))]

    async def free(self, now: datetime) -> None:
        """Take every open delivery from whoever had it, to be taken up anew.

        For a process that is alone with its database, before it begins: nobody is at work on any, and what stands
        in a queue may stand there for another version.
        """
        table = tables.delivery
        async with self._database.writing() as connection:
            await connection.execute(
                sa.update(table)
                .where(table.c.open, table.c.round > 0)
                .values(round=table.c.round + 1, lease_until=now)
            )

    async def queued(self, rounds: Mapping[str, int], *, taken: datetime) -> None:
        """Let deliveries that were ``taken`` wait in their queue, given as id to round, unless they are at work already.

        Only now: had their taker died between the two, they would have waited so long for nobody.
        """
        table = tables.delivery
        async with self._database.writing() as connection:
            for part in chunks(rounds.items()):
                await connection.execute(
                    sa.update(table)
                    .where(
                        table.c.id == sa.bindparam("key"),
                        table.c.round == sa.bindparam("seen"),
                        table.c.lease_until == taken + LEASE,
                    )
                    .values(lease_until=taken + QUEUED),
                    [{"key": key, "seen": seen} for key, seen in part],
                )

    async def renew(self, rounds: Mapping[str, int], now: datetime) -> None:
        """Hold the leases of deliveries at work, given as id to round, for another while."""
        table = tables.delivery
        async with self._database.writing() as connection:
            for part in chunks(rounds.items()):
                await connection.execute(
                    sa.update(table)
                    .where(table.c.id == sa.bindparam("key"), table.c.round == sa.bindparam("seen"))
                    .values(lease_until=now + LEASE),
                    [{"key": key, "seen": seen} for key, seen in part],
                )

    async def update(self, delivery: Delivery, *, round_: int, wait: timedelta = timedelta()) -> bool:
        """Keep ``delivery`` as changed in ``round_``; False when a newer round has taken over.

        ``wait`` is how long nothing will be done to it on purpose.
        """
        values = _values(delivery) | {"lease_until": delivery.updated_at + wait + LEASE}
        return bool(await self._database.write(_MINE, values | {"which": delivery.id, "seen": round_}))

    async def reopen(self, delivery: Delivery) -> None:
        """Keep ``delivery`` as a person decided; whoever worked on it stops."""
        table = tables.delivery
        async with self._database.writing() as connection:
            await connection.execute(
                sa.update(table)
                .where(table.c.id == delivery.id)
                .values(**_values(delivery), round=table.c.round + 1, lease_until=delivery.updated_at)
            )

    async def heard(self, subscription_id: str) -> datetime | None:
        """Return up to when a subscription's channel has heard the news: the last slot that was told or quiet."""
        table = tables.delivery
        statement = sa.select(sa.func.max(table.c.made_at)).where(
            table.c.subscription_id == subscription_id,
            table.c.state.in_([State.POSTED.value, State.SILENT.value]),
        )
        async with self._database.reading() as connection:
            made: datetime | None = (await connection.execute(statement)).scalar()
        return made

    async def keep_parts(self, parts: Sequence[Part], *, delivery: Delivery, round_: int) -> bool:
        """Keep the messages of a delivery; those kept before stay as they are.

        False when a newer round has taken over, or the delivery was forgotten meanwhile.
        """
        rows = [
            scope_columns(delivery.scope)
            | {name: getattr(part, name) for name in Part.__slots__}
            | {"state": part.state.value}
            for part in parts
        ]
        async with self._database.writing() as connection:
            if not await still(connection, delivery.id, round_):
                return False
            await insert_missing(connection, tables.delivery_part, rows)
        return True

    async def parts(self, delivery_id: str) -> list[Part]:
        """Return the messages of a delivery, in order."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_PARTS, {"which": delivery_id})
            return [_part(row) for row in rows.mappings()]

    async def intend(self, part: Part) -> bool:
        """Count one more attempt at the waiting ``part``; False unless it is still as it was seen.

        Only who gets True may call the platform, and only once.
        """
        seen = {"which": part.delivery_id, "nth": part.number, "seen": part.attempt}
        ours = {"state": PartState.INTENDED.value, "attempt": part.attempt + 1}
        return bool(await self._database.write(_AS_SEEN, seen | ours))

    async def posted(self, part: Part, message_id: str) -> None:
        """Keep that ``part`` stands on the platform as ``message_id``."""
        standing = {"state": PartState.POSTED.value, "message_id": message_id}
        await self._database.write(_PART, standing | {"which": part.delivery_id, "nth": part.number})

    async def refused(self, part: Part) -> None:
        """Keep that no call up to attempt ``part.attempt`` posted anything, or ever will."""
        seen = {"which": part.delivery_id, "nth": part.number, "seen": part.attempt}
        await self._database.write(_OURS, seen | {"state": PartState.WAITING.value})

    async def _select(self, *wanted: sa.ColumnElement[bool], limit: int) -> list[Delivery]:
        table = tables.delivery
        statement = sa.select(table).where(*wanted).order_by(table.c.due_at.desc(), table.c.id).limit(limit)
        async with self._database.reading() as connection:
            rows = await connection.execute(statement)
            return [_delivery(row) for row in rows.mappings()]


async def still(connection: AsyncConnection, delivery_id: str, round_: int) -> bool:
    """Return whether a delivery is still in ``round_``, and let nobody change that before this transaction ends."""
    # A write, not a read: it takes the lock on every engine.
    done = await connection.execute(_MINE, {"which": delivery_id, "seen": round_, "round": round_})
    return bool(done.rowcount)


def new_row(delivery: Delivery) -> dict[str, Any]:
    """Return the row of a delivery that nobody has worked on."""
    return (
        scope_columns(delivery.scope)
        | _values(delivery)
        | {
            "id": delivery.id,
            "subscription_id": delivery.subscription_id,
            "destination": delivery.channel.name,
            "wall": delivery.wall,
            "due_at": delivery.due_at,
            "round": 0,
            "lease_until": delivery.due_at,
        }
    )


_CHANGING = (
    "made_at",
    "since",
    "briefing_id",
    "attempts",
    "reason",
    "approved",
    "look_first",
    "posted_at",
    "updated_at",
)


def _values(delivery: Delivery) -> dict[str, Any]:
    values = {name: getattr(delivery, name) for name in _CHANGING}
    return values | {"state": delivery.state.value, "open": delivery.state not in FINAL}


def _delivery(row: Mapping[Any, Any]) -> Delivery:
    kept: Iterable[str] = ("id", "subscription_id", "wall", "due_at", *_CHANGING)
    return Delivery(
        **{name: row[name] for name in kept},
        channel=Channel.read(row["destination"]),
        state=State(row["state"]),
        scope=scope_of(row),
    )


def _part(row: Mapping[Any, Any]) -> Part:
    return Part(
        **{name: row[name] for name in Part.__slots__ if name != "state"}, state=PartState(row["state"])
    )

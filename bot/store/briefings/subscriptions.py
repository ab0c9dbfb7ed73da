"""Subscriptions, and the deliveries of their slots: each slot gets its delivery once, whichever process creates it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.codec import from_plain
from bot.model.chat import Delivery, Subscription
from bot.store import tables
from bot.store.briefings.delivery_rows import new_row
from bot.store.engine import Database
from bot.store.rows import insert_missing, scope_columns, upsert
from bot.store.signals import Signal

PlanDeliveries = Callable[[Subscription, datetime], tuple[Sequence[Delivery], datetime | None]]
"""Gets a subscription and until when its slots are known; gives their deliveries and when the next is due."""
# Put together once: each delivery asks for its own.
_ONE = sa.select(tables.subscription.c.data).where(tables.subscription.c.id == sa.bindparam("which"))

# Asked of every request and every round of deliveries: it is made once.
_IN_ORDER = sa.select(tables.subscription.c.data).order_by(
    tables.subscription.c.destination, tables.subscription.c.id
)


class Subscriptions:
    """Subscriptions and their slots."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(
        self, subscription: Subscription, *, next_due: datetime | None, enumerated: datetime
    ) -> None:
        """Store ``subscription``; its slots up to ``enumerated`` are never created again."""
        row = _row(subscription) | {"next_due": next_due, "enumerated": enumerated}
        async with self._database.writing() as connection:
            await upsert(connection, tables.subscription, [row])
            await self._database.signals.send(connection, Signal.SUBSCRIPTIONS)

    async def get(self, subscription_id: str) -> Subscription | None:
        """Return one subscription."""
        async with self._database.reading() as connection:
            data = (await connection.execute(_ONE, {"which": subscription_id})).scalar()
        return from_plain(Subscription, data) if data else None

    async def all(self, *, destination: str = "", workspace: str | None = None) -> list[Subscription]:
        """Return every subscription, or those of one channel or workspace, oldest first."""
        table = tables.subscription
        statement = _IN_ORDER
        if destination:
            statement = statement.where(table.c.destination == destination)
        if workspace is not None:
            statement = statement.where(table.c.workspace == workspace)
        async with self._database.reading() as connection:
            rows = await connection.execute(statement)
            found = [from_plain(Subscription, row[0]) for row in rows]
        return sorted(found, key=lambda s: (s.created_at, s.id))

    async def timetables(self) -> dict[str, datetime | None]:
        """Return every distinct timetable of active subscriptions, with its next slot."""
        table = tables.subscription
        async with self._database.reading() as connection:
            rows = await connection.execute(
                sa.select(table.c.timetable, sa.func.min(table.c.next_due))
                .where(table.c.paused == "")
                .group_by(table.c.timetable)
            )
            return {row[0]: row[1] for row in rows}

    async def due_between(
        self, after: datetime, until: datetime, *, limit: int | None = None
    ) -> list[tuple[Subscription, datetime]]:
        """Return the active subscriptions whose next slot is after ``after`` and not after ``until``, with the slot, soonest first."""
        table = tables.subscription
        async with self._database.reading() as connection:
            rows = await connection.execute(
                sa.select(table.c.data, table.c.next_due)
                .where(table.c.next_due > after, table.c.next_due <= until, table.c.paused == "")
                .order_by(table.c.next_due, table.c.id)
                .limit(limit)
            )
            return [(from_plain(Subscription, data), due) for data, due in rows]

    async def first_due_after(self, moment: datetime) -> datetime | None:
        """Return the first slot of active subscriptions after ``moment``."""
        table = tables.subscription
        first = sa.select(sa.func.min(table.c.next_due, type_=tables.UtcTime)).where(
            table.c.next_due > moment, table.c.paused == ""
        )
        async with self._database.reading() as connection:
            found: datetime | None = (await connection.execute(first)).scalar()
        return found

    async def remove(self, subscription_id: str) -> None:
        """End a subscription; its deliveries stay as history."""
        table = tables.subscription
        async with self._database.writing() as connection:
            await connection.execute(sa.delete(table).where(table.c.id == subscription_id))
            await self._database.signals.send(connection, Signal.SUBSCRIPTIONS)

    async def create_due(self, now: datetime, plan: PlanDeliveries, *, limit: int = 500) -> int:
        """Create the deliveries of up to ``limit`` subscriptions that are due at ``now``; return their number.

        It is one transaction, and rows locked by another replica are skipped: a slot gets one delivery.
        """
        table = tables.subscription
        due = (
            sa.select(table.c.data, table.c.enumerated)
            .where(table.c.next_due <= now, table.c.paused == "")
            .order_by(table.c.next_due, table.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        async with self._database.writing() as connection:
            rows = (await connection.execute(due)).all()
            deliveries: list[Delivery] = []
            advanced = []
            for data, enumerated in rows:
                subscription = from_plain(Subscription, data)
                slots, following = plan(subscription, enumerated)
                deliveries += slots
                advanced.append({"key": subscription.id, "due": following, "until": max(now, enumerated)})
            await insert_missing(connection, tables.delivery, [new_row(d) for d in deliveries])
            if deliveries:  # other processes have room for some of them
                await self._database.signals.send(connection, Signal.DELIVERIES)
            if advanced:
                await connection.execute(
                    sa.update(table)
                    .where(table.c.id == sa.bindparam("key"))
                    .values(next_due=sa.bindparam("due"), enumerated=sa.bindparam("until")),
                    advanced,
                )
        return len(rows)


def _row(subscription: Subscription) -> dict[str, object]:
    return scope_columns(subscription.scope) | {
        "id": subscription.id,
        "destination": subscription.channel.name,
        "timetable": f"{';'.join(subscription.lines)} {subscription.zone}",
        "paused": subscription.paused,
        "data": subscription,
    }

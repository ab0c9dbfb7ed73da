"""The lease of a delivery: how long it lasts, and the statement that claims those nobody works on. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.store import tables
from bot.store.rows import Unindexed

# Renewed well before; the deliveries of a dead process wait for this time.
DELIVERY_LEASE_DURATION = timedelta(seconds=30)
MAX_LEASE_SPAN = timedelta(hours=1)  # a lease or wait that ends later was given by a clock that was wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery that was claimed in a new epoch; ``retry`` is one that has failed before."""

    id: str
    epoch: int
    destination: str
    retry: bool


def claiming(now: datetime, *wanted: sa.ColumnElement[bool], limit: int) -> sa.Executable:
    """Return the statement that claims the first ``limit`` of the ``wanted`` deliveries that nobody works on."""
    table, other = tables.delivery, tables.delivery.alias()
    earlier = sa.exists().where(
        other.c.destination == table.c.destination,
        other.c.open,
        sa.or_(
            other.c.due_at < table.c.due_at,
            sa.and_(other.c.due_at == table.c.due_at, other.c.id < table.c.id),
        ),
    )
    far = now + MAX_LEASE_SPAN
    lease = Unindexed(table.c.lease_until)  # else SQLite reads and sorts all that are free
    free = (
        sa.select(table.c.id)
        .where(
            table.c.open,
            table.c.due_at <= now,  # else it was created by a clock that has been set back
            sa.or_(lease <= now, lease > far),
            sa.or_(table.c.retry_at.is_(None), table.c.retry_at <= now, table.c.retry_at > far),
            ~earlier,
            *wanted,
        )
        .order_by(table.c.due_at, table.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (
        sa.update(table)
        .where(table.c.id.in_(free.scalar_subquery()))
        .values(round=table.c.round + 1, lease_until=now + DELIVERY_LEASE_DURATION)
        .returning(table.c.id, table.c.round, table.c.destination, table.c.failing_since, table.c.due_at)
    )


def is_of(platform: str) -> sa.ColumnElement[bool]:
    """Return the condition that a delivery goes to ``platform``."""
    return tables.delivery.c.destination.startswith(f"{platform}:", autoescape=True)

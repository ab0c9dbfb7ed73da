"""Usage of model calls: reserved before a call, corrected after it; sums decide whether another is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.record import Call, Ceiling, ModelUsage
from bot.store import tables
from bot.store.engine import Database

_LOCK_ID = 0x57495245  # of one transaction at a time on PostgreSQL; SQLite has one writer anyway


class ModelCalls:
    """Model calls and their cost."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(self, call: Call, ceilings: Sequence[Ceiling]) -> str:
        """Reserve ``call`` and return "", or reserve nothing and return the name of the first ceiling that it would exceed.

        The row is written before the sums are read, so that two concurrent calls cannot both use the rest of a ceiling.
        """
        async with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_ID)))
            await connection.execute(sa.insert(tables.model_call), [_row(call)])
            for ceiling in ceilings:
                tokens, cost = await _spent(connection, ceiling)
                if (ceiling.tokens and tokens > ceiling.tokens) or (ceiling.cost and cost > ceiling.cost):
                    table = tables.model_call
                    await connection.execute(sa.delete(table).where(table.c.id == call.id))
                    return ceiling.name
        return ""

    async def reconcile(self, call_id: str, usage: ModelUsage, *, reason: str = "") -> None:
        """Record the actual cost of the call ``call_id``; ``reason`` is why it failed, if it did."""
        table = tables.model_call
        values = {
            "state": "failed" if reason else "done",
            "input_tokens": usage.input_tokens,
            "cached_tokens": usage.cached_tokens,
            "output_tokens": usage.output_tokens,
            "cost": usage.cost,
            "reason": reason,
        }
        async with self._database.writing() as connection:
            await connection.execute(sa.update(table).where(table.c.id == call_id).values(**values))

    async def spent(self, ceilings: Sequence[Ceiling]) -> float:
        """Return the largest share of any of ``ceilings`` that is spent or reserved."""
        shares = [0.0]
        async with self._database.reading() as connection:
            for ceiling in ceilings:
                tokens, cost = await _spent(connection, ceiling)
                shares += [tokens / ceiling.tokens] if ceiling.tokens else []
                shares += [cost / ceiling.cost] if ceiling.cost else []
        return max(shares)

    async def total(self, since: datetime, *, workspace: str | None = None) -> ModelUsage:
        """Return the total usage of all calls since ``since``; calls in progress count with their reservation."""
        table = tables.model_call
        statement = sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(table.c.input_tokens), 0),
            sa.func.coalesce(sa.func.sum(table.c.cached_tokens), 0),
            sa.func.coalesce(sa.func.sum(table.c.output_tokens), 0),
            sa.func.coalesce(sa.func.sum(_cost()), 0),
        ).where(table.c.at >= since)
        if workspace is not None:
            statement = statement.where(table.c.workspace == workspace)
        async with self._database.reading() as connection:
            calls, given, cached, output, cost = (await connection.execute(statement)).one()
        return ModelUsage(
            calls=calls,
            input_tokens=int(given),
            cached_tokens=int(cached),
            output_tokens=int(output),
            cost=int(cost),
        )


def _row(call: Call) -> dict[str, Any]:
    return {
        "id": call.id,
        "at": call.at,
        "workspace": call.workspace,
        "purpose": call.purpose,
        "subject": call.subject,
        "model": call.model,
        "prompt_hash": call.prompt_hash,
        "state": "reserved",
        "reserved_tokens": call.tokens,
        "reserved_cost": call.cost,
        "input_tokens": 0,
        "cached_tokens": 0,
        "output_tokens": 0,
        "cost": 0,
        "reason": "",
    }


def _cost() -> sa.ColumnElement[int]:
    table = tables.model_call
    return sa.case((table.c.state == "reserved", table.c.reserved_cost), else_=table.c.cost)


async def _spent(connection: AsyncConnection, ceiling: Ceiling) -> tuple[int, int]:
    """Return tokens and cost under ``ceiling``; a call that was never settled counts as reserved."""
    table = tables.model_call
    tokens = sa.case(
        (table.c.state == "reserved", table.c.reserved_tokens),
        else_=table.c.input_tokens + table.c.output_tokens,
    )
    statement = sa.select(
        sa.func.coalesce(sa.func.sum(tokens), 0), sa.func.coalesce(sa.func.sum(_cost()), 0)
    ).where(table.c.at >= ceiling.since)
    if ceiling.workspace is not None:
        statement = statement.where(table.c.workspace == ceiling.workspace)
    if ceiling.purposes:
        statement = statement.where(table.c.purpose.in_(ceiling.purposes))
    row = (await connection.execute(statement)).one()
    return int(row[0]), int(row[1])

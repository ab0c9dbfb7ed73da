"""Forgetting: what is older than it is to be kept, and all that is a channel's own."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.model.chat import FINAL
from bot.store import tables
from bot.store.engine import Database


async def prune(database: Database, *, before: datetime) -> None:
    """Remove briefings, their records, finished deliveries, model calls and notices from before ``before``."""
    old = (
        sa.delete(tables.briefing).where(tables.briefing.c.made_at < before),
        sa.delete(tables.briefing_record).where(tables.briefing_record.c.made_at < before),
        sa.delete(tables.delivery).where(
            tables.delivery.c.due_at < before,
            tables.delivery.c.state.in_([state.value for state in FINAL]),
        ),
        sa.delete(tables.model_call).where(tables.model_call.c.at < before),
        sa.delete(tables.notice).where(tables.notice.c.at < before, tables.notice.c.told),
        sa.delete(tables.ingest).where(tables.ingest.c.finished_at < before),
    )
    async with database.writing() as connection:
        for statement in old:
            await connection.execute(statement)

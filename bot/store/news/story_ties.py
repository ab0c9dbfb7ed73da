"""Ties between stories: one was merged into another and is found by its id, or two were split and stay apart."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.rows import chunks, one_of


class Tie(StrEnum):
    """A tie between two stories."""

    MERGED = "merged"  # the first is in the other
    APART = "apart"  # an editor said that they are two; kept once for both directions


async def merged_into(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, str]:
    """Return the story that each of ``ids`` was merged into; those that were not are left out."""
    table = tables.story_tie
    found: dict[str, str] = {}
    for some in chunks(dict.fromkeys(ids)):
        rows = await connection.execute(
            sa.select(table.c.story_id, table.c.other_id).where(
                one_of(table.c.story_id, some), table.c.tie == Tie.MERGED.value
            )
        )
        found |= {row[0]: row[1] for row in rows}
    return found

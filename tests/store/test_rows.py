"""Rows that stand already are passed over, and it is known how many were new: that tells who was first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.store import open_store, tables
from bot.store.rows import ROWS_PER_CALL, insert_missing

pytestmark = pytest.mark.slow
NOW = datetime(2026, 3, 10, tzinfo=UTC)


def rows(*numbers):
    return [{"key": f"{number:05}", "at": NOW} for number in numbers]


async def test_of_many_rows_those_that_are_new_are_kept_and_counted(engine_url):
    many = ROWS_PER_CALL + 7
    table = tables.replay
    async with open_store(engine_url) as store, store.database.writing() as connection:
        assert await insert_missing(connection, table, []) == 0
        assert await insert_missing(connection, table, rows(0)) == 1
        assert await insert_missing(connection, table, rows(0)) == 0
        assert await insert_missing(connection, table, rows(3, 3, 5)) == 2
        assert await insert_missing(connection, table, rows(*range(many))) == many - 3
        kept = (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar()
    assert kept == many

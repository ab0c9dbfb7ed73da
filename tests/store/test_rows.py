"""Rows that stand already are passed over or counted on, and it is known how many were new: that tells who was first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.store import open_store, tables
from bot.store.rows import COUNTS_PER_CALL, ROWS_PER_CALL, add_counts, counts_after, insert_missing

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


async def test_counts_are_added_to_those_that_stand_whatever_is_counted(engine_url):
    odd = {"": 1, "it's": 2, 'a "b" \\ c': 3, "Łódź · 中文": 4, "\u2028": 5, "😀": 6, "1": 7, "null": 8}
    many = {f"{number:05}": number for number in range(1, COUNTS_PER_CALL + 8)}
    async with open_store(engine_url) as store, store.database.writing() as connection:
        await add_counts(connection, tables.passage_stem, {})
        for counted in (odd, many, odd):
            await add_counts(connection, tables.passage_stem, counted)
        rows = await connection.execute(sa.select(tables.passage_stem))
        found = {row.stem: row.passages for row in rows}
    assert found == many | {word: 2 * count for word, count in odd.items()}


async def test_whoever_counts_is_told_what_the_counts_are_then(engine_url):
    async with open_store(engine_url) as store, store.database.writing() as connection:
        assert await counts_after(connection, tables.passage_day, {}) == {}
        assert await counts_after(connection, tables.passage_day, {20_000: 3, -4: 1}) == {20_000: 3, -4: 1}
        assert await counts_after(connection, tables.passage_day, {20_000: 2, 7: 5}) == {20_000: 5, 7: 5}

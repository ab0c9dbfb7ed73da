"""Rows that stand already are passed over or counted on, and it is known how many were new: that tells who was first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.store import open_store, tables
from bot.store.rows import (
    COUNTS_PER_CALL,
    ROWS_PER_CALL,
    add_counts,
    counts_after,
    insert_missing,
    one_of,
    one_of_those,
)

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


async def test_rows_are_found_by_any_of_many_texts_whatever_they_are(engine_url):
    odd = ["", "it's", 'a "b" \\ c', "Łódź · 中文", "\u2028", "😀", "1", "null", "a,b", "{a}"]
    table = tables.passage_stem
    of_these = sa.select(table.c.stem).where(one_of_those(table.c.stem, "these"))
    async with open_store(engine_url) as store, store.database.writing() as connection:
        await add_counts(connection, table, dict.fromkeys([*odd, "another"], 1))
        for asked in (odd, odd[:1], [*odd[3:5], "absent"], []):
            wanted = sorted(set(asked) - {"absent"})
            found = await connection.execute(sa.select(table.c.stem).where(one_of(table.c.stem, asked)))
            assert sorted(found.scalars()) == wanted
            assert sorted((await connection.execute(of_these, {"these": asked})).scalars()) == wanted


async def test_sqlite_looks_each_of_many_texts_up(sqlite_url):
    table = tables.passage_stem
    asked = sa.select(table.c.passages).where(one_of(table.c.stem, ["a", "b"]))
    async with open_store(sqlite_url) as store, store.database.reading() as connection:
        statement = asked.compile(dialect=connection.dialect)
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ('["a", "b"]',))
        assert any(row[3].startswith("SEARCH passage_stem USING INDEX") for row in rows)

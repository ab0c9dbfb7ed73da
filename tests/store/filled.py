"""Rows for every table there is, theirs and with a canary: tables that come later are filled as well."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from bot.store import tables

SCOPE = {"workspace", "channel", "visibility"}
WHO = {"workspace": "T1", "channel": "slack:T1/C1", "destination": "slack:T1/C1", "user": "U1", "asker": "U1"}
NOW = datetime(2025, 7, 8, tzinfo=UTC)
CANARY = "zyzzogeton"


def row_of(table, *, text=CANARY, **known):
    """Return a row of ``table`` that is theirs, with ``text`` wherever text can stand."""
    values = {}
    for column in table.c:
        if column.name in known:
            values[column.name] = known[column.name]
        elif column.name == "visibility":
            values[column.name] = "channel"
        elif column.name in WHO:
            values[column.name] = WHO[column.name]
        elif isinstance(column.type, tables.UtcTime):
            values[column.name] = NOW
        elif isinstance(column.type, sa.LargeBinary):
            values[column.name] = text.encode()
        elif isinstance(column.type, sa.JSON):
            values[column.name] = {"text": text * 30}
        elif isinstance(column.type, sa.Boolean | sa.Integer | sa.BigInteger | sa.Float):
            values[column.name] = 1
        else:
            values[column.name] = _allowed(table, column) or f"{text} {table.name} {column.name}"
    return values


def _allowed(table, column):
    """Return a value that the table's check admits, where it has one for ``column``."""
    for check in table.constraints:
        text = str(getattr(check, "sqltext", ""))
        if text.startswith(f"{column.name} IN"):
            return text.split("'")[1]
    return ""


async def fill(store, wanted, **known):
    """Put a row into each of the tables ``wanted``, after those that its foreign keys name."""
    made = {}
    async with store.database.writing() as connection:
        for table in tables.metadata.sorted_tables:
            if table not in wanted:
                continue
            row = row_of(table, **known)
            for key in table.foreign_keys:
                row[key.parent.name] = made[key.column.table.name][key.column.name]
            await connection.execute(sa.insert(table), [row])
            made[table.name] = row


def with_parents(wanted):
    found = set(wanted)
    while more := {k.column.table for t in found for k in t.foreign_keys} - found:
        found |= more
    return found


async def counted(store, wanted):
    async with store.database.reading() as connection:
        return {
            table.name: count
            for table in wanted
            if (count := (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar())
        }


async def everything(store):
    found = []
    async with store.database.reading() as connection:
        for table in tables.metadata.sorted_tables:
            found += [str(row) for row in await connection.execute(sa.select(table))]
    return " ".join(found)

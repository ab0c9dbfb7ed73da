"""Rows from model values and back, and statements that every engine understands."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeDecorator

from bot.model.scope import Scope, Visibility

MAX_PARAMETERS = 400  # parameters a statement: well below every engine's bound
TEXTS_PER_CALL = 1_000  # texts passed in one call as one value
COUNTS_PER_CALL = 5_000  # counts passed in one call as one value
ROWS_PER_CALL = 500  # of one call: what is prepared at once in the event loop takes some milliseconds
WHOLE_ARTICLES_PER_CALL = 50  # articles of one call with all their sentences, for the same reason
V = TypeVar("V")


def scope_columns(scope: Scope) -> dict[str, str]:
    """Return the columns of ``scope``."""
    return {"workspace": scope.workspace, "channel": scope.channel, "visibility": scope.visibility.value}


def scope_of(row: Mapping[str, Any]) -> Scope:
    """Return the scope of a row."""
    return Scope(workspace=row["workspace"], channel=row["channel"], visibility=Visibility(row["visibility"]))


def readable_rows(table: sa.FromClause, by: Scope) -> sa.ColumnElement[bool]:
    """Return the condition for rows of ``table`` that a destination of scope ``by`` may show.

    The same rule as ``bot.model.scope.readable``.
    """
    return sa.or_(is_shared(table), *_own(table, by))


def own_rows(table: sa.FromClause, by: Scope) -> sa.ColumnElement[bool]:
    """Return the condition for private rows of ``table`` that a destination of scope ``by`` may show."""
    return sa.or_(*_own(table, by))


def is_shared(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return the condition for shared rows of ``table``."""
    # Nearly every row is, and SQLite would read them all.
    return Unindexed(table.c.visibility) == Visibility.SHARED.value


class Unindexed(sa.ColumnElement[Any]):
    """A column that SQLite does not look up in an index."""

    inherit_cache = True

    def __init__(self, column: sa.ColumnElement[Any]) -> None:
        self.clause = column
        self.type = column.type

    _traverse_internals = [("clause", InternalTraversal.dp_clauseelement)]  # noqa: RUF012 - as SQLAlchemy has it


@compiles(Unindexed)
def _plain(element: Unindexed, compiler: Any, **given: Any) -> str:
    mark = "+" if compiler.dialect.name == "sqlite" else ""
    return f"{mark}{compiler.process(element.clause, **given)}"


def _own(table: sa.FromClause, by: Scope) -> list[sa.ColumnElement[bool]]:
    c = table.c
    kinds = []
    if by.workspace:
        kinds.append(sa.and_(c.visibility == Visibility.WORKSPACE.value, c.workspace == by.workspace))
    if by.channel:
        kinds.append(
            sa.and_(
                c.visibility == Visibility.CHANNEL.value,
                c.workspace == by.workspace,
                c.channel == by.channel,
            )
        )
    return kinds


def chunks(values: Iterable[V], size: int = MAX_PARAMETERS) -> Iterator[Sequence[V]]:
    """Yield ``values`` in runs that fit one statement."""
    listed = list(values)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


def one_of(column: sa.Column[str], values: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the condition that ``column`` is one of ``values``, which are passed as one value."""
    return _OneOf(column, sa.bindparam(None, values, type_=_TEXTS, unique=True))


def one_of_those(column: sa.Column[str], name: str) -> sa.ColumnElement[bool]:
    """Return the condition that ``column`` is one of the values passed as the parameter ``name``, for statements that are made once."""
    return _OneOf(column, sa.bindparam(name, type_=_TEXTS))


class _Texts(TypeDecorator[Sequence[str]]):
    """Texts as one value: a parameter for each is written into the statement, and costs as much as looking it up."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Return the type of the value: PostgreSQL has one for several texts."""
        own = postgresql.ARRAY(sa.Text) if dialect.name == "postgresql" else sa.Text()
        return dialect.type_descriptor(own)

    def process_bind_param(self, value: Sequence[str] | None, dialect: sa.Dialect) -> Any:
        """Return ``value`` as the engine takes it."""
        listed = list(value or ())
        return listed if dialect.name == "postgresql" else json.dumps(listed)


_TEXTS = _Texts()


class _OneOf(sa.ColumnElement[bool]):
    """Whether a column is one of the texts of one value."""

    inherit_cache = True

    def __init__(self, column: sa.ColumnElement[str], texts: sa.BindParameter[Any]) -> None:
        self.column, self.texts = column, texts
        self.type = sa.Boolean()

    def self_group(self, against: Any = None) -> _OneOf:  # noqa: ARG002
        """Return it as it is: compared with 1, as values that are true or false are, SQLite would look at every row."""
        return self

    _traverse_internals = [  # noqa: RUF012 - as SQLAlchemy has it
        ("column", InternalTraversal.dp_clauseelement),
        ("texts", InternalTraversal.dp_clauseelement),
    ]


@compiles(_OneOf)
def _in_texts(element: _OneOf, compiler: Any, **given: Any) -> str:
    column, texts = (compiler.process(part, **given) for part in (element.column, element.texts))
    if compiler.dialect.name == "postgresql":
        return f"{column} = ANY ({texts})"
    return f"{column} IN (SELECT value FROM json_each({texts}))"  # noqa: S608 - both were compiled


async def upsert(connection: AsyncConnection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert ``rows``; if a primary key exists already, update its other columns."""
    if not rows:
        return
    statement = _upserting(table, frozenset(rows[0]), postgres=connection.dialect.name == "postgresql")
    for some in chunks(rows, ROWS_PER_CALL):
        await connection.execute(statement, some)


@functools.cache
def _upserting(table: sa.Table, columns: frozenset[str], *, postgres: bool) -> sa.Executable:
    statement = postgresql.insert(table) if postgres else sqlite.insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {
        c.name: statement.excluded[c.name] for c in table.columns if c.name in columns and c.name not in keys
    }
    if changed:
        return statement.on_conflict_do_update(index_elements=keys, set_=changed)
    return statement.on_conflict_do_nothing(index_elements=keys)


async def add_counts(connection: AsyncConnection, table: sa.Table, counted: Mapping[Any, int]) -> None:
    """Add ``counted`` to the counts that ``table`` keeps (a key, a count).

    Rows are in the order of the keys, so that concurrent writers cannot deadlock. One statement takes thousands of rows: one
    statement for each would cost as much as everything else that is stored of an article.
    """
    for some in chunks(sorted(counted.items()), COUNTS_PER_CALL):
        await connection.execute(*_added(connection, table, some))


async def counts_after(
    connection: AsyncConnection, table: sa.Table, counted: Mapping[Any, int]
) -> dict[Any, int]:
    """Add ``counted`` as ``add_counts`` does, and return what the counts of its keys are then."""
    found: dict[Any, int] = {}
    for some in chunks(sorted(counted.items()), COUNTS_PER_CALL):
        statement, given = _added(connection, table, some)
        rows = await connection.execute(statement.returning(*table.columns), given)
        found.update({row[0]: row[1] for row in rows})
    return found


def _added(
    connection: AsyncConnection, table: sa.Table, counts: Sequence[tuple[Any, int]]
) -> tuple[Any, dict[str, Any]]:
    """Return the statement that adds ``counts``, and what it is given."""
    if connection.dialect.name == "postgresql":
        keys, values = zip(*counts, strict=True)
        return _adding(table, postgres=True), {"keys": list(keys), "values": list(values)}
    return _adding(table, postgres=False), {"pairs": json.dumps(counts)}


@functools.cache
def _adding(table: sa.Table, *, postgres: bool) -> Any:
    key, count = table.columns
    rows: sa.Select[Any]
    insert: Any
    if postgres:
        columns = (
            sa.bindparam("keys", type_=postgresql.ARRAY(key.type)),
            sa.bindparam("values", type_=postgresql.ARRAY(count.type)),
        )
        given = sa.func.unnest(*columns).table_valued("key", "value").render_derived()
        rows, insert = sa.select(given.c.key, given.c.value), postgresql.insert(table)
    else:
        pairs = sa.func.json_each(sa.bindparam("pairs", type_=sa.Text)).table_valued("value")
        parts = (sa.func.json_extract(pairs.c.value, part) for part in ("$[0]", "$[1]"))
        # The condition tells SQLite that what follows belongs to the insertion.
        rows, insert = sa.select(*parts).where(sa.true()), sqlite.insert(table)
    insert = insert.from_select([key.name, count.name], rows)
    return insert.on_conflict_do_update(
        index_elements=[key.name], set_={count.name: count + insert.excluded[count.name]}
    )


async def insert_missing(connection: AsyncConnection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert those of ``rows`` (all with the same columns) that do not exist yet; return how many were new."""
    statement = _inserting(table, postgres=connection.dialect.name == "postgresql")
    new = 0
    for some in chunks(rows, ROWS_PER_CALL):
        # Without the option the count of an INSERT is not kept, and reads as -1 with psycopg.
        done = await connection.execute(statement, some, execution_options={"preserve_rowcount": True})
        new += done.rowcount
    return new


@functools.cache
def _inserting(table: sa.Table, *, postgres: bool) -> sa.Executable:
    statement = postgresql.insert(table) if postgres else sqlite.insert(table)
    return statement.on_conflict_do_nothing()

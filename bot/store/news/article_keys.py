"""Ask for articles by the keys by which they are recognised: one statement for keys of several kinds."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from bot.model.scope import Scope
from bot.store import tables
from bot.store.news.article_rows import Key, known_columns
from bot.store.rows import TEXTS_PER_CALL, chunks, one_of_those

MAX_KEPT_STATEMENTS = 16  # one for each number of kinds that are asked for together


def each_kind(keys: Iterable[Key]) -> Iterator[list[tuple[str, Sequence[str]]]]:
    """Yield the kinds of ``keys``, each with values of it, as many at a time as fit one statement."""
    some: list[tuple[str, Sequence[str]]] = []
    values = 0
    for kind, part in _by_kind(keys):
        if some and values + len(part) > TEXTS_PER_CALL:
            yield some
            some, values = [], 0
        some.append((kind, part))
        values += len(part)
    if some:
        yield some


def parameters_of(of: Sequence[tuple[str, Sequence[str]]], scope: Scope) -> dict[str, Any]:
    """Return the parameters of a statement that asks for the values ``of`` some kinds in ``scope``."""
    kinds = {f"kind_{place}": kind for place, (kind, _) in enumerate(of)}
    parts: dict[str, Any] = {f"values_{place}": part for place, (_, part) in enumerate(of)}
    return {**kinds, **parts, "workspace": scope.workspace, "channel": scope.channel}


def _of_kind(place: int) -> sa.ColumnElement[bool]:
    """Return the condition that finds the rows of one kind's values.

    Each is asked for by a select of its own: of pairs, or of one kind or another, SQLite would look at every row.
    """
    key = tables.article_key.c
    in_scope = (key.workspace == sa.bindparam("workspace")) & (key.channel == sa.bindparam("channel"))
    values = one_of_those(key.value, f"values_{place}")
    return (key.kind == sa.bindparam(f"kind_{place}")) & values & in_scope


# Asked for every feed with news: to make such a statement takes as long as to execute it.
@functools.lru_cache(maxsize=MAX_KEPT_STATEMENTS)
def known_of(kinds: int) -> sa.CompoundSelect[Any]:
    """Return the statement that asks for what is known by the values of so many ``kinds``."""
    table, key = tables.article, tables.article_key
    columns = key.c.kind, key.c.value, key.c.entry_hash.label("said"), *known_columns()
    there = (table.c.id == key.c.article_id) & table.c.latest
    parts = (sa.select(*columns).join(table, there).where(_of_kind(place)) for place in range(kinds))
    return sa.union_all(*parts)


@functools.lru_cache(maxsize=MAX_KEPT_STATEMENTS)
def forgotten_of(kinds: int) -> sa.CompoundSelect[Any]:
    """Return the statement that asks for those of them whose article is stored no more."""
    key = tables.article_key.c
    gone = ~sa.exists().where(tables.article.c.id == key.article_id)
    parts = (sa.select(key.kind, key.value).where(_of_kind(place), gone) for place in range(kinds))
    return sa.union_all(*parts)


def _by_kind(keys: Iterable[Key]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the values of ``keys`` by their kind, as many at a time as fit one statement."""
    values: defaultdict[str, list[str]] = defaultdict(list)
    for kind, value in keys:
        values[kind].append(value)
    for kind, found in values.items():
        for part in chunks(found, TEXTS_PER_CALL):
            yield kind, part

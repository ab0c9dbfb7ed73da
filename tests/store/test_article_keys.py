"""The keys of entries are asked for all kinds at once, as many as fit a statement."""

from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa

from bot.model.scope import SHARED
from bot.store.news.articles import _each_kind
from bot.store.rows import MAX_PARAMETERS

KINDS = "guid", "link", "page"


def values_in(condition: sa.ColumnElement[bool]) -> list[str]:
    """Return the values of keys that ``condition`` asks for."""
    given = condition.compile().params.values()
    return list(itertools.chain.from_iterable(one for one in given if isinstance(one, list | tuple)))


@pytest.mark.parametrize(("each", "statements"), [(1, 1), (MAX_PARAMETERS // 3, 1), (MAX_PARAMETERS, 3), (MAX_PARAMETERS + 1, 6)])  # fmt: skip
def test_few_keys_of_all_kinds_are_one_statement_and_many_are_bounded(each, statements):
    keys = [(kind, f"{kind} {number}") for kind in KINDS for number in range(each)]
    asked = list(_each_kind(keys, SHARED))
    assert len(asked) == statements
    found = [[value for one in some for value in values_in(one)] for some in asked]
    assert all(len(values) <= MAX_PARAMETERS for values in found)
    assert sorted(itertools.chain.from_iterable(found)) == sorted(value for _, value in keys)


def test_no_keys_are_no_statement():
    assert list(_each_kind([], SHARED)) == []

"""The keys of entries are asked for all kinds at once, as many as fit a statement."""

from __future__ import annotations

import itertools

import pytest

from bot.model.scope import SHARED
from bot.store.news.article_keys import each_kind, forgotten_of, known_of, parameters_of
from bot.store.rows import TEXTS_PER_CALL

pytestmark = pytest.mark.slow
KINDS = "guid", "link", "page"


@pytest.mark.parametrize(("each", "statements"), [(1, 1), (TEXTS_PER_CALL // 3, 1), (TEXTS_PER_CALL, 3), (TEXTS_PER_CALL + 1, 6)])  # fmt: skip
def test_few_keys_of_all_kinds_are_one_statement_and_many_are_bounded(each, statements):
    keys = [(kind, f"{kind} {number}") for kind in KINDS for number in range(each)]
    asked = list(each_kind(keys))
    assert len(asked) == statements
    found = [[value for _, values in some for value in values] for some in asked]
    assert all(len(values) <= TEXTS_PER_CALL for values in found)
    assert sorted(itertools.chain.from_iterable(found)) == sorted(value for _, value in keys)


def test_no_keys_are_no_statement():
    assert list(each_kind([])) == []


@pytest.mark.parametrize("statement", [known_of, forgotten_of])
def test_a_statement_is_made_once_and_takes_all_that_is_asked(statement):
    (asked,) = each_kind([(kind, f"{kind} {number}") for kind in KINDS for number in range(2)])
    made = statement(len(asked))
    assert statement(len(asked)) is made
    assert made.compile().params.keys() == parameters_of(asked, SHARED).keys()

"""A table in one test tells of every row that fails."""

from __future__ import annotations

import pytest

from tests.support.running.rows import MAX_SHOWN, each_row


def test_a_table_of_sound_rows_passes():
    seen = []

    @each_row(("one", "other"), [(1, 1), (2, 2)])
    def holds(one, other):
        seen.append(one)
        assert one == other

    holds()
    assert seen == [1, 2]


def test_every_row_that_fails_is_told_with_its_values():
    @each_row("number", range(3))
    def holds(number):
        assert number == 1, "no"

    with pytest.raises(ExceptionGroup, match="2 of 3 rows fail") as caught:
        holds()
    assert [error.__notes__ for error in caught.value.exceptions] == [["number=0"], ["number=2"]]


def test_a_row_that_raises_nothing_where_it_should_fails():
    @each_row("number", [0, 1])
    def holds(number):
        with pytest.raises(ZeroDivisionError):
            1 / number

    with pytest.raises(ExceptionGroup, match="1 of 2 rows fail"):
        holds()


def test_of_many_failing_rows_some_are_shown():
    @each_row("number", range(100))
    def holds(number):
        assert number < 0

    with pytest.raises(ExceptionGroup, match="100 of 100 rows fail") as caught:
        holds()
    assert len(caught.value.exceptions) == MAX_SHOWN


def test_a_table_without_rows_is_no_test():
    with pytest.raises(AssertionError, match="proves nothing"):
        each_row("number", [])(lambda number: None)


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="zip"):
        each_row(("one", "other"), [(1,)])(lambda one, other: None)()

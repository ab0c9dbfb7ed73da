"""A number counts what stands beside it."""

from __future__ import annotations

from tests.evidence.checking import check


def test_a_part_shares_its_noun_with_the_whole_behind_it():
    said = "Crews saved 12 out of 31 boats and lost 4 cranes."
    assert check("12 boats", said, field="figure").passed
    assert check("31 boats", said, field="figure").passed
    assert check("4 boats", said, field="figure").reason == "counted"

"""An expression for days that a text lacks the letters of is not searched for: no day is lost by it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.dates import find
from bot.literals.prefilter import Sieve

PARTS = (
    "Monday", "MONDAY", "on Friday", "last week", "next week", "the weekend", "this month", "two days ago", "within a week",
    "today", "overnight", "tomorrow", "3 March 2018", "March 3, 2018", "2018-03-03", "31 June 2018", "in 2019", "in May",
    "Sept. 4", "the end of the year", "in the coming days", "a fortnight from now", "last night", "early 2017", "the talks",
    "will resume", "ended", ",", "and", "\u017funday", "\u0130",
)  # fmt: skip
AT = datetime(2018, 3, 4, 12, tzinfo=UTC)


@given(text=st.lists(st.sampled_from(PARTS), max_size=6).map(" ".join), dated=st.booleans())
def test_the_days_are_those_that_a_search_for_every_expression_finds(text, dated):
    published = AT if dated else None
    found = find.find_dates(text, published=published)
    with pytest.MonkeyPatch.context() as patch:
        every = tuple((Sieve(sieve.pattern, ()), resolve) for sieve, resolve in find._SIEVED_RULES)
        patch.setattr(find, "_SIEVED_RULES", every)
        patch.setattr(find, "_RULES_WITH_YEAR", every)
        assert find.find_dates(text, published=published) == found


def test_most_expressions_are_not_searched_for_in_a_sentence():
    text = "the ministry said that the talks ended in march"
    assert sum(sieve.may_match(text) for sieve, _ in find._SIEVED_RULES) < len(find._SIEVED_RULES) / 2

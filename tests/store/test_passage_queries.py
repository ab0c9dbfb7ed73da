"""Which stems find passages alone, which beside others, and in which times common ones are looked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from bot.model.scope import SHARED
from bot.store.news.passage_queries import (
    COMMON_STEM_PASSAGES,
    RARE_STEM_PASSAGES,
    WINDOW_SPANS,
    Frequencies,
    expressions,
    finding,
    finds_few,
    quoted,
    windows,
)
from bot.store.news.passages import SPAN_DAYS, span_of, span_word

pytestmark = pytest.mark.slow
NOW = datetime(2031, 3, 10, 7, tzinfo=UTC)
COMMON = COMMON_STEM_PASSAGES + 1


def known(**holding):
    return Frequencies(passages=100_000, holding=holding)


def equal(*stems):
    return dict.fromkeys(stems, 1.0)


def test_a_rarer_stem_weighs_more_and_one_never_seen_the_most():
    weights = [known(ferry=10, port=5_000).weight(stem) for stem in ("unseen", "ferry", "port")]
    assert weights == sorted(weights, reverse=True)
    assert min(weights) > 0


def test_a_stem_that_more_passages_hold_than_there_are_has_no_weight_below_nothing():
    assert Frequencies(passages=0, holding={"ferry": 9_000}).weight("ferry") > 0


def test_rare_stems_find_alone_up_to_a_bound_together():
    found = known(ferry=RARE_STEM_PASSAGES - 1, tram=1, port=RARE_STEM_PASSAGES)
    assert expressions(found, equal("ferry", "port", "tram"), times=(), postgres=False) == (
        '"tram" OR "ferry"',
    )


def test_common_stems_find_where_another_stands_beside_them_each_pair_once():
    found = known(a=COMMON, b=COMMON, c=COMMON, d=COMMON)
    weights = {"a": 4.0, "b": 3.0, "c": 2.0, "d": 1.0}
    assert expressions(found, weights, times=(), postgres=False) == (
        '(("a" OR "b" OR "c") AND ("d")) OR ("a" AND ("b" OR "c")) OR ("b" AND ("c"))',
    )


def test_a_question_of_one_common_stem_is_looked_for_all_the_same():
    assert expressions(known(a=COMMON), equal("a"), times=(), postgres=True) == ("'a'",)


def test_of_several_stems_one_that_is_common_alone_adds_nothing_to_the_rare():
    assert expressions(known(a=COMMON, ferry=1), equal("a", "ferry"), times=(), postgres=True) == ("'ferry'",)


def test_times_bound_the_common_stems_and_not_the_rare_ones():
    found, spans = known(a=COMMON, b=COMMON, ferry=1), f"{span_word(7)}"
    (one,) = expressions(found, equal("a", "b", "ferry"), times=(7,), postgres=False)
    assert one == f'"ferry" OR ((("a" AND ("b"))) AND ("{spans}"))'
    words, times = expressions(found, equal("a", "b", "ferry"), times=(7,), postgres=True)
    assert words == "'ferry' | ('a' & ('b'))"
    assert times == f"'ferry' | ('{spans}')"


@pytest.mark.parametrize(("postgres", "text"), [(True, "'o''neill'"), (False, '"o\'neill"')])
def test_a_quotation_mark_ends_no_word(postgres, text):
    assert quoted("o'neill", postgres=postgres) == text
    assert quoted('a"b', postgres=False) == '"a""b"'


def spans_of(frequencies, weights, **bounds):
    times = {"since": None, "until": None, "known_by": NOW} | bounds
    return list(windows(frequencies, weights, **times))


def test_common_stems_are_looked_for_in_the_newest_spans_first_and_at_last_in_any():
    first, second, ever = spans_of(known(a=COMMON), equal("a", "b"))
    assert (len(first), len(second), ever) == (*WINDOW_SPANS, ())
    assert first[-1] == second[-1] == span_of(NOW)
    assert set(first) < set(second)


def test_where_no_stem_is_common_every_time_is_looked_in_at_once():
    assert spans_of(known(a=COMMON_STEM_PASSAGES), equal("a")) == [()]


def test_a_question_of_some_weeks_is_looked_for_in_them_alone():
    since = NOW - timedelta(days=3 * SPAN_DAYS)
    assert spans_of(known(a=COMMON), equal("a"), since=since) == [
        tuple(range(span_of(since), span_of(NOW) + 1))
    ]
    until = NOW - timedelta(days=SPAN_DAYS)
    (times,) = spans_of(known(a=COMMON), equal("a"), since=since, until=until)
    assert times[-1] == span_of(until)


def test_what_is_known_later_is_not_looked_for():
    assert spans_of(known(a=COMMON), equal("a"), until=NOW + timedelta(days=900))[0][-1] == span_of(NOW)


@pytest.mark.parametrize(("dialect", "postgres"), [(sqlite.dialect(), False), (postgresql.dialect(), True)])
@pytest.mark.parametrize("bounds", [frozenset(), frozenset({"since", "until"})])
def test_a_statement_has_a_parameter_for_each_stem_and_each_bound(dialect, postgres, bounds):
    statement = finding(SHARED, stems=2, asked=1, most=80, bounds=bounds, few=False, postgres=postgres)
    parameters = statement.compile(dialect=dialect).params
    wanted = {"known_by", "asked_0", "stem_0", "stem_1", "weight_0", "weight_1"}
    assert wanted | {name for one in bounds for name in (one, f"{one}_id")} <= parameters.keys()
    assert not {"stem_2", "asked_1"} & parameters.keys()
    assert bool(bounds) == ("since" in parameters)


@pytest.mark.parametrize(("holding", "stems", "few"), [
    ({"a": 1}, "a b", True),  # and one that no passage holds
    ({"a": 1, "b": COMMON}, "a b", True),  # the common one finds nothing alone
    ({"a": 1, "b": COMMON, "c": COMMON}, "a b c", False),
    ({"a": COMMON}, "a", False),
])  # fmt: skip
def test_few_passages_are_found_where_no_common_stems_find(holding, stems, few):
    weights = equal(*stems.split())
    assert finds_few(known(**holding), weights) is few
    (found,) = expressions(known(**holding), weights, times=(), postgres=False)
    assert few == all(f'"{stem}"' not in found for stem, held in holding.items() if held == COMMON)


def test_postgresql_looks_few_passages_up_and_goes_through_many_in_their_order():
    def order(*, few):
        statement = finding(SHARED, stems=1, asked=1, most=80, bounds=frozenset(), few=few, postgres=True)
        return str(statement.compile(dialect=postgresql.dialect())).split("ORDER BY ", 1)[1].split(" \n")[0]

    assert (order(few=True), order(few=False)) == ("passage.id + 0 DESC", "passage.id DESC")


def test_a_statement_is_made_once():
    options = {"stems": 3, "asked": 1, "most": 80, "bounds": frozenset(), "few": True, "postgres": False}
    assert finding(SHARED, **options) is finding(SHARED, **options)

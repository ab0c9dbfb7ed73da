"""Numbers: however they are written, they are worth the same."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.numbers import find_numbers, harms_in
from tests.support.running.rows import each_row


@each_row(
    ("text", "value", "unit"),
    [
        ("10,000 people", 10_000, ""),
        ("ten thousand people", 10_000, ""),
        ("10k people", 10_000, ""),
        ("10 000 people", 10_000, ""),
        ("$3.5bn", 3_500_000_000, "USD"),
        ("3.5 billion dollars", 3_500_000_000, "USD"),
        ("€40 million", 40_000_000, "EUR"),
        ("half a million", 500_000, ""),
        ("1,20,000 people", 120_000, ""),
        ("Rs 1,20,000", 120_000, "INR"),
        ("Rs. 500", 500, "INR"),
        ("₹42,500 crore", 425_000_000_000, "INR"),
        ("2.3 lakh crore", 2_300_000_000_000, ""),
        ("15 lakh", 1_500_000, ""),
        ("30-percent", 30, "%"),
        ("a dozen men", 12, ""),
        ("two hundred and five", 205, ""),
        ("twenty-two thousand", 22_000, ""),
        ("12.5%", Decimal("12.5"), "%"),
        ("twelve per cent", 12, "%"),
        ("60-day truce", 60, ""),
        ("£2m deal", 2_000_000, "GBP"),
    ],
)
def test_a_number_has_one_worth_however_it_is_written(text, value, unit):
    (span,) = find_numbers(text)
    assert (span.value, span.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("in 2019", "year"), ("the 22nd month", "ordinal"), ("at 6:30", "time"), ("at 6 pm", "time")],
)
def test_years_ordinals_and_times_are_told_apart(text, kind):
    assert [span.kind for span in find_numbers(text)] == [kind]


def test_a_word_of_doubt_belongs_to_its_number():
    (span,) = find_numbers("Some 10,000 are held")
    assert (span.text, span.approximate) == ("Some 10,000", True)
    assert find_numbers("dozens of people")[0].approximate


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("five million yen", "JPY"),
        ("5 million yen", "JPY"),
        ("two hundred rupees", "INR"),
        ("ten euros", "EUR"),
    ],
)
def test_money_is_money_in_words_and_in_digits(text, unit):
    assert [span.unit for span in find_numbers(text)] == [unit]


def test_numbers_inside_words_are_none():
    assert find_numbers("MH17 and G20 and COVID-19x") == ()


@given(st.integers(0, 10**12))
def test_grouping_changes_nothing(number):
    plain, grouped = find_numbers(f"x {number} y"), find_numbers(f"x {number:,} y")
    assert plain[0].value == grouped[0].value == number


@given(st.text(max_size=120))
def test_any_text_gives_spans_in_order(text):
    spans = find_numbers(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(text[s.start : s.end] == s.text for s in spans)


@each_row(
    ("text", "other", "shared"),
    [
        ("Nine people were killed", "The death toll rose to nine", True),
        ("Nine were killed", "Nine were injured", False),
        ("Nine ships", "Nine ports", False),
        ("Neun Tote", "Neun Menschen kamen ums Leben", True),
        ("Neun Tote", "Neun Verletzte", False),
    ],
)
def test_words_for_one_harm_are_the_same(text, other, shared):
    assert bool(harms_in(text) & harms_in(other)) is shared

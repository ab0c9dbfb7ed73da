"""Numbers, times and days are read by the marks and words of their language."""

from __future__ import annotations

from decimal import Decimal

from bot.evidence.translation.numbers import is_day_or_month, months_in, numbers_in, weekdays_in
from bot.evidence.translation.words import words_of
from tests.support.running.rows import each_row


@each_row(
    ("language", "text", "value"),
    [
        ("es", "1.100", 1100),
        ("en", "1,100", 1100),
        ("fr", "1 100", 1100),
        ("de", "12.345.678", 12_345_678),
        ("en", "1,234.5", "1234.5"),
        ("de", "1.234,5", "1234.5"),
        ("es", "2,15", "2.15"),
        ("de", "2,5 Milliarden", 2_500_000_000),
        ("es", "2.500 millones", 2_500_000_000),
        ("en", "$5bn", 5_000_000_000),
        ("es", "doscientos mil", 200_000),
        ("de", "zweiundzwanzig", 22),
        ("it", "trentadue", 32),
        ("tr", "iki yüz bin", 200_000),
        ("es", "15 por ciento", 15),
        ("fr", "un million", 1_000_000),
        ("en", "half", None),
        ("en", "one", None),
    ],
)
def test_rule_15_a_number_is_read_in_its_language(language, text, value):
    found = numbers_in(text, language=language, strict=True)
    assert [one.values for one in found if one.certain] == ([] if value is None else [{Decimal(value)}])


@each_row(
    ("language", "text", "hour", "minutes"),
    [
        ("en", "at 7:30 pm", 7, 30),
        ("de", "um 19.30 Uhr", 7, 30),
        ("fr", "à 19h30", 7, 30),
        ("es", "a las 19:30", 7, 30),
        ("en", "at 7 pm", 7, 0),
        ("de", "um 19 Uhr", 7, 0),
    ],
)
def test_rule_15_a_time_is_the_same_in_either_half_of_the_clock(language, text, hour, minutes):
    (found,) = numbers_in(text, language=language, strict=True)
    assert ("time", hour, minutes) in found.values


def test_rule_15_a_comma_may_part_thousands_in_a_spanish_original_and_not_in_a_translation():
    (loose,) = numbers_in("1,100", language="es", strict=False)
    (strict,) = numbers_in("1,100", language="es", strict=True)
    assert loose.values == {Decimal(1100), Decimal("1.100")}
    assert strict.values == {Decimal("1.1")}


def test_rule_15_a_word_that_is_often_no_number_is_not_certain():
    assert [one.certain for one in numbers_in("on altı gün", language="tr", strict=True)] == [True]
    assert [one.certain for one in numbers_in("neuf jours", language="fr", strict=True)] == [False]
    assert [one.certain for one in numbers_in("ein fünfstöckiges Haus", language="de", strict=True)] == [
        False
    ]


@each_row(
    ("language", "text", "months", "weekdays"),
    [
        ("es", "el martes 12 de marzo", {3}, {1}),
        ("de", "am Sonntagabend, 12. Mai", {5}, {6}),
        ("en", "on Thursday 12 May", {5}, {3}),
        ("en", "they may march", set(), set()),
        ("fr", "mais il reste", set(), set()),
        ("pt", "na quinta-feira", set(), {3}),
        ("tr", "30 Eylül'e kadar, pazartesi", {9}, {0}),
    ],
)
def test_rule_15_days_and_months_are_named_by_the_calendar_of_a_language(language, text, months, weekdays):
    assert months_in(text, language=language) == months
    assert weekdays_in(text, language=language) == weekdays
    named = any(is_day_or_month(word, words_of(language)) for word in text.split())
    assert named == bool(months or weekdays)


@each_row(("language", "word"), [("de", "achtzehn"), ("pt", "dezoito")])
def test_rule_15_a_long_row_of_words_of_numbers_is_read_at_once(language, word):
    # Each is one number or two: tried in every way, a row of them would outlast the test.
    found = numbers_in(word * 60 + "x", language=language, strict=True)
    assert not any(one.certain for one in found)


@each_row(
    ("language", "text", "values"),
    [
        ("en", "$5mn", {5_000_000}),
        ("de", "5 Mio", {5_000_000}),
        ("de", "5 Mrd", {5_000_000_000}),
        ("en", "£5m", {5_000_000}),
        ("es", "37,5 horas", {"37.5"}),
        ("es", "25 horas", {25}),
        ("en", "5 thousand", {5000}),
        ("en", "5 two", {5, 2}),
        ("en", "2.45", {"2.45"}),
        ("de", "Zwanzig", {20}),
        ("es", "por dos votos", {2}),
        ("es", "15 por ciento", {15}),
        ("es", "llegó a Tres Cruces", set()),
        ("es", "Tres cruces", {3}),
    ],
)
def test_rule_15_only_what_counts_is_a_number(language, text, values):
    found = {
        value
        for one in numbers_in(text, language=language, strict=True)
        for value in one.values
        if one.certain and isinstance(value, Decimal)
    }
    assert found == {Decimal(value) for value in values}


def test_rule_15_a_number_says_where_it_stands():
    (hours,) = numbers_in("a 37,5 horas", language="es", strict=True)
    (time,) = numbers_in("at 7:30 pm", language="en", strict=True)
    (french,) = numbers_in("à 6 h 40", language="fr", strict=True)
    assert (hours.span, time.span, french.span) == ((2, 6), (3, 7), (2, 6))
    assert ("time", 0, 0) in numbers_in("um 24 Uhr", language="de", strict=True)[0].values
    assert [one.values for one in numbers_in("25 horas", language="es", strict=True)] == [{Decimal(25)}]
    assert numbers_in("onarımlar", language="tr", strict=True) == ()
    assert [one.values for one in numbers_in("30 Uhr", language="de", strict=True)] == [{Decimal(30)}]


@each_row(
    ("language", "text", "months"),
    [
        ("es", "Julio Arana habló", set()),
        ("es", "el exalcalde Julio Arana", set()),
        ("es", "Julio trae calor", {7}),
        ("fr", "autour de Mars", set()),
        ("fr", "en mars", {3}),
        ("de", "im März", {3}),
    ],
)
def test_rule_15_a_name_is_no_month_where_months_have_no_capital(language, text, months):
    assert months_in(text, language=language) == months

"""What a number counts is read from the words around it."""

from __future__ import annotations

from bot.evidence.reading.facts import read
from tests.evidence.checking import check
from tests.support.running.rows import each_row

MEASURES = {
    "kg": "kilogram", "kilograms": "kilogram", "kilos": "kilogram", "km": "kilometr", "kilometers": "kilometr", "meters": "metr",
    "cm": "centimetr", "mm": "millimetr", "grams": "gram", "ft": "feet", "foot": "feet", "lb": "pound", "mph": "mile", "tonnes": "ton",
    "hrs": "hour", "mp": "megapixel", "gigabytes": "gb", "megabytes": "mb", "terabytes": "tb", "kmph": "kph",
}  # fmt: skip


@each_row("word", MEASURES)
def test_a_measure_is_one_however_it_is_written(word: str):
    [count] = read(f"They moved 5 {word} there.", None).counts
    assert count.after[0] == MEASURES[word]


def test_a_single_letter_is_not_what_is_counted():
    [count] = read("They moved 5 x boxes there.", None).counts
    assert count.after == ("box",)


def test_a_part_counts_what_its_whole_counts():
    said = "The bank will cut 1,400 of its 9,800 jobs."
    assert check("1,400 jobs", said, field="figure").passed
    assert check("9,800 jobs", said, field="figure").passed
    assert check("The bank will cut 9,800 jobs.", said).reason == "counted"


def test_what_two_numbers_joined_by_and_count_does_not_change_places():
    said = "More than 1,000 soldiers and 200 horses took part in the spectacle."
    assert check("Some 200 horses and over 1,000 soldiers took part.", said).passed
    assert check("About 1,000 horses and 200 soldiers took part.", said).reason == "counted"


def test_an_ordinal_behind_another_number_is_a_number_too():
    said = "The 12 crews rowed in the second race."
    assert check("The 12 crews rowed in the second race.", said).passed
    assert check("The 12 crews rowed in the third race.", said).reason == "number"


def test_a_number_in_words_is_one_number():
    [count] = read("One hundred crews rowed.", None).counts
    assert count.value == 100


def test_what_is_said_before_and_does_not_lead_to_the_number_behind_it():
    said = "The league grew and signed 40 rowers, and later grew by 25."
    assert check("The league grew by 25.", said).passed
    assert check("The league grew by 40.", said).reason == "counted"

"""What is read of a text before it is held against another: counts, days, times, names, speakers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.evidence.reading.facts import feast, read
from bot.evidence.reading.ground import countries, country_named
from bot.evidence.reading.speech import speech_of, speeches
from bot.evidence.reading.synonyms import covered, may_mean_the_same
from bot.evidence.reading.tokens import words_of
from bot.evidence.reading.voices import is_speaker, voices

MEASURES = {
    "kg": "kilogram", "kilograms": "kilogram", "kilos": "kilogram", "km": "kilometr", "kilometers": "kilometr", "meters": "metr",
    "cm": "centimetr", "mm": "millimetr", "grams": "gram", "ft": "feet", "foot": "feet", "lb": "pound", "mph": "mile", "tonnes": "ton",
    "hrs": "hour", "mp": "megapixel", "gigabytes": "gb", "megabytes": "mb", "terabytes": "tb", "kmph": "kph",
}  # fmt: skip
FEASTS = {
    "New Year’s Day": (1, 1), "Christmas Day": (12, 25), "Christmas Eve": (12, 24), "New Year’s Eve": (12, 31), "Boxing Day": (12, 26),
    "Bastille Day": (7, 14), "Independence Day": (7, 4), "Valentine’s Day": (2, 14),
}  # fmt: skip


@pytest.mark.parametrize("word", MEASURES)
def test_a_measure_is_one_however_it_is_written(word: str):
    [count] = read(f"They moved 5 {word} there.", None).counts
    assert count.after[0] == MEASURES[word]


def test_a_single_letter_is_not_what_is_counted():
    [count] = read("They moved 5 x boxes there.", None).counts
    assert count.after == ("box",)


@pytest.mark.parametrize("name", FEASTS)
def test_a_feast_is_its_day(name: str):
    assert feast(name) == FEASTS[name]
    published = datetime(2031, *FEASTS[name], 12, tzinfo=UTC)
    days = read(f"It opens on {name}.", published).days
    assert (published.date(), published.date()) in [span for day in days for span in day.spans]


def test_later_in_the_year_is_of_the_year_at_the_place_of_the_article():
    eve = datetime(2031, 12, 31, 23, 30, tzinfo=UTC)
    [day] = read("It opens later in the year.", eve, 60).days
    assert day.spans == ((date(2032, 1, 1), date(2032, 12, 31)),)


def test_a_time_is_its_minute_of_the_day():
    assert read("It left at 5 p.m.", None).times == {17 * 60}
    assert read("It left at 5:30 p.m.", None).times == {17 * 60 + 30}
    assert read("It left at 12 a.m. and 14:05.", None).times == {0, 14 * 60 + 5}


def test_a_country_is_named_whole():
    assert countries(("north", "korea")) != countries(("korea",))
    assert countries(("in", "north", "korea")) == {country_named(("north", "korea"))}
    assert countries(("the", "french", "met", "italy")) == {
        country_named(("france",)),
        country_named(("italy",)),
    }


def test_names_joined_by_and_do_the_same():
    one, other = read("Hale and Lund signed it.", None).names
    assert one.slots == other.slots
    first, second, third = read("Hale, Lund and Brandt signed it.", None).names
    assert second.slots == third.slots
    assert first.text == "Hale"


def test_what_stands_in_brackets_is_no_part_of_a_speaker():
    [speech] = speeches("Ole Brandt (of the Ferry Union) said the port was shut.")
    assert speech.names == ("Ole Brandt",)


def test_a_speaker_is_short_who_is_named_elsewhere():
    assert speech_of("said", "the Norland minister").short
    assert speech_of("said", "the company").short
    assert speech_of("said", "she").short
    assert not speech_of("said", "Ole Brandt").short


def test_words_of_one_long_root_are_alike_up_to_four_letters():
    assert may_mean_the_same("approv", "approvabcd")
    assert not may_mean_the_same("approv", "approvabcde")
    assert not may_mean_the_same("port", "poet")


def test_words_alike_in_some_contexts_cover_and_do_not_contradict():
    assert covered("wage", frozenset({"salari"}))
    assert not covered("wage", frozenset({"crane"}))


def test_persons_of_one_family_are_not_one_speaker():
    assert not is_speaker("Ole Mads Brandt", speech_of("said", "Ulf Mads Brandt"))
    assert is_speaker("Ole Brandt", speech_of("said", "Brandt"))


def test_a_second_verb_of_one_speaker_is_his_too():
    one, other = voices("Ole Brandt said the port was shut and added that crews were home.")
    assert (one.speech.who, other.speech.who) == ("Ole Brandt", "Ole Brandt")
    assert other.teller is None


def test_what_one_says_another_believes_has_a_teller():
    hale, front = voices("Ole Hale said the Front believes the port is shut.")
    assert hale.teller is None
    assert front.teller is not None
    assert front.teller.who == "Ole Hale"


def test_the_first_part_of_a_word_with_a_hyphen_is_its_head():
    [word] = words_of("front-page")
    assert word.head == "front"
    [plain_word] = words_of("pages")
    assert plain_word.head == plain_word.stem

"""What the check knows of a language, and which languages it knows."""

from __future__ import annotations

import pytest

from bot.evidence.translation.senses import marks_of
from bot.evidence.translation.words import MIN_PLACE_NAME_CHARS, can_translate, things_by_name, words_of
from bot.language.rules import languages_with
from bot.language.words import fold


def test_rule_15_only_languages_with_words_for_the_check_are_translated():
    assert can_translate("es", "en")
    assert not can_translate("es", "es")
    assert not can_translate("ja", "en")
    assert not can_translate("en", "ja")
    assert not can_translate("", "en")


@pytest.mark.parametrize("language", languages_with("translation"))
def test_rule_15_a_language_has_words_of_each_kind(language):
    words = words_of(language)
    assert {2, 10, 100, 1000, 10**6} <= {*words.numbers.values()}
    assert {*words.months.values()} == set(range(1, 13))
    assert {*words.weekdays.values()} == set(range(7))
    assert marks_of(language).keys() == marks_of("en").keys()
    assert {code for listed in words.places.values() for _, code in listed} >= {"DE", "es", "Asia/Tokyo"}


@pytest.mark.parametrize(
    ("language", "denied", "asserted"),
    [
        ("en", "it did not open", "it opened"),
        ("de", "es gab keine Verletzten", "es gab Verletzte"),
        ("es", "no abrió", "abrió"),
        ("fr", "il n'a pas ouvert", "il a ouvert"),
        ("it", "non ha aperto", "ha aperto"),
        ("pt", "não abriu", "abriu"),
        ("tr", "kabul etmedi", "kabul etti"),
    ],
)
def test_rule_15_a_denial_is_known(language, denied, asserted):
    assert words_of(language).negation.search(fold(denied))
    assert not words_of(language).negation.search(fold(asserted))


def test_rule_15_places_of_one_word_are_countries_and_cities():
    words_of.cache_clear()
    names = words_of("de").place_names
    assert {"zypern", "wien"} <= names
    assert names.isdisjoint({"welt", "deutsch", "new york", "vereinigte"})
    assert all(
        len(word) >= MIN_PLACE_NAME_CHARS for listed in words_of("de").places.values() for word, _ in listed
    )
    assert "america/new_york" not in words_of("en").place_names
    assert ("york", "America/New_York") in words_of("en").places["yor"]


def test_rule_15_words_of_offices_and_bodies_are_common_in_names():
    words_of.cache_clear()
    words = words_of("en")
    assert {"secretary", "lake", "senator", "housing"} & words.common_in_names >= {
        "secretary",
        "lake",
        "senator",
    }
    assert {"lake", "prize"} <= words.bodies
    assert {"ministry", "minister"} <= words.offices
    assert "minister" not in words.bodies
    assert "russian" in words.adjectives
    assert "the" in words.small
    assert things_by_name()["münchen".replace("ü", "u")] == things_by_name()["munich"]

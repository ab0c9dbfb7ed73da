"""Words that no article has are found."""

from __future__ import annotations

from bot.evidence.foreign import foreign_words
from tests.evidence.checking import article

TOLD = [article("Crews of the Osby harbour repaired five damaged cranes on Monday, the Ferry Union said.")]


def test_a_turn_of_phrase_may_use_words_of_its_own():
    assert foreign_words("Crews swiftly repaired the cranes.", TOLD) == ()
    assert foreign_words("Velvet thunderclap crews quietly repaired the cranes.", TOLD) == (
        "velvet",
        "thunderclap",
        "quietly",
    )


def test_no_word_is_allowed_where_none_may_be_foreign():
    assert foreign_words("Crews swiftly repaired the cranes.", TOLD, most=0) == ("swiftly",)


def test_a_word_inside_a_name_is_foreign_by_itself():
    assert foreign_words("The Ferry Velvet Union repaired the cranes.", TOLD) == ("velvet",)
    assert foreign_words("The Ferry Union repaired the cranes.", TOLD) == ()

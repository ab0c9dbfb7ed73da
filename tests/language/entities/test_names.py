"""Names: which words are one, and which two can mean the same."""

from __future__ import annotations

import pytest

from bot.language.entities.names import find_names, same_name
from tests.support.running.rows import each_row


@each_row(
    ("one", "other", "same"),
    [
        ("UN", "United Nations", True),
        ("U.N.", "United Nations", True),
        ("Moe", "Karin Moe", True),
        ("Mr Moe", "Karin Moe", True),
        ("Bank of England", "BE", True),
        ("Karin Moe", "Karin Anna Moe", True),
        ("Karin Moe", "Ana Moe", False),
        ("Karin", "Karin Moe", False),
        ("UN", "Karin Moe", False),
    ],
)
def test_a_last_name_and_initials_can_mean_the_whole_name(one, other, same):
    assert same_name(one, other) is same
    assert same_name(other, one) is same


def test_an_indefinite_pronoun_is_no_name():
    for word in ("Nobody", "Everyone", "Someone", "Nothing", "None", "Neither"):
        assert find_names(f"{word} was hurt in Tarsk.")[0].text == "Tarsk"


@pytest.mark.parametrize("word", ["Norwegian", "Peruvian", "Croats", "South African", "Kurdish"])
def test_who_comes_from_a_country_is_no_name(word):
    assert [(span.text, span.kind) for span in find_names(f"The {word} minister left.")] == [
        (word, "demonym")
    ]


def test_a_country_is_a_name():
    assert [span.kind for span in find_names("They left Norway for the USA.")] == ["name", "name"]

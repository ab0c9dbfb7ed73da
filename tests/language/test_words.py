"""Words: folded, stopped and stemmed the same way every time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.words import content_terms, stem, words
from tests.support.running.rows import each_row


@each_row(
    ("word", "root"),
    [
        ("caresses", "caress"), ("ponies", "poni"), ("cats", "cat"), ("feed", "feed"), ("agreed", "agre"),
        ("plastered", "plaster"), ("motoring", "motor"), ("sing", "sing"), ("conflated", "conflat"),
        ("hopping", "hop"), ("falling", "fall"), ("filing", "file"), ("happy", "happi"), ("sky", "sky"),
        ("relational", "relat"), ("conditional", "condit"), ("digitizer", "digit"), ("operator", "oper"),
        ("feudalism", "feudal"), ("hopefulness", "hope"), ("triplicate", "triplic"), ("electrical", "electr"),
        ("goodness", "good"), ("revival", "reviv"), ("allowance", "allow"), ("inference", "infer"),
        ("replacement", "replac"), ("adoption", "adopt"), ("probate", "probat"), ("rate", "rate"),
        ("cease", "ceas"), ("controll", "control"), ("roll", "roll"),
        ("trekking", "trek"), ("revved", "rev"), ("2016s", "2016s"), ("as", "as"),
    ],
)  # fmt: skip
def test_stems_are_those_of_the_published_algorithm(word, root):
    assert stem(word) == root


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Israel’s talks didn't end", ["israel", "talks", "didn", "end"]),
        ("Café, naïve ÜBER", ["cafe", "naive", "uber"]),
        ("会谈结束", ["会谈", "谈结", "结束"]),
        ("U.S.-led 10,000", ["u", "s", "led", "10", "000"]),
        ("snake_case 'quoted' o'clock ''", ["snake", "case", "quoted", "oclock"]),
        ("rock'n'roll's don't--stop", ["rocknroll", "don", "stop"]),
        ("", []),
    ],
)
def test_words_are_folded(text, expected):
    assert words(text) == expected


def test_terms_leave_out_what_carries_nothing():
    assert content_terms("The talks were resumed on Monday by the delegations") == ["talk", "resum", "deleg"]
    assert content_terms("Die Verhandlungen wurden wieder aufgenommen", language="de") == [
        "verhandl",
        "wied",
        "aufgenomm",
    ]


@given(st.text(max_size=200))
def test_no_text_breaks_the_tokeniser(text):
    assert all(term == term.casefold() for term in content_terms(text) if term.isascii())


def test_to_win_carries_content_and_a_refusal_does_not():
    assert content_terms("Lund won the vote") == ["lund", "won", "vote"]
    assert content_terms("Lund won’t vote") == ["lund", "vote"]
    assert words("won't") == words("won’t") == ["wont"]


@given(text=st.text(alphabet="aAsdt12 .,'’-_\n", max_size=60))
def test_words_are_the_same_beside_other_writing(text):
    assert words(f"{text} ж") == [*words(text), "ж"]

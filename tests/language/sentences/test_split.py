"""Sentences: split where a reader would, in several scripts, and nothing lost."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.sentences.split import (
    AROUND_STOP_CHARS,
    END,
    MAX_SENTENCE_CHARS,
    MAX_SPLIT_SENTENCES,
    mark_at,
    same_text,
    split_sentences,
)
from bot.model.news import Sentence
from tests.support.running.rows import each_row

CASES = [
    ("One ended. Another began.", ["One ended.", "Another began."]),
    ("Mr. Lund met Dr. Oda on Jan. 5.", ["Mr. Lund met Dr. Oda on Jan. 5."]),
    ("George W. Bush spoke. He left.", ["George W. Bush spoke.", "He left."]),
    ("It rose 3.5 percent. Then it fell.", ["It rose 3.5 percent.", "Then it fell."]),
    ("He lives in the U.S. The talks go on.", ["He lives in the U.S.", "The talks go on."]),
    ("The U.S. Navy sailed.", ["The U.S. Navy sailed."]),
    ("They met at 6 p.m. The vote followed.", ["They met at 6 p.m.", "The vote followed."]),
    ("“Why now?” she asked. Nobody knew.", ["“Why now?” she asked.", "Nobody knew."]),
    ("“It is over.” The crowd left.", ["“It is over.”", "The crowd left."]),
    ("He waited… and left. Then rain.", ["He waited… and left.", "Then rain."]),
    ("Is it? Yes! Good.", ["Is it?", "Yes!", "Good."]),
    ("(It was late.) They slept.", ["(It was late.)", "They slept."]),
    ("Acme Inc. said so. Shares rose.", ["Acme Inc. said so.", "Shares rose."]),
    ("See example.com for more. Ask us.", ["See example.com for more.", "Ask us."]),
    ("会谈结束了。下周继续！好吗？", ["会谈结束了。", "下周继续！", "好吗？"]),
    ("انتهت المحادثات. هل تستأنف؟ نعم.", ["انتهت المحادثات.", "هل تستأنف؟", "نعم."]),
    ("वार्ता समाप्त हुई। कल फिर होगी।", ["वार्ता समाप्त हुई।", "कल फिर होगी।"]),
    ("Переговоры завершены. Они продолжатся.", ["Переговоры завершены.", "Они продолжатся."]),
    ("Rocket up 🚀. All cheer.", ["Rocket up 🚀.", "All cheer."]),
    ("A headline without a stop\nThe text. Goes on.", ["A headline without a stop", "The text.", "Goes on."]),
]


@each_row(("text", "expected"), CASES)
def test_a_text_is_split_where_a_reader_would(text, expected):
    assert [s.text for s in split_sentences(text)] == expected


def test_a_german_ordinal_ends_nothing():
    assert len(split_sentences("Am 7. Juli endete es.", language="de")) == 1


@pytest.mark.parametrize("language", ["", "tlh", "en-GB", "EN_us", "mul", "../en"])
def test_a_language_nobody_knows_has_what_is_known_of_all(language):
    assert (
        len(split_sentences("Mr. Lund met Sra. Gómez at 5 p.m. Tuesday. It rained.", language=language)) == 2
    )


UNITS = (
    "a. ",
    "A. ",
    "?”",
    ". ",
    "… ",
    "(a. B ",
    "« . » ",
    "no. 5 ",
    "。",
    "。”他",
    "J.D. ",
    "2014 г. Р",
    "U.S. The ",
    "!” Ann ",
)


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("language", ["en", "ru", "zh", ""])
def test_steps_grow_with_the_text_and_no_faster(unit, language):
    split_sentences(unit, language=language)
    few, many = (steps(unit * n, language=language) for n in (100, 300))
    assert many <= 3.2 * few


def steps(text, *, language):
    """Return how many lines of Python are run; what one of them looks at is bounded, as the next test says."""
    taken = 0

    def count(frame, event, argument):
        nonlocal taken
        taken += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        split_sentences(text, language=language)
    finally:
        sys.settrace(before)
    return taken


@given(st.text(alphabet=st.sampled_from("aB .!?”“(1。…"), max_size=400))
def test_what_is_looked_at_for_one_border_is_short(text):
    places = [mark_at(text, match, start=0) for match in END.finditer(text)]
    assert all(len(place.window) <= 4 * AROUND_STOP_CHARS + 2 for place in places)


def test_a_text_is_the_same_however_it_is_split():
    whole = (Sentence(number=1, text="At 10 a.m. Tuesday it\u00ad rained. Nobody came.", paragraph=0),)
    parts = tuple(
        Sentence(number=n, text=text, paragraph=0)
        for n, text in enumerate(("At 10 a.m.", "Tuesday it rained.", "Nobody  came."), 1)
    )
    assert same_text(whole, parts)
    assert not same_text(whole, parts[:2])


def test_lines_are_paragraphs():
    assert [(s.number, s.paragraph) for s in split_sentences("One ran. Two hid.\n\nThree left.")] == [
        (1, 0),
        (2, 0),
        (3, 1),
    ]


@given(st.text(max_size=300))
def test_nothing_is_lost_and_numbers_run_from_one(text):
    sentences = split_sentences(text)
    assert "".join("".join(s.text for s in sentences).split()) == "".join(text.split())
    assert [s.number for s in sentences] == list(range(1, len(sentences) + 1))


def test_length_and_number_are_bounded():
    assert all(len(s.text) <= MAX_SENTENCE_CHARS for s in split_sentences("word, " * 5000))
    assert len(split_sentences("Go now. " * 3000)) == MAX_SPLIT_SENTENCES

"""Sentences: split where a reader would, in several scripts, and nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.sentences import MAX_LENGTH, MAX_SENTENCES, split_sentences

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


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_text_is_split_where_a_reader_would(text, expected):
    assert [s.text for s in split_sentences(text)] == expected


def test_a_german_ordinal_ends_nothing():
    assert len(split_sentences("Am 7. Juli endete es.", language="de")) == 1


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
    assert all(len(s.text) <= MAX_LENGTH for s in split_sentences("word, " * 5000))
    assert len(split_sentences("Go now. " * 3000)) == MAX_SENTENCES

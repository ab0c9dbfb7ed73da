"""A question is open only where no sentence of the story answers it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.evidence.questions import answered, asked_for
from bot.model.news import Article, Sentence

AT = datetime(2031, 3, 4, 12, tzinfo=UTC)
TOLD = (
    "A crane fell on two barges in the port of Velmar on Monday, killing 12 dockers.",
    "It is not yet known why the cable broke.",
    "The inquiry will be led by judge Petra Voss.",
    "The port will reopen on Thursday.",
    "The barges belong to the line Nordlinje.",
    "The rail link was closed because a mast had fallen on it.",
)
ARTICLE = Article(
    id="a",
    title="Crane falls",
    published_at=AT,
    fetched_at=AT,
    sentences=tuple(Sentence(number=i, text=text) for i, text in enumerate(TOLD, 1)),
)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many dockers were killed?", 1),
        ("Who will lead the inquiry?", 3),
        ("When will the port reopen?", 4),
        ("Who do the barges belong to?", 5),
        ("Why was the rail link closed?", 6),
    ],
)
def test_a_question_that_a_sentence_answers_is_not_open(question: str, sentence: int):
    assert answered(question, [ARTICLE]) == TOLD[sentence - 1]


@pytest.mark.parametrize(
    "question",
    [
        "Why did the cable break?",
        "How many barges does Nordlinje own in Kestria?",
        "When does the inquiry report?",
        "Who built the crane?",
        "How much will the repair of the quay cost?",
    ],
)
def test_a_question_that_no_sentence_answers_is_open(question: str):
    assert answered(question, [ARTICLE]) == ""


def test_a_question_without_a_word_of_its_own_is_not_printed():
    assert answered("What happens next?", [ARTICLE]) == "What happens next?"


@pytest.mark.parametrize(
    ("question", "sort"),
    [
        ("How many were hurt?", "how many"),
        ("When is the vote?", "when"),
        ("Will the owner be charged?", "whether"),
        ("What now?", ""),
    ],
)
def test_a_question_tells_what_it_asks_for(question: str, sort: str):
    assert asked_for(question) == sort


def test_a_question_of_unclear_sort_needs_more_than_one_word_of_its_own():
    assert answered("What of the rail mast?", [ARTICLE]) == TOLD[5]
    assert answered("What of the barges?", [ARTICLE]) == ""


def test_a_sentence_that_answers_in_part_does_not_answer_a_short_question():
    assert answered("What of the rail pilots?", [ARTICLE]) == ""

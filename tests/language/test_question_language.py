"""In which language a question is, and whether questions are read in it."""

from __future__ import annotations

import pytest

from bot.language.question_language import is_readable, question_language
from tests.support.running.rows import each_row


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How many people were killed?", "en"),
        ("Wie viele Menschen wurden bei dem Angriff getötet?", "de"),
        ("Qui est le chef de la police de Nice?", "fr"),
        ("Chi è il capo della polizia di Roma?", "it"),
        ("Qatar?", "en"),
        ("", "en"),
    ],
)
def test_it_is_told_by_small_words(text, language):
    assert question_language(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [("Wann endet Streik?", "de"), ("¿Cuántos heridos?", "es"), ("Combien blessés?", "fr")],
)
def test_words_of_questions_tell_it_where_small_words_are_missing(text, language):
    assert question_language(text) == language


@pytest.mark.parametrize(
    "text", ["What did La Niña do to the de Souza farm?", "Gaza", "status?", "Der Spiegel"]
)
def test_one_word_beside_others_tells_no_language(text):
    assert question_language(text) == "en"


@pytest.mark.parametrize(
    "question",
    [
        "ガザで何が起きましたか",
        "Что произошло в Газе?",
        "ماذا حدث في غزة؟",
        "Co się stało w Gazie?",
        "Cosa è successo a Gaza nella notte?",
        "O que aconteceu em Gaza na segunda-feira?",
        "Gazze'de dün ateşkes görüşmeleri oldu mu?",
    ],
)
def test_a_question_of_elsewhere_is_not_readable(question):
    assert not is_readable(question)


@each_row(
    "question",
    [
        "What did Erdoğan say in Łódź?",
        "Who won the Croydon by-election?",
        "Gaza truce status?",
        "Wie geht es in Gaza weiter?",
        "Qu'est-ce qui a changé à Gaza ?",
        "¿Qué pasó en Gaza?",
        "1234?",
        "",
    ],
)
def test_a_question_in_a_language_with_rules_is_readable(question):
    assert is_readable(question)

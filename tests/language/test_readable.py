"""A question in a language without rules is told from one in a language with them, names of elsewhere included."""

from __future__ import annotations

import pytest

from bot.language.readable import is_readable


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


@pytest.mark.parametrize(
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

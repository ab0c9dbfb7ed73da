"""The language of a text."""

from __future__ import annotations

import pytest

from bot.language.detect import detect_language
from tests.support.running.rows import each_row


def test_small_words_tell_a_language_that_the_model_is_unsure_of():
    text = "Prime Minister Kari Obasanjo for the first time urges Mubarak Assadi to step down, as Velmar freezes all of its banks"
    assert detect_language(text) == "en"


@pytest.mark.slow
@each_row(
    ("language", "text"),
    [
        (
            "de",
            "Die Gespräche gingen am Montag in den zweiten Tag, und der Hafen ist noch nicht offen, wie es heißt.",
        ),
        (
            "lb",
            "D'Gespréicher sinn e Méindeg an den zweeten Dag gaangen, an den Hafen ass nach ëmmer net op, sot de Minister, deen och an der Stad war.",
        ),
        (
            "pt",
            "As conversas continuaram na segunda-feira e o porto ainda não está aberto, disse ontem a ministra.",
        ),
        (
            "gl",
            "As conversas seguiron o luns por segundo día e o porto aínda non está aberto, segundo dixo onte a ministra.",
        ),
        (
            "fr",
            "Les pourparlers ont repris lundi pour un deuxième jour et le port n'est pas encore ouvert, selon elle.",
        ),
        (
            "it",
            "I colloqui sono ripresi lunedì per il secondo giorno e il porto non è ancora aperto, come si dice.",
        ),
        ("", "12:30 — 14.5 % (+0.3)"),
    ],
)
def test_a_near_relative_is_not_taken_for_a_language_with_a_list_of_small_words(language, text):
    assert detect_language(text) == language

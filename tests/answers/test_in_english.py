"""Questions in other languages, worded in English."""

from __future__ import annotations

import pytest

from bot.answers.in_english import in_english
from bot.language.question_language import question_language
from bot.model.conversation.answer import Turn
from tests.support.passages import NOW, asked


@pytest.mark.parametrize(
    ("text", "worded"),
    [
        ("Wie viele Menschen sind bei dem Unwetter gestorben?", "how many people storm died?"),
        ("Wann beginnt der Streik der Pflegekräfte?", "when begin strike nurses?"),
        ("Combien de blessés dans l'attaque d'Odessa ?", "how many injured attack Odessa?"),
        ("tempête Odessa", "storm Odessa?"),
        ("Streik der Lokführer Calder", "strike Lokführer Calder?"),
        ("¿Dónde empiezan las conversaciones?", "where begin talks?"),
        ("¿Cuántos heridos en la inundación de Valencia?", "how many injured flood Valencia?"),
    ],
)
def test_known_words_of_a_question_are_english_and_names_stay(text, worded):
    assert in_english(text) == worded


def test_a_word_that_is_not_known_stays_so_that_it_is_looked_for():
    assert in_english("Wer hat den Flugzeugträger versenkt?") == "who Flugzeugträger versenkt?"


@pytest.mark.parametrize("text", ["What did La Niña do to the de Souza farm?", "Gaza", "status?", "Who won?"])
def test_an_english_question_is_left_as_it_is(text):
    assert question_language(text) == "en"
    assert in_english(text) == ""


def test_spellings_of_chats_are_written_out():
    assert asked("how many ppl died in storm Ilsa").stems == asked("how many people died in storm Ilsa").stems


def test_so_they_are_in_the_question_that_a_follow_up_goes_on_with():
    turn = Turn(at=NOW, question="whos the velmora ceo", answer="")
    assert asked("and what did she say?", turns=(turn,)).context == ("velmora", "ceo")

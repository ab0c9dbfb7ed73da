"""Promises about what a model repeats of its instructions: readers never see it."""

from __future__ import annotations

import pytest

from bot.llm.recited import without_instructions

TOLD = "You are the sub-editor of a news briefing. Write, in the language that is asked for, a headline."
NEWS = "The harbour master said in the language of a news wire that the port reopens on Monday."


def cleared(data):
    return without_instructions(data, instructions=TOLD, material=NEWS)


@pytest.mark.parametrize(
    "text",
    [
        "The port reopens on Monday. You are the sub-editor of a news briefing",
        "THE PORT: WRITE IN THE LANGUAGE THAT IS ASKED FOR",
        "Write — in *the* language that is asked for",
    ],
)
def test_a_text_that_recites_the_instructions_is_emptied(text):
    assert cleared({"bullets": [{"text": text, "cite": [1]}]}) == {"bullets": [{"text": "", "cite": [1]}]}


def test_what_is_true_stays_as_it_came():
    said = {
        "headline": {"text": "The port reopens on Monday", "cite": [1, None, 2.5, True]},
        "x": ["", "of a news"],
    }
    assert cleared(said) == said


def test_words_that_the_articles_have_as_well_are_theirs():
    shared = "the port reopens on Monday after days"
    assert (
        without_instructions(shared, instructions=f"Say that {shared}.", material=f"Officials: {shared}.")
        == shared
    )

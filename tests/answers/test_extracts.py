"""Extracts: whole sentences as printed, the one that answers first, each said once."""

from __future__ import annotations

from bot.answers.extracts import extract
from tests.support.passages import asked, passage, weights


def said(question, *passages, **more):
    understood = asked(question)
    return [s.text for s in extract(passages, understood, weights=weights(understood), **more)]


STORM = passage(
    "Storm Ilsa hit Marenga on Sunday. It killed 19 people there, the storm service of Ilsa said. Winds broke roofs.",
    title="Storm Ilsa",
)


def test_the_sentence_with_the_figure_comes_before_one_with_the_words_alone():
    assert said("How many people did Storm Ilsa kill?", STORM)[0].startswith("It killed 19")


def test_a_statement_is_the_sentence_it_cites_word_for_word():
    understood = asked("How many people did Storm Ilsa kill?")
    for statement in extract([STORM], understood, weights=weights(understood)):
        (citation,) = statement.citations
        assert statement.text == STORM.article.sentence(citation.sentences[0]).text


def test_a_dateline_is_not_quoted():
    wire = passage("PORT SELIN (Continental Wire) - Storm Ilsa killed at least nine people on Sunday.")
    assert said("How many people did Storm Ilsa kill?", wire) == [
        "Storm Ilsa killed at least nine people on Sunday."
    ]


def test_what_two_articles_print_alike_is_said_once():
    one = passage("The ferry Aurora sank off Selin on Monday.", name="a")
    two = passage("The ferry Aurora sank off Selin on Monday.", name="b")
    assert len(said("Where did the ferry Aurora sink?", one, two)) == 1


def test_captions_headings_and_questions_are_not_quoted():
    page = passage(
        "Photo by Ana Berg of the ferry Aurora. Why did the ferry Aurora sink? The ferry Aurora sank in a storm."
    )
    assert said("Why did the ferry Aurora sink?", page) == ["The ferry Aurora sank in a storm."]


def test_never_more_than_asked_for():
    many = [
        passage(f"Ferry number {n} to Selin carried {n * 7} goats named {chr(65 + n) * 4}.", name=str(n))
        for n in range(9)
    ]
    assert len(said("How many goats did each ferry to Selin carry?", *many, most=3)) <= 3

"""Which sentences are quoted as news by themselves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.language.sentences.calm import calm
from bot.language.sentences.quotable import (
    closed_quotation,
    is_background,
    is_quotable,
    surroundings_of,
)
from bot.language.sentences.split import split_sentences
from bot.model.news import Article
from tests.servers.written import article
from tests.support.running.rows import each_row

WHOLE = [
    "Ferry crews voted on Tuesday to strike from Friday, their union said.",
    "Mayor Oskar Wenn said he would resign on Friday.",
    "“Nobody was hurt,” harbour master Ida Renn said.",
    "No injuries were reported in Osby.",
    "Three people died when a crane fell in Velmar.",
    "The Osby man was charged with fraud on Monday.",
    "A woman was hurt when her car hit a tree.",
]
NOT_ALONE = [
    "He was taken to hospital in Velmar.",
    "The move came a day after the vote in Osby.",
    "Both sources asked not to be named.",
    "The road will open on Monday, he said.",
    "“The road will open on Monday.”",
    "In a letter she asked the council for help.",
    "The company said it was sorry for the delay.",
    "At the time the council had no money.",
]
NO_NEWS = [
    "We were standing on the quay when the crane fell.",
    "You can watch the hearing from nine in the morning.",
    "Do take note of the date on the ticket.",
    "It is a stunning view of the port of Velmar.",
    "Why did the crane fall on a calm day?",
    "Surely the council will vote against the plan.",
    "Police stand guard at the port of Velmar (AP).",
    "Ida Renn, pictured in May, runs the port.",
    "HARBOUR CROWD STAGE shows where the crane fell.",
    "(The crane had been tested in May.)",
    "The crane, which fell on “a quiet day, was old.",
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_sentence_that_is_news_and_stands_alone_is_quoted(text):
    assert is_quotable(text, language="en")


@each_row("text", NOT_ALONE + NO_NEWS)
def test_what_needs_another_sentence_or_is_no_report_is_not_quoted(text):
    assert not is_quotable(text, language="en")


def test_a_language_without_such_rules_is_judged_by_its_marks_alone():
    assert is_quotable("Ez az első mondat a kikötőről.", language="hu")
    assert not is_quotable("Mi történt a kikötőben?", language="hu")


def test_what_lies_long_back_is_told_from_news():
    assert is_background("The bridge was built in 1987.", language="en")
    assert not is_background("The bridge fell on Monday.", language="en")
    assert not is_background("1987", language="hu")


def _shouting() -> Article:
    text = "POLICE in NATO's OSBY base closed a road. The police said Osby was calm and NATO helped."
    at = datetime(2025, 7, 7, 12, tzinfo=UTC)
    sentences = split_sentences(text, language="en")
    return Article(id="a", title="T", published_at=at, fetched_at=at, language="en", sentences=sentences)


def test_capitals_that_only_shout_are_lowered_and_those_of_a_name_stay():
    shouting = _shouting()
    assert calm(shouting.sentences[0].text, shouting) == "Police in NATO's Osby base closed a road."
    assert calm("The road is open.", shouting) == "The road is open."


def test_us_in_a_title_is_the_country_also_where_the_article_writes_it_otherwise():
    written = article(
        "The U.S. citizen was held twice. He said that they told us nothing.", title="US citizen sues"
    )
    assert calm(written.title, written) == "US citizen sues"
    written = article("The U.N. met Jong Un in Osby at 6 pm.", title="UN CONDEMNS Osby launch")
    assert calm("UN condemns the launch", written) == "UN condemns the launch"
    # Before a name and in brackets they are initials, whatever else the article writes in small letters.
    assert (
        calm("She met PM Moe of the Harbour Board (PM).", written)
        == "She met PM Moe of the Harbour Board (PM)."
    )


def known_of(title: str, text: str):
    return surroundings_of(article(text, title=title))


def test_what_the_title_names_may_be_called_by_its_kind():
    known = known_of("Boy rescued from a well in Osby", "A boy was rescued on Monday.")
    assert is_quotable("The boy was taken to a hospital in Velmar.", language="en", known=known)
    assert not is_quotable("The company said it was sorry.", language="en", known=known)
    assert not is_quotable("The boy was taken to a hospital in Velmar.", language="en")


def test_a_name_that_the_article_has_may_begin_a_sentence_with_he():
    known = known_of("Coach leaves", "The club said that Arens would leave. Arens said he told the players.")
    assert is_quotable("Arens said he told the players on Sunday.", language="en", known=known)
    assert not is_quotable("Sources said he told the players on Sunday.", language="en", known=known)


def test_a_name_with_an_i_in_it_is_not_the_first_person():
    assert is_quotable("The toll in Mazar-i-Sharif rose to at least six on Friday.", language="en")


@each_row(
    ("text", "whole"),
    [
        ("Mayor Lund called the fall of the crane a 'bad joke' on Monday.", True),
        ("'The voters' choice is clear', Mayor Lund said on Monday.", True),
        ("The farmers' union of Osby voted 'no' to the players' union.", True),
        ("In the '90s the port of Osby was closed, Mayor Lund said.", True),
        ("The film 'exposes the port and its crane, Mayor Lund said.", False),
        ("Asked about the crane, Mayor Lund replied: 'Not at all.", False),
        ("The port has closed both piers for today,' Mayor Lund said.", False),
        ("By the rules of the port, a crane stands still.'", False),
        ("The ‘heroes’ of Osby include the crews of both ferries.’", False),
    ],
)
def test_a_sentence_cut_out_of_a_quotation_in_single_marks_is_not_quotable(text, whole):
    assert is_quotable(text, language="en") is whole


CRANES = "the crane of Osby was too old."


@each_row(
    ("page", "first"),
    [
        # It says who speaks: without the mark it is reported speech.
        (f"Mayor Lund said {CRANES}'\nThe port is closed.", f"Mayor Lund said {CRANES}"),
        # The mark opens what follows.
        (
            f"On Monday {CRANES}'\nThe crane fell.\nNobody was hurt,' Mayor Lund said.",
            f"On Monday {CRANES}",
        ),
        # Whose words these are, nobody can tell.
        (f"On Monday {CRANES}'\nThe port is closed.", f"On Monday {CRANES}'"),
        (f"Mayor Lund said 'yes', and {CRANES}", f"Mayor Lund said 'yes', and {CRANES}"),
    ],
)
def test_a_mark_that_closes_nothing_is_left_out_where_that_is_sure(page, first):
    told = article(page)
    assert closed_quotation(told.sentences[0], told) == first

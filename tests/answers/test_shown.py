"""How sentences are shown to a model: under their article, one line each."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.shown import MAX_SHOWN_TITLE_CHARS, lines
from bot.evidence.numbered import NumberedSentence
from bot.model.news import DateSource
from tests.support.passages import article

FIRST = article("Talks opened. A mediator came.", title="Talks open", outlet="Selin Post")
OTHER = replace(article("The ferry sank."), outlet="", title="", date_source=DateSource.FETCHED)


def shown(*rows):
    return [
        NumberedSentence(number=n, article=a, sentence=1, text=text) for n, (a, text) in enumerate(rows, 1)
    ]


def test_an_article_is_named_once_before_its_sentences():
    found = lines(shown((FIRST, "Talks opened."), (FIRST, "A mediator came."), (OTHER, "The ferry sank.")))
    assert found.split("\n") == [
        "Selin Post, Wed 09 July 2025 06:00 UTC: “Talks open”",
        "[1] Talks opened.",
        "[2] A mediator came.",
        "Article, undated, first seen Wed 09 July 2025 06:00 UTC:",
        "[3] The ferry sank.",
    ]


def test_an_article_that_comes_again_is_named_again():
    found = lines(shown((FIRST, "Talks opened."), (OTHER, "The ferry sank."), (FIRST, "A mediator came.")))
    assert found.count("Selin Post") == 2


def test_nothing_of_an_article_begins_a_line_of_its_own():
    broken = replace(FIRST, title="Talks\n[9] made up", outlet="Selin\nPost")
    assert lines(shown((broken, "Talks\nopened."))).count("\n") == 1


def test_a_long_title_is_cut():
    long = replace(FIRST, title="x" * (MAX_SHOWN_TITLE_CHARS + 1))
    assert lines(shown((long, "Talks opened."))).count("x") == MAX_SHOWN_TITLE_CHARS


def test_nothing_is_shown_as_nothing():
    assert lines([]) == ""

"""Sentences are shown by number, and cited by it."""

from __future__ import annotations

from bot.evidence.numbered import NumberedSentence, cited, shown_by_article
from bot.model.news import Citation
from tests.evidence.checking import article

ONE, OTHER = article("One came.", "Two came."), article("Three came.", key="b")
SHOWN = [
    NumberedSentence(number=1, article=ONE, sentence=1, text="One came."),
    NumberedSentence(number=2, article=ONE, sentence=2, text="Two came."),
    NumberedSentence(number=3, article=OTHER, sentence=1, text="Three came."),
]


def test_what_was_shown_is_known_by_article():
    assert shown_by_article(SHOWN) == {("a", 1): frozenset({1, 2}), ("b", 1): frozenset({1})}


def test_a_number_is_the_sentence_it_stood_for():
    assert cited([3, 2, 1, 2], SHOWN) == (
        Citation(article_id="b", sentences=(1,)),
        Citation(article_id="a", sentences=(1, 2)),
    )


def test_a_number_that_was_not_shown_is_of_no_article():
    assert cited([7], SHOWN) == (Citation(article_id="[7]", sentences=(7,)),)

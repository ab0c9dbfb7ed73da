"""Which sentences are cited, and which others may carry a statement."""

from __future__ import annotations

from bot.evidence.citing import MAX_SENTENCES_PER_STATEMENT, are_neighbours, known_citations
from bot.model.news import Citation
from tests.evidence.checking import article, check


def cite(*numbers: int, key: str = "a", revision: int = 1) -> Citation:
    return Citation(article_id=key, revision=revision, sentences=numbers)


def test_only_sentences_that_exist_and_were_shown_are_cited():
    told = {("a", 1): article("One came.", "Two came.", "Three came.")}
    assert known_citations([cite(1, 3, 4, -1)], articles=told, given=None) == [cite(1, 3)]
    shown = {("a", 1): frozenset({3})}
    assert known_citations([cite(1, 3)], articles=told, given=shown) == [cite(3)]
    assert known_citations([cite(1)], articles=told, given=shown) == []
    assert known_citations([cite(1, key="b"), cite(1, revision=2)], articles=told, given=None) == []


def test_a_title_is_cited_as_a_sentence_where_it_was_shown_as_one():
    told = {("a", 1): article("One came.", title="Two of Norvik came")}
    assert known_citations([cite(0, 1)], articles=told, given={("a", 1): frozenset({0})}) == [cite(0)]
    assert known_citations([cite(0, 1)], articles=told, given={("a", 1): frozenset({1})}) == [cite(1)]
    assert known_citations([cite(0)], articles={("a", 1): article("One came.", title="")}, given=None) == []


def test_a_statement_cites_a_limited_number_of_sentences():
    told = {
        ("a", 1): article(*(f"Boat {n} came." for n in range(30))),
        ("b", 1): article("One came.", key="b"),
    }
    [kept] = known_citations([cite(*range(1, 31)), cite(1, key="b")], articles=told, given=None)
    assert kept == cite(*range(1, MAX_SENTENCES_PER_STATEMENT + 1))


def test_neighbours_are_sentences_of_one_article_that_follow_each_other():
    assert are_neighbours([cite(2, 3)])
    assert are_neighbours([cite(2, 3, 4)])
    assert not are_neighbours([cite(2, 4)])
    assert not are_neighbours([cite(2), cite(3, key="b")])


def test_the_sentence_behind_and_the_one_before_may_complete_a_statement():
    said = ("The bridge was closed.", "Grain ships from many countries wait outside for pilots.")
    text = "The bridge was closed, and grain ships from many countries wait outside for pilots."
    assert check(text, *said, cited=(1,)).citations == (cite(1, 2),)
    text = "The bridge was closed, and grain ships from many countries wait outside for pilots."
    assert check(text, *said[::-1], cited=(2,)).citations == (cite(1, 2),)

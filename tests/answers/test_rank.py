"""Ranking: rare words before common ones, whole before part, and the thread's story before strangers."""

from __future__ import annotations

import zlib
from datetime import timedelta

import pytest

from bot.answers.rank import merge, rank, weigh, with_synonyms
from bot.language.stems import stems
from bot.store.news.search import Hit
from tests.support.passages import NOW, asked

pytestmark = pytest.mark.slow


def hit(text, *, title="", days=0, story=""):
    head = stems(title)
    return Hit(
        id=zlib.crc32(f"{text}{days}{story}".encode()),
        article_id=text,
        revision=1,
        sentences=(1,),
        published_at=NOW - timedelta(days=days),
        story_id=story,
        stems=(*head, *stems(text)),
        titled=len(head),
    )


def order(hits, weights, **more):
    return [r.found.article_id for r in rank(hits, weights, now=NOW, **more)]


def test_a_rare_word_outweighs_a_common_one():
    ferry, talks = hit("The ferry sank"), hit("The talks ended")
    assert order([talks, ferry], {"talk": 1.0, "ferri": 5.0}) == ["The ferry sank", "The talks ended"]


def test_holding_more_of_the_question_beats_repeating_a_part():
    whole, part = hit("A ferry sank off Selin"), hit("Ferry, ferry, ferry and ferry")
    assert order([part, whole], {"ferri": 2.0, "selin": 2.0})[0] == "A ferry sank off Selin"


def test_the_threads_story_and_newer_news_come_first_where_all_else_is_equal():
    old, new = hit("A ferry sank.", days=300), hit("A ferry sank!", days=1)
    assert order([old, new], {"ferri": 2.0})[0] == "A ferry sank!"
    mine = hit("A ferry sank.", days=300, story="sto-a")
    assert order([new, mine], {"ferri": 2.0}, stories=("sto-a",))[0] == "A ferry sank."


def test_another_word_for_the_one_asked_counts_a_little_less():
    said, meant = hit("Nine people died"), hit("Nine people were killed")
    assert order([meant, said], {"die": 2.0}) == ["Nine people died", "Nine people were killed"]
    assert with_synonyms({"die": 2.0})["kill"] < 2.0


def test_words_that_shape_a_question_weigh_less_than_what_it_is_about():
    weights = weigh(asked("Which country blocked Telegram?"), lambda _: 1.0)
    assert weights["countri"] < weights["telegram"]


def merged(texts, meant):
    ranked = rank([hit(text) for text in texts], {"ferri": 3.0, "selin": 1.0}, now=NOW)
    similarity = {hit(text).id: value for text, value in meant.items()}
    return [r.found.article_id for r in merge(ranked, similarity)], merge(ranked, similarity)


def test_of_passages_that_hold_the_same_words_the_one_that_means_it_comes_first():
    one, two = "The ferry came", "The ferry went"
    assert merged([one, two], {one: 0.2, two: 0.7})[0] == [two, one]
    assert merged([one, two], {one: 0.7, two: 0.2})[0] == [one, two]


def test_words_outweigh_meaning():
    both, half = "The ferry of Selin sank", "Selin is fine"
    order, ranked = merged([both, half], {both: 0.1, half: 0.9})
    assert order == [both, half]
    assert ranked[0].score > ranked[1].score > 0


def test_passages_whose_meaning_was_not_looked_at_follow_as_they_were():
    texts = ["The ferry of Selin", "The ferry came", "Selin stands"]
    order, ranked = merged(texts, {texts[0]: 0.5, texts[1]: 0.6})
    assert order[2] == "Selin stands"
    assert ranked[2].score <= min(r.score for r in ranked[:2])
    assert merge([], {}) == []

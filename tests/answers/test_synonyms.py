"""Words that may stand for one another in a question and the news."""

from __future__ import annotations

import itertools

import pytest

from bot.answers.synonyms import MAX_SENSE_WORDS, senses, synonyms_of
from bot.evidence.faults.opposites import OPPOSITES
from bot.language.rules import load_rules
from bot.language.stems import stems
from tests.support.running.rows import each_row


def test_words_that_frame_judge_or_measure_stand_for_no_other():
    lists = load_rules("en", "synonyms").words
    (offer, million) = (*stems("offer"), *stems("million"))
    assert "use" in lists["frame"]
    assert not {*stems("use"), *stems("part")} & synonyms_of(offer)
    assert not {*stems("dollar")} & synonyms_of(million)


def test_no_word_has_more_others_than_its_senses_hold():
    for words in load_rules("en", "synonyms").words.values():
        for word in words:
            for stem in stems(word):
                assert len(synonyms_of(stem)) <= 3 * MAX_SENSE_WORDS, word


@each_row(
    ("one", "other"),
    [
        ("chosen", "picked"),
        ("sold", "sale"),
        ("won", "victory"),
        ("flew", "flight"),
        ("gunman", "shot"),
        ("rose", "raised"),
        ("winner", "victory"),
        ("overtook", "surpassed"),
        ("Britain", "UK"),
        ("killed", "deaths"),
        ("stolen", "theft"),
        ("led", "boss"),
    ],
)
def test_a_question_finds_news_in_other_words(one, other):
    assert {*stems(other)} & synonyms_of(*stems(one))
    assert {*stems(one)} & synonyms_of(*stems(other))


@pytest.mark.parametrize(
    ("one", "other"), [("won", "defeated"), ("won", "lost"), ("injured", "unharmed"), ("rose", "fell")]
)
def test_contrary_words_do_not_stand_for_one_another(one, other):
    assert not {*stems(other)} & synonyms_of(*stems(one))


def test_no_list_holds_two_sides_of_a_contest_or_a_change():
    told = {
        pair.sense: ({*_stems(pair.one)}, {*_stems(pair.other)}) for pair in OPPOSITES if pair.sense != SEX
    }
    assert [
        (sense, sorted(alike))
        for (sense, (one, other)), alike in itertools.product(told.items(), senses())
        if alike & one and alike & other
    ] == []


SEX = "sex"  # "boy" and "girl" contradict each other, and both are children


def _stems(words):
    return (stem for word in words for stem in stems(word))

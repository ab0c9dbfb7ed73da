"""Words that may stand for one another in a question and the news."""

from __future__ import annotations

from bot.answers.synonyms import MAX_SENSE_WORDS, synonyms_of
from bot.language.rules import load_rules
from bot.language.stems import stems


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

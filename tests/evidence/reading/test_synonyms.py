"""Which words may say the same."""

from __future__ import annotations

from bot.evidence.reading.synonyms import covered, may_mean_the_same


def test_words_of_one_long_root_are_alike_up_to_four_letters():
    assert may_mean_the_same("approv", "approvabcd")
    assert not may_mean_the_same("approv", "approvabcde")
    assert not may_mean_the_same("port", "poet")


def test_words_alike_in_some_contexts_cover_and_do_not_contradict():
    assert covered("wage", frozenset({"salari"}))
    assert not covered("wage", frozenset({"crane"}))

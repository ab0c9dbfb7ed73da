"""Why a statement is refused is said to people and to the writer."""

from __future__ import annotations

from bot.evidence.reasons import advise, explain
from bot.model.record import Verdict


def test_a_verdict_is_explained_in_one_sentence():
    refused = Verdict(passed=False, reason="number", words=("31", "32"))
    assert explain(refused) == "“31”, “32” is in none of the cited sentences."
    assert (
        explain(Verdict(passed=True, repaired=True)) == "It is supported by other sentences than those cited."
    )


def test_a_line_that_is_too_long_is_told_its_limit():
    long = Verdict(passed=False, reason="length", words=("12 words",))
    assert advise(long) == "Write at most 12 words."
    assert explain(long) == "The statement is longer than 12 words."
    assert advise(Verdict(passed=False, reason="length")) == "Write at most the limit."


def test_a_reason_without_words_speaks_of_a_part():
    assert explain(Verdict(passed=False, reason="fused")) == "No single cited sentence carries a part of it."

"""Why a statement is refused is said to people and to the writer."""

from __future__ import annotations

from bot.evidence.reasons import advise, explain
from bot.model.record import Verdict


def test_a_verdict_is_explained_in_one_sentence():
    refused = Verdict(passed=False, reason="number", words=("31", "32"))
    assert explain(refused) == "None of the cited sentences has “31”, “32”."
    repaired = "The cited sentences do not support it, but others do: these are cited now."
    assert explain(Verdict(passed=True, repaired=True)) == repaired


def test_a_line_that_is_too_long_is_told_its_limit():
    long = Verdict(passed=False, reason="length", words=("12 words",))
    assert advise(long) == "Write at most 12 words."
    assert explain(long) == "The statement is longer than 12 words."
    assert advise(Verdict(passed=False, reason="length")) == "Write at most the limit."


def test_a_reason_without_words_speaks_of_a_part():
    mixed = "It mixes several sentences: no single cited sentence supports a part of it."
    assert explain(Verdict(passed=False, reason="fused")) == mixed

"""Every pair of opposites tells its own two sentences apart, and leaves like ones alone."""

from __future__ import annotations

from bot.evidence.faults.opposites import OPPOSITES, contrary
from bot.evidence.reading.facts import read
from bot.language.rules import Opposite
from tests.support.running.rows import each_row


@each_row("pair", OPPOSITES)
def test_a_pair_of_opposites_contradicts_and_leaves_like_words_alone(pair: Opposite):
    one, other = (read(text, None) for text in pair.yes)
    assert contrary(one, other)
    assert contrary(other, one)
    same, alike = (read(text, None) for text in pair.no)
    assert contrary(same, alike) == ()

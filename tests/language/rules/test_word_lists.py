"""Each word of the lists of outcomes and opposites does its work in a sentence.

The words are written down here a second time (``word_lists.toml``): one that gets lost from the rules is missed.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.evidence.faults.opposites import OPPOSITES, contrary
from bot.evidence.reading.facts import read
from bot.language.rules import load_rules
from tests.support.running.rows import each_row

WORDS = tomllib.loads(Path(__file__).with_name("word_lists.toml").read_text("utf-8"))
LEAST_TRIED = 0.9  # share of the words of a list that are tried


def reports(sense):
    return lambda words: load_rules("en", "outcomes").has(sense, f"The council {words}.")


DOES = {
    "moved": reports("moved"),
    "called off": reports("called off"),
}


@each_row("sense", DOES)
def test_each_word_of_a_list_does_its_work_in_a_sentence(sense):
    assert [word for word in WORDS[sense] if not DOES[sense](word)] == []


def against(one, other):
    ours, theirs = (read(f"The council {word} it on Monday.", None) for word in (one, other))
    return contrary(ours, theirs) and contrary(theirs, ours)


@pytest.mark.slow
@each_row("sense", WORDS["opposite"])
def test_each_word_contradicts_one_of_the_other_side(sense):
    lost = [pair for pair in WORDS["opposite"][sense] if not against(*pair)]
    assert lost == []


def test_nearly_every_opposite_is_tried():
    known = {(pair.sense, word) for pair in OPPOSITES for word in pair.one | pair.other}
    tried = {(sense, word) for sense, pairs in WORDS["opposite"].items() for pair in pairs for word in pair}
    assert len(known & tried) >= LEAST_TRIED * len(known)

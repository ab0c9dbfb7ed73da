"""Each hedge and each negation changes what every reader of its senses makes of a sentence.

The words are written down here a second time (``word_lists.toml``): one that gets lost from the tables is missed.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.chat.document.claims import according_to
from bot.evidence.reading.speech import is_attributed
from bot.kinds import load_kinds
from bot.language.position_change import position
from bot.language.rules import load_rules
from bot.language.sentences.clauses import parts
from bot.language.sentences.modality import Force, find_marks
from bot.language.similarity import is_negated
from bot.updates.by_rules.numbers.counting import counting_of

WORDS = tomllib.loads(Path(__file__).with_name("word_lists.toml").read_text("utf-8"))
LEAST_TRIED = 0.9  # share of the words of a sense that are tried


def _rule(file, sense):
    rules = load_rules("en", file)
    assert not rules.has(sense, "The bridge is closed in Osby"), "it finds every sentence"
    return lambda word: rules.has(sense, f"The bridge {word} closed in Osby")


def counts_no_more(word):
    return not list(counting_of("en").find(f"In Osby it {word} killed 12 people."))


def counts_no_more_before(word):
    return not list(counting_of("en").find(f"It killed 12 people {word} in Osby."))


def _marked(word):
    # What ends with "to" governs a verb; "would-be" and the like stand before a noun.
    return [
        mark
        for mark in find_marks(f"The bridge {word} close there on the day.")
        if word.startswith(mark.text)
    ]


def has_force(force):
    return lambda word: any(mark.force is force for mark in _marked(word))


def may_be_lost(word):
    return any(mark.loose for mark in _marked(word))


def keeps(word):
    text = f"The road to Osby is open again, with the mayor {word} at work."
    return "The road to Osby is open again" not in list(parts(text))


def says_nothing(word):
    return word in load_rules("en", "outcomes").words["says nothing"]


def names_nobody(word):
    return not according_to("reports", beside=f"The bridge {word} closed.")


def speaks_behind(word):
    return word in load_rules("en", "speech").words["beside saying"]


def turns(word):
    text = f"The council {word} there."
    return is_negated(text) and not is_negated("The council there.")


def leaves_no_side(word):
    """A word that denies stands before a side: nobody consents, or the word is a side itself."""
    return position(f"The council was {word} and would accept the plan.") != 1


NO_STATUS = _rule("status", "unsure")
NO_ANNOUNCEMENT = _rule("plans", "unsure")
NO_REPORT = _rule("plans", "no report")
READERS = {
    "hedges": {
        **{force.name.lower(): [has_force(force)] for force in list(Force)[1:]},
        "doubt": [NO_STATUS, NO_ANNOUNCEMENT, NO_REPORT, counts_no_more],
        "open": [NO_STATUS, NO_REPORT, counts_no_more],
        "wish": [NO_ANNOUNCEMENT, NO_REPORT],
        "promise": [NO_REPORT],
        "ahead": [NO_REPORT],
        "effort": [NO_REPORT, counts_no_more],
        "intent": [counts_no_more],
        "ability": [counts_no_more],
        "accusing": [counts_no_more],
        "adverb": [speaks_behind],
        "behind": [counts_no_more_before],
        "condition": [says_nothing],
        "keeps": [keeps],
        "hearsay": [lambda word: is_attributed(f"The bridge {word} closed in Osby.")],
        "loose": [may_be_lost],
        "unnamed": [names_nobody],
        "rumour": [
            lambda word: all(word in load_kinds()[k].states[0].carried_by for k in ("deal", "launch"))
        ],
    },
    "negations": {
        "grammar": [NO_REPORT, counts_no_more, turns, keeps],
        "denial": [NO_REPORT, counts_no_more, turns, keeps],
        "mark": [has_force(Force.NEGATION), keeps],
        "negative": [leaves_no_side, keeps],
        "lack": [keeps],
    },
}
SENSES = [(table, sense) for table, senses in READERS.items() for sense in senses]


@pytest.mark.parametrize(("table", "sense"), SENSES)
def test_every_reader_of_a_sense_notices_each_of_its_words(table, sense):
    missed = [
        (number, word)
        for number, notices in enumerate(READERS[table][sense])
        for word in WORDS[table][sense]
        if not notices(word)
    ]
    assert missed == []


@pytest.mark.parametrize(("table", "sense"), SENSES)
def test_nearly_every_word_of_a_sense_is_tried(table, sense):
    known = load_rules("en", table).words.get(sense, frozenset())
    assert len(known & set(WORDS[table][sense])) >= LEAST_TRIED * len(known)


@pytest.mark.parametrize("table", READERS)
def test_every_sense_has_a_reader(table):
    rules = load_rules("en", table)
    assert {*rules.words, *(rule.sense for rule in rules.patterns)} == set(READERS[table])


@pytest.mark.parametrize(("table", "sense"), SENSES)
def test_no_reader_notices_a_word_that_is_in_no_table(table, sense):
    assert not any(notices("gladly") for notices in READERS[table][sense])


@pytest.mark.parametrize("word", ["supposedly", "perhaps", "presumably", "apparently"])
def test_a_doubt_is_known_to_all_who_read(word):
    told = f"The bridge {word} closed in Osby"
    assert all(reader(word) for reader in READERS["hedges"]["doubt"])
    assert find_marks(told)[0].text == word

"""Each verb of saying changes what every reader of its senses makes of a sentence.

The words are written down here a second time (``word_lists.toml``): one that gets lost from the table is missed.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.chat.document.claims import according_to
from bot.evidence.reading.speech import is_attributed, speeches
from bot.evidence.reading.synonyms import REPORTING_STEMS
from bot.evidence.reading.voices import REPLIES, subject_of
from bot.feeds.judge.words import word as judged
from bot.language.entities.people import people_of
from bot.language.rules import languages_with, load_rules
from bot.language.sentences.clauses import attributed
from bot.language.sentences.self_contained import points_back
from bot.language.sentences.split import split_sentences
from bot.language.words import stem
from bot.updates.by_rules.claimants import claimant_of
from bot.updates.by_rules.titles import judges

WORDS = tomllib.loads(Path(__file__).with_name("word_lists.toml").read_text("utf-8"))["saying"]
LEAST_TRIED = 0.9  # share of the words of a sense that are tried
ORDINARY = ("repaint", "repaints", "repainted", "repainting", "beside")
KINDS = ("states", "noun too", "participle", "speaking", "speaking of person", "voicing")


def _rule(file, sense, text):
    rules = load_rules("en", file)
    return lambda word: rules.has(sense, text.format(word=word))


def ends_a_claim(word):
    claim = attributed(f"The old dam above the town broke, the ministry {word}.")
    return claim is not None and claim.speaker == "the ministry"


def begins_a_claim(word):
    claim = attributed(f"The ministry {word} that the old dam broke.")
    return claim is not None and claim.speaker == "The ministry"


def owns_a_number(word):
    return claimant_of(f"The ministry {word} that 41 people were killed.", language="en") == "the ministry"


def leaves_open_whose(word):
    return claimant_of(f"The storm killed 41 people, {word} that many were asleep.", language="en") is None


def is_spoken(word):
    return [s.who for s in speeches(f"The ministry {word} that the dam broke.") if s.verb == word] == [
        "The ministry"
    ]


def marks(word):
    return is_attributed(f"The old dam broke, {word} the ministry.")


def names_the_speaker(word):
    return not according_to("Lund Line", beside=f"Lund {word} it.")


def makes_a_person_speak(word):
    return people_of("en").speaks(f"Jan Moe {word} the dam broke.", start=0, end=len("Jan Moe"))


def needs_who_spoke(word):
    return points_back(f"The talks will go on, he {word}.")


# Titles and borders are read word by word: of "pointed out" neither is a verb of saying.
def is_somebodys_judgement(word):
    return " " in word or not judges(f"Mayors {word} Osby’s pier is a lifeline")


def goes_on_behind_a_cry(word):
    return (
        " " in word
        or len(split_sentences(f"“Why did the dam break?” Mayor Lund {word}.", language="en")) == 1
    )


def says_no_more(word):
    return stem(word) in REPORTING_STEMS


def names_before(word):
    spoken = [s.who for s in speeches(f"The old dam broke, {word} the ministry.")]
    claim = attributed(f"The old dam broke, {word} the ministry.")
    return spoken == ["the ministry"] and claim is not None and claim.speaker == "the ministry"


READERS = {
    "states": [
        ends_a_claim,
        begins_a_claim,
        owns_a_number,
        is_spoken,
        names_the_speaker,
        makes_a_person_speak,
        needs_who_spoke,
        is_somebodys_judgement,
        goes_on_behind_a_cry,
        _rule("bullets", "no news", "The strike is a mistake, {word} Jan Moe, professor of law."),
    ],
    "tensed": [
        _rule("self_contained", "points back", "The road is open, she {word} to us."),
        lambda word: points_back(f"The spokesman {word} so."),
    ],
    "noun too": [ends_a_claim, is_spoken],
    "participle": [is_spoken, leaves_open_whose],
    "speaking": [is_spoken, names_the_speaker, goes_on_behind_a_cry],
    "speaking of person": [goes_on_behind_a_cry],
    "voicing": [
        goes_on_behind_a_cry,
        _rule("self_contained", "points back", "“The road is open,” she {word}."),
    ],
    "neutral": [says_no_more],
    "reply": [REPLIES.__contains__],
    "announcing": [_rule("plans", "announces", "The council {word} it would pay 3 million.")],
    "arranging": [_rule("days", "arranging", "{word}")],
    "performative": [lambda word: subject_of(f"The council {word} it.") == "The council"],
    "only said": [_rule("acts", "only said", "The mayor {word} so.")],
    "verb alone": [
        _rule("people", "no role", "head of the port {word} so"),
        _rule("plans", "border", " on the case Moe {word} on "),
        _rule("self_contained", "part", "The company {word} it."),
    ],
    "of others": [lambda word: judged(f"Mayors {word} it.", languages=["en"]).reports],
    "according": [names_before, marks],
}
# "Not attributing" takes a word from those that mark.
SENSES = list(READERS)


@pytest.mark.parametrize("sense", SENSES)
def test_every_reader_of_a_sense_notices_each_of_its_words(sense):
    missed = [
        (number, word)
        for number, notices in enumerate(READERS[sense])
        for word in WORDS[sense]
        if not notices(word)
    ]
    assert missed == []


@pytest.mark.parametrize("sense", SENSES)
def test_no_reader_notices_an_ordinary_verb(sense):
    found = [
        (number, word)
        for number, notices in enumerate(READERS[sense])
        for word in ORDINARY
        if " " not in word and notices(word)
    ]
    assert found == []


@pytest.mark.parametrize("sense", [*SENSES, "not attributing"])
def test_nearly_every_word_of_a_sense_is_tried(sense):
    known = load_rules("en", "saying").words[sense]
    assert len(known & set(WORDS[sense])) >= LEAST_TRIED * len(known)


def test_every_sense_has_a_reader():
    assert load_rules("en", "saying").words.keys() == {*READERS, "not attributing"}


def test_a_form_is_of_one_kind():
    known = load_rules("en", "saying").words
    listed = [word for kind in KINDS for word in known[kind]]
    assert len(listed) == len(set(listed))


def test_a_verb_marks_a_sentence_as_somebodys_word_unless_it_is_often_no_claim():
    spoken = {word for kind in KINDS[:4] for word in WORDS[kind]}
    hearsay = load_rules("en", "hedges").words["hearsay"]
    assert {word for word in spoken if not marks(word)} == set(WORDS["not attributing"]) - hearsay


@pytest.mark.parametrize("language", languages_with("saying"))
def test_a_language_reads_pages_and_borders_by_its_one_table(language):
    known = load_rules(language, "saying").words
    pages, borders = load_rules(language, "pages").words, load_rules(language, "sentences").words
    assert known.get("of others", frozenset()) <= pages.get("report", known.get("of others", frozenset()))
    assert known.get("states", frozenset()) <= borders.get("speech", frozenset())


@pytest.mark.parametrize(
    ("word", "end"),
    [("forderte", ""), ("kündigte", " an"), ("räumte", " ein"), ("erwiderte", ""), ("teilte", " mit")],
)
def test_a_german_number_belongs_to_who_says_it(word, end):
    text = f"Zwölf Menschen wurden verletzt, {word} die Polizei{end}."
    assert claimant_of(text, language="de") == "die Polizei"

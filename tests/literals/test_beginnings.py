"""The first letters of a text leave a few patterns: nothing that another one matches may be lost by it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import furniture
from bot.language.rules import languages_with, load_rules
from bot.literals.beginnings import Beginnings, beginnings_of
from bot.literals.prefilter import lowered
from tests.support.running.rows import each_row

NAME = "furniture"
RULES = [rule for language in languages_with(NAME) for rule in load_rules(language, NAME).patterns]
SENSES = sorted({rule.sense for rule in RULES})
EXAMPLES = sorted({text for rule in RULES for text in (*rule.yes, *rule.no)})
BY_SENSE = {sense: [rule.match for rule in RULES if rule.sense == sense] for sense in SENSES}
FOUND = {sense: furniture._any_of(sense) for sense in SENSES}  # to make them anew takes half a second


@each_row(
    ("pattern", "beginnings"),
    [
        (r"read (?:more|on)|also:", ("als", "rea")),
        (r"^(?:please\s)?sign up\b", ("ple", "sig")),
        (r"^(?-i:AP)\b", ("ap",)),
        (r"(?:a|b){1,2}c", ("aac", "abc", "ac", "bac", "bbc", "bc")),
        (r"^\d{1,2} of \d", ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")),
        (r"(?!no)(?<!x)on", ("on",)),
        (r"no?\w+", ("n",)),
        (r"x*y", ("xxx", "xxy", "xy", "y")),
        (r"(?:the )?.{0,30}newsletter", ()),
        (r"[^.!?]see us", ()),
        (r"(?:on)?", ()),
        (r"(a)\1", ("a",)),
    ],
)
def test_a_pattern_begins_with_one_of_its_first_letters(pattern, beginnings):
    assert beginnings_of(re.compile(pattern, re.IGNORECASE)) == beginnings


@pytest.mark.slow
@pytest.mark.parametrize("sense", SENSES)
def test_what_begins_with_a_pattern_of_furniture_is_found(sense):
    for text in EXAMPLES:
        for said in (text, text.upper(), text[1:], f"({text}", f"“{text}”"):
            found = FOUND[sense].match(said, small=lowered(said))
            assert found == any(pattern.match(said) for pattern in BY_SENSE[sense]), said


@given(
    sense=st.sampled_from(SENSES),
    before=st.sampled_from(["", "He left. ", "٣ ", "\u2009", "\u017f", "1"]),
    text=st.sampled_from(EXAMPLES),
    cut=st.integers(min_value=0, max_value=4),
)
def test_a_text_is_read_from_any_place_as_if_it_began_there(sense, before, text, cut):
    whole = f"{before}{text[cut:]}"
    for start in {0, len(before), min(len(before) + 1, len(whole))}:
        found = FOUND[sense].match_from(whole, start, small=lowered(whole))
        assert found == any(pattern.match(whole[start:]) for pattern in BY_SENSE[sense])


@pytest.mark.parametrize("text", ["٣ of ٤", "\u2003read on", "\u017fhare this"])
def test_digits_blanks_and_letters_beyond_ascii_are_tried_on_every_pattern(text):
    patterns = [re.compile(p, re.IGNORECASE) for p in (r"^\d of \d", r"^\sread", r"^share")]
    assert Beginnings(patterns).match(text, small=lowered(text))


def test_the_alternatives_of_a_pattern_are_told_apart():
    patterns = [re.compile(r"^(?:read on|.{1,9}see (?:us|me)|\(a|b\)|[|)]c)!$|^also$", re.IGNORECASE)]
    for text, matches in {
        "Read on!": True, "now see me!": True, "(a!": True, "b)!": True, "|c!": True, ")c!": True, "also": True,
        "read on": False, "also!": False, "see me!": False, "b!": False,
    }.items():  # fmt: skip
        assert Beginnings(patterns).match(text, small=lowered(text)) == matches


def test_where_python_reads_patterns_in_another_way_every_pattern_is_tried(monkeypatch):
    monkeypatch.setattr("bot.literals.prefilter._PARSER", None)
    patterns = Beginnings([re.compile("not found", re.IGNORECASE)])
    assert patterns.match("Not found", small="not found")
    assert not patterns.match("found", small="found")

"""A text without what a pattern requires is not searched: nothing that the pattern finds may be lost by it."""

from __future__ import annotations

import functools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.judge.vocabulary import RULES_NAME, met, says, vocabulary
from bot.feeds.judge.words import WALLS, has, is_plain, plain_sentences, sentences, word
from bot.language.rules import languages_with, load_rules
from bot.literals.prefilter import SievedPatterns, lowered, required_texts, sieves
from tests.support.running.rows import each_row

LANGUAGES = languages_with(RULES_NAME)


@functools.cache
def rules_with_sieves(language):
    rules = load_rules(language, RULES_NAME).patterns
    return rules, sieves(rule.match for rule in rules)


@each_row(
    ("pattern", "required"),
    [
        (r"page (?:not found|is gone)", ("page not found", "page is gone")),
        (r"\w{4,30}\.(?:com|co\.uk)", (".com", ".co.uk")),
        (r"by (?:the|a)? press", (" press",)),
        (r"\w+/(?-i:AP|PA)$", ("/ap", "/pa")),
        (r"\s/\s(?-i:AP|PA)$", ("/",)),
        (r"(?:sign|log) in\b|your account", (" in", "your account")),
        (r"^\W*(?:oops )?404\b", ("404",)),
        (r"\b(?:we|our) (?:\w+ ){0,3}partners", ("partners",)),
        (r"(?-i:SIE sind) da", ("sie sind",)),
        (r"(?:abc)+?d", ("abc",)),
        (r"(?:abc)?\d+", ()),
        (r"a|bcd", ()),
        (r"\w+", ()),
        (r"(?=here)there", ("there",)),
        (r"can(?!not)did", ("candid",)),
    ],
)
def test_a_pattern_requires_the_longest_texts_of_which_every_match_holds_one(pattern, required):
    assert required_texts(re.compile(pattern, re.IGNORECASE)) == tuple(sorted(required))


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_rules_of_pages_must_find_passes_their_sieves(language):
    for rule, sieve in zip(*rules_with_sieves(language), strict=True):
        for text in (*rule.yes, *(yes.upper() for yes in rule.yes)):
            if rule.match.search(text):
                assert sieve.may_match(lowered(text) or text.lower()), (rule.sense, text)


@pytest.mark.parametrize("text", ["\u0130n your account", "\u017fign in", "s\u0131gn"])
def test_a_text_with_letters_of_more_than_one_case_is_searched_whatever_it_holds(text):
    assert lowered(text) is None


def test_a_pattern_that_finds_an_odd_letter_still_does():
    assert has("en", "login", "Please \u017fign in to continue.") == has(
        "en", "login", "Please sign in to continue."
    )


WORDS = sorted(
    {w for lang in LANGUAGES for listed in load_rules(lang, RULES_NAME).words.values() for w in listed}
)


@given(
    language=st.sampled_from(LANGUAGES),
    parts=st.lists(st.sampled_from([*WORDS, "the", "Sie", "x", "'", "-", ".", "1"]), max_size=6),
    glue=st.sampled_from([" ", "", "-", ", "]),
    shout=st.booleans(),
)
def test_a_vocabulary_finds_what_a_search_for_each_of_its_words_does(language, parts, glue, shout):
    text = glue.join(parts).upper() if shout else glue.join(parts)
    for sense in (*WALLS, "address", "report"):
        pattern = vocabulary(language, sense)
        found = {match.lower() for match in pattern.findall(text)} if pattern else set()
        assert met(language, sense, text) == len(found)
        assert says(language, sense, text) == bool(found)


@given(
    parts=st.lists(
        st.sampled_from([*WORDS, "the", "said", "you", "page", "not found", ". ", "! ", "|"]), min_size=9
    ),
    languages=st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=2, unique=True),
)
def test_sentences_of_a_plain_paragraph_are_what_each_is_by_itself(parts, languages):
    text = " ".join(parts)
    if is_plain(text, languages=languages):
        alone = [word(sentence, languages=languages, alone=False) for sentence in sentences(text)]
        assert list(plain_sentences(text, languages=languages)) == alone


@pytest.mark.parametrize("language", LANGUAGES)
def test_patterns_together_leave_out_none_that_is_found(language):
    rules, sieved = rules_with_sieves(language)
    patterns = [*(rule.match for rule in rules), re.compile(r"\d+")]
    together = SievedPatterns([*sieved, *sieves(patterns[-1:])])
    assert r"\d+" in [p.pattern for p in together.possible("x")]
    for text in sorted({text for rule in rules for text in (*rule.yes, *rule.no, *map(str.upper, rule.yes))}):
        left = set(together.possible(text))
        assert [p.pattern for p in patterns if p not in left and p.search(text)] == []


def test_where_python_reads_patterns_in_another_way_every_pattern_is_searched(monkeypatch):
    monkeypatch.setattr("bot.literals.prefilter._PARSER", None)
    (sieve,) = sieves([re.compile("not found", re.IGNORECASE)])
    assert sieve.required == ()
    assert sieve.may_match("anything")

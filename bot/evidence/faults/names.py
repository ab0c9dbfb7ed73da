"""Checks the names of a statement: each must be in the cited sentences, or be meant by them, and be in its own place."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.evidence.faults.quotes import is_work
from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground, countries, country_named, facts_of
from bot.evidence.reading.name_forms import core_of, has_phrase, is_held, pieces, same
from bot.evidence.reading.short_names import in_capitals, is_short, is_short_for, spelled_out
from bot.evidence.reading.slots import Name, near
from bot.evidence.reading.synonyms import carried
from bot.language.entities.roles import ROLE_NOUNS
from bot.language.rules import load_rules
from bot.language.sentences.quotations import plain
from bot.language.speech import SAYING, any_of
from bot.language.words import fold, stem

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_RULES = load_rules("en", "short_forms")
_WORDS = _RULES.words
_TAIL = _RULES.pattern("compound tail")
_LOWER_TAIL = re.compile(r"[A-Z][a-z]+-[a-z]+")
# Characters of a name that may be joined to another word; a shorter one is part of many words.
MIN_PRINTED_CHARS = 8
_SAID = frozenset(map(stem, SAYING))
# Forms by which a sentence means somebody named before.
_SHORT_FORM = re.compile(
    rf"\b(?:{any_of(_WORDS['pronoun'])}"
    rf"|(?:{any_of(_WORDS['determiner'])})\s(?:[\w-]+\s){{0,3}}?(?:{any_of(_WORDS['noun'] | ROLE_NOUNS)}|\w+(?:maker|man|men|woman|ese|ian))s?"
    rf"|the\s(?:\w+(?:ian|ese|ish|man|can)|{any_of(_WORDS['people'])})(?=\s(?:is|was|has|had|will|who|also|\w+ed)\b)"
    r"|(?:the\s)?\d{1,3}-year-old|(?:the\s)?\w+-year-old)\b",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\b(?:in|at|near)\s(?:the\s|New\s)?$")
_NOUN_NEXT = re.compile(r"['’]?s?\s([a-z][a-z-]{3,})\b")
# A noun without a name before it: "the second semifinal", not "the Hale semifinal".
_BARE_NOUN = r"\b(?i:the|a|an|this)\s(?:[a-z-]+\s)?{}\b"
_VERB_NEXT = _RULES.pattern("verb next")


def unsupported(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the names of ``statement`` that are neither in the cited sentences nor meant by them."""
    missing = []
    works = [quote for quote in statement.quotes if is_work(quote, ground)]
    for name in statement.names:
        if any(name.text in work for work in works):
            continue
        words = core_of(_TAIL.sub("", name.text))
        if not words or is_capital_only(name, words, statement, ground):
            continue
        if any(is_held(words, name, facts) for facts in ground.facts) or _completed(words, ground):
            continue
        if _printed(name.text, ground) or in_capitals(name.text, ground) or spelled_out(name.text, ground):
            continue
        parts = pieces(words)
        if _of_the_country(name.text, ground):
            continue
        if "-" in name.text and all(
            part[:1].isupper() and any(is_held(core_of(part), None, facts) for facts in ground.facts)
            for part in name.text.split("-")
        ):
            continue  # "BJP-Shinde", "Indo-US"
        if len(parts) > 1 and all(any(is_held(p, None, facts) for facts in ground.facts) for p in parts):
            continue
        if _in_header(name.text, ground):
            continue
        if _in_title(words, ground) and not _leaves_out_a_name(statement, ground):
            continue
        if _tells_which(name, words, statement, ground):
            continue
        if _meant(words, name, ground) and not _displaced(name, statement, ground):
            continue
        missing.append(name.text)
    return tuple(missing)


def _of_the_country(name: str, ground: Ground) -> bool:
    """Tell whether ``name`` is a cited body with the country its article is on: "the Supreme Court of India"."""
    body, _, place = name.rpartition(" of ")
    country = country_named(core_of(place))
    if not body or not country:
        return False
    printed = tuple(fold(body).split())
    return any(has_phrase(printed, facts) for facts in ground.facts) and any(
        country in countries(tuple(w.folded for w in facts.words)) for facts in ground.whole()
    )


def _printed(name: str, ground: Ground) -> bool:
    """Return whether a longer name is in the cited sentences letter by letter, even if joined to another word."""
    return len(name) >= MIN_PRINTED_CHARS and any(plain(name) in running for running in ground.running)


def _in_title(words: tuple[str, ...], ground: Ground) -> bool:
    """Tell whether the title of a cited article has the name: what its sentences are about."""
    return any(
        article.title and has_phrase(words, facts_of(article, article.title)) for article in ground.articles
    )


def _tells_which(name: Name, words: tuple[str, ...], statement: Facts, ground: Ground) -> bool:
    """Return whether the title's name only specifies a noun of the cited sentences: "the Harbour Cup semifinal" for "the semifinal"."""
    noun = _NOUN_NEXT.match(statement.text, name.end)
    if noun and _in_title(words, ground):
        there = re.compile(_BARE_NOUN.format(re.escape(noun[1])))
        return any(there.search(facts.text) for facts in ground.facts)
    # "The Harbour Cup Grand Final" of "the Grand Final".
    return any(
        _in_title(words[:i], ground) and any(_bare(words[i:], facts) for facts in ground.facts)
        for i in range(1, len(words))
    )


def _bare(words: tuple[str, ...], facts: Facts) -> bool:
    """Tell whether ``facts`` have ``words`` as a whole name behind "the": one that leaves open of what it is."""
    return any(
        core_of(theirs.text) == words and re.search(r"\bthe\s$", facts.text[: theirs.start], re.IGNORECASE)
        for theirs in facts.names
    )


def _leaves_out_a_name(statement: Facts, ground: Ground) -> bool:
    """Tell whether the cited sentences have a name that is not told, in whose place another could stand."""
    return any(
        not any(is_held(piece, theirs, statement) for piece in pieces(core))
        for facts in ground.facts
        for theirs in facts.names
        if (core := core_of(theirs.text)) and (not theirs.first or _is_named_within(core, ground))
    )


def _is_named_within(core: tuple[str, ...], ground: Ground) -> bool:
    """Tell whether an article has the name behind the beginning of a sentence, where its capital is no accident."""
    return any(
        core == core_of(other.text) for facts in ground.whole() for other in facts.names if not other.first
    )


def _in_header(name: str, ground: Ground) -> bool:
    """Return whether ``name`` is the outlet of a cited article."""
    return any(
        article.outlet and fold(name).removeprefix("the ") == fold(article.outlet).removeprefix("the ")
        for article in ground.articles
    )


def misplaced(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return two names that have changed places in comparison with the cited sentences: "B accused A"."""
    placed = []
    for name in statement.names:
        words = core_of(name.text)
        # Verbs of saying are covered by the check of speakers.
        slots = frozenset(slot for slot in name.slots if slot[1] not in _SAID)
        theirs = _slots(name, words, ground) if words and slots else frozenset()
        if theirs and not slots & theirs:
            placed.append((replace(name, slots=slots), words, theirs))
    for i, (one, core, at_one) in enumerate(placed):
        for other, other_core, at_other in placed[i + 1 :]:
            if (
                one.slots & at_other
                and other.slots & at_one
                and not same(core, other_core, one.text, other.text)
            ):
                return one.text, other.text
    return ()


def _slots(name: Name, words: tuple[str, ...], ground: Ground) -> frozenset[tuple[str, str]]:
    return frozenset(
        slot
        for facts in ground.facts
        for theirs in facts.names
        if any(same(words, core, name.text, theirs.text) for core in pieces(core_of(theirs.text)) if core)
        for slot in theirs.slots
    )


def _completed(words: tuple[str, ...], ground: Ground) -> bool:
    """Tell whether a cited sentence has part of the name and its article the whole: "Kim", "Kim Jong-un"."""
    partial = any(
        set(core) < set(words) or is_short_for(" ".join(words).upper(), theirs.text)
        for facts in ground.facts
        for theirs in facts.names
        if (core := core_of(theirs.text))
    )
    return partial and any(has_phrase(words, facts) for facts in (*ground.around, *ground.whole()))


def is_capital_only(name: Name, words: tuple[str, ...], statement: Facts, ground: Ground) -> bool:
    """Return whether a word has a capital only because it begins the sentence."""
    if not name.first or len(words) > 1 or is_short(name.text):
        return False
    word = words[0]
    if countries((word,)):
        return False
    for facts in (*ground.facts, *ground.around):
        if any(w.text.islower() and w.folded == word for w in facts.words):
            return True
    for facts in ground.whole():
        for other in facts.names:
            if not other.first and word in core_of(other.text):
                return False
    if carried(stem(word), frozenset().union(*(f.terms for f in ground.facts))):
        return True
    if _LOWER_TAIL.fullmatch(name.text):
        return True  # "High-profile"
    return word.endswith(
        ("s", "ing", "ed", "ly", "ical", "able", "ive", "ous", "ful")
    ) or not _VERB_NEXT.match(statement.text, name.end)


def _meant(words: tuple[str, ...], name: Name, ground: Ground) -> bool:
    """Return whether a cited sentence has a short form such as "he", and the name is in the text that explains short forms."""
    generic = words[-1]  # "the parade" means the Rose Parade
    if not any(
        _SHORT_FORM.search(facts.text) or any(w.folded == generic and w.text.islower() for w in facts.words)
        for facts in ground.facts
    ):
        return False
    return any(is_held(words, name, facts) for facts in ground.around)


def _in_same_slot(name: Name, statement: Facts, theirs: Name, facts: Facts) -> bool:
    """Tell whether both names say where it was, of like words: "convicted in Osby" for "convicted in Norvik"."""
    ours, held = _WHERE.search(statement.text[: name.start]), _WHERE.search(facts.text[: theirs.start])
    return bool(ours and held and name.near & theirs.near)


def _displaced(name: Name, statement: Facts, ground: Ground) -> bool:
    """Return whether a name from elsewhere replaces a name of the cited sentences that the statement lacks."""
    for facts in ground.facts:
        meant = max(
            (
                len(name.near & near(facts.words, m.start(), m.end()))
                for m in _SHORT_FORM.finditer(facts.text)
            ),
            default=0,
        )
        for theirs in facts.names:
            core = core_of(theirs.text)
            if not core or is_held(core, theirs, statement):
                continue
            if len(name.near & theirs.near) > meant or _in_same_slot(name, statement, theirs, facts):
                return True
    return False

"""Decide whether a sentence can be quoted alone as news: whole, understandable, and no opinion, caption or appeal.

The words are data (``bot/language/rules/<language>/grammar/self_contained.toml``), read under these senses:

    points back  needs another sentence to say who or what is meant
    part         names by its kind alone what was spoken of: it needs a title that has the word, or another sentence
    addresses    speaks to the reader, or in the first person
    opinion      judges, marvels or guesses
    caption      belongs to a picture
    background   tells of what lies long back
    pronoun      words for a person who is named elsewhere; one of ``person`` or a name must stand before them

A language without such rules has its sentences judged by their marks alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.language.rules import Rules, languages_with, load_rules
from bot.language.sentences.clauses import balanced
from bot.language.sentences.quotations import cut_single_quotation, without_last_mark
from bot.language.sentences.self_contained import is_statement
from bot.language.text_cache import text_cached
from bot.language.words import content_terms, words
from bot.model.news import Article, Sentence

MAX_QUOTABLE_CHARS = 1_000  # characters; what is longer is no sentence that is quoted
MAX_QUOTED_SENTENCES = 8  # of one quotation, in which its end is sought
MAX_CACHED_QUOTABLE_SENTENCES = 8_192  # sentences for which it is cached whether they can be understood alone

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_RULES = {language: load_rules(language, "self_contained") for language in languages_with("self_contained")}
_SAYING = {language: load_rules(language, "saying").words["states"] for language in _RULES}
_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"|(?<!\w)‘[^’]*’(?!\w)|(?<!\w)'[^']*'(?!\w)")
_OPENING = re.compile(r"^[“„«\"‘']")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_CAPITALS = re.compile(r"(?:\b[A-ZÄÖÜ][A-ZÄÖÜ’'&-]+\b[\s,]+){3}")
_NAME_AMID = re.compile(r"(?<=[a-z,] )[A-ZÀ-Þ][\w-]*\w")
_BEGINS = re.compile(r"^[“„«\"‘'$€£¥]?[\w]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a reader of a sentence knows of its article: the ``terms`` of its title, and the ``names`` in it (single words)."""

    terms: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


NOTHING_KNOWN = Surroundings()


def surroundings_of(article: Article) -> Surroundings:
    """Return what is known to who reads a sentence of ``article`` below its title: names are capitals amid a sentence."""
    return Surroundings(
        terms=frozenset(content_terms(article.title, language=article.language or "en")),
        names=frozenset(
            name
            for sentence in article.sentences
            for name in _NAME_AMID.findall(sentence.text[:MAX_QUOTABLE_CHARS])
        ),
    )


def is_quotable(text: str, *, language: str, known: Surroundings = NOTHING_KNOWN) -> bool:
    """Tell whether ``text``, one sentence of an article in ``language`` (ISO 639-1), is news that stands alone.

    It may rest on what its reader has ``known`` before: the title stands above it.
    """
    if len(text) > MAX_QUOTABLE_CHARS or not (_BEGINS.match(text) and is_statement(text) and balanced(text)):
        return False
    rules = _RULES.get(language)
    return rules is None or (
        _stands_alone(text, language)
        and not any(
            not known.terms & set(content_terms(part, language=language))
            for part in rules.found("part", text)
        )
        and not _lacks_antecedent(_QUOTED.sub("“”", text), rules, names=known.names)
    )


def _with_closed_quotation(text: str, *, language: str, behind: Iterable[str]) -> str:
    """Return ``text`` without a mark at its end that closes nothing in it.

    Only where it says who speaks, and so is reported speech, or where the sentences ``behind`` show that the mark opens theirs. Any
    other sentence that was cut out of a quotation stays as it is, and cannot be quoted.
    """
    if language not in _RULES or _is_closed(text):
        return text
    bare = without_last_mark(text)
    says = not _SAYING[language].isdisjoint(words(_QUOTED.sub("", bare)))
    opens = says or next(filter(None, map(cut_single_quotation, behind)), "") == "ended"
    return bare if opens and _is_closed(bare) else text


def closed_quotation(sentence: Sentence, article: Article) -> str:
    """Return ``sentence`` of ``article`` without a mark at its end that closes nothing in it, if that is sure."""
    behind = article.sentences[sentence.number : sentence.number + MAX_QUOTED_SENTENCES]
    return _with_closed_quotation(
        sentence.text.strip(), language=article.language or "en", behind=[s.text for s in behind]
    )


def _is_closed(text: str) -> bool:
    return balanced(text) and not cut_single_quotation(text)


# A sentence is asked for as a fact, as an announcement, as an actor's words and as a headline.
@text_cached(maxsize=MAX_CACHED_QUOTABLE_SENTENCES)
def _stands_alone(text: str, language: str) -> bool:
    """Return whether ``text`` can be understood by any reader."""
    rules = _RULES[language]
    bare = _QUOTED.sub("“”", text)
    return not (
        shouts(text)
        or cut_single_quotation(text)
        or rules.has("points back", text)
        or (bare != text and rules.has("points back", bare))
        or rules.has("addresses", bare)
        or rules.has("opinion", bare)
        or rules.has("caption", text)
        or _is_bare_quotation(text)
    )


def shouts(text: str) -> bool:
    """Tell whether ``text`` has three words in capitals on end: a heading that ran into a sentence, or a chart."""
    return bool(_CAPITALS.search(text))


def opens_with_self(text: str, *, language: str) -> bool:
    """Tell whether ``text`` begins in the first person: that is usually a feeling, and seldom news."""
    rules = _RULES.get(language)
    return (
        bool(_OPENING.match(text)) and rules is not None and rules.has("addresses", text[:MAX_QUOTABLE_CHARS])
    )


def is_background(text: str, *, language: str) -> bool:
    """Tell whether ``text`` speaks of what lies long back."""
    rules = _RULES.get(language)
    return rules is not None and rules.has("background", text[:MAX_QUOTABLE_CHARS])


def _is_bare_quotation(text: str) -> bool:
    """Tell whether ``text`` consists only of quoted words, without their speaker."""
    return bool(_OPENING.match(text)) and len(_WORD.findall(_QUOTED.sub("", text))) < 2


def _lacks_antecedent(text: str, rules: Rules, *, names: frozenset[str]) -> bool:
    """Return whether ``text`` has a "he" or "her" before anybody whom it could mean."""
    pronouns, persons = rules.words["pronoun"], rules.words["person"]
    for place, word in enumerate(_WORD.finditer(text)):
        printed = word[0]
        plain = re.sub(r"['’]\w*$", "", printed).casefold()
        if plain in pronouns:
            return True
        if plain in persons or plain.rpartition("-")[2] in persons or (place and printed[0].isupper()):
            return False
        if (
            not place
            and printed[0].isupper()
            and (re.sub(r"['’]\w*$", "", printed) in names or _second_is_name(text, word.end()))
        ):
            return False
    return False


def _second_is_name(text: str, end: int) -> bool:
    return bool(re.match(r"['’]?s?\s[A-ZÀ-Þ]", text[end : end + 5]))

"""Find which words of a language's vocabularies are in a text, and how many: each word of it is looked up once."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.language.rules import MAX_CACHED_LANGUAGES, load_rules
from bot.language.text_cache import text_cached
from bot.language.words import with_plain_marks
from bot.literals.prefilter import lowered

RULES_NAME = "pages"
MAX_WHOLE_WORD_LETTERS = 4  # letters up to which a word of the vocabulary is met only whole
WORD_BEGINNING_CHARS = 3  # letters of a word for which a text is tested before it is searched
MAX_PLAIN_WORDS = 20_000  # words of a language that are known to be of no vocabulary
MAX_CACHED_SENSES = 32  # senses of a language of which what is made of their rules is kept
_WHOLE = {
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
}  # their words of address are met whole: "leggi" is not "leggiamo"
_TOKEN = re.compile(r"\w+")
_ASCII_BLANKS = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}
SEARCHED_ANYWHERE = ("ja",)  # no blanks between words
_WRITTEN_ON = {"ar": "[وفبلك]{0,2}(?:ال|لل)?"}  # small words that are written onto the next


def met(language: str, sense: str, text: str) -> int:
    """Return how many different words of the vocabulary ``sense`` are in ``text``."""
    found = _words_met(language, text)
    words = found.get(sense, ())
    if words is not None:
        return len(words)
    pattern = vocabulary(language, sense)
    return len({match.lower() for match in pattern.findall(text)}) if pattern else 0


def says(language: str, sense: str, text: str) -> bool:
    """Tell whether a word of the vocabulary ``sense`` is in ``text``."""
    found = _words_met(language, text)
    words = found.get(sense, ())
    if words is not None:
        return bool(words)
    pattern = vocabulary(language, sense)
    return bool(pattern and pattern.search(text))


@text_cached(maxsize=64)  # asked of one text for every sense
def _words_met(language: str, text: str) -> Mapping[str, set[str] | None]:
    """Return the words of each vocabulary that are in ``text``, by their sense; None where only a search can tell."""
    index = _index(language)
    small = lowered(text) if language not in SEARCHED_ANYWHERE and language not in _WRITTEN_ON else None
    if small is None:
        return index.searched
    found: dict[str, Any] = {}
    printed = set(tokens_of(small))
    plain = _plain_words(language)
    words = printed - plain
    for word in words & index.whole.keys():
        for sense in index.whole[word]:
            found.setdefault(sense, set()).add(word)
    for word in words:
        known = set(index.whole.get(word, ()))  # a word that stands whole in a list is the longest there
        for beginning, sense in index.cut.get(word[:WORD_BEGINNING_CHARS], ()):
            if sense not in known and word.startswith(beginning):
                known.add(sense)
                found.setdefault(sense, set()).add(beginning)
        if not known and word not in index.searched_from and len(plain) < MAX_PLAIN_WORDS:
            plain.add(word)
    for word in words & index.searched_from.keys():
        for said, sense in index.searched_from[word]:
            if said in small:
                found[sense] = None
    return {**found, **index.always}


def tokens_of(small: str) -> list[str]:
    """Return the words of ``small``, a text in lower case."""
    plain = with_plain_marks(small)
    return plain.translate(_ASCII_BLANKS).split() if plain.isascii() else _TOKEN.findall(small)


@text_cached(maxsize=MAX_CACHED_LANGUAGES)
def _plain_words(language: str) -> set[str]:  # noqa: ARG001 - one set of each language
    """Return the words that were met and are of no vocabulary; who finds more adds them, so that each is looked up once."""
    return set()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """The words of a language's vocabularies as they are met, each with its senses."""

    whole: Mapping[str, Sequence[str]]  # single words that are met only whole
    cut: Mapping[
        str, Sequence[tuple[str, str]]
    ]  # by the first letters of single words met by their beginning, the longest first
    searched_from: Mapping[str, Sequence[tuple[str, str]]]  # by its first word, what a search has to find
    searched: Mapping[str, None]  # every sense
    always: Mapping[str, None]  # senses with words that begin with no letter


@functools.lru_cache(maxsize=MAX_CACHED_LANGUAGES)
def _index(language: str) -> _Index:
    senses = load_rules(language, RULES_NAME).words
    whole = defaultdict[str, list[str]](list)
    cut, searched_from = (defaultdict[str, list[tuple[str, str]]](list) for _ in range(2))
    always: set[str] = set()
    for sense, word in ((sense, word) for sense, listed in senses.items() for word in listed):
        small = word.lower()
        first = _TOKEN.match(small)
        if first is None:
            always.add(sense)
        elif first.end() < len(small) or word[0].isupper():
            searched_from[first[0]].append((small, sense))
        elif _is_met_whole(word, sense=sense, language=language):
            whole[small].append(sense)
        else:
            cut[small[:WORD_BEGINNING_CHARS]].append((small, sense))
    return _Index(
        whole=dict(whole),
        cut={start: sorted(words, key=lambda one: -len(one[0])) for start, words in cut.items()},
        searched_from=dict(searched_from),
        searched=dict.fromkeys(senses),
        always=dict.fromkeys(always),
    )


@functools.lru_cache(maxsize=MAX_CACHED_LANGUAGES * MAX_CACHED_SENSES)
def vocabulary(language: str, sense: str) -> re.Pattern[str] | None:
    """Return what finds the words of ``sense``: short ones whole, longer ones by their beginning."""
    words = sorted(load_rules(language, RULES_NAME).words.get(sense, ()), key=len, reverse=True)
    if not words:
        return None
    if language in SEARCHED_ANYWHERE:
        return re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    parts = (_part(word, whole=_is_met_whole(word, sense=sense, language=language)) for word in words)
    before = _WRITTEN_ON.get(language, "")
    return re.compile(rf"(?<!\w){before}(?:{'|'.join(parts)})", re.IGNORECASE)


def _is_met_whole(word: str, *, sense: str, language: str) -> bool:
    return (sense == "address" and language in _WHOLE) or len(word) <= MAX_WHOLE_WORD_LETTERS


def _part(word: str, *, whole: bool) -> str:
    """Return the pattern of one word; a capital is meant: German tells "Sie" from "sie" by nothing else."""
    end = r"(?!\w)" if whole else ""
    return f"(?-i:{re.escape(word)}){end}" if word[0].isupper() else re.escape(word) + end

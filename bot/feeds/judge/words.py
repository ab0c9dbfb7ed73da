"""Measure the wording of a page by the rules of its language: which words belong to a wall, and to which.

A sentence belongs to a wall if it has a phrase that only walls have, or if it addresses the reader and has two words
of a wall's vocabulary. Quotations and reported speech never belong to a wall.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from bot.language.rules import MAX_CACHED_LANGUAGES, languages_with, load_rules
from bot.language.text_cache import text_cached
from bot.language.words import with_plain_marks
from bot.literals.prefilter import SievedPatterns, lowered, sieves
from bot.model.news import PageKind

RULES_NAME = "pages"
# Function words, loaded for all languages, so in a file apart from the slow ones.
COMMON_WORDS_NAME = "common"
WALL_SAMPLE_CHARS = 4000  # characters by which the language is guessed
MIN_COMMON_WORDS = 4  # common words of a language below which it is a guess
MAX_WHOLE_WORD_LETTERS = 4  # letters up to which a word of the vocabulary is met only whole
# Characters up to which a phrase belongs to a wall although it does not address the reader.
MAX_WALL_BUTTON_CHARS = 40
MIN_PARAGRAPH_SENTENCES = 4  # and that make a paragraph one
WORD_BEGINNING_CHARS = 3  # letters of a word for which a text is tested before it is searched
MAX_PLAIN_WORDS = 20_000  # words of a language that are known to be of no vocabulary
MAX_CACHED_SENSES = 32  # senses of a language of which what is made of their rules is kept
MIN_WALL_WORDS = 2  # words of a wall's vocabulary that classify a sentence that addresses the reader

WALLS = {
    "consent": PageKind.CONSENT,
    "bot_check": PageKind.BOT_CHECK,
    "login": PageKind.LOGIN,
    "paywall": PageKind.PAYWALL,
    "not_found": PageKind.NOT_FOUND,
    "unavailable": PageKind.EMPTY,  # repairs, another country, on the way elsewhere: nothing to read for now
}
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
_ENDS = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？؟])\s*|\s[|•·]\s|\n")
# The commonest of them, by which a text without the others is split in a fifth of the time.
_PLAIN_END, _OTHER_ENDS = re.compile(r"[.!?…]\s+"), re.compile(r"[。！？؟|•·\n]")
_QUOTED = re.compile(r"[“„«「][^”“»」]{0,400}[”“»」]|\"[^\"]{0,400}\"")
_QUOTE = re.compile('[“„«「"]')
_ANYWHERE = ("ja",)  # no blanks between words
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WRITTEN_ON = {"ar": "[وفبلك]{0,2}(?:ال|لل)?"}  # small words that are written onto the next


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSentence:
    """One sentence with the wall to which it belongs (a sense of the rules, or empty) and how strongly."""

    text: str
    wall: str = ""
    strength: int = 0
    sure: bool = False  # a phrase that only walls have
    addressed: bool = False  # it speaks to its reader
    reports: bool = False  # it tells what somebody said or did


def warm() -> None:
    """Load the rules of every language, which would otherwise be loaded with the first page in it."""
    for language in languages_with(RULES_NAME):
        load_rules(language, COMMON_WORDS_NAME)
        for sense in load_rules(language, RULES_NAME).words:
            _vocabulary(language, sense)


def languages_of(text: str, *, stated: str = "") -> tuple[str, ...]:
    """Return the languages whose rules are used: the likeliest by the words of the page, and the one it states.

    English is added if there are few words: many notices are in English on pages of any language.
    """
    known = languages_with(RULES_NAME)
    words = Counter(_tokens(text[:WALL_SAMPLE_CHARS].lower()))
    counts = {language: float(_common(language, words, text[:WALL_SAMPLE_CHARS])) for language in known}
    # What the page states weighs as well: a short text has few small words, and neighbours share them.
    counts[stated] = counts[stated] * 1.25 + 1 if stated in counts else 0
    likeliest = max(counts, key=lambda language: (counts[language], language == "en"), default="en")
    asked = (likeliest, stated, "en" if counts.get(likeliest, 0) < MIN_COMMON_WORDS else "")
    return tuple(dict.fromkeys(language for language in asked if language in known)) or ("en",)


def sentences(text: str) -> list[str]:
    """Return ``text`` in rough sentences, precise enough for measuring its wording."""
    if _OTHER_ENDS.search(text):
        return [part.strip() for part in _ENDS.split(text) if part and part.strip()]
    starts = [0, *(end.end() for end in _PLAIN_END.finditer(text)), len(text)]
    return [part for start, end in pairwise(starts) if (part := text[start:end].strip())]


def word(sentence: str, *, languages: Iterable[str], alone: bool = True) -> JudgedSentence:
    """Return ``sentence`` with the wall to which it belongs; ``alone`` if it is no part of a paragraph."""
    plain = _unquoted(sentence)
    best = JudgedSentence(text=sentence)
    for language in languages:
        if says(language, "report", plain):
            return JudgedSentence(text=sentence, reports=True)
        addressed = says(language, "address", plain)
        if addressed and not best.addressed:
            best = replace(best, addressed=True)
        for found in _walls(plain, language=language, addressed=addressed, alone=alone):
            if (found.sure, found.strength) > (best.sure, best.strength):
                best = replace(best, wall=found.wall, strength=found.strength, sure=found.sure)
    return best


def is_plain(text: str, *, languages: Iterable[str]) -> bool:
    """Tell whether no sentence of a paragraph, which is longer than a notice, speaks to its reader or can belong to a wall.

    It takes one look at the words of all its sentences. Of a text with quotations, which are left out of sentences, it says no.
    """
    return not _QUOTE.search(text) and not any(
        says(language, "address", text)
        or met(language, "paywall", text) > MIN_WALL_WORDS
        or _sieved(language, "not_found").possible(text)
        for language in languages
    )


def plain_sentences(text: str, *, languages: Sequence[str]) -> Iterator[JudgedSentence]:
    """Yield the sentences of a paragraph that ``is_plain``, as ``word`` does."""
    reporting = [language for language in languages if says(language, "report", text)]
    for sentence in sentences(text):
        reports = any(says(language, "report", sentence) for language in reporting)
        yield JudgedSentence(text=sentence, reports=reports)


def _unquoted(text: str) -> str:
    return _QUOTED.sub(" ", text) if _QUOTE.search(text) else text


def _walls(plain: str, *, language: str, addressed: bool, alone: bool) -> Iterator[JudgedSentence]:
    """Yield the walls that ``plain`` may be worded as: a sentence about a wall does not speak to its reader."""
    short = alone and size(plain) <= MAX_WALL_BUTTON_CHARS and not plain.endswith("。")
    for wall in WALLS:
        if not (addressed or short or wall in {"paywall", "not_found"}):
            continue
        sure = (addressed or short or wall == "not_found") and has(language, wall, plain)
        if not (sure or addressed or wall == "paywall"):
            continue  # its words alone say nothing
        hits = met(language, wall, plain)
        if sure or (addressed and hits >= MIN_WALL_WORDS) or (wall == "paywall" and hits > MIN_WALL_WORDS):
            yield JudgedSentence(text=plain, wall=wall, strength=2 * sure + hits, sure=sure)


def likeliest_wall(text: str, *, languages: Sequence[str]) -> tuple[str, int]:
    """Return the wall most of whose vocabulary is in ``text``, and how many of its words; not what is unavailable."""
    hits = {
        wall: max(met(language, wall, text) for language in languages)
        for wall in WALLS
        if wall != "unavailable"
    }
    wall = max(hits, key=lambda w: hits[w])
    return wall, hits[wall]


def size(text: str) -> float:
    """Return the length of ``text``, with characters of writing without blanks counted two and a half times."""
    return len(text) + (0.0 if text.isascii() else 1.5 * len(_CJK.findall(text)))


def paragraph(text: str, *, languages: Sequence[str]) -> tuple[str, int]:
    """Return the wall that a whole paragraph is worded as and by how many words of its vocabulary, else nothing."""
    plain = _unquoted(text)
    language = languages[0]
    if not says(language, "address", plain) or says(language, "report", plain):
        return "", 0
    hits = {wall: met(language, wall, plain) for wall in WALLS if wall not in {"not_found", "unavailable"}}
    wall = max(hits, key=lambda w: hits[w])
    return (wall, hits[wall]) if hits[wall] >= MIN_PARAGRAPH_SENTENCES else ("", 0)


def has(language: str, sense: str, text: str) -> bool:
    """Tell whether a pattern of ``sense`` is found in ``text``."""
    return any(pattern.search(text) for pattern in _sieved(language, sense).possible(text))


def has_any(languages: Iterable[str], sense: str, text: str) -> bool:
    """Tell whether one of ``languages`` has a pattern of ``sense`` that is found in ``text``."""
    return any(has(language, sense, text) for language in languages)


def met(language: str, sense: str, text: str) -> int:
    """Return how many different words of the vocabulary ``sense`` are in ``text``."""
    found = _words_met(language, text)
    words = found.get(sense, ())
    if words is not None:
        return len(words)
    pattern = _vocabulary(language, sense)
    return len({match.lower() for match in pattern.findall(text)}) if pattern else 0


def says(language: str, sense: str, text: str) -> bool:
    """Tell whether a word of the vocabulary ``sense`` is in ``text``."""
    found = _words_met(language, text)
    words = found.get(sense, ())
    if words is not None:
        return bool(words)
    pattern = _vocabulary(language, sense)
    return bool(pattern and pattern.search(text))


def _common(language: str, words: Counter[str], text: str) -> int:
    common = load_rules(language, COMMON_WORDS_NAME).words.get("common", frozenset())
    if language in _ANYWHERE:
        return sum(text.count(word) for word in common)
    return sum(words[word] for word in words.keys() & common)


@functools.lru_cache(maxsize=MAX_CACHED_LANGUAGES * MAX_CACHED_SENSES)
def _sieved(language: str, sense: str) -> SievedPatterns:
    patterns = load_rules(language, RULES_NAME).patterns
    return SievedPatterns(sieves(rule.match for rule in patterns if rule.sense == sense))


@text_cached(maxsize=64)  # asked of one text for every sense
def _words_met(language: str, text: str) -> Mapping[str, set[str] | None]:
    """Return the words of each vocabulary that are in ``text``, by their sense; None where only a search can tell."""
    index = _index(language)
    small = lowered(text) if language not in _ANYWHERE and language not in _WRITTEN_ON else None
    if small is None:
        return index.searched
    found: dict[str, Any] = {}
    printed = set(_tokens(small))
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


def _tokens(small: str) -> list[str]:
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
def _vocabulary(language: str, sense: str) -> re.Pattern[str] | None:
    """Return what finds the words of ``sense``: short ones whole, longer ones by their beginning."""
    words = sorted(load_rules(language, RULES_NAME).words.get(sense, ()), key=len, reverse=True)
    if not words:
        return None
    if language in _ANYWHERE:
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

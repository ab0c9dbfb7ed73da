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

from bot.feeds.judge.vocabulary import (
    MAX_CACHED_SENSES,
    RULES_NAME,
    SEARCHED_ANYWHERE,
    met,
    says,
    tokens_of,
    vocabulary,
)
from bot.language.rules import MAX_CACHED_LANGUAGES, languages_with, load_rules
from bot.literals.prefilter import SievedPatterns, lowered, sieves
from bot.model.news import PageKind

# Function words, loaded for all languages, so in a file apart from the slow ones.
COMMON_WORDS_NAME = "common"
WALL_SAMPLE_CHARS = 4000  # characters by which the language is guessed
MIN_COMMON_WORDS = 4  # common words of a language below which it is a guess
# Characters up to which a phrase belongs to a wall although it does not address the reader.
MAX_WALL_BUTTON_CHARS = 40
MIN_PARAGRAPH_SENTENCES = 4  # and that make a paragraph one
MIN_WALL_WORDS = 2  # words of a wall's vocabulary that classify a sentence that addresses the reader

WALLS = {
    "consent": PageKind.CONSENT,
    "bot_check": PageKind.BOT_CHECK,
    "login": PageKind.LOGIN,
    "paywall": PageKind.PAYWALL,
    "not_found": PageKind.NOT_FOUND,
    "unavailable": PageKind.EMPTY,  # repairs, another country, on the way elsewhere: nothing to read for now
}
_ENDS = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？؟])\s*|\s[|•·]\s|\n")
# The commonest of them, by which a text without the others is split in a fifth of the time.
_PLAIN_END, _OTHER_ENDS = re.compile(r"[.!?…]\s+"), re.compile(r"[。！？؟|•·\n]")
_QUOTED = re.compile(r"[“„«「][^”“»」]{0,400}[”“»」]|\"[^\"]{0,400}\"")
_QUOTE = re.compile('[“„«「"]')
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


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
    _languages_by_word()
    for language in languages_with(RULES_NAME):
        for sense in load_rules(language, RULES_NAME).words:
            vocabulary(language, sense)


def languages_of(text: str, *, stated: str = "") -> tuple[str, ...]:
    """Return the languages whose rules are used: the likeliest by the words of the page, and the one it states.

    English is added if there are few words: many notices are in English on pages of any language.
    """
    known, sample = languages_with(RULES_NAME), text[:WALL_SAMPLE_CHARS]
    counts = dict.fromkeys(known, 0.0)
    having = _languages_by_word()
    for word, times in Counter(filter(having.__contains__, tokens_of(sample.lower()))).items():
        for language in having[word]:
            counts[language] += times
    for language in SEARCHED_ANYWHERE:
        counts[language] += sum(map(sample.count, _common(language)))
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
    small = lowered(plain)
    for wall in WALLS:
        if not (addressed or short or wall in {"paywall", "not_found"}):
            continue
        sure = (addressed or short or wall == "not_found") and _has(language, wall, plain, small)
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
    return _has(language, sense, text, lowered(text))


def _has(language: str, sense: str, text: str, small: str | None) -> bool:
    for pattern in _sieved(language, sense).possible_in(small):  # noqa: SIM110 - asked of every sentence
        if pattern.search(text):
            return True
    return False


def has_any(languages: Iterable[str], sense: str, text: str) -> bool:
    """Tell whether one of ``languages`` has a pattern of ``sense`` that is found in ``text``."""
    return any(has(language, sense, text) for language in languages)


def _common(language: str) -> frozenset[str]:
    return load_rules(language, COMMON_WORDS_NAME).words.get("common", frozenset())


@functools.cache
def _languages_by_word() -> Mapping[str, Sequence[str]]:
    """Return the languages that have each common word, but for those without blanks: each word of a text is looked up once."""
    found = defaultdict[str, list[str]](list)
    for language in languages_with(RULES_NAME):
        for word in () if language in SEARCHED_ANYWHERE else _common(language):
            found[word].append(language)
    return dict(found)


@functools.lru_cache(maxsize=MAX_CACHED_LANGUAGES * MAX_CACHED_SENSES)
def _sieved(language: str, sense: str) -> SievedPatterns:
    patterns = load_rules(language, RULES_NAME).patterns
    return SievedPatterns(sieves(rule.match for rule in patterns if rule.sense == sense))

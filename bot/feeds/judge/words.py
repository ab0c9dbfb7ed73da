"""Weigh the wording of a page by the rules of its language: whose words are a wall's, and which wall's.

A sentence is worded as a wall when it carries a phrase that only walls have, or when two words of a wall's vocabulary
stand in a sentence that speaks to its reader. What is quoted, and what somebody is said to have said, is no wall's word.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.language.rules import languages_with, load_rules
from bot.language.text_cache import text_cached
from bot.literal_prefilter import Sieve, lowered, sieves
from bot.model.news import PageKind

RULES_NAME = "pages"
COMMON_WORDS_NAME = (
    "common"  # its small words: read for all languages, so a file apart from what is slow to read
)
SAMPLE_CHARS = 4000  # characters by which the language is guessed
MIN_COMMON_WORDS = 4  # common words of a language below which it is a guess
MAX_WHOLE_WORD_LETTERS = 4  # letters up to which a word of the vocabulary is met only whole
MAX_BUTTON_CHARS = 40  # characters up to which a phrase is a wall's though it does not speak to its reader
MIN_PARAGRAPH_SENTENCES = 4  # and that make a paragraph one
BEGINNING_CHARS = 3  # letters of a word by which a text is asked for it before it is searched
MIN_WALL_WORDS = 2  # words of a vocabulary that make a sentence that speaks to its reader a wall's

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
_ENDS = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？؟])\s*|\s[|•·]\s|\n")
_QUOTED = re.compile(r"[“„«「][^”“»」]{0,400}[”“»」]|\"[^\"]{0,400}\"")
_ANYWHERE = ("ja",)  # no blanks between words
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WRITTEN_ON = {"ar": "[وفبلك]{0,2}(?:ال|لل)?"}  # small words that are written onto the next


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSentence:
    """One sentence with the wall it is worded as (a sense of the rules, or empty) and how strongly."""

    text: str
    wall: str = ""
    strength: int = 0
    sure: bool = False  # a phrase that only walls have
    addressed: bool = False  # it speaks to its reader
    reports: bool = False  # it tells what somebody said or did


def warm() -> None:
    """Read the rules of every language, which the first page or entry in each would read otherwise."""
    for language in languages_with(RULES_NAME):
        load_rules(language, COMMON_WORDS_NAME)
        for sense in load_rules(language, RULES_NAME).words:
            _vocabulary(language, sense)


def languages_of(text: str, *, stated: str = "") -> tuple[str, ...]:
    """Return the languages whose rules are asked: the likeliest by its words, and the one the page states.

    English too where the words say little: many checks are in English wherever they stand.
    """
    known = languages_with(RULES_NAME)
    words = Counter(re.findall(r"\w+", text[:SAMPLE_CHARS].lower()))
    counts = {language: float(_common(language, words, text[:SAMPLE_CHARS])) for language in known}
    # What the page states weighs as well: a short text has few small words, and neighbours share them.
    counts[stated] = counts[stated] * 1.25 + 1 if stated in counts else 0
    likeliest = max(counts, key=lambda language: (counts[language], language == "en"), default="en")
    asked = (likeliest, stated, "en" if counts.get(likeliest, 0) < MIN_COMMON_WORDS else "")
    return tuple(dict.fromkeys(language for language in asked if language in known)) or ("en",)


def sentences(text: str) -> list[str]:
    """Return ``text`` in rough sentences: enough to weigh its wording."""
    return [part.strip() for part in _ENDS.split(text) if part and part.strip()]


def word(sentence: str, *, languages: Iterable[str], alone: bool = True) -> JudgedSentence:
    """Return ``sentence`` with the wall that it is worded as; ``alone`` says that it is no part of a paragraph."""
    plain = _QUOTED.sub(" ", sentence)
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


def _walls(plain: str, *, language: str, addressed: bool, alone: bool) -> Iterator[JudgedSentence]:
    """Yield the walls that ``plain`` may be worded as: a sentence about a wall does not speak to its reader."""
    short = alone and size(plain) <= MAX_BUTTON_CHARS and not plain.endswith("。")
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
    plain = _QUOTED.sub(" ", text)
    language = languages[0]
    if not says(language, "address", plain) or says(language, "report", plain):
        return "", 0
    hits = {wall: met(language, wall, plain) for wall in WALLS if wall not in {"not_found", "unavailable"}}
    wall = max(hits, key=lambda w: hits[w])
    return (wall, hits[wall]) if hits[wall] >= MIN_PARAGRAPH_SENTENCES else ("", 0)


def has(language: str, sense: str, text: str) -> bool:
    """Tell whether a pattern of ``sense`` is found in ``text``."""
    small = lowered(text)
    for sieve in _sieves(language, sense):
        if (small is None or sieve.may_match(small)) and sieve.pattern.search(text):
            return True
    return False


def has_any(languages: Iterable[str], sense: str, text: str) -> bool:
    """Tell whether one of ``languages`` has a pattern of ``sense`` that is found in ``text``."""
    return any(has(language, sense, text) for language in languages)


def met(language: str, sense: str, text: str) -> int:
    """Return how many different words of the vocabulary ``sense`` are in ``text``."""
    pattern = _vocabulary(language, sense) if sense in _begun(language, text) else None
    return len({match.lower() for match in pattern.findall(text)}) if pattern else 0


def says(language: str, sense: str, text: str) -> bool:
    """Tell whether a word of the vocabulary ``sense`` is in ``text``."""
    pattern = _vocabulary(language, sense) if sense in _begun(language, text) else None
    return bool(pattern and pattern.search(text))


def _common(language: str, words: Counter[str], text: str) -> int:
    common = load_rules(language, COMMON_WORDS_NAME).words.get("common", frozenset())
    if language in _ANYWHERE:
        return sum(text.count(word) for word in common)
    return sum(words[word] for word in common)


@functools.cache
def _sieves(language: str, sense: str) -> tuple[Sieve, ...]:
    return sieves(rule.match for rule in load_rules(language, RULES_NAME).patterns if rule.sense == sense)


@text_cached(maxsize=64)  # asked of one text for every sense
def _begun(language: str, text: str) -> frozenset[str]:
    """Return the senses of which a word may be in ``text``: one of its words begins as one of theirs does."""
    beginnings = _beginnings(language)
    small = lowered(text) if language not in _ANYWHERE and language not in _WRITTEN_ON else None
    if small is None:
        return beginnings.senses
    found = set(beginnings.unsaid)
    for word in set(_TOKEN.findall(small)):
        found |= beginnings.whole.get(word, frozenset())
        found |= beginnings.cut.get(word[:BEGINNING_CHARS], frozenset())
    return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beginnings:
    """How the words of a language's vocabularies begin, each with its senses."""

    senses: frozenset[str]
    whole: Mapping[str, frozenset[str]]  # by a first word that stands whole in a text
    cut: Mapping[str, frozenset[str]]  # by the first letters of longer ones
    unsaid: frozenset[str]  # senses with words that begin with no letter


@functools.cache
def _beginnings(language: str) -> _Beginnings:
    words = load_rules(language, RULES_NAME).words
    whole, cut, unsaid = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set), set[str]()
    for sense, word in ((sense, word.lower()) for sense, listed in words.items() for word in listed):
        first = _TOKEN.match(word)
        if first is None:
            unsaid.add(sense)
        elif first.end() < len(word) or len(word) <= max(BEGINNING_CHARS, MAX_WHOLE_WORD_LETTERS):
            whole[first[0]].add(sense)
        else:
            cut[word[:BEGINNING_CHARS]].add(sense)
    return _Beginnings(
        senses=frozenset(words),
        whole={word: frozenset(senses) for word, senses in whole.items()},
        cut={word: frozenset(senses) for word, senses in cut.items()},
        unsaid=frozenset(unsaid),
    )


@functools.cache
def _vocabulary(language: str, sense: str) -> re.Pattern[str] | None:
    """Return what finds the words of ``sense``: short ones whole, longer ones by their beginning."""
    words = sorted(load_rules(language, RULES_NAME).words.get(sense, ()), key=len, reverse=True)
    if not words:
        return None
    if language in _ANYWHERE:
        return re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    always = sense == "address" and language in _WHOLE
    parts = (_part(word, always=always) for word in words)
    before = _WRITTEN_ON.get(language, "")
    return re.compile(rf"(?<!\w){before}(?:{'|'.join(parts)})", re.IGNORECASE)


def _part(word: str, *, always: bool) -> str:
    """Return the pattern of one word; a capital is meant: German tells "Sie" from "sie" by nothing else."""
    whole = r"(?!\w)" if always or len(word) <= MAX_WHOLE_WORD_LETTERS else ""
    return f"(?-i:{re.escape(word)}){whole}" if word[0].isupper() else re.escape(word) + whole

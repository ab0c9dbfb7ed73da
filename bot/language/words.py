"""Words: folding, stop words, stemming, and the terms by which texts are compared."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping

from bot.language.rules import languages_with, load_rules
from bot.language.text_cache import text_cached

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
_NO_WORD = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "'"}
_PLAIN_MARKS = tuple((mark, "'" if mark == "’" else " ") for mark in "’“”‘–—…\u00a0")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
MAX_WORD_CHARS = 60  # characters; what is longer is no word, and is known by its beginning

_APOSTROPHE = re.compile(r"(?<!\bwon)['’](?:s|t|re|ve|ll|d|m)?$")  # "won't" is no form of "won"

# Read when the module is: texts are compared in the loop, where no file may be opened.
STOP_WORDS = {
    language: load_rules(language, "stop_words").words["stop"] for language in languages_with("stop_words")
}


def words(text: str) -> list[str]:
    """Return the words of ``text``: folded to lower case without accents or a possessive; CJK as pairs.

    Of a word longer than ``MAX_WORD_CHARS`` its beginning is returned.
    """
    folded = fold(with_plain_marks(text))
    printed = _printed(folded)
    if "'" not in folded and folded.isascii() and len(max(printed, key=len, default="")) <= MAX_WORD_CHARS:
        return printed
    found: list[str] = []
    for word in printed:
        if word.isascii() and "'" not in word:
            found.append(word[:MAX_WORD_CHARS])
        elif _CJK.search(word):
            found += [word[i : i + 2] for i in range(max(1, len(word) - 1))]
        else:
            found.append(_APOSTROPHE.sub("", word[:MAX_WORD_CHARS]).replace("'", "").replace("’", ""))
    return [word for word in found if word]


def with_plain_marks(text: str) -> str:
    """Return ``text`` with the marks of typesetters as those of typewriters, or as blanks: texts in ASCII are read faster."""
    if text.isascii():
        return text
    for mark, plain in _PLAIN_MARKS:
        text = text.replace(mark, plain)
    return text


def _printed(text: str) -> list[str]:
    """Return the words of ``text``, which is folded, as they stand in it."""
    if not text.isascii():
        return _WORD.findall(text)
    tokens = text.translate(_NO_WORD).split()
    return tokens if "'" not in text else _WORD.findall(" ".join(tokens))


def fold(text: str) -> str:
    """Return ``text`` in lower case, compatibility forms resolved and accents removed from Latin letters."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed))


def content_terms(text: str, *, language: str = "en") -> list[str]:
    """Return the stemmed words of ``text`` that carry content, in order, repeats kept."""
    stop = stop_words(language)
    stems = stem if language in {"en", ""} else _light_stem
    return [stems(word) for word in words(text) if word not in stop and (len(word) > 1 or word.isdigit())]


def stop_words(language: str) -> frozenset[str]:
    """Return the folded stop words of ``language``; English for those we have no list of."""
    return _folded_stop_words(language if language in STOP_WORDS else "en")


@functools.cache
def _folded_stop_words(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in STOP_WORDS[language])


def _light_stem(word: str) -> str:
    """Return ``word`` without its commonest endings in the Romance and Germanic languages."""
    for ending in (
        "ungen",
        "ung",
        "ationen",
        "ation",
        "ern",
        "en",
        "er",
        "es",
        "os",
        "as",
        "e",
        "s",
        "o",
        "a",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@text_cached(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem of a lower-case English word; one longer than ``MAX_WORD_CHARS`` is its own.

    M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, steps 1a to 5b.
    """
    if not 2 < len(word) <= MAX_WORD_CHARS or not word.isascii() or not word.isalpha():
        return word
    word = _step_1c(_step_1b(_step_1a(word)))
    word = _replace_longest(word, _STEP_2, measure=0)
    word = _replace_longest(word, _STEP_3, measure=0)
    return _step_5(_step_4(word))


def _shape(word: str) -> str:
    """Return ``word`` with "c" for each consonant and "v" for each vowel; "y" is one of them by what stands before it."""
    shape = ""
    for letter in word:
        vowel = letter in "aeiou" or (letter == "y" and shape.endswith("c"))
        shape += "v" if vowel else "c"
    return shape


def _is_consonant(word: str, i: int) -> bool:
    return _shape(word)[i] == "c"


def _measure(word: str) -> int:
    """Return m of the form [C](VC){m}[V]."""
    return _shape(word).count("vc")


def _has_vowel(word: str) -> bool:
    return "v" in _shape(word)


def _double(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _is_consonant(word, len(word) - 1)


def _cvc(word: str) -> bool:
    n = len(word)
    return (
        n > 2
        and _is_consonant(word, n - 3)
        and not _is_consonant(word, n - 2)
        and _is_consonant(word, n - 1)
        and word[-1] not in "wxy"
    )


def _step_1a(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _step_1b(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        base = word[: -len(ending)]
        if word.endswith(ending) and _has_vowel(base):
            if base.endswith(("at", "bl", "iz")):
                return base + "e"
            if _double(base) and base[-1] not in "lsz":
                return base[:-1]
            return base + "e" if _measure(base) == 1 and _cvc(base) else base
    return word


def _step_1c(word: str) -> str:
    return word[:-1] + "i" if word.endswith("y") and _has_vowel(word[:-1]) else word


def _longest_first(endings: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(endings.items(), key=lambda ending: -len(ending[0])))


_STEP_2 = _longest_first({
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "abli": "able", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble",
})  # fmt: skip
_STEP_3 = _longest_first(
    {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
)
_STEP_4 = (  # the longest first
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ion", "ism", "ate", "iti", "ous", "ive", "ize",
    "al", "er", "ic", "ou",
)  # fmt: skip


def _replace_longest(word: str, endings: Iterable[tuple[str, str]], *, measure: int) -> str:
    for ending, other in endings:
        if word.endswith(ending):
            base = word[: -len(ending)]
            return base + other if _measure(base) > measure else word
    return word


def _step_4(word: str) -> str:
    for ending in _STEP_4:
        if word.endswith(ending):
            base = word[: -len(ending)]
            if ending == "ion" and not base.endswith(("s", "t")):
                return word
            return base if _measure(base) > 1 else word
    return word


def _step_5(word: str) -> str:
    if word.endswith("e"):
        base = word[:-1]
        if _measure(base) > 1 or (_measure(base) == 1 and not _cvc(base)):
            word = base
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word


def topics_in(text: str, topics: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``topics`` of which ``text`` holds every content word."""
    terms = set(content_terms(text))
    return tuple(one for one in topics if (needed := _topic_terms(one)) and needed <= terms)


@text_cached(maxsize=1_000)  # asked of each candidate and each fact
def _topic_terms(topic: str) -> frozenset[str]:
    return frozenset(content_terms(topic))

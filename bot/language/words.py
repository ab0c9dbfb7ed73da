"""Words: folding, stop words, stemming, and the terms by which texts are compared."""

from __future__ import annotations

import functools
import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence

import Stemmer

from bot.language.rules import languages_with, load_rules
from bot.language.text_cache import text_cached

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
_NO_WORD = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "'"}
_PLAIN_MARKS = tuple((mark, "'" if mark == "’" else " ") for mark in "’“”‘–—…\u00a0")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
MAX_WORD_CHARS = 60  # characters; anything longer is not a word and is cut

_DOUBLED = re.compile(
    r"(?P<base>[a-z]*(?P<twice>[chjkqvwx]|(?<=[b-df-hj-np-tv-xz])y))(?P=twice)(?:ed|ing)\b"
)  # "trekking", "revved"
# What all of them have, by which most texts are passed over in a tenth of the time.
_DOUBLED_ENDING = re.compile(r"(?:cc|hh|jj|kk|qq|vv|ww|xx|yy)(?:ed|ing)")
_VOWEL = re.compile(r"[aeiou]|[b-df-hj-np-tv-z]y")
_local = threading.local()  # a stemmer keeps a buffer: one for each thread
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
    if "'" not in text:
        return tokens
    # Few have an apostrophe, which may stand at an end.
    return [word for token in tokens for word in (_WORD.findall(token) if "'" in token else (token,))]


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
    return list(_content_terms(text, language))


@text_cached(maxsize=512)  # a sentence is compared with its title, and then with those of stories
def _content_terms(text: str, language: str) -> tuple[str, ...]:
    stop = stop_words(language)
    kept = [word for word in words(text) if word not in stop and (len(word) > 1 or word.isdigit())]
    return tuple(_english_stems(kept) if language in {"en", ""} else map(_light_stem, kept))


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


def stem(word: str) -> str:
    """Return the stem of a lower-case English word; one longer than ``MAX_WORD_CHARS`` is its own.

    M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, steps 1a to 5b.
    """
    return _english_stems([word])[0] if len(word) <= MAX_WORD_CHARS else word


def _english_stems(words: Sequence[str]) -> list[str]:
    """Return the stem of each of ``words``."""
    several = words
    if _DOUBLED_ENDING.search(" ".join(words)):
        several = [_undoubled(word) for word in words]
    return [
        stem if word.isalpha() and word.isascii() and len(word) > 2 else word
        for word, stem in zip(words, _porter().stemWords(several), strict=True)
    ]


def _undoubled(word: str) -> str:
    """Return what has the stem of ``word``: the library takes one of two consonants only where they are common, as in "running"."""
    found = _DOUBLED.fullmatch(word)
    base = f"{found['base']}{found['twice']}" if found else ""
    return found["base"] if found and _VOWEL.search(base) else word


def _porter() -> Stemmer.Stemmer:
    if not hasattr(_local, "porter"):
        _local.porter = Stemmer.Stemmer("porter", 0)  # it remembers no word
    found: Stemmer.Stemmer = _local.porter
    return found


def topics_in(text: str, topics: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``topics`` of which ``text`` holds every content word."""
    terms = set(content_terms(text))
    return tuple(one for one in topics if (needed := _topic_terms(one)) and needed <= terms)


@text_cached(maxsize=1_000)  # asked of each candidate and each fact
def _topic_terms(topic: str) -> frozenset[str]:
    return frozenset(content_terms(topic))

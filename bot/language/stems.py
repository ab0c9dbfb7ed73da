"""The word stems of the search index: the same for stored texts and for questions. Pure.

Each language has its own stemmer; a question is stemmed in every language the archive may hold its words in.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator

import Stemmer

from bot.language.words import fold, stop_words, with_plain_marks

_WORD = re.compile(r"\d+(?:\.\d+)+|[^\W_]+(?:['’][^\W_]+)*")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_APOSTROPHE = re.compile(r"['’](?:s|t|re|ve|ll|d|m)?$")
_DECIMAL = re.compile(r"\d\.\d")
_NO_WORD = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "'"}
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")  # "11,000" is one number

DECIMAL_POINT = "·"  # in numbers: full-text engines would cut them at a full stop
MAX_STEM_CHARS = 40  # characters of a stem: anything longer is not a word

ALGORITHMS = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese",
    "nl": "dutch", "da": "danish", "sv": "swedish", "nb": "norwegian", "no": "norwegian", "nn": "norwegian",
    "fi": "finnish", "ru": "russian", "ar": "arabic", "tr": "turkish", "hu": "hungarian", "ro": "romanian",
    "el": "greek", "ca": "catalan", "eu": "basque", "ga": "irish", "hi": "hindi", "id": "indonesian",
    "lt": "lithuanian", "ne": "nepali", "sr": "serbian", "ta": "tamil", "hy": "armenian", "pl": "polish",
    "cs": "czech", "et": "estonian", "yi": "yiddish",
}  # fmt: skip

_local = threading.local()  # a stemmer keeps a buffer: one for each thread


def stems(text: str, *, language: str = "en") -> list[str]:
    """Return the stems of the words of ``text`` that carry content, in order, repeats kept.

    A stem is lower case without accents; writing without blanks is cut into pairs of characters.
    """
    text = with_plain_marks(text)
    if not text.isascii() or _DECIMAL.search(text):
        return [stem for _, stem in stemmed(text, language=language)]
    # Most sentences: few words of them need a look of their own.
    language = language.partition("-")[0].lower() or "en"
    stop = stop_words(language)
    small = (_GROUPED.sub("", text) if "," in text else text).lower()
    printed = small.translate(_NO_WORD).split()
    words = [
        word
        for word in (_apart(printed) if "'" in small else printed)
        if word not in stop and (len(word) > 1 or word.isdigit()) and len(word) <= MAX_STEM_CHARS
    ]
    found: list[str] = _stemmer(language).stemWords(words)
    if language == "en":  # whose stems of ASCII are never empty, and need no folding
        return found
    return [fold(stem) or word for word, stem in zip(words, found, strict=True)]


def _apart(printed: Iterable[str]) -> Iterator[str]:
    """Yield the words of ``printed``, pieces of a text between blanks, without apostrophes: few pieces have one."""
    for piece in printed:
        if "'" in piece:
            yield from map(_bare, _WORD.findall(piece))
        else:
            yield piece


def _bare(word: str) -> str:
    """Return ``word`` without a possessive and without apostrophes."""
    return _APOSTROPHE.sub("", word).replace("'", "").replace("’", "") if "'" in word or "’" in word else word


def stemmed(text: str, *, language: str = "en") -> list[tuple[str, str]]:
    """Return each word of ``text`` that carries content, as printed, with its stem."""
    language = language.partition("-")[0].lower() or "en"
    stop = stop_words(language)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if "," in text:
        text = _GROUPED.sub("", text)
    found: list[tuple[str, str]] = []
    words: list[str] = []
    places: list[int] = []  # in ``found``, of each of ``words``, which are stemmed together
    for printed in _WORD.findall(text):
        if printed.isascii() and printed.isalnum():
            word = plain = printed.lower()
        else:
            if _CJK.search(printed):
                found += [(printed, printed[i : i + 2]) for i in range(max(1, len(printed) - 1))]
                continue
            if "." in printed:
                found.append((printed, printed.replace(".", DECIMAL_POINT)))
                continue
            word = _bare(printed.casefold())
            plain = fold(word)
        if plain in stop or (len(plain) < 2 and not plain.isdigit()) or len(plain) > MAX_STEM_CHARS:
            continue
        words.append(word)
        places.append(len(found))
        found.append((printed, plain))
    for place, stem in zip(places, _stemmer(language).stemWords(words), strict=True):
        printed, plain = found[place]
        found[place] = printed, fold(stem) or plain
    return found


def _stemmer(language: str) -> Stemmer.Stemmer:
    kept: dict[str, Stemmer.Stemmer] = _local.__dict__.setdefault("stemmers", {})
    if language not in kept:
        kept[language] = Stemmer.Stemmer(ALGORITHMS.get(language, "english"))
    return kept[language]

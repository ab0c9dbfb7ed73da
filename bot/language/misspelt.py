"""Correct hasty spelling: chat spellings, and known words with one wrong letter. Pure.

    "whats hapening 2day" ──▶ "what is happening today"

A language's spellings stand in its ``intents.toml``: "spelled: …" under the words that are meant, and ``known`` words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

MIN_RESPELLED_CHARS = 5  # letters of a word that is taken for a known one
MIN_REPLACED_CHARS = 7  # letters of a word in which one may be another
EDGE = " \t.,;:!?¿¡…-–—\"'()[]*_~"  # punctuation at the ends of words
_SPELLED = "spelled: "
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

Words = Mapping[str, frozenset[str]]
"""The word lists of a language, by sense."""


def tidied(text: str) -> str:
    """Return ``text`` in one line with straight apostrophes, without emoji and signs at its ends."""
    line = " ".join(text.replace("’", "'").replace("`", "'").split())
    kept = "".join(
        c for c in line if unicodedata.category(c) not in {"So", "Sk", "Cf", "Mn", "Cn"} or c == "´"
    )
    plain = " ".join(re.sub(r":[a-z0-9_+-]{2,30}:", " ", kept).split())
    return plain if plain in {"?", "??"} else plain.strip(EDGE) or ""


def folded(text: str) -> str:
    """Return ``text`` without accents, character by character: places in it stay what they are."""
    if text.isascii():
        return text
    return text.translate({ord(c): unicodedata.normalize("NFD", c)[0] for c in set(text)})


def written_out(text: str, words: Words) -> str:
    """Return ``text`` with the spellings of chats written out."""
    spelled = _spellings(words)
    return _WORD.sub(lambda m: spelled.get(m[0].lower(), m[0]), text)


def respelled(text: str, words: Words) -> str:
    """Return ``text`` with chat spellings written out, and known words with one wrong letter put right."""
    spelled, known = _spellings(words), words.get("known", frozenset())
    return _WORD.sub(lambda m: spelled.get(m[0].lower()) or _meant_word(m[0], known), text)


def _spellings(words: Words) -> dict[str, str]:
    return {
        word: sense.removeprefix(_SPELLED)
        for sense, listed in words.items()
        if sense.startswith(_SPELLED)
        for word in listed
    }


def _meant_word(word: str, known: frozenset[str]) -> str:
    lower = word.lower()
    if len(lower) < MIN_RESPELLED_CHARS - 1 or lower in known or not word.isalpha():
        return word
    return next((other for other in sorted(known) if one_slip(lower, other)), word)


def one_slip(word: str, other: str) -> bool:
    """Tell whether one letter is missing, too many or wrong, or two stand the other way round; the first must be right."""
    if word[:1] != other[:1] or abs(len(word) - len(other)) > 1 or len(other) < MIN_RESPELLED_CHARS:
        return False
    at = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), None)
    if at is None:  # a letter is missing at the end, or one too many: "update", "updates" are both words
        return False
    if len(word) == len(other):
        swapped = word[at : at + 2] == other[at : at + 2][::-1] and word[at + 2 :] == other[at + 2 :]
        return swapped or (len(word) >= MIN_REPLACED_CHARS and word[at + 1 :] == other[at + 1 :])
    shorter, longer = sorted((word, other), key=len)
    return shorter[at:] == longer[at + 1 :]

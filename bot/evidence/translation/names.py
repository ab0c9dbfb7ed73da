"""Compare the names of a line with those of its translation. Pure.

Names in Latin script stand as they are, or with an ending. Countries, languages and large cities may have the name that the
language has for them (Unicode's own tables), and so may bodies whose words the rules of both languages have.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.evidence.translation.numbers import is_day_or_month
from bot.evidence.translation.words import MIN_PLACE_NAME_CHARS, TranslationWords, words_of
from bot.language.words import STOP_WORDS, fold

MIN_COMMON_CHARS = 4  # of two words that are one name with other endings, or one word in two languages
MIN_COMMON_SHARE = 0.6  # of the shorter word
SHORT_NAME_CHARS = 3
MIN_EXONYM_SIMILARITY = 0.6  # of the letters of a place's names in two languages
NOUNS_ARE_CAPITALISED = frozenset({"de"})
_TOKEN = re.compile(r"[^\W_][\w.]*(?:['’-][\w]+)*")
_STARTS = re.compile(r"(?:^|[.!?:;…]\s+|[«“”„\"‘(–—-]\s?)$")
_ELIDED = re.compile(
    r"^(?:[ldnmsctj]|qu|dell|all|nell|dall|sull|un|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    folded: str
    first: bool  # of its sentence
    beside: bool  # next to another capitalised word

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def is_initials(self) -> bool:
        return len(self.text) > 1 and self.text.replace(".", "").isupper()


def lost_name(original: str, text: str, *, source: str, target: str, known: Collection[str] = ()) -> str:
    """Return a name of ``original`` that its translation ``text`` does not have, empty for none; ``known`` are words of names."""
    return _unmatched(original, text, language=source, other=target, known=known)


def added_name(original: str, text: str, *, source: str, target: str, known: Collection[str] = ()) -> str:
    """Return a name of the translation ``text`` that its ``original`` does not have, empty for none."""
    return _unmatched(text, original, language=target, other=source, known=known)


def _unmatched(one: str, other_text: str, *, language: str, other: str, known: Collection[str]) -> str:
    words, theirs = _words(one, language), [word.folded for word in _words(other_text, other)]
    ours, beyond = words_of(language), words_of(other)
    held = frozenset(theirs)
    equal = _same_thing([word.folded for word in words], theirs, ours, beyond)
    lost: list[_Word] = []
    for place, word in enumerate(words):
        matched = (
            is_day_or_month(word.text, ours)
            or word.folded in ours.numbers
            or word.folded in held
            or word.folded in equal
            or any(_alike(word.folded, w) for w in theirs)
        )
        if matched or not _is_name(word, language, known):
            continue
        if word.is_initials or word.folded in known or language not in NOUNS_ARE_CAPITALISED:
            if (
                not word.beside
                and word.folded not in known
                and any(_is_exonym(word.folded, w) for w in theirs)
            ):
                continue
            return word.text
        # Of capitalised nouns side by side, one may be a title: "Chefin Helen Brandt". What is counted is no name: "drei Wochen Streik".
        counted = place > 1 and (words[place - 2].folded in ours.numbers or words[place - 2].folded.isdigit())
        if lost and lost[-1] is words[place - 1] and not counted:
            return word.text
        lost.append(word)
    return ""


def _is_name(word: _Word, language: str, known: Collection[str]) -> bool:
    if not word.is_capital or len(word.folded) < SHORT_NAME_CHARS - 1 or word.folded.isdigit():
        return False
    if word.folded in STOP_WORDS.get(language, ()) and not word.is_initials:
        return False  # "El Pireo"
    if word.is_initials or word.folded in known:
        return True
    if language in NOUNS_ARE_CAPITALISED:
        return word.beside and not word.first
    return not word.first


def _words(text: str, language: str) -> list[_Word]:
    found: list[tuple[int, int, str]] = []
    for match in _TOKEN.finditer(text):
        printed = (
            match[0].rstrip(".") if not re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?", match[0]) else match[0]
        )
        bare = _ELIDED.sub("", printed)
        bare = re.sub(r"['’](?:s|\w{1,4})$", "", bare) or bare  # "Ankara'da", "Lind's"
        found.append((match.end() - len(match[0]) + len(printed) - len(bare), match.end(), bare))
    small = STOP_WORDS.get(language, frozenset())
    capital = [bare[0].isupper() and fold(bare) not in small for _, _, bare in found]
    return [
        _Word(
            text=bare,
            folded=fold(bare).replace(".", ""),
            first=bool(_STARTS.search(text[: max(0, start)])) or i == 0,
            beside=(i > 0 and capital[i - 1]) or (i + 1 < len(found) and capital[i + 1]),
        )
        for i, (start, _, bare) in enumerate(found)
    ]


def _same_thing(
    ours: list[str], theirs: list[str], words: TranslationWords, beyond: TranslationWords
) -> frozenset[str]:
    """Return the words of ``ours`` for a body or place that ``theirs`` name in their language."""
    there = {thing for word in frozenset(theirs) for thing in _things(word, beyond)}
    return frozenset(word for word in frozenset(ours) if not there.isdisjoint(_things(word, words)))


def _things(word: str, words: TranslationWords) -> frozenset[str]:
    """Return the bodies and places of which a language has ``word``: by what they are, and by their codes."""
    return _bodies(word, words) | _codes(word, words)


def _bodies(word: str, words: TranslationWords) -> frozenset[str]:
    # "Verteidigungsminister", "Mahkemesi'nin".
    within = (
        part
        for length in range(MIN_COMMON_CHARS + 1, len(word))
        for part in (word[:length], word[-length:])
        if part in words.names
    )
    return frozenset(thing for part in (word, *within) for thing in words.names.get(part, ()))


def _codes(word: str, words: TranslationWords) -> frozenset[str]:
    """Return the codes of the places whose name in a language has ``word``."""
    near = words.places.get(word[:MIN_PLACE_NAME_CHARS], ())
    return frozenset(code for name, code in near if _is_form(word, name))


def _is_form(word: str, name: str) -> bool:
    """Tell whether ``word`` is ``name`` with an ending, or an adjective of it: "español" of "españa"."""
    return word == name or (len(name) > SHORT_NAME_CHARS and _alike(word, name))


def _is_exonym(one: str, other: str) -> bool:
    """Tell whether two words may be the names of one place in two languages: "Piraeus" and "Pireo"."""
    return one[0] == other[0] and SequenceMatcher(None, one, other).ratio() >= MIN_EXONYM_SIMILARITY


def _alike(one: str, other: str) -> bool:
    if one[:SHORT_NAME_CHARS] != other[:SHORT_NAME_CHARS]:
        return False  # what most words are told by
    common = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return (common >= MIN_COMMON_CHARS and common >= MIN_COMMON_SHARE * max(len(one), len(other))) or (
        # "Lind'in" and "Linds": a short name with an ending.
        common == min(len(one), len(other)) and common >= SHORT_NAME_CHARS and abs(len(one) - len(other)) <= 3
    )

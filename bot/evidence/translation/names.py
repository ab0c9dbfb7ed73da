"""Compare the names of a line with those of its translation. Pure.

Names in Latin script stand as they are, or with an ending. Countries, languages and large cities may have the name that the
language has for them (Unicode's own tables), and so may bodies whose words the rules of both languages have.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.evidence.translation.numbers import is_day_or_month
from bot.evidence.translation.senses import senses_in
from bot.evidence.translation.words import (
    MIN_PLACE_NAME_CHARS,
    TranslationWords,
    things_by_name,
    words_of,
)
from bot.language.words import STOP_WORDS, fold

MIN_COMMON_CHARS = 4  # of two words that are one name with other endings, or one word in two languages
MIN_COMMON_SHARE = 0.6  # of the shorter word
SHORT_NAME_CHARS = 3
MIN_EXONYM_SIMILARITY = 0.6  # of the letters of a place's names in two languages
MAX_WORDS_TO_OFFICE = 3  # "ministres européens de la Pêche"
MINISTRY = "minist"  # how words for one begin in all languages from Latin
MIN_COMPOUND_CHARS = 10  # of a word that is rather two nouns than a name: "Angriff Kundendaten"
NOUNS_ARE_CAPITALISED = frozenset({"de"})
MIN_LIKENESS = 0.8  # of the letters of two words that begin alike
_ALIKE = str.maketrans("wckqzfj", "vkkksvi")
_VOWELS = frozenset("aeiouy")
_TOKEN = re.compile(r"[^\W_][\w.]*(?:['’-][\w]+)*")
_STARTS = re.compile(r"(?:^|[.!?:;…]\s+|[«“”„\"‘(–—-]\s?)$")
_WAY = re.compile(
    r"^(?:n[oö]rd|nord|sud|s[uü]r|nor|ost|west|zentral)(?=\w{5})"
)  # "Westnorwegen", "surcoreano"
_ELIDED = re.compile(
    r"^(?:[ldnmsctj]|qu|dell|all|nell|dall|sull|un|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    folded: str
    first: bool  # of its sentence
    beside: bool  # next to another capitalised word
    joined: bool  # to the word before it, by a blank

    @property
    def parts(self) -> tuple[str, ...]:
        """The word, and of a compound its parts: "Hamas-Kommandeur"."""
        return (self.folded, *self.folded.split("-")) if "-" in self.folded else (self.folded,)

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def is_surely_name(self) -> bool:
        """Whether it has capitals within: "BioNTech", "NATO"."""
        return any(char.isupper() for char in self.text.split("-")[0][1:])

    @property
    def is_initials(self) -> bool:
        return self.text.isupper()


def lost_name(original: str, text: str, *, source: str, target: str, known: Collection[str] = ()) -> str:
    """Return a name of ``original`` that its translation ``text`` does not have, empty for none; ``known`` are words of names.

    Initials and adjectives may be lost: "TGV" is a common noun, and "Swiss francs" are "Franken".
    """
    return _unmatched(original, text, language=source, other=target, known=known, strict=False)


def added_name(original: str, text: str, *, source: str, target: str, known: Collection[str] = ()) -> str:
    """Return a name of the translation ``text`` that its ``original`` does not have, empty for none."""
    return _unmatched(text, original, language=target, other=source, known=known, strict=True)


def has_other_name(original: str, text: str, *, source: str, target: str) -> bool:
    """Tell whether ``text``, a translation of ``original``, has a word with a capital that might be a name in the place of another."""
    words, there = _words(text, target), _words(original, source)
    ours, beyond = words_of(target), words_of(source)
    said, theirs = ([part for word in line for part in word.parts] for line in (words, there))
    equal = {*theirs} | _same_thing(said, theirs, ours, beyond)
    return any(_is_name(word, target, ()) and not _has_partner(word, theirs, equal, ours) for word in words)


def _unmatched(
    one: str, other_text: str, *, language: str, other: str, known: Collection[str], strict: bool
) -> str:
    words, there = _words(one, language), _words(other_text, other)
    ours, beyond = words_of(language), words_of(other)
    said, theirs = ([part for word in line for part in word.parts] for line in (words, there))
    held = frozenset(theirs)
    named = _same_thing(said, theirs, ours, beyond)
    # "Prize" is translated as any word, so one of "Premio Booker" may be that word.
    held_here = frozenset(said)
    spare = sum(
        word.is_capital
        and word.folded in beyond.bodies
        and any(part in held_here or any(_alike(part, w) for w in said) for part in _beside(there, i))
        and not _has_partner(word, said, _same_thing([word.folded], said, beyond, ours), beyond)
        for i, word in enumerate(there)
    )
    lost: list[_Word] = []
    for place, word in enumerate(words):
        if not _is_name(word, language, known) or _has_partner(word, theirs, held | named, ours):
            continue
        if word.folded not in known:
            if not strict and (word.is_initials or word.folded in ours.adjectives):
                continue
            if _is_common(words, place, ours):
                continue
            if _beside(words, place) & (named - held):
                continue  # "Red Crescent", "Media Luna Roja": what stands beside is translated
            if not word.beside and any(_is_exonym(word.folded, w) for w in theirs):
                continue
            if spare:
                spare -= 1
                continue
        if not _may_be_noun(word, language, known):
            return word.text
        if lost and lost[-1] is words[place - 1] and _are_a_name(words, place, language):
            return word.text
        lost.append(word)
    return ""


def _has_partner(
    word: _Word, theirs: Sequence[str], equal: Collection[str], language: TranslationWords
) -> bool:
    return (
        is_day_or_month(word.text, language)
        or word.folded in language.numbers
        or any(part in equal or any(_alike(part, w) for w in theirs) for part in word.parts)
    )


def _beside(words: Sequence[_Word], place: int) -> frozenset[str]:
    """Return the words that make one name with that at ``place``."""
    near = [words[place - 1]] if words[place].joined else []
    near += [word for word in words[place + 1 : place + 2] if word.joined]
    return frozenset(part for word in near if word.is_capital for part in word.parts)


def _may_be_noun(word: _Word, language: str, known: Collection[str]) -> bool:
    """Tell whether ``word``, with a capital, may be no name in ``language``."""
    return (
        language in NOUNS_ARE_CAPITALISED
        and not word.is_surely_name
        and word.folded not in known
        and word.folded not in words_of(language).place_names
    )


def _are_a_name(words: Sequence[_Word], place: int, language: str) -> bool:
    """Tell whether two capitalised words side by side, the second at ``place``, are a name where nouns are capitalised.

    One alone may be a title: "Chefin Helen Brandt". What is counted is no name: "drei Wochen Streik", and a long word is rather two nouns.
    """
    if any(unit.startswith("time ") for unit in senses_in(words[place - 1].text, language)):
        return False  # "keine Woche Urlaub"
    before = words[place - 2].folded if place > 1 else ""
    longest = max(len(words[place].folded), len(words[place - 1].folded))
    return before not in words_of(language).numbers and not before.isdigit() and longest < MIN_COMPOUND_CHARS


def _is_common(words: Sequence[_Word], place: int, language: TranslationWords) -> bool:
    """Tell whether a word is translated as any other: "Lake", "Housing" before "Minister", "Vivienda" behind "ministra de"."""
    if words[place].folded in language.common_in_names:
        return True
    if place + 1 < len(words) and words[place + 1].folded in language.offices:
        return True
    start = place
    while start and words[start].is_capital and words[start].joined:
        start -= 1
    behind_of = not words[start].is_capital and words[start].folded in language.small
    office = words[max(0, start - MAX_WORDS_TO_OFFICE) : start]
    return behind_of and any(word.folded.startswith(MINISTRY) for word in office)


def _is_name(word: _Word, language: str, known: Collection[str]) -> bool:
    if not word.is_capital or len(word.folded) < SHORT_NAME_CHARS - 1:
        return False
    if word.folded in STOP_WORDS.get(language, ()) and not word.is_initials:
        return False  # "El Pireo"
    if word.is_surely_name or word.folded in known:
        return True
    is_place = word.folded in words_of(language).place_names
    return not word.first or is_place


def _words(text: str, language: str) -> list[_Word]:
    found: list[tuple[int, int, str]] = []
    for match in _TOKEN.finditer(text):
        printed = (
            match[0].rstrip(".") if not re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?", match[0]) else match[0]
        )
        bare = _ELIDED.sub("", printed)
        bare = re.sub(r"['’](?:s|\w{1,4})$", "", bare)  # "Ankara'da", "Lind's"
        found.append((match.end() - len(match[0]) + len(printed) - len(bare), match.end(), bare))
    small = STOP_WORDS.get(language, frozenset())
    capital = [False, *(bare[0].isupper() and fold(bare) not in small for _, _, bare in found), False]
    return [
        _Word(
            text=bare,
            folded=fold(bare).replace(".", ""),
            first=bool(_STARTS.search(text[: max(0, start)])) or i == 0,
            joined=i > 0 and text[found[i - 1][1] : start].isspace(),
            beside=capital[i] or capital[i + 2],
        )
        for i, (start, _, bare) in enumerate(found)
    ]


def _same_thing(
    ours: list[str], theirs: list[str], words: TranslationWords, beyond: TranslationWords
) -> frozenset[str]:
    """Return the words of ``ours`` for a body or place that ``theirs`` name in their language."""
    things = frozenset[str]().union(*map(_things, theirs))
    found = {word for word in ours if _things(word) & things}
    there = {code for w in theirs for code in _codes(w, beyond)}
    return frozenset(found | {w for w in ours if not there.isdisjoint(_codes(w, words))})


def _codes(word: str, words: TranslationWords) -> frozenset[str]:
    """Return the codes of the places whose name in a language has ``word``."""
    return frozenset(
        code
        for said in {word, _WAY.sub("", word)}
        for name, code in words.places.get(said[:MIN_PLACE_NAME_CHARS], ())
        if _is_form(said, name)
    )


def _things(word: str) -> frozenset[str]:
    """Return the bodies, offices and places that ``word`` names, also as a part: "Verteidigungsminister", "Mahkemesi'nin"."""
    named = things_by_name()
    parts = {word}
    for length in range(MIN_COMMON_CHARS + 1, len(word)):
        parts |= {word[:length], word[-length:]}
    return frozenset[str]().union(*(named[part] for part in parts & named.keys()))


def _is_form(word: str, name: str) -> bool:
    """Tell whether ``word`` is ``name`` with an ending, or an adjective of it: "español" of "españa"."""
    return word == name or (len(name) > SHORT_NAME_CHARS and (word.startswith(name) or _alike(word, name)))


def _is_exonym(one: str, other: str) -> bool:
    """Tell whether two words may be the names of one place in two languages: "Piraeus" and "Pireo", "Sidon" and "Saida"."""
    if one[0] == other[0] and SequenceMatcher(None, one, other).ratio() >= MIN_EXONYM_SIMILARITY:
        return True
    return _consonants(one) == _consonants(other) != ""


def _consonants(word: str) -> str:
    """Return the consonants of ``word`` that spellings of a place's name share: "Warsaw", "Varsovie"."""
    return re.sub(r"(.)\1+", r"\1", re.sub("[aeiouyh]", "", word.replace("x", "ks").translate(_ALIKE)))


def _alike(one: str, other: str) -> bool:
    if one[:SHORT_NAME_CHARS] != other[:SHORT_NAME_CHARS]:
        return False  # what most words are told by
    if len(one) == len(other) and one[-1] == other[-1] and _is_another_letter(one, other):
        return False
    common = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    if common >= MIN_COMMON_CHARS and SequenceMatcher(None, one, other).ratio() >= MIN_LIKENESS:
        return True  # "International" and "Internacional"
    return (common >= MIN_COMMON_CHARS and common >= MIN_COMMON_SHARE * max(len(one), len(other))) or (
        # "Lind'in" and "Linds": a short name with an ending.
        common == min(len(one), len(other)) and common >= SHORT_NAME_CHARS and abs(len(one) - len(other)) <= 3
    )


def _is_another_letter(one: str, other: str) -> bool:
    """Tell whether two words differ in one letter that no spelling explains: "Barreto" and "Barrero"."""
    apart = [{*pair} for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    if len(apart) != 1:
        return False
    (letters,) = apart
    sounds = {letter.translate(_ALIKE) for letter in letters}
    # "Unification" and "Unificación".
    return not letters <= _VOWELS and len(sounds) > 1 and letters != {"t", "c"}

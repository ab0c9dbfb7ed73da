"""Senses that a line and its translation must not have apart: rise and fall, dead and hurt, hours and days, may and will. Pure.

Words decide nothing by being absent: a line is refused where both sides have a sense of a group and neither has the other's.
Only a possibility must have a word on the other side, for nothing tells it from a plan but that word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from bot.language.rules import load_rules
from bot.language.words import fold

_SIGNS = {
    "%": " percent ",
    "€": " euro ",
    "$": " dollar ",
    "£": " pound ",
}  # in words of the rows for English


@cache
def marks_of(language: str, *, folded: bool = False) -> Mapping[str, re.Pattern[str]]:
    """Return what marks a number, a possibility or a claim in ``language``; with ``folded``, for texts without accents."""
    return _patterns("marks", language, folded=folded)


def opposed_sense(original: str, text: str, *, source: str, target: str) -> str:
    """Return the group of senses of which ``original`` and its translation ``text`` have different ones, empty for none."""
    ours, theirs = _senses(original, source), _senses(text, target)
    only_ours, only_theirs = (
        {sense.partition(" ")[0] for sense in one - other} for one, other in ((ours, theirs), (theirs, ours))
    )
    return min(only_ours & only_theirs, default="")


def possibility_differs(original: str, text: str, *, source: str, target: str) -> bool:
    """Tell whether only one of ``original`` and its translation ``text`` says that something may be so."""
    return _only_one_may(original, text, source, target) or _only_one_may(text, original, target, source)


def has_mark(text: str, mark: str, language: str) -> bool:
    """Tell whether ``text`` has the ``mark``, one of those of ``marks_of``."""
    return bool(marks_of(language)[mark].search(_straight(text)))


def count_marks(text: str, mark: str, language: str) -> int:
    """Return how often ``text`` has the ``mark``, one of those of ``marks_of``."""
    return len(marks_of(language)[mark].findall(_straight(text)))


def has_sense(text: str, sense: str, language: str) -> bool:
    """Tell whether ``text`` has the ``sense``, one of those that exclude each other."""
    return sense in _senses(text, language)


def _only_one_may(one: str, other: str, language: str, other_language: str) -> bool:
    said = any(has_mark(one, mark, language) for mark in ("may", "expected"))
    return said and not any(has_mark(other, mark, other_language) for mark in ("may", "may too", "expected"))


def senses_in(text: str, language: str, *, folded: bool = False) -> frozenset[str]:
    """Return the senses of ``text`` that exclude others; with ``folded``, of a text without accents."""
    patterns = _contrasts(language, folded=folded)
    return frozenset(sense for sense, pattern in patterns.items() if pattern.search(text))


def _senses(text: str, language: str) -> frozenset[str]:
    said, signs = _straight(text), {sign for sign in _SIGNS if sign in text}
    return senses_in(said, language).union(*(senses_in(_SIGNS[sign], "en") for sign in signs))


@cache
def _contrasts(language: str, *, folded: bool = False) -> Mapping[str, re.Pattern[str]]:
    return _patterns("contrasts", language, folded=folded)


def _patterns(name: str, language: str, *, folded: bool = False) -> dict[str, re.Pattern[str]]:
    return {
        sense: re.compile(rf"(?<!\w)(?:{fold(stems) if folded else stems})", re.IGNORECASE)
        for sense, rows in load_rules("mul", name).words.items()
        for code, _, stems in (row.partition(" ") for row in rows)
        if code == language
    }


def _straight(text: str) -> str:
    # Not folded: "könnte" may be, "konnte" was; and with its capitals: "May" is a month.
    return text.replace("’", "'")

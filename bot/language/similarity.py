"""Does a statement say something that other statements do not? Pure.

Measured on news statements, half cosine and half word coverage tells restated from new with an AUC of 0.907
against 0.668 for numbers and names alone; below 0.45 about 85 % of the new is found. So similarity decides, and
a number, a capitalised name or a changed negation that none of them holds decides against similarity.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

from bot.language.numbers import find_numbers
from bot.language.rules import load_rules
from bot.language.text_cache import text_cached
from bot.language.words import content_terms

RESTATED_SIMILARITY = 0.45  # similarity from which a statement counts as known
NEAR_EQUAL_SIMILARITY = 0.80  # similarity from which a new name alone no longer makes it new
_MODALITY = load_rules("en", "modality").words
_NEGATIONS = _MODALITY["negation"] | _MODALITY["denial"]

_CAPITALISED = re.compile(r"\b[A-Z][\w’'-]+")
_WORD = re.compile(r"[a-z’']+")


def similarity(statement: str, known: str) -> float:
    """Return half cosine, half coverage of the content terms of ``statement`` by ``known``, from 0 to 1."""
    ours, theirs = _terms(statement), _terms(known)
    if not ours or not theirs:
        return 0.0
    dot = sum(count * theirs[term] for term, count in ours.items())
    norm = math.sqrt(sum(c * c for c in ours.values()) * sum(c * c for c in theirs.values()))
    covered = sum(count for term, count in ours.items() if term in theirs) / sum(ours.values())
    return (dot / norm + covered) / 2


@text_cached(maxsize=20_000)
def _capitalised(text: str) -> frozenset[str]:
    return frozenset(_CAPITALISED.findall(text))


@text_cached(maxsize=20_000)
def _terms(text: str) -> Counter[str]:
    return Counter(content_terms(text))


def is_restated(statement: str, known: Iterable[str]) -> bool:
    """Tell whether one of ``known`` already says what ``statement`` says, or all of them together do.

    A number that none of ``known`` holds makes a statement new, and so does a negation the most similar one lacks.
    """
    known = tuple(known)
    if not known:
        return False
    best = max(known, key=lambda text: similarity(statement, text))
    score = similarity(statement, best)
    # Each text by itself: what was read of it once is kept, however many statements are compared with it.
    if figures(statement).difference(*map(figures, known)):
        return False
    if is_negated(statement) != is_negated(best) and score < NEAR_EQUAL_SIMILARITY:
        return False
    if _capitalised(statement[1:]).difference(*map(_capitalised, known)):
        return score >= NEAR_EQUAL_SIMILARITY
    terms = set(_terms(statement))
    # A statement assembled of what several earlier ones said is no news either.
    return score >= RESTATED_SIMILARITY or (
        bool(terms) and len(terms.difference(*map(_terms, known))) <= len(terms) // 10
    )


def is_copy(statement: str, printed: str) -> bool:
    """Tell whether ``statement`` is ``printed`` over again, in nearly all its words: as a reprint has it.

    A number that ``printed`` does not hold, or a negation that one of them lacks, makes it another statement.
    """
    return (
        min(similarity(statement, printed), similarity(printed, statement)) >= NEAR_EQUAL_SIMILARITY
        and not figures(statement) - figures(printed)
        and is_negated(statement) == is_negated(printed)
    )


@text_cached(maxsize=20_000)
def figures(text: str) -> frozenset[tuple[str, str]]:
    """Return the normalised ``(value, unit)`` pairs of ``text``; times and years are no figures."""
    return frozenset(
        (str(span.value.normalize()), span.unit)
        for span in find_numbers(text)
        if getattr(span, "kind", "number") not in {"time", "year", "ordinal"}
    )


def is_negated(text: str) -> bool:
    """Tell whether ``text`` holds a word of negation."""
    return any(word in _NEGATIONS or word.endswith(("n't", "n’t")) for word in _WORD.findall(text.lower()))

"""Synonyms of news, so that a statement may be worded differently from its sentence."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

from bot.language import speech
from bot.language.rules import load_rules
from bot.language.text_cache import text_cached
from bot.language.words import stem, stop_words, words

_LISTS = load_rules("en", "synonyms").words
UNITS = frozenset(stem(word) for word in _LISTS["unit"])
FRAME = frozenset(stem(word) for word in _LISTS["frame"])
LOADED = _LISTS["loaded"]
_FORMS = {f"forms of {word}": forms for word, forms in load_rules("en", "irregular").words.items()}
_COUNTED = {
    s: words_ for s, words_ in load_rules("en", "counts").words.items() if s.startswith("one count of ")
}
_SENSES = {
    **{sense: words_ for sense, words_ in _LISTS.items() if sense not in {"unit", "frame", "loaded"}},
    **_COUNTED,
    **_FORMS,
}
REPORTING_STEMS = frozenset(stem(word) for word in speech.REPORTING)


@functools.cache
def _groups() -> dict[str, frozenset[int]]:
    return _numbered(_SENSES)


def _numbered(senses: Mapping[str, frozenset[str]]) -> dict[str, frozenset[int]]:
    """Return the stems of ``senses``, each with the numbers of its senses."""
    found: dict[str, set[int]] = {}
    for number, sense in enumerate(sorted(senses)):
        for term in _with_forms(senses[sense]):
            found.setdefault(term, set()).add(number)
    return {term: frozenset(numbers) for term, numbers in found.items()}


def _with_forms(words_: Iterable[str]) -> frozenset[str]:
    """Return the stems of ``words_`` and of their irregular forms: a list that has "win" has "won", and "died" with "die"."""
    own = frozenset(map(stem, words_))
    return own.union(*(one for one in _irregular_stems() if one & own))


@functools.cache
def _irregular_stems() -> tuple[frozenset[str], ...]:
    # Once: to stem all of them for each sense took two thirds of a second of the first check.
    return tuple(frozenset(map(stem, forms)) for forms in _FORMS.values())


def synonym_groups(term: str) -> frozenset[int]:
    """Return the groups of synonyms to which the stem ``term`` belongs."""
    return _groups().get(term, frozenset())


def may_mean_the_same(one: str, other: str) -> bool:
    """Return whether two stems may mean the same: equal, of one long root, or of one group of synonyms."""
    if one == other or synonym_groups(one) & synonym_groups(other):
        return True
    root = min(len(one), len(other)) - 1
    return root >= 4 and one[: max(4, root)] == other[: max(4, root)] and abs(len(one) - len(other)) <= 4


def carried(term: str, terms: frozenset[str]) -> bool:
    """Return whether one of ``terms`` may mean the same as the stem ``term``."""
    return term in terms or any(
        may_mean_the_same(term, other) for other in terms if other[:1] == term[:1] or synonym_groups(term)
    )


def covered(term: str, terms: frozenset[str]) -> bool:
    """Return whether one of ``terms`` may mean the same as the stem ``term``, including synonyms in some contexts only."""
    return carried(term, terms) or any(
        _alike().get(other, frozenset()) & _alike()[term] for other in terms if term in _alike()
    )


@functools.cache
def _alike() -> dict[str, frozenset[int]]:
    return _numbered(load_rules("en", "alike").words)


@text_cached(maxsize=20_000)
def content(text: str) -> frozenset[str]:
    """Return the stems of the content words of ``text``, without numbers in digits and stop words."""
    stop = stop_words("en")
    return frozenset(stem(w) for w in words(text) if w not in stop and len(w) > 1 and not w[0].isdigit())

"""Tell whether a line says by its own words what a state says. Pure."""

from __future__ import annotations

from bot.kinds.load import KindState, shipped_kinds
from bot.language.words import content_terms


def says_state(kind: str, state: str, line: str) -> bool:
    """Tell whether ``line`` has a word or phrase by which ``kind`` knows ``state``; True for a kind or state of an operator's, whose words are unknown here."""
    found = _shipped(kind, state)
    if found is None:
        return True
    said = content_terms(line)
    return any(_holds(said, phrase) for phrase in found.carried_by)


def _holds(said: list[str], phrase: str) -> bool:
    """Tell whether the terms ``said`` hold those of ``phrase`` one after the other, in whatever form of the words."""
    if phrase.endswith("*"):
        return any(term.startswith(phrase.rstrip("*")[: len(term)]) for term in said)
    terms = content_terms(phrase)
    return bool(terms) and any(said[i : i + len(terms)] == terms for i in range(len(said)))


def is_label(kind: str, state: str) -> bool:
    """Tell whether the name of ``state`` is shown to readers; True for a kind or state of an operator's."""
    found = _shipped(kind, state)
    return found is None or found.label


def _shipped(kind: str, state: str) -> KindState | None:
    known = shipped_kinds().get(kind)
    return known.state(state) if known else None

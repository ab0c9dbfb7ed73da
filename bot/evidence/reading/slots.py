"""The names of a text with their grammatical places: subject, object, agent of a passive."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.evidence.reading.tokens import BREAK, Word
from bot.language.entities.names import find_names
from bot.language.rules import load_rules
from bot.language.speech import SAYING_TENSED

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_RULES = load_rules("en", "evidence")
_BEING = _RULES.words["being"]
_PREPOSITIONS = _RULES.words["preposition"]
_CLAUSE = _RULES.words["clause opener"]
_VERBISH = _RULES.pattern("verbish")
NEIGHBOUR_WORDS = 3  # content words on each side of a name that are its neighbours


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as printed; ``slots`` are its grammatical places, with passives converted to actives."""

    text: str
    start: int
    end: int
    first: bool  # its capital may be due to its place at the beginning
    slots: frozenset[tuple[str, str]]
    near: frozenset[str]  # stems of the content words next to it


def names_of(text: str, tokens: tuple[Word, ...]) -> tuple[Name, ...]:
    """Return the names of ``text`` in order; those joined by "and" share their places."""
    names = [
        Name(
            text=span.text,
            start=span.start,
            end=span.end,
            first=not re.search(r"\w", text[: span.start])
            or bool(re.search(r"[.!?:;“\"]\s*[“\"'‘]?$", text[: span.start])),
            slots=_slots(text, tokens, span.start, span.end),
            near=near(tokens, span.start, span.end),
        )
        for span in find_names(text)
    ]
    return tuple(_coordinated(text, names))


def near(tokens: tuple[Word, ...], start: int, end: int) -> frozenset[str]:
    """Return the stems of the content words next to ``start`` and ``end``."""
    plain_words = [w for w in tokens if not w.stop and not w.folded[0].isdigit()]
    before = [w.stem for w in plain_words if w.end <= start][-NEIGHBOUR_WORDS:]
    return frozenset(before + [w.stem for w in plain_words if w.start >= end][:NEIGHBOUR_WORDS])


def _coordinated(text: str, names: list[Name]) -> list[Name]:
    """Give names joined by "and" each other's slots: what Disney and Marvel do, both do."""
    for i in range(len(names) - 1):
        one, other = names[i], names[i + 1]
        if re.fullmatch(r"(?:['’]s?)?(?:,?\s(?:and|or|&)\s|,\s)(?:the\s)?", text[one.end : other.start]):
            slots = one.slots | other.slots
            names[i], names[i + 1] = replace(one, slots=slots), replace(other, slots=slots)
    return names


def _slots(text: str, tokens: tuple[Word, ...], start: int, end: int) -> frozenset[tuple[str, str]]:
    """Return what a name does and what is done to it: ("does", verb) also for "by NAME" after a passive."""
    before = _joined([w for w in tokens if w.end <= start][::-1], text, start)[::-1]
    after = _joined([w for w in tokens if w.start >= end], text, end)
    slots = set()
    governed = next((w.folded for w in before[::-1] if w.folded != "the"), "") in _PREPOSITIONS
    ahead = None if governed else _first(after)
    between = {w.folded for w in after[:ahead]} if ahead is not None else set()
    if ahead is not None and not between & _PREPOSITIONS:  # "Brandt over the cranes" does nothing to them
        passive = bool(between & _BEING) and bool(_VERBISH.match(after[ahead].folded))
        slots.add(("suffers" if passive else "does", after[ahead].stem))
    behind = _first(before[::-1])
    if behind is not None:
        verb = before[::-1][behind]
        by = any(w.folded == "by" for w in before[::-1][:behind])
        # "was sued for fraud by NAME": the verb is farther away than the nearest noun.
        passive_verbs = [
            w.stem
            for last, w in pairwise(before)
            if by and last.folded in _BEING and _VERBISH.match(w.folded)
        ]
        slots.update(("does" if by else "suffers", stem_) for stem_ in passive_verbs or [verb.stem])
    return frozenset(slots)


def _joined(tokens: list[Word], text: str, at: int) -> list[Word]:
    """Return the first words of ``tokens``, going away from ``at``, up to a mark or a word that begins a clause."""
    found: list[Word] = []
    for word in tokens[:5]:
        between = text[min(at, word.end) : max(at, word.start)]
        if BREAK.search(between + " ") or word.folded in _CLAUSE:
            break
        found.append(word)
        at = word.end if word.start >= at else word.start
    return found


def _first(tokens: list[Word]) -> int | None:
    """Return the index of the first word that carries content among the next five."""
    for index, word in enumerate(tokens[:5]):
        if (not word.stop or word.folded in SAYING_TENSED) and not word.folded[0].isdigit():
            return index
    return None

"""Find negations, doubts, reports and plans in a sentence, and the words that each governs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from bot.language.rules import load_rules
from bot.language.words import stem, stop_words, words

MAX_SCOPE_WORDS = 6  # content words a mark governs at most


class Force(IntEnum):
    """What a mark does to the clause behind it; the higher, the nearer to fact."""

    NEGATION = 0
    POSSIBLE = 1
    REPORTED = 2
    HOPED = 3  # expected, hoped, tried: only an outlook
    PLANNED = 4
    FUTURE = 5


# Read when the module is: sentences are judged in the loop, where no file may be opened.
_HEDGES, _NEGATIONS = load_rules("en", "hedges"), load_rules("en", "negations")
MAX_WORDS_BEHIND = 40  # words after a mark within which its scope begins
MAX_MARKS = 60  # marks of one sentence that are read; no prose has as many
_END = r"(?![\w’'])"
_FORCES = "|".join(
    f"(?P<{force.name}>{_HEDGES.alternatives(force.name.lower())})" for force in list(Force)[1:]
)
# Where several begin at one place, the first counts.
_MARK = re.compile(rf"\b(?:(?P<NEGATION>{_NEGATIONS.alternatives('mark')})|{_FORCES}){_END}", re.IGNORECASE)
_GRAMMATICAL = re.compile(rf"(?:{_NEGATIONS.alternatives('grammar')})", re.IGNORECASE)
_LOOSE = re.compile(rf"(?:{_HEDGES.alternatives('loose')}){_END}", re.IGNORECASE)
_SCOPES = load_rules("en", "scopes")
_BORDER = _SCOPES.pattern("border")
_AUXILIARY = _SCOPES.words["auxiliary"]
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark at ``start`` to ``end``; ``scope`` holds the stems of the content words it governs, in order.

    ``grammatical`` negations ("not", "no") have no other meaning than to negate; "denied" has.
    """

    force: Force
    start: int
    end: int
    text: str
    scope: tuple[str, ...] = ()
    reach: int = 0  # where the scope ends in the text
    grammatical: bool = False
    loose: bool = False  # its loss is no fault, its presence counts
    trailing: bool = False  # closes its sentence: "…, the report suggests"


def find_marks(text: str) -> tuple[Mark, ...]:
    """Return the marks of ``text`` in order; "May" with a capital inside a sentence is the month."""
    found = []
    for match in islice(_MARK.finditer(text), MAX_MARKS):
        scope, reach = _scope(text, match.end())
        found.append(
            Mark(
                force=Force[match.lastgroup or "NEGATION"],
                start=match.start(),
                end=match.end(),
                text=match[0],
                scope=scope,
                reach=reach,
                loose=bool((own := _LOOSE.match(text, match.start())) and own.end() == match.end()),
                trailing="," in text[: match.start()] and len(text) - match.end() <= 2,
                grammatical=bool(_GRAMMATICAL.fullmatch(match[0])),
            )
        )
    return tuple(found)


def _scope(text: str, start: int) -> tuple[tuple[str, ...], int]:
    border = _BORDER.search(text, start)
    end = border.start() if border else len(text)
    stems: list[str] = []
    reach = start
    for match in islice(_WORD.finditer(text, start, end), MAX_WORDS_BEHIND):
        folded = words(match[0])
        if not folded or folded[0] in _AUXILIARY or folded[0] in stop_words("en"):
            continue
        stems.append(stem(folded[0]))
        reach = match.end()
        if len(stems) == MAX_SCOPE_WORDS:
            break
    if not stems:  # "not until 1979", "never be the same": there is nothing else to hold on to
        for match in islice(_WORD.finditer(text, start), 4):
            folded = words(match[0])
            if folded and folded[0] not in _AUXILIARY and len(stems) < 2:
                stems.append(stem(folded[0]))
                reach = match.end()
    return tuple(stems), reach

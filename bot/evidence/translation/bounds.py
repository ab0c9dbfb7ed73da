"""What stands beside the numbers of a line and its translation: bounds, and which comes first. Pure.

at least 14 ──▶ mindestens 14, not höchstens 14        from 62 to 64 ──▶ von 62 auf 64        112 to 87 ──▶ 112 zu 87
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.evidence.translation.numbers import FoundNumber, numbers_in, plain
from bot.evidence.translation.senses import marks_of, senses_in

_BOUNDS = ("bound least", "bound over", "bound most", "bound under")
_DIRECTIONS = ("from", "away from", "to")
MAX_BOUND_CHARS = 24  # before a number, in which its bound stands
_UNITS = frozenset({"time", "length"})  # groups of senses
UNIT_WORDS = 2
MAX_CHARS_BETWEEN_LINKED = 24  # between two numbers of which one belongs to the other
BOUNDS_FOLLOW = frozenset({"tr"})  # "100'den fazla"
WHOLE_COMES_FIRST = frozenset({"tr"})  # "17 kişiden 11'i"
_AWAY, _TOWARDS = frozenset({"away from"}), frozenset({"to"})
_BREAK = re.compile(r"[;:()\d]|[.,]\s")
_GAP = r"(?:\W+\w+){0,2}\W*"  # "more than an estimated", "más de los"


@dataclass(frozen=True, slots=True)
class _Marked:
    number: FoundNumber
    bounds: frozenset[str]
    directions: frozenset[str]
    unit: frozenset[str]


def bound_differs(original: str, text: str, *, source: str, target: str) -> bool:
    """Tell whether a number has another bound in ``text``, the translation of ``original``, or is "from" in one and "to" in the other."""
    theirs = [*_marked(text, target)]
    return any(
        _apart(ours.bounds, same.bounds)
        or {ours.directions - {"from"}, same.directions - {"from"}} == {_AWAY, _TOWARDS}
        or _is_other_unit(ours.unit, same.unit)
        for ours in _marked(original, source)
        for same in theirs
        if ours.number.values & same.number.values
    )


def order_differs(original: str, text: str, *, source: str, target: str) -> bool:
    """Tell whether two numbers of which one belongs to the other have changed places: 11 of 17, 17 of 11."""
    if WHOLE_COMES_FIRST & {source, target}:
        return False
    theirs = [*_linked(text, target)]
    return any(
        first.number.values & last.number.values
        and second.number.values & one.number.values
        and not first.number.values & second.number.values
        # "to 2.4 from 2.9", "von 2,9 auf 2,4"; "11 of 17", "von 17 wurden 11".
        and ("from" in first.directions) == ("from" in one.directions)
        for first, second in _linked(original, source)
        for one, last in theirs
    )


def _apart(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def _is_other_unit(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    same_kind = {unit.split()[0] for unit in ours} & {unit.split()[0] for unit in theirs}
    return bool(same_kind) and ours.isdisjoint(theirs)


def _unit(behind: str, language: str) -> frozenset[str]:
    """Return the senses of the unit in the first words ``behind`` a number: "four more months"."""
    for word in re.findall(r"[^\W\d]+", behind)[:UNIT_WORDS]:
        if found := {unit for unit in senses_in(word, language, folded=True) if unit.split()[0] in _UNITS}:
            return frozenset(found)
    return frozenset()


def _linked(text: str, language: str) -> Iterator[tuple[_Marked, _Marked]]:
    said, link = plain(text), marks_of(language, folded=True)["link"]
    found = sorted(_marked(text, language), key=lambda one: one.number.span)
    for first, second in pairwise(found):
        between = said[first.number.span[1] : second.number.span[0]]
        if len(between) <= MAX_CHARS_BETWEEN_LINKED and not _BREAK.search(between) and link.search(between):
            yield first, second


def _marked(text: str, language: str) -> Iterator[_Marked]:
    said, marks = plain(text), marks_of(language, folded=True)
    for number in numbers_in(text, language=language, strict=True):
        start, end = number.span
        before, behind = said[max(0, start - MAX_BOUND_CHARS) : start], said[end : end + MAX_BOUND_CHARS]
        bounds = {name for name in _BOUNDS if _ends_with(before, marks[name])}
        if language in BOUNDS_FOLLOW and not bounds:
            bounds = {name for name in _BOUNDS if marks[name].search(behind)}
        directions = {name for name in _DIRECTIONS if re.search(rf"(?:{marks[name].pattern})\W*$", before)}
        yield _Marked(number, frozenset(bounds), frozenset(directions), _unit(behind, language))


def _ends_with(before: str, mark: re.Pattern[str]) -> bool:
    return bool(re.search(rf"(?:{mark.pattern}){_GAP}$", before))

"""Choose the texts that say most in limited space: each counts for what it adds to those chosen before. Pure.

texts, each of a line and with a weight ──the one that adds most for its length, again and again──▶ chosen, within the room of each line
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

MIN_ADDED_TEXT_SHARE = 0.5  # share of a text's terms from which it adds something


@dataclass(frozen=True, slots=True, kw_only=True)
class Sayable:
    """A text for line ``line``, with its content terms; ``weight`` is its importance."""

    text: str
    line: int
    weight: float
    terms: frozenset[str]

    def added(self, said: Collection[str]) -> float:
        """Return how much the text adds to what is ``said``."""
        return self.weight * len(self.terms.difference(said))

    def is_new(self, said: Collection[str], *, share: float) -> bool:
        """Return whether the text adds something to what is ``said``: at least ``share`` of its terms."""
        return len(self.terms.difference(said)) >= share * len(self.terms) > 0


def choose(
    texts: Sequence[Sayable],
    *,
    said: Iterable[str],
    rooms: Mapping[int, int],
    room: int,
    new_share: float = MIN_ADDED_TEXT_SHARE,
) -> dict[int, float]:
    """Return the places of those of ``texts`` that add most to what is ``said`` (terms), each with what it adds.

    ``rooms`` are the characters of each line, and ``room`` those of all together; at least ``new_share`` of a text's terms
    are in none before it.
    """
    known, left = set(said), dict(rooms)
    waiting = [(-_gain(one, known), place) for place, one in enumerate(texts) if one.line in rooms]
    heapq.heapify(waiting)
    chosen: dict[int, float] = {}
    while waiting:
        _, place = heapq.heappop(waiting)
        one = texts[place]
        cost = -_gain(one, known)
        if waiting and cost > waiting[0][0]:  # it adds less since another was chosen
            heapq.heappush(waiting, (cost, place))
        elif len(one.text) <= min(room, left[one.line]) and one.is_new(known, share=new_share):
            chosen[place] = one.added(known)
            known |= one.terms
            room -= len(one.text)
            left[one.line] -= len(one.text)
    return chosen


def _gain(one: Sayable, said: Collection[str]) -> float:
    """Return how much a text adds for each of its characters."""
    return one.added(said) / max(1, len(one.text))

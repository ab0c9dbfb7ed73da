"""Checks what a figure counts: its words must be closest to its own number in the cited sentence."""

from __future__ import annotations

import re

from bot.evidence.faults.quantities.numbers import matches
from bot.evidence.reading.counts import PART_OF, Count
from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground
from bot.evidence.reading.synonyms import UNITS, may_mean_the_same
from bot.evidence.reading.tokens import Word

BORDER_WORDS = 4  # words that a mark or an "and" between a word and a number counts as
_MARK = re.compile(r"[,;:()—–]\s|\b(?:and|while|but|against|with)\b")


def elsewhere(figure: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the number of ``figure`` if what it counts is closer to another number of its sentence."""
    for facts in ground.facts:
        if len(facts.counts) < 2:
            continue
        placed = _placed(facts)
        for count in figure.counts[:1]:  # the value; what is counted may hold numbers of its own
            own = [at for other, at in placed if matches(count, other)]
            if own and _misplaced(
                figure, facts, own, [at for other, at in placed if not matches(count, other)]
            ):
                return (count.text,)
    return ()


def _placed(facts: Facts) -> list[tuple[Count, tuple[int, int]]]:
    found, start = [], 0
    for count in facts.counts:
        at = facts.text.find(count.text, start)
        if at >= 0:
            found.append((count, (at, at + len(count.text))))
            start = at + len(count.text)
    # "40 million shekels ($11 million)" is one amount.
    return [
        (count, at)
        for count, at in found
        if not count.year and not re.search(r"\([^)\w]{0,3}$", facts.text[: at[0]])
    ]


def _misplaced(
    figure: Facts, facts: Facts, own: list[tuple[int, int]], rivals: list[tuple[int, int]]
) -> bool:
    """Return whether most words of ``figure``, or its first one, are closer to ``rivals`` than to ``own``."""
    votes: list[bool] = []
    for word in figure.words:
        if word.stop or word.stem in UNITS or word.folded[0].isdigit():
            continue
        places = [w for w in facts.words if not w.stop and may_mean_the_same(w.stem, word.stem)]
        places = [w for w in places if not any(a <= w.start < b for a, b in (*own, *rivals))]
        if not places:
            continue
        mine = min(distance(w, at, facts) for w in places for at in own)
        theirs = min((distance(w, at, facts) for w in places for at in rivals), default=mine)
        if mine != theirs:
            votes.append(theirs < mine and not _shared(facts, own, rivals, places))
    return sum(votes) > len(votes) / 2 or (bool(votes) and votes[0] and sum(votes) * 2 >= len(votes))


def distance(word: Word, at: tuple[int, int], facts: Facts) -> int:
    """Return the number of words between ``word`` and the span ``at``; a clause border counts as several."""
    between = facts.text[word.end : at[0]] if word.end <= at[0] else facts.text[at[1] : word.start]
    return len(between.split()) + BORDER_WORDS * len(_MARK.findall(between))


def _shared(
    facts: Facts, own: list[tuple[int, int]], rivals: list[tuple[int, int]], places: list[Word]
) -> bool:
    """Tell whether two numbers share what they count: "1,400 of its 9,800 jobs"."""
    return any(
        PART_OF.fullmatch(facts.text, mine[1], theirs[0]) and any(w.start >= theirs[1] for w in places)
        for mine in own
        for theirs in rivals
    )

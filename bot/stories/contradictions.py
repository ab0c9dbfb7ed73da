"""Questions that sources answer differently, over all updates of a story. Pure.

contradictions ──same speakers, same answers, whatever the question's wording──▶ one
                a side changes ──▶ replaced, or closed          an editor closes it ──▶ closed
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

from bot.evidence.labels import LabelledFact, disagree, supersedes
from bot.language.entities.names import same_name
from bot.language.similarity import NEAR_EQUAL_SIMILARITY, similarity
from bot.model.story import Claim
from bot.model.update import Contradiction, Fact, StoryUpdate

MIN_SIDES = 2
_EARLIER, _LATER = date(1900, 1, 1), date(1900, 1, 2)  # only their order counts


def open_contradictions(by_news: Sequence[StoryUpdate]) -> tuple[Contradiction, ...]:
    """Return the contradictions that are open after the updates ``by_news``, which are in order of their news.

    Two with the same speakers are one if they have the same question or one speaker repeats an answer; the newest
    wording is used. A speaker's newer answer, as a side or in a fact that replaces it, replaces the old one.
    If all sides agree, the contradiction is closed. One that an editor closed opens again only with another answer.
    """
    found: list[Contradiction] = []
    closed: list[Contradiction] = []
    for update in by_news:
        closed += update.closed
        found = [one for one in found if not any(_answered_alike(one, by) for by in update.closed)]
        found = [_moved(one, update.facts) for one in found]
        for new in update.contradictions:
            if any(_answered_alike(new, by) for by in closed):
                continue
            before = next((one for one in found if _same(one, new)), None)
            if before:
                found.remove(before)
            found.append(_joined(before, new) if before else new)
        found = [open_ for one in found if (open_ := _differing(one))]
    return tuple(found)


def _same(known: Contradiction, new: Contradiction) -> bool:
    if known.question.casefold() == new.question.casefold():
        return True
    pairs = [(k, n) for k in known.sides for n in new.sides if _same_speaker(k.by, n.by)]
    if len(pairs) < MIN_SIDES:
        return False
    return _alike(known.question, new.question) or any(_alike(k.text, n.text) for k, n in pairs)


def _answered_alike(one: Contradiction, closed: Contradiction) -> bool:
    """Tell whether each side of ``one`` says what it said when an editor ``closed`` it."""
    return all(
        any(_same_speaker(side.by, was.by) and _alike(side.text, was.text) for was in closed.sides)
        for side in one.sides
    )


def _joined(known: Contradiction, new: Contradiction) -> Contradiction:
    kept = [side for side in known.sides if not any(_same_speaker(side.by, n.by) for n in new.sides)]
    return replace(new, sides=(*kept, *new.sides))


def _moved(one: Contradiction, facts: Iterable[Fact]) -> Contradiction:
    """Return ``one`` with what each speaker says by the newer ``facts``, where one of them replaces the side."""
    return replace(one, sides=tuple(_by_newer(side, facts) for side in one.sides))


def _by_newer(side: Claim, facts: Iterable[Fact]) -> Claim:
    before = LabelledFact(text=side.text, claimant=side.by, day=_EARLIER)
    for fact in facts:
        after = LabelledFact(text=fact.text, claimant=fact.claimant, day=_LATER)
        if fact.claimant and _same_speaker(side.by, fact.claimant) and supersedes(after, before).passed:
            return replace(side, text=fact.text, citation=fact.citations[0])
    return side


def _differing(one: Contradiction) -> Contradiction | None:
    """Return ``one`` with the sides that another side contradicts, None if there are none."""
    if len(one.sides) < MIN_SIDES:
        return None
    against: set[int] = set()
    said = [LabelledFact(text=side.text, claimant=side.by) for side in one.sides]
    for (i, ours), (j, theirs) in combinations(enumerate(said), 2):
        if disagree([ours, theirs]).passed:
            against |= {i, j}
    sides = tuple(side for i, side in enumerate(one.sides) if i in against)
    return replace(one, sides=sides) if sides else None


def _same_speaker(one: str, other: str) -> bool:
    ours, theirs = one.casefold().removeprefix("the "), other.casefold().removeprefix("the ")
    return ours == theirs or same_name(one, other)


def _alike(one: str, other: str) -> bool:
    return max(similarity(one, other), similarity(other, one)) >= NEAR_EQUAL_SIMILARITY

"""Tell whether somebody changed sides on the same matter: from for to against, or back. Pure, English.

That an actor says something else is no change of position; only a word of consent where there was one of
refusal is, or the other way round, and only when both are about one thing.
"""

from __future__ import annotations

import re

from bot.language.rules import load_rules
from bot.language.sentences.modality import Force, Mark, find_marks
from bot.language.words import content_terms, words

SAME_MATTER_SHARE = 0.25  # share of common terms, words of consent and refusal and names aside, from which two statements are about one thing

_FOR = "accept agree backs endorse support welcome favour favor approve consent embrace confirm pledge promise admit"
_AGAINST = "reject refuse oppose deny condemn dismiss criticise criticize veto block withdraw resist decline rebuff rebuffed withdrew withdrawn"
_SIGNS = {
    **dict.fromkeys(content_terms(_FOR), 1),
    **dict.fromkeys(content_terms(_AGAINST), -1),
}
_COMPOUND = re.compile(r"(?<=\w)-\w+")  # "US-backed" tells no side of who speaks
_DENYING = load_rules("en", "negations").words["negative"]  # "few", "against": no, by their own sense


def position(text: str) -> int:
    """Return 1 where ``text`` consents, -1 where it refuses, 0 where it does neither or both, or leaves it open."""
    text = _COMPOUND.sub("", text)
    signs = {_SIGNS[term] for term in content_terms(text) if term in _SIGNS}
    if len(signs) != 1:
        return 0
    (sign,) = signs
    negations = [
        mark for mark in find_marks(text) if mark.force is Force.NEGATION and not _takes_side(mark.text)
    ]
    if any(not _SIGNS.keys().isdisjoint(mark.scope) for mark in negations):
        return -sign
    return 0 if _denies_before(text) or any(_beside_side(mark, text) for mark in negations) else sign


def _takes_side(text: str) -> bool:
    return not _SIGNS.keys().isdisjoint(content_terms(text))


def _beside_side(mark: Mark, text: str) -> bool:
    """Return whether ``mark`` precedes a side, or directly follows one: "accepted none", "agreed not to"."""
    before = content_terms(text[: mark.start])
    return _takes_side(text[mark.end :]) or (bool(before) and before[-1] in _SIGNS)


def _denies_before(text: str) -> bool:
    """Tell whether a word that denies by its own sense, and is no side, stands in front of a side."""
    found = words(text)
    denying = [at for at, word in enumerate(found) if word in _DENYING and not _takes_side(word)]
    return bool(denying) and _takes_side(" ".join(found[denying[0] + 1 :]))


def changed_position(now: str, before: str, *, who: str = "") -> bool:
    """Tell whether ``now`` takes the other side of what ``before`` took; ``who`` are words that name the speaker."""
    if position(now) * position(before) != -1:
        return False
    aside = set(content_terms(who)) | _SIGNS.keys()
    ours, theirs = set(content_terms(now)) - aside, set(content_terms(before)) - aside
    return len(ours & theirs) >= SAME_MATTER_SHARE * max(1, min(len(ours), len(theirs)))

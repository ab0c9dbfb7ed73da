"""Tells whether somebody turned: from for to against, or back, on the same matter. Pure, English.

That an actor says something else is no change of position; only a word of consent where there was one of
refusal is, or the other way round, and only when both are about one thing.
"""

from __future__ import annotations

import re

from bot.language.words import content_terms

SAME_MATTER_SHARE = 0.25  # share of common terms, words of consent and refusal and names aside, from which two statements are about one thing

_FOR = "accept agree back endorse support welcome favour favor approve consent embrace confirm pledge promise admit"
_AGAINST = (
    "reject refuse oppose deny condemn dismiss criticise criticize veto block withdraw resist decline rebuff"
)
_SIGNS = {
    **dict.fromkeys(content_terms(_FOR), 1),
    **dict.fromkeys(content_terms(_AGAINST), -1),
}
_NOT = re.compile(
    r"\b(?:not|never|no longer|without|n[o']t|won['’]t|doesn['’]t|didn['’]t|against)\b|\bruled? out\b",
    re.IGNORECASE,
)


def position(text: str) -> int:
    """Return 1 where ``text`` consents, -1 where it refuses, 0 where it does neither or both."""
    signs = {_SIGNS[term] for term in content_terms(text) if term in _SIGNS}
    if len(signs) != 1:
        return 0
    (sign,) = signs
    return -sign if _NOT.search(text) else sign


def changed_position(now: str, before: str, *, who: str = "") -> bool:
    """Tell whether ``now`` takes the other side of what ``before`` took; ``who`` are words that name the speaker."""
    if position(now) * position(before) != -1:
        return False
    aside = set(content_terms(who)) | _SIGNS.keys()
    ours, theirs = set(content_terms(now)) - aside, set(content_terms(before)) - aside
    return len(ours & theirs) >= SAME_MATTER_SHARE * max(1, min(len(ours), len(theirs)))

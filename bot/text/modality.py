"""Finds what makes a statement less than plain fact: negations, doubts, reports, plans, and how far each reaches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from bot.text.words import stem, stop_words, words

REACH = 6  # content words a mark governs at most


class Force(IntEnum):
    """What a mark does to the clause behind it; the higher, the nearer to fact."""

    NEGATION = 0
    POSSIBLE = 1
    REPORTED = 2
    HOPED = 3  # expected, hoped, tried: no more than somebody's outlook
    PLANNED = 4
    FUTURE = 5


_PATTERNS: tuple[tuple[Force, str], ...] = (
    (
        Force.NEGATION,
        r"cannot|\w+n['’]t|(?<!or )not(?!\s(?:only|just|least|to mention|one but))|never|no(?=\s[a-z])(?!\s(?:doubt|matter|less|fewer|sooner))"
        r"|without|neither|nor(?=\s)|none|nobody|nothing|no one|unable|(?:ha(?:s|ve|d)|is|are) yet to|stop(?:s|ped)? short of"
        r"|fail(?:s|ed|ing|ure)?(?=\sto\s)|fail(?:s|ed)|refus(?:es?|ed|ing|al)|declin(?:es?|ed|ing)(?=\s(?:to|comment))"
        r"|den(?:y|ies|ied|ying|ial)|reject(?:s|ed|ing|ion)?|dismiss(?:es|ed|ing)?|turn(?:s|ed)? down|rul(?:es?|ed|ing) out"
        r"|lack(?:s|ed|ing)?|absence of|hardly|barely|no longer|refut(?:es|ed)|prevent(?:s|ed|ing)?",
    ),
    (
        Force.POSSIBLE,
        r"may(?!\s\d)|might|could|can(?=\s)|possibly|possible|possibility|perhaps|maybe|potential(?:ly)?|suggest(?:s|ed|ing)?"
        r"|appear(?:s|ed)?|seem(?:s|ed|ingly)?|risk(?:s|ed)?|unclear|uncertain|consider(?:s|ed|ing)?|mull(?:s|ed|ing)?"
        r"|speculat(?:es?|ed|ion)|threaten(?:s|ed|ing)?|whether|if|should|would-be",
    ),
    (
        Force.REPORTED,
        r"reportedly|alleged(?:ly)?|alleg(?:es?|ing|ations?)|purported(?:ly)?|supposed(?:ly)?|apparent(?:ly)?|suspect(?:s|ed)?"
        r"|believed?|believes|thought to|feared|rumou?r(?:s|ed)?|reported|accus(?:es?|ed|ing|ations?)|claim(?:s|ed)?|estimat(?:es?|ed)"
        r"|unconfirmed|unverified|is said to|are said to|was said to|were said to",
    ),
    (
        Force.HOPED,
        r"likely|probably|probable|expect(?:s|ed|ing|ations?)?|anticipat(?:es?|ed)|forecast(?:s|ers)?|predict(?:s|ed)?|hop(?:es?|ed|ing)"
        r"|aim(?:s|ed|ing)?|seek(?:s|ing)?|sought|tr(?:y|ies|ied|ying) to|attempt(?:s|ed|ing)?|bid to|propos(?:es?|ed|al)|want(?:s|ed)?"
        r"|urg(?:es?|ed|ing)|call(?:s|ed|ing)? (?:for|on)|offer(?:s|ed)? to|in order to|ask(?:s|ed)?|demand(?:s|ed|ing)?",
    ),
    (
        Force.PLANNED,
        r"plan(?:s|ned|ning)?|intend(?:s|ed)?|set to|due (?:to|in|on)|scheduled|slated|about to|vow(?:s|ed)?|pledg(?:es?|ed)|promis(?:es?|ed)"
        r"|agreed to|prepar(?:es?|ing)|was to|were to|is to|are to|upcoming|going to|ready to|looking to",
    ),
    (Force.FUTURE, r"will|would|shall|\w+['’](?:ll|d)"),
)
_MARK = re.compile(
    r"\b(?:" + "|".join(rf"(?P<{force.name}>{pattern})" for force, pattern in _PATTERNS) + r")(?![\w’'])",
    re.IGNORECASE,
)
_GRAMMATICAL = re.compile(
    r"(?:cannot|\w+n['’]t|not|never|no|without|neither|nor|none|no one|nobody|nothing|no longer)",
    re.IGNORECASE,
)
# Where a mark's reach ends.
_BORDER = re.compile(
    r"[;:—–()]|\s-\s|,(?=\s)|[.!?](?=\s|$)|\b(?:but|although|though|because|while|whereas|after|before|when|which|who|until|unless)\b",
    re.IGNORECASE,
)
_AUXILIARY = frozenset(
    "have has had be been being is are was were do does did to also immediately yet still even ever so far".split()
)
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


def find_marks(text: str) -> tuple[Mark, ...]:
    """Return the marks of ``text`` in order; "May" with a capital inside a sentence is the month."""
    found = []
    for match in _MARK.finditer(text):
        if match[0] == "May" and match.start() > 0:
            continue
        scope, reach = _scope(text, match.end())
        found.append(
            Mark(
                force=Force[match.lastgroup or "NEGATION"],
                start=match.start(),
                end=match.end(),
                text=match[0],
                scope=scope,
                reach=reach,
                grammatical=bool(_GRAMMATICAL.fullmatch(match[0])),
            )
        )
    return tuple(found)


def _scope(text: str, start: int) -> tuple[tuple[str, ...], int]:
    border = _BORDER.search(text, start)
    end = border.start() if border else len(text)
    stems: list[str] = []
    reach = start
    for match in _WORD.finditer(text, start, end):
        folded = words(match[0])
        if not folded or folded[0] in _AUXILIARY or folded[0] in stop_words("en"):
            continue
        stems.append(stem(folded[0]))
        reach = match.end()
        if len(stems) == REACH:
            break
    return tuple(stems), reach

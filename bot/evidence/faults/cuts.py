"""Finds a position that leaves out the "but" with which its speaker goes on: "it can be done, but we are not on the way"."""

from __future__ import annotations

import re

from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground
from bot.evidence.reading.synonyms import REPORTING_STEMS, carried, content
from bot.language.rules import load_rules
from bot.language.sentences.quotations import is_quoted_behind
from bot.language.speech import SAYING, any_of

SHOWN_WORDS = 8  # words of the omitted text that are shown
POSITION_SHARE = 0.6  # share of a position before the "but" from which it belongs there
_TURN = load_rules("en", "evidence").pattern("turn")
_GOES_ON = re.compile(
    rf"(?:(?:he|she|they|it)\s)?(?:(?:also|then|later)\s)?(?:{any_of(SAYING)})\b", re.IGNORECASE
)
_END = re.compile(r"[.!?”](?=\s|$)")


def cut_short(who: str, position: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the continuation with "but" by the same speaker that ``position`` leaves out."""
    terms = position.terms - REPORTING_STEMS - content(who)
    carrying = [facts for facts in ground.facts if _share(terms, content(facts.text)) >= POSITION_SHARE]
    continuations = [_but_clause(terms, facts.text) for facts in carrying]
    return (continuations[0],) if continuations and all(continuations) else ()


def _but_clause(terms: frozenset[str], text: str) -> str:
    """Return the continuation of ``text`` with "but" after ``terms``; empty if there is none."""
    for turn in _TURN.finditer(text):
        before, after = text[: turn.start()], _END.split(text[turn.end() :], maxsplit=1)[0]
        rest = content(after) - content(before)
        same_voice = is_quoted_behind(before) or bool(_GOES_ON.match(after))
        if (
            same_voice
            and _share(terms, content(before)) >= POSITION_SHARE
            and not any(carried(t, terms) for t in rest)
        ):
            return " ".join(text[turn.start() :].strip(" ,;—–-").split()[:SHOWN_WORDS])
    return ""


def _share(terms: frozenset[str], cited_terms: frozenset[str]) -> float:
    return sum(carried(t, cited_terms) for t in terms) / max(1, len(terms))

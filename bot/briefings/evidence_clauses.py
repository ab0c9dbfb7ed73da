"""Checks what a statement makes of its sentences: negations, doubts, whose claim it is, and that they carry it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.briefings.evidence_facts import Facts, Word
from bot.briefings.evidence_ground import Ground
from bot.briefings.evidence_names import _core
from bot.briefings.evidence_speech import is_attributed, speeches
from bot.briefings.evidence_words import REPORTING, carried, content
from bot.text.clauses import attributed
from bot.text.modality import Force, Mark

_OPEN = re.compile(r"[?？]|\bwhether\b", re.IGNORECASE)
_SPLIT = re.compile(
    r"(?<=[.!?”\"])\s(?=[A-Z“\"])|;\s|:\s|\s[—–-]\s|,?\s(?:while|whereas|although|but|after|before|because|and)\s|,\s(?:and|who|which|as|with|where|when)?\s?"
)
# Speakers whose word on matters of routine readers take as the report itself.
_ROUTINE = re.compile(
    r"\b(?:police|sheriff|fire|firefighters|coast guard|weather service|geological|observatory|meteorological|coroner|court|records|nasa|census)\b",
    re.IGNORECASE,
)
_WEIGHTY = re.compile(
    r"\b(?:dead|die[ds]?|death|kill\w*|injur\w*|wound\w*|casualt\w*|victims?|blam\w+|accus\w+|guilt\w*|respons\w+|attack\w*|terror\w*"
    r"|deliberate\w*|illegal\w*|violat\w+|threat\w*|innocen\w*|corrupt\w*|fraud\w*|abuse\w*|best|worst|largest|biggest)\b",
    re.IGNORECASE,
)


def negation(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the words by which ``statement`` denies what its sentences assert, or asserts what they deny."""
    theirs = [mark for facts in ground.facts for mark in facts.marks if mark.force is Force.NEGATION]
    ours = [mark for mark in statement.marks if mark.force is Force.NEGATION]
    denied = frozenset(term for mark in theirs for term in mark.scope)
    for mark in ours:
        if not theirs:
            return (mark.text,)
        scope = mark.scope[:3]
        if (
            scope
            and mark.grammatical
            and not any(carried(t, denied) for t in scope)
            and all(any(_asserted(t, facts) for facts in ground.facts) for t in scope[:1])
        ):
            return (mark.text,)
    negated = frozenset(term for mark in ours for term in mark.scope)
    for facts in ground.facts:
        for mark in facts.marks:
            if mark.force is not Force.NEGATION or not mark.scope:
                continue
            head = mark.scope[:2]
            if ours and any(carried(t, negated) for t in mark.scope):
                continue
            if all(_says(t, statement) for t in head) and not _elsewhere(head, ground) and not ours:
                return (mark.text,)
    return ()


def _says(term: str, facts: Facts) -> bool:
    return term in facts.terms or any(w.stem == term for w in facts.words)


def _asserted(term: str, facts: Facts) -> bool:
    """Tell whether ``facts`` say ``term`` outside the reach of every negation."""
    reaches = [(m.end, m.reach) for m in facts.marks if m.force is Force.NEGATION]
    return any(w.stem == term and not any(a <= w.start < b for a, b in reaches) for w in facts.words)


def _elsewhere(head: tuple[str, ...], ground: Ground) -> bool:
    """Tell whether the cited sentences also assert the word that a mark negates."""
    return any(_asserted(head[0], other) for other in ground.facts)


_COMPATIBLE: dict[Force, frozenset[Force]] = {
    Force.POSSIBLE: frozenset({Force.POSSIBLE, Force.REPORTED, Force.HOPED, Force.NEGATION}),
    Force.REPORTED: frozenset({Force.POSSIBLE, Force.REPORTED, Force.HOPED}),
    Force.HOPED: frozenset({Force.POSSIBLE, Force.REPORTED, Force.HOPED, Force.PLANNED}),
    Force.PLANNED: frozenset({Force.POSSIBLE, Force.REPORTED, Force.HOPED, Force.PLANNED, Force.FUTURE}),
    Force.FUTURE: frozenset(Force),
}
_TRAILING = re.compile(
    r"(?:possibl|probabl|reported|apparent|alleged|supposed|like|potential)l?y", re.IGNORECASE
)
_WILL_BE = re.compile(r"\b(?:to|be|being|is|are)\s(?:\w+\s)?$", re.IGNORECASE)


def hedge(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the marks of doubt or plan that ``statement`` leaves out of what its sentences say, or adds."""
    for facts in ground.facts:
        for head in dict.fromkeys(m.scope[0] for m in facts.marks if m.force and m.scope):
            told = [w for w in statement.words if w.stem == head]
            if not told or any(_plainly(word, other) for word in told for other in ground.facts):
                continue
            lost = _lost(_governing(facts, head), told, statement)
            if lost:
                return (lost.text,)
    if not any(
        facts.marks or _OPEN.search(facts.text) or is_attributed(facts.text) for facts in ground.facts
    ):
        added = [m.text for m in statement.marks if m.force in {Force.POSSIBLE, Force.REPORTED}]
        return tuple(added[:1])
    return ()


def _governing(facts: Facts, term: str) -> list[Mark]:
    return [m for m in facts.marks if m.force and term in m.scope]


def _plainly(word: Word, facts: Facts) -> bool:
    """Tell whether ``facts`` say ``word`` in that very form outside the reach of every mark."""
    return any(
        w.folded == word.folded and not any(m.end <= w.start < m.reach for m in facts.marks)
        for w in facts.words
    )


def _lost(theirs: Sequence[Mark], told: Sequence[Word], statement: Facts) -> Mark | None:
    """Return the first mark of ``theirs`` that the statement has nothing for where it says the word."""
    for word in told:
        ours = [m for m in statement.marks if _reaches(m, word)]
        kept = {m.text.casefold() for m in theirs} & {m.text.casefold() for m in ours}
        rest = [m for m in ours if m.text.casefold() not in kept]
        for mark in theirs:
            if mark.text.casefold() in kept or any(m.force in _COMPATIBLE[mark.force] for m in rest):
                continue
            if mark.force is Force.REPORTED and is_attributed(statement.text):
                continue
            if mark.force >= Force.PLANNED and not _as_past(word, statement):
                continue
            return mark
    return None


def _reaches(mark: Mark, word: Word) -> bool:
    return mark.end <= word.start < mark.reach or (
        0 <= mark.start - word.end < 24 and bool(_TRAILING.fullmatch(mark.text))
    )


def _as_past(word: Word, statement: Facts) -> bool:
    """Tell whether ``word`` stands as something that has happened: "launched", not "is launched in June"."""
    before = statement.text[max(0, word.start - 24) : word.start]
    return word.folded.endswith("ed") and not _WILL_BE.search(before)


def claimant(statement: Facts, ground: Ground, *, given: str) -> tuple[str, ...]:
    """Return who claims what ``statement`` tells as a fact; ``given`` is the claimant shown beside it, if any."""
    if given:
        running = frozenset().union(*(f.terms for f in (*ground.facts, *ground.beside, *ground.around)))
        names = content(given)
        return () if any(carried(t, running) for t in names) else (given,)
    if is_attributed(statement.text):
        return ()
    for facts in ground.facts:
        said = attributed(facts.text)
        if said is None:
            continue
        claim = content(said.claim)
        told = statement.terms - REPORTING
        if not told or sum(t in claim for t in told) / len(told) < 0.6:
            continue
        if _ROUTINE.search(said.speaker) and not _WEIGHTY.search(said.claim):
            continue
        if any(_elsewhere_said(told, other) for other in ground.facts if other is not facts):
            continue
        return (said.speaker,)
    return ()


def _elsewhere_said(told: frozenset[str], facts: Facts) -> bool:
    return not speeches(facts.text) and sum(carried(t, facts.terms) for t in told) / len(told) >= 0.6


def coverage(statement: Facts, ground: Ground) -> tuple[float, tuple[str, ...]]:
    """Return the share of the content words of ``statement`` that the cited sentences carry, and those they do not."""
    told = _told(statement)
    if not told:
        return 1.0, ()
    terms = frozenset().union(*(f.terms for f in ground.facts))
    missing = tuple(sorted(t for t in told if not carried(t, terms)))
    return 1 - len(missing) / len(told), missing


def _told(statement: Facts) -> frozenset[str]:
    names = frozenset(term for name in statement.names for term in content(" ".join(_core(name.text))))
    return statement.terms - REPORTING - names


def fused(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the clause of ``statement`` that no single cited sentence carries, where several are cited."""
    if len(ground.facts) < 2:
        return ()
    for clause in _clauses(statement.text):
        terms = content(clause) - REPORTING
        if len(terms) < 4:
            continue
        union = sum(carried(t, frozenset().union(*(f.terms for f in ground.facts))) for t in terms)
        best = max(sum(carried(t, facts.terms) for t in terms) for facts in ground.facts)
        if union - best >= 2 and best / len(terms) < 0.6:
            return (clause,)
    return ()


def _clauses(text: str) -> list[str]:
    found, start = [], 0
    for match in _SPLIT.finditer(text):
        piece = text[start : match.start()]
        if len(content(piece)) >= 3:
            found.append(piece.strip())
            start = match.end()
    rest = text[start:].strip()
    if found and len(content(rest)) < 3:
        found[-1] = f"{found[-1]} {rest}"
        return found
    return [*found, rest]

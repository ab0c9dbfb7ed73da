"""Checks hedges: possible, reported or planned things must not be stated as facts, nor facts as possible or planned."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.evidence.faults.clauses import carries, carries_most
from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground
from bot.evidence.reading.speech import is_attributed
from bot.evidence.reading.synonyms import carried
from bot.evidence.reading.tokens import Word
from bot.language.rules import load_rules
from bot.language.sentences.modality import Force, Mark
from bot.language.words import stem

OTHERS_SHARE = 0.4  # share of a statement in another sentence from which it may belong to that one
SUBJECT_WORDS = 2  # content words before a mark among which its subject stands
CLAUSE_WORDS = 3  # words after a mark of allegation among which the verb is
SHORT_STATEMENT_TERMS = 6  # content words of a short statement
_OPEN = re.compile(r"[?？]|\bwhether\b", re.IGNORECASE)
_COMPATIBLE: dict[Force, frozenset[Force]] = {
    Force.POSSIBLE: frozenset({Force.POSSIBLE, Force.REPORTED, Force.HOPED, Force.NEGATION}),
    Force.REPORTED: frozenset({Force.POSSIBLE, Force.REPORTED, Force.HOPED}),
    Force.HOPED: frozenset({Force.POSSIBLE, Force.REPORTED, Force.HOPED, Force.PLANNED}),
    Force.PLANNED: frozenset({Force.POSSIBLE, Force.REPORTED, Force.HOPED, Force.PLANNED, Force.FUTURE}),
    Force.FUTURE: frozenset(Force),
}
_RULES = load_rules("en", "evidence")
_TRAILING, _HAS = _RULES.pattern("trailing"), _RULES.pattern("has done")
_TO = re.compile(r"\bto\s$")
_WILL_BE = _RULES.pattern("will be")


def hedge(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the marks of doubt or plan of the sentences that ``statement`` leaves out, or that it adds."""
    for facts in ground.facts:
        several = any(
            carries(statement.terms, other) >= OTHERS_SHARE * len(statement.terms)
            for other in ground.facts
            if other is not facts
        )
        for head in dict.fromkeys(
            _head(m, statement)
            for m in facts.marks
            if m.force and m.scope and not m.loose and _about(m, statement, facts, several=several)
        ):
            stated = [w for w in statement.words if w.stem == head]
            if not stated or any(
                _plainly(word, other) and carries_most(statement.terms, other)
                for word in stated
                for other in ground.facts
            ):
                continue
            lost = _lost(_governing(facts, head), stated, statement, facts)
            if lost:
                return (lost.text,)
    if not any(
        facts.marks or _OPEN.search(facts.text) or is_attributed(facts.text) for facts in ground.facts
    ):
        added = [
            m.text for m in statement.marks if m.force in {Force.POSSIBLE, Force.REPORTED} and not m.loose
        ]
        return tuple(added[:1] or _planned_though_done(statement, ground))
    return ()


def _planned_though_done(statement: Facts, ground: Ground) -> list[str]:
    """Return the plan of ``statement`` for what its sentences, without a plan of their own, report as done: "has scanned"."""
    return [
        mark.text
        for mark in statement.marks
        if mark.force in {Force.PLANNED, Force.HOPED, Force.FUTURE} and not mark.loose and mark.scope
        if any(_done(mark.scope[0], facts) for facts in ground.facts)
    ]


def _done(verb: str, facts: Facts) -> bool:
    return any(w.stem == verb and _HAS.search(facts.text[: w.start]) for w in facts.words)


def _head(mark: Mark, statement: Facts) -> str:
    """Return the first word in the scope of ``mark``; after "alleged that" it is the verb, if the statement has another word for the subject."""
    if mark.force is Force.REPORTED:
        stems = {w.stem for w in statement.words}
        return next((term for term in mark.scope[:CLAUSE_WORDS] if term in stems), mark.scope[0])
    return mark.scope[0]


def _governing(facts: Facts, term: str) -> list[Mark]:
    return [m for m in facts.marks if m.force and term in m.scope]


def _about(mark: Mark, statement: Facts, facts: Facts, *, several: bool) -> bool:
    """Tell whether the statement speaks of what ``mark`` governs, not just with one of its words: of ``several`` sentences, with most.

    A short one has its subject, and the verb behind the mark: "forces appeared to encircle the city" told as "forces encircled it".
    """
    is_carried = [carried(t, statement.terms) for t in mark.scope[:4]]
    if len(is_carried) < 3 or sum(is_carried) >= (3 if several and len(is_carried) > 3 else 2):
        return True
    before = [w.stem for w in facts.words if w.end <= mark.start and not w.stop][-SUBJECT_WORDS:]
    return (
        is_carried[0]
        and len(statement.terms) <= SHORT_STATEMENT_TERMS
        and any(carried(t, statement.terms) for t in before)
    )


def _plainly(word: Word, facts: Facts) -> bool:
    """Tell whether ``facts`` say ``word`` in that very form outside the reach of every mark."""
    return any(
        w.folded == word.folded and not any(m.end <= w.start < m.reach for m in facts.marks)
        for w in facts.words
    )


def _lost(theirs: Sequence[Mark], stated: Sequence[Word], statement: Facts, facts: Facts) -> Mark | None:
    """Return the first mark of ``theirs`` that the statement has nothing for where it says the word."""
    for word in stated:
        ours = [m for m in statement.marks if _reaches(m, word)]
        kept = {_word(m) for m in theirs} & {_word(m) for m in ours} | _all_there(facts, statement)
        rest = [m for m in ours if _word(m) not in kept]
        for mark in theirs:
            if mark.loose or _word(mark) in kept or any(m.force in _COMPATIBLE[mark.force] for m in rest):
                continue
            if mark.force is Force.REPORTED and is_attributed(statement.text):
                continue
            if any(m.force < mark.force and m.force in _COMPATIBLE[mark.force] for m in ours):
                continue  # "an attempt to force what could be": the greater doubt is kept
            if mark.force >= Force.HOPED and _TO.search(statement.text[max(0, word.start - 8) : word.start]):
                continue  # "working to save" leaves it as open as "a bid to save"
            if mark.force >= Force.PLANNED and not _as_past(word, statement):
                continue
            return mark
    return None


def _word(mark: Mark) -> str:
    return stem(mark.text.split()[0].casefold())


def _all_there(facts: Facts, statement: Facts) -> frozenset[str]:
    """Return the marks that the statement has as often as its sentence, at any position."""
    ours = Counter(_word(m) for m in statement.marks)
    wanted = Counter(_word(m) for m in facts.marks)
    return frozenset(text for text, count in wanted.items() if ours[text] >= count)


def _reaches(mark: Mark, word: Word) -> bool:
    if mark.end <= word.start < mark.reach:
        return True
    between = mark.start - word.end
    return (0 <= between < 24 and bool(_TRAILING.fullmatch(mark.text))) or (
        between >= 0 and mark.trailing and mark.force <= Force.REPORTED
    )


def _as_past(word: Word, statement: Facts) -> bool:
    """Return whether ``word`` describes something that has happened: "launched", not "is launched in June"."""
    before = statement.text[max(0, word.start - 24) : word.start]
    return word.folded.endswith("ed") and not _WILL_BE.search(before)

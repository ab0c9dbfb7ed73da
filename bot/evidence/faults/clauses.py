"""Checks a statement against its sentences: negations, doubts, claimants, judgements, and whether they support it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground
from bot.evidence.reading.name_forms import core_of
from bot.evidence.reading.speech import is_attributed, speeches
from bot.evidence.reading.synonyms import (
    FRAME,
    LOADED,
    REPORTING_STEMS,
    UNITS,
    carried,
    content,
    covered,
    may_mean_the_same,
)
from bot.evidence.reading.tokens import words_of
from bot.evidence.reading.voices import voices
from bot.language.entities.names import find_names
from bot.language.rules import load_rules
from bot.language.sentences.clauses import attributed
from bot.language.sentences.modality import Force, Mark

MAX_BORROWED_TERMS = 3  # words of a clause from other sentences from which it is a mixture
FUSED_SHARE = 0.6  # share of a clause in one sentence from which the clause belongs to that sentence
MAX_CLAUSE_SPEAKER_WORDS = 14  # words; more is a clause taken for a speaker
_SENTENCES = re.compile(r"(?<=[.!?”\"])\s(?=[A-Z“\"])")
# Read when the module is: sentences are judged in the loop, where no file may be opened.
_RULES = load_rules("en", "evidence")
_SPLIT = _RULES.pattern("split")
# Speakers whose word on matters of routine readers take as the report itself.
_ROUTINE = _RULES.pattern("routine")
_TIME_WORDS = _RULES.words["time"]
DENIED_WORDS = 2  # content words after "absent" and the like that are denied
LEFT_OUT_SHARE = 0.6  # share of the denied words that are asserted, from which the denial is missing
OF_THE_SAME_SHARE = 0.5  # of the words of a clause in a sentence, from which both speak of the same
_NEGATIONS = load_rules("en", "negations").words
_NEGATIVE, _DENIALS, _LACK = _NEGATIONS["negative"], _NEGATIONS["denial"], _NEGATIONS["lack"]
_UNDONE = _RULES.pattern("undone")
_OWN_MIND = _RULES.pattern("own mind")
_WEIGHTY = _RULES.pattern("weighty")
_FINITE = _RULES.pattern("finite")


def negation(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the words by which ``statement`` denies what its sentences assert, or asserts what they deny."""
    ours = [m for m in statement.marks if m.force is Force.NEGATION]
    theirs = [m for facts in ground.facts for m in facts.marks if m.force is Force.NEGATION]
    if ours and not theirs:
        return _added(ours, ground)
    met_ours, met_theirs = _matched(ours, theirs)
    surplus = len(ours) - len(met_ours) > len(theirs) - len(met_theirs)
    for mark in ours:
        free = surplus and mark.grammatical and mark not in met_ours
        if free and any(_asserted(mark.scope[:1], f) for f in ground.facts):
            return (mark.text,)
    if len(met_ours) < len(ours) or _negative(statement) - _negative(*ground.facts):
        return ()  # "did not materialise" told as "there was no", "unknown" for "not known": whose is whose cannot be told
    for facts in ground.facts:
        for mark in facts.marks:
            if (
                mark.force is Force.NEGATION
                and mark not in met_theirs
                and _left_out(mark, statement, facts, several=len(ground.facts) > 1)
            ):
                asserted = [t for t in mark.scope[:3] if _positive(t, statement, alike=mark.grammatical)]
                if not any(_elsewhere(t, statement, ground) for t in asserted[:1]):
                    return (mark.text,)
    return ()


def _added(ours: Sequence[Mark], ground: Ground) -> tuple[str, ...]:
    """Return the denial of ``ours`` that has no ground; "refused" and "without" only where what they deny is asserted."""
    negative = _negative(*ground.facts)
    for mark in ours:
        word = mark.text.split()[0].casefold()
        if mark.grammatical and word != "without" and not negative:
            return (mark.text,)
        denies = mark.grammatical or word in _DENIALS
        reach = 3 if mark.grammatical and word != "without" else 1
        if denies and any(
            _asserted(mark.scope[:reach], f) for f in ground.facts if not _by_another_word(mark, f)
        ):
            return (mark.text,)
    return ()


def _by_another_word(mark: Mark, facts: Facts) -> bool:
    """Tell whether ``facts`` say by a negative word right before what ``mark`` denies: "absent a longer war"."""
    plain_words = [w for w in facts.words if not w.stop]
    return any(
        word.folded in _LACK
        and any(w.stem in mark.scope[:1] for w in plain_words[at + 1 : at + 1 + DENIED_WORDS])
        for at, word in enumerate(plain_words)
    )


def _negative(*texts: Facts) -> frozenset[str]:
    """Return the stems of the words that deny by their own sense: "unknown", "lacks", "hopeless"."""
    return frozenset(
        w.stem for facts in texts for w in facts.words if w.folded in _NEGATIVE or _UNDONE.fullmatch(w.folded)
    )


def _left_out(mark: Mark, statement: Facts, facts: Facts, *, several: bool) -> bool:
    """Tell whether ``statement`` asserts what ``mark`` denies in ``facts``: its first word, most of the rest, of the same."""
    scope = mark.scope[:4]
    asserted = [t for t in scope if _positive(t, statement, alike=mark.grammatical)]
    if not asserted or (mark.grammatical and asserted[0] != scope[0]):
        return False
    if len(asserted) < min(2, len(scope)) and not mark.grammatical:
        return False
    clause = next(
        (c for c in split(statement.text) if asserted[0] in {w.stem for w in words_of(c)}), statement.text
    )
    terms = content(clause) - REPORTING_STEMS
    most_of_it = (
        mark.grammatical
        and len(asserted) > 1
        and asserted[:2] == list(scope[:2])
        and len(terms) <= len(asserted) + 2
    )
    if (
        len(scope) > 2
        and len(asserted) < LEFT_OUT_SHARE * len(scope)
        and not (most_of_it or _same_form(scope[0], statement, facts))
    ):
        return False
    if sum(carried(t, facts.terms) for t in terms) < OF_THE_SAME_SHARE * len(terms):
        return False
    before = [w for w in facts.words if w.end <= mark.start and not w.stop][-3:]
    return (
        not several
        or not before
        or any(carried(w.stem, statement.terms) or w.stem in statement.folded for w in before)
    )


def _same_form(term: str, statement: Facts, facts: Facts) -> bool:
    forms = {w.folded for w in facts.words if w.stem == term}
    return any(w.folded in forms for w in statement.words)


def _matched(ours: Sequence[Mark], theirs: Sequence[Mark]) -> tuple[list[Mark], list[Mark]]:
    """Pair the negations of both sides, those first that are worded alike and reach over the same words."""
    scored = sorted(
        ((_alike(a, b), i, j) for i, a in enumerate(ours) for j, b in enumerate(theirs)), key=lambda s: -s[0]
    )
    left, right = set(), set()
    for score, i, j in scored:
        if score > 0 and i not in left and j not in right:
            left.add(i)
            right.add(j)
    return [ours[i] for i in left], [theirs[j] for j in right]


def _alike(one: Mark, other: Mark) -> float:
    terms = frozenset(other.scope)
    shared = sum(carried(t, terms) for t in one.scope)
    if not shared:
        return 0.0
    return shared / len({*one.scope, *other.scope}) + 0.5 * (one.text.casefold() == other.text.casefold())


def _asserted(terms: Sequence[str], facts: Facts) -> bool:
    """Tell whether ``facts`` say one of ``terms`` outside the reach of every negation."""
    return any(_positive(term, facts) for term in terms)


def _positive(term: str, facts: Facts, *, alike: bool = False) -> bool:
    reaches = [(m.end, m.reach) for m in facts.marks if m.force is Force.NEGATION]
    return any(
        (term in {w.stem, w.head} or (alike and not w.stop and may_mean_the_same(w.stem, term)))
        and not any(a <= w.start < b for a, b in reaches)
        for w in facts.words
    )


def _elsewhere(head: str, statement: Facts, ground: Ground) -> bool:
    """Tell whether a cited sentence that carries most of the statement asserts the word that another negates."""
    forms = {w.folded for w in statement.words if w.stem == head}
    for facts in ground.facts:
        reaches = [(m.end, m.reach) for m in facts.marks if m.force is Force.NEGATION]
        if any(w.folded in forms and not any(a <= w.start < b for a, b in reaches) for w in facts.words):
            return carries_most(statement.terms, facts)
    return False


def carries(terms: Iterable[str], facts: Facts) -> int:
    """Return how many of ``terms`` are in ``facts``, in any form or as a synonym."""
    return sum(carried(t, facts.terms) for t in terms)


def carries_most(terms: frozenset[str], facts: Facts) -> bool:
    """Return whether ``facts`` have most of ``terms``."""
    return carries(terms, facts) >= 0.6 * len(terms)


def claimant(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the claimant of what ``statement`` states as a fact."""
    if is_attributed(statement.text):
        return ()
    for facts in ground.facts:
        said = attributed(facts.text)
        if said is None or len(said.speaker.split()) > MAX_CLAUSE_SPEAKER_WORDS or _finite(said.speaker):
            continue
        if _OWN_MIND.match(said.claim) or any(
            _names_speaker(statement, who) for who in _speakers(said.speaker, facts)
        ):
            continue
        claim = content(said.claim)
        terms = statement.terms - REPORTING_STEMS
        if not terms or sum(t in claim for t in terms) / len(terms) < 0.6:
            continue
        if (said.speaker == "it" or _ROUTINE.search(said.speaker)) and not _WEIGHTY.search(said.claim):
            continue
        if any(_elsewhere_said(terms, other) for other in ground.facts if other is not facts):
            continue
        return (said.speaker,)
    return ()


def _names_speaker(statement: Facts, speaker: str) -> bool:
    names = {word for name in find_names("x " + speaker) for word in name.text.split()[-1:]}
    return any(w.text in names for w in statement.words)


def _speakers(first: str, facts: Facts) -> list[str]:
    """Return who speaks in ``facts``; what begins with "in" or "during" is no speaker: “…,” Hale said in May, defending the rule."""
    if not first.startswith(tuple(f"{word} " for word in _TIME_WORDS)):
        return [first]
    return [voice.speech.who for voice in voices(facts.text)]


def _finite(speaker: str) -> bool:
    return bool(_FINITE.search(speaker))


def _elsewhere_said(terms: frozenset[str], facts: Facts) -> bool:
    return not speeches(facts.text) and sum(carried(t, facts.terms) for t in terms) / len(terms) >= 0.6


def coverage(statement: Facts, ground: Ground, *, widely: bool = False) -> tuple[float, tuple[str, ...]]:
    """Return the share of the content words of ``statement`` that the cited sentences have, and the missing words.

    ``widely`` also accepts words that are synonyms in some contexts only.
    """
    to_carry = terms_to_carry(statement)
    if not to_carry:
        return float(bool(statement.names or statement.counts or statement.quotes or statement.days)), ()
    cited_terms = frozenset().union(*(f.terms for f in ground.facts))
    holds = covered if widely else carried
    missing = tuple(sorted(t for t in to_carry if not holds(t, cited_terms)))
    return 1 - len(missing) / len(to_carry), missing


def slanted(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the judging words of ``statement`` ("triumph", "baseless") that are in none of the cited sentences or those next to them."""
    loaded = [w for w in statement.words if w.folded in LOADED]
    if not loaded:
        return ()
    terms = frozenset().union(*(f.terms for f in (*ground.facts, *ground.beside, *ground.around)))
    return tuple(w.text for w in loaded if not carried(w.stem, terms))


def terms_to_carry(statement: Facts) -> frozenset[str]:
    """Return the content words of ``statement`` that need evidence, without its names and units."""
    names = frozenset(term for name in statement.names for term in content(" ".join(core_of(name.text))))
    counted = content(" ".join(count.text for count in statement.counts))
    return statement.terms - REPORTING_STEMS - FRAME - UNITS - names - counted


def fused(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the clause of ``statement`` that no single cited sentence supports, if several are cited."""
    if len(ground.facts) < 2:
        return ()
    for clause in split(statement.text):
        terms = content(clause) - REPORTING_STEMS
        if len(terms) < 4:
            continue
        union = sum(carried(t, frozenset().union(*(f.terms for f in ground.facts))) for t in terms)
        best = max(sum(carried(t, facts.terms) for t in terms) for facts in ground.facts)
        if union - best >= MAX_BORROWED_TERMS and best / len(terms) < FUSED_SHARE:
            return (clause,)
    return ()


def split(text: str) -> list[str]:
    """Return the clauses of ``text`` that are long enough to be compared with a sentence."""
    found = []
    for sentence in _SENTENCES.split(text):
        pieces: list[str] = []
        start = 0
        for match in _SPLIT.finditer(sentence):
            if len(content(sentence[start : match.start()])) >= 3:
                pieces.append(sentence[start : match.start()].strip())
                start = match.end()
        rest = sentence[start:].strip()
        if pieces and len(content(rest)) < 3:
            pieces[-1] = f"{pieces[-1]} {rest}"
        elif rest:
            pieces.append(rest)
        found += pieces
    return found

"""Checks states and outcomes: a cited sentence must say that a story is in a state, or what became of an announcement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.evidence.faults.clauses import terms_to_carry
from bot.evidence.faults.opposites import OPPOSITES, contrary
from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground
from bot.evidence.reading.synonyms import carried, may_mean_the_same
from bot.evidence.reading.tokens import Word
from bot.language.dates.rules import WEEKDAYS
from bot.language.rules import load_rules
from bot.language.sentences.modality import Force, Mark, find_marks
from bot.language.text_cache import text_cached
from bot.language.words import fold
from bot.model.record import Verdict
from bot.model.update import AnnouncementOutcome

STATE_SHARE = 0.5  # of the words of a state's description that one cited sentence has
OUTCOME_SHARE = 0.4  # of the words of what was announced that the report has
_RULES = load_rules("en", "outcomes")
_ENDED = next(pair.other for pair in OPPOSITES if pair.sense == "begin and end")
_DAYS = frozenset(map(str.casefold, WEEKDAYS)) | {"morning", "afternoon", "evening", "night"}
STOPPED_WITHIN_WORDS = 3  # words between "stopped" and what was stopped
# "The suspect was arrested" doubts nothing, as "police suspect that he was arrested" does.
_PERSON = re.compile(r"(?:,|\s(?:who|whose|was|were|is|are|has|have|had|in|and)\b)")


def state_holds(description: Facts, ground: Ground, *, carried_by: Sequence[str] = ()) -> Verdict:
    """Return whether a cited sentence states the ``description`` of a state as a fact, not denied.

    ``carried_by`` are words or phrases that are enough by themselves. If there are any, a sentence without them needs all words of the
    description, and a second look: a single word such as "talks" is true of every negotiation.
    """
    if any(_says(phrase, facts, description) for facts in ground.facts for phrase in carried_by):
        return Verdict(passed=True)
    best: tuple[str, tuple[str, ...]] = ("uncovered", tuple(sorted(terms_to_carry(description))))
    for facts in ground.facts:
        meeting = _meeting(description, facts)
        terms = terms_to_carry(description)
        met = {t for t in terms if carried(t, facts.terms)}
        if not terms or len(met) < max(1, (1 if carried_by else STATE_SHARE) * len(terms)):
            continue
        against = _undone(meeting, description, facts) or contrary(description, facts)
        if not against:
            return Verdict(passed=True, flagged=bool(carried_by) or len(met) < len(terms))
        best = ("state", (description.text.rstrip("."),))
    return Verdict(passed=False, reason=best[0], words=best[1])


def _says(phrase: str, facts: Facts, description: Facts) -> bool:
    """Tell whether ``facts`` have the words of ``phrase`` side by side, as surely as it has them, and not as ended."""
    phrase_words, force = _phrase_words(phrase)
    ends = not _ENDED.isdisjoint((*description.folded, *phrase_words))
    return any(
        not (_weakened(found, facts, force) or (not ends and any(_ended(word, facts) for word in found)))
        for found in _occurrences(phrase_words, _undated(facts.words))
    )


def _undated(words: Sequence[Word]) -> Sequence[Word]:
    """Return ``words`` without days, which can be anywhere: "the senate on Sunday afternoon passed"."""
    return [
        word
        for word, behind in zip(words, (*words[1:], None), strict=True)
        if word.folded not in _DAYS and not (behind and behind.folded in _DAYS and word.folded == "on")
    ]


@text_cached(maxsize=4_096)
def _phrase_words(phrase: str) -> tuple[tuple[str, ...], Force | None]:
    """Return the words of ``phrase`` and how sure it is, None where it is plain fact; "to be held" is ahead."""
    words = tuple(map(fold, phrase.split()))
    ahead = Force.PLANNED if words[0] == "to" else None
    return words, min((mark.force for mark in find_marks(phrase)), default=ahead)


def _occurrences(phrase_words: Sequence[str], words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Yield the positions of ``phrase_words`` in ``words``; "investigat*" matches each word that begins so."""
    for at in range(len(words) - len(phrase_words) + 1):
        found = words[at : at + len(phrase_words)]
        if all(_is(ours, theirs.folded) for ours, theirs in zip(phrase_words, found, strict=True)):
            yield found


def _is(pattern: str, word: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


def _weakened(found: Sequence[Word], facts: Facts, force: Force | None) -> bool:
    """Return whether ``facts`` deny, doubt or plan the words ``found``; a phrase that is itself a plan (``force``) may be planned."""
    allowed = None if force in (None, Force.NEGATION) else min(force, Force.HOPED)
    return any(
        mark.end <= found[0].start < mark.reach
        and (allowed is None or mark.force < allowed)
        and not (mark.text.casefold() == "suspect" and _PERSON.match(facts.text, mark.end))
        for mark in facts.marks
    )


def _meeting(description: Facts, facts: Facts) -> list[Word]:
    """Return the words of ``facts`` that carry a word of ``description``."""
    terms = terms_to_carry(description)
    return [w for w in facts.words if not w.stop and any(may_mean_the_same(w.stem, t) for t in terms)]


def _undone(meeting: list[Word], description: Facts, facts: Facts) -> bool:
    """Tell whether ``facts`` deny, doubt, plan or end what ``description`` has as a fact."""
    allowed = min((m.force for m in description.marks), default=None)
    for word in meeting:
        for mark in facts.marks:
            if _governs(mark, word) and (allowed is None or mark.force < allowed) and not mark.loose:
                return True
        if not description.folded & _ENDED and _ended(word, facts):
            return True
    return False


def _governs(mark: Mark, word: Word) -> bool:
    return mark.end <= word.start < mark.reach or (
        mark.start <= word.start < mark.end and mark.force is not Force.FUTURE
    )


def _ended(word: Word, facts: Facts) -> bool:
    before = [w for w in facts.words if w.end <= word.start][-STOPPED_WITHIN_WORDS:]
    behind = [w for w in facts.words if w.start >= word.end][:STOPPED_WITHIN_WORDS]
    return any(w.folded in _ENDED for w in (*before, *behind)) and word.folded not in _ENDED


def outcome_holds(announced: Facts, outcome: AnnouncementOutcome, ground: Ground) -> Verdict:
    """Return whether a cited sentence reports that ``announced`` happened, did not happen or was moved."""
    terms = terms_to_carry(announced)
    for facts in ground.facts:
        share = sum(carried(t, facts.terms) for t in terms) / max(1, len(terms))
        held = [
            n for n in announced.names if any(set(n.text.split()) & set(o.text.split()) for o in facts.names)
        ]
        if share < OUTCOME_SHARE or (announced.names and not held):
            continue
        if outcome_of(facts, _meeting(announced, facts)) is outcome:
            return Verdict(passed=True, flagged=share < 2 * OUTCOME_SHARE)
    return Verdict(passed=False, reason="not_settled", words=(str(outcome),))


def outcome_of(facts: Facts, meeting: list[Word]) -> AnnouncementOutcome | None:
    """Return the outcome that ``facts`` report for the words ``meeting``; None if it is open, or nothing is reported."""
    if _RULES.has("moved", facts.text):
        return AnnouncementOutcome.MOVED
    if _RULES.has("called off", facts.text):
        return AnnouncementOutcome.DID_NOT_HAPPEN
    governing = [m for m in facts.marks if not m.loose and any(_governs(m, w) for w in meeting)]
    if _RULES.has("open", facts.text) or any(
        m.force > Force.REPORTED or m.force is Force.POSSIBLE for m in governing
    ):
        return None
    if any(m.force is Force.NEGATION for m in governing):
        return AnnouncementOutcome.DID_NOT_HAPPEN
    return AnnouncementOutcome.HAPPENED

"""Checks relations between facts: whether a fact repeats, replaces or contradicts a known one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import combinations, takewhile

from bot.evidence.faults import clauses, names
from bot.evidence.faults.opposites import contrary
from bot.evidence.reading.counts import Count
from bot.evidence.reading.facts import Facts, read
from bot.evidence.reading.ground import Ground
from bot.evidence.reading.speech import speech_of
from bot.evidence.reading.synonyms import REPORTING_STEMS, carried, content, may_mean_the_same
from bot.evidence.reading.voices import is_speaker
from bot.language.dates.rules import MONTHS, WEEKDAYS
from bot.language.rules import load_rules
from bot.language.words import stem
from bot.model.record import Verdict

_SENSES = load_rules("en", "counts").words
_EVERYBODY = frozenset(map(stem, _SENSES["one count"]))
_BEFALLEN = {
    sense: frozenset(map(stem, words))
    for sense, words in _SENSES.items()
    if sense.startswith("one count of ")
}
_CALENDAR = frozenset(stem(name.casefold()) for name in (*MONTHS, *WEEKDAYS))
REPEATED_FACT_SHARE = 0.5  # share of the words of a fact from which it may repeat the known one
SAME_SUBJECT_SHARE = 0.6  # share of its words except numbers from which a fact counts the same thing


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledFact:
    """A fact in the form of the check of labels: its line, who says it (empty: the outlets), its day, and when it was reported.

    ``reported_at`` is aware and orders facts of one day; None if unknown.
    """

    text: str
    claimant: str = ""
    day: date | None = None
    reported_at: datetime | None = None


def restates(new: LabelledFact, known: LabelledFact) -> Verdict:
    """Return whether ``new`` repeats ``known``: the same numbers, days and names, and no contradiction."""
    ours, theirs = _read(new), _read(known)
    ground = _alone(theirs)
    differing = (
        _numbers_of(ours, theirs)
        or _days_of(ours, theirs)
        or names.unsupported(ours, ground)
        or names.misplaced(ours, ground)
        or contrary(ours, theirs)
        or clauses.negation(ours, ground)
    )
    if differing:
        return Verdict(passed=False, reason="restates", words=differing)
    share, missing = clauses.coverage(ours, ground)
    if share < REPEATED_FACT_SHARE:
        return Verdict(passed=False, reason="restates", words=missing)
    return Verdict(passed=True)


def supersedes(new: LabelledFact, known: LabelledFact) -> Verdict:
    """Return whether ``new`` replaces ``known``: same counted thing or a moved day, same claimant, later."""
    if not _same_claimant(new.claimant, known.claimant):
        return _refused(f"said by {new.claimant or 'the outlets'}, not by {known.claimant or 'the outlets'}")
    if not _later(new, known):
        return _refused("its day is not later")
    ours, theirs = _read(new), _read(known)
    if names.unsupported(ours, _alone(theirs)) or names.misplaced(ours, _alone(theirs)):
        return _refused("it is about somebody or something else")
    if contrary(ours, theirs) or clauses.negation(ours, _alone(theirs)):
        return _refused("it says the contrary")
    if not _counts_the_same(ours, theirs) and not _moves_a_day(ours, theirs):
        return _refused("it does not count the same thing")
    wanted = _subject(ours)
    share = sum(carried(t, theirs.terms) for t in wanted) / max(1, len(wanted))
    if share < SAME_SUBJECT_SHARE:
        return _refused("it does not count the same thing")
    return Verdict(passed=True)


def disagree(sides: Sequence[LabelledFact]) -> Verdict:
    """Return whether ``sides`` contradict each other: different speakers with a different number, day or opposite word.

    Sides that say or count different things are no contradiction.
    """
    if len(sides) < 2:
        return Verdict(passed=False, reason="agreed", words=("there is one side only",))
    for one, other in combinations(sides, 2):
        if one.claimant and _same_claimant(one.claimant, other.claimant):
            return Verdict(passed=False, reason="agreed", words=(f"{one.claimant} says both",))
    read_sides = [(side, _read(side)) for side in sides]
    for side, ours in read_sides:
        if not any(_differ(ours, theirs) for _, theirs in read_sides if theirs is not ours):
            return Verdict(passed=False, reason="agreed", words=(side.text,))
    return Verdict(passed=True)


def _differ(ours: Facts, theirs: Facts) -> bool:
    return bool(
        _count_differently(ours, theirs)
        or _days_of(ours, theirs)
        or contrary(ours, theirs)
        or clauses.negation(ours, _alone(theirs))
        or clauses.negation(theirs, _alone(ours))
    )


def new_numbers(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the numbers of ``text`` that are in none of the ``known`` lines."""
    ours, theirs = read(text, None), [read(one, None) for one in known]
    held = {(count.value, count.unit) for facts in theirs for count in facts.counts}
    return tuple(c.text for c in ours.counts if (c.value, c.unit) not in held and c.value != 1)


def _refused(why: str) -> Verdict:
    return Verdict(passed=False, reason="supersedes", words=(why,))


def _later(new: LabelledFact, known: LabelledFact) -> bool:
    if new.day is None or known.day is None:
        return False
    if new.day != known.day or new.reported_at is None or known.reported_at is None:
        return new.day > known.day
    return new.reported_at > known.reported_at


def _read(fact: LabelledFact) -> Facts:
    at = datetime.combine(fact.day, time(12), tzinfo=UTC) if fact.day else None
    return read(fact.text, at)


def _alone(facts: Facts) -> Ground:
    return Ground(facts=(facts,), before=((),), around=(), beside=(), running=(facts.plain,), articles=())


def _same_claimant(one: str, other: str) -> bool:
    if not one.strip() or not other.strip():
        return not one.strip() and not other.strip()
    return is_speaker(one, speech_of("said", other)) or is_speaker(other, speech_of("said", one))


def _numbers_of(ours: Facts, theirs: Facts) -> tuple[str, ...]:
    held = {(c.value, c.unit) for c in theirs.counts if not c.year}
    return tuple(c.text for c in ours.counts if not c.year and (c.value, c.unit) not in held and c.value != 1)


def _days_of(ours: Facts, theirs: Facts) -> tuple[str, ...]:
    if not theirs.days:
        return ()
    spans = {span for day in theirs.days for span in day.spans}
    return tuple(day.text for day in ours.days if not spans & set(day.spans))


def _counts_the_same(ours: Facts, theirs: Facts) -> bool:
    return any(
        a.value != b.value
        and a.unit == b.unit
        and a.ordinal == b.ordinal
        and _same_thing(a, b, of=_what_befell(a, ours), other_of=_what_befell(b, theirs))
        for a in ours.counts
        for b in theirs.counts
        if not a.year and not b.year
    )


def _count_differently(ours: Facts, theirs: Facts) -> bool:
    """Tell whether one number is another in ``theirs``, of one thing or of one that a side leaves unnamed."""
    return any(
        a.value != b.value and a.unit == b.unit and _answer_one_question(a, b, ours, theirs)
        for a in ours.counts
        for b in theirs.counts
        if not a.year and not b.year
    )


def _answer_one_question(one: Count, other: Count, ours: Facts, theirs: Facts) -> bool:
    of, other_of = _what_befell(one, ours), _what_befell(other, theirs)
    if of and other_of:
        return _same_thing(one, other, of=of, other_of=other_of)
    return not one.after or not other.after or _same_thing(one, other, of=of, other_of=other_of)


def _same_thing(one: Count, other: Count, *, of: frozenset[str], other_of: frozenset[str]) -> bool:
    """Tell whether two numbers count one thing: "31 killed" and "40 died" do, "31 soldiers killed" and "40 killed" do not."""
    if of and other_of:
        mine, theirs = _counted_kind(one), _counted_kind(other)
        # In "three injured workers" the counted persons follow what happened to them.
        named = any(
            may_mean_the_same(a, b)
            for a in mine or one.after * bool(theirs)
            for b in theirs or other.after * bool(mine)
        )
        return bool(of & other_of) and (named or not mine | theirs)
    if one.after and other.after:
        alike = sum(any(may_mean_the_same(a, b) for b in other.after) for a in one.after)
        return alike == min(len(one.after), len(other.after))
    return any(may_mean_the_same(a, b) for a in one.before for b in other.before)


def _what_befell(count: Count, facts: Facts) -> frozenset[str]:
    """Return what befell those who are counted ("one count of dead"): by the words beside the number, else by all of ``facts``."""
    beside = {*count.after, *count.before}
    near = frozenset(sense for sense, stems in _BEFALLEN.items() if stems & beside)
    if near:
        return near
    befell = frozenset(s for s, stems in _BEFALLEN.items() if any(w.stem in stems for w in facts.words))
    return befell if len(befell) == 1 else frozenset()


def _counted_kind(count: Count) -> frozenset[str]:
    """Return the words that say who is counted, where they are some of those befallen only: "soldiers", not "people"."""
    befallen = frozenset().union(*_BEFALLEN.values())
    return frozenset(takewhile(lambda term: term not in befallen, count.after)) - _EVERYBODY - _CALENDAR


def _moves_a_day(ours: Facts, theirs: Facts) -> bool:
    spans = {span for day in theirs.days for span in day.spans}
    return bool(spans) and any(not spans & set(day.spans) for day in ours.days)


def _subject(facts: Facts) -> frozenset[str]:
    dated = frozenset(t for day in facts.days for t in content(day.text))
    return facts.terms - REPORTING_STEMS - dated

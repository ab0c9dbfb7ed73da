"""Find reports of announced events in statements of later articles, if no model named them. Pure.

statement ──all that was announced, done, on its day──▶ happened        ──put off to a day──▶ moved        ──called off──▶ did not happen

A wrong outcome is worse than none, so an uncertain one is None.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.evidence.reading.facts import Facts, read
from bot.evidence.reading.synonyms import carried, content
from bot.evidence.reading.tokens import Word
from bot.language.rules import load_rules
from bot.language.sentences.modality import Force, Mark
from bot.language.words import stem
from bot.model.update import AnnouncementOutcome, UpdateAnnouncement

MAX_REPORT_DELAY = timedelta(days=2)  # time after the day in which a report without a day is about it
MANY_TERMS = 6  # terms of an announcement from which a report may lack one that is no name
OFF_SHARE = 0.5  # share of the terms that are no names, from which "called off" speaks of the announcement
MAY_SHARE = 0.6  # share of the terms from which an article may be about what was announced
OUTCOME_WITHIN_WORDS = 3  # content words between what was announced and the word that says what became of it
_RULES = load_rules("en", "outcomes")
_PLANS = load_rules("en", "plans")
_PAST = tuple(frozenset(words) for words in load_rules("en", "irregular").words.values())
_BORDER = _RULES.pattern("border")
_NOT_SO = tuple(_RULES.words["says nothing"])
_NO_FACT = frozenset({Force.NEGATION, Force.POSSIBLE, Force.HOPED, Force.PLANNED, Force.FUTURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedStatement:
    """A statement with the day of its newest article."""

    text: str
    published: datetime
    happened_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The outcome of an announcement; ``due`` to ``due_end`` are the new days if it moved."""

    outcome: AnnouncementOutcome
    due: date | None = None
    due_end: date | None = None


def reported(announced: UpdateAnnouncement, statement: DatedStatement) -> Reported | None:
    """Return the outcome of ``announced`` that ``statement`` certainly reports, None if it reports none."""
    if announced.due is None:
        return None
    what, said = read(announced.what, None), read(statement.text, statement.published)
    if not _names_all(what, said) or _RULES.has("open", statement.text):
        return None
    if any(_RULES.has(sense, statement.text) for sense in ("moved", "called off")):
        return _put_off(announced, what, said, statement)
    happened = _is_of_its_day(announced, said, statement) and _is_done(what, statement)
    return Reported(outcome=AnnouncementOutcome.HAPPENED) if happened else None


def may_report(what: str, text: str) -> bool:
    """Return whether ``text`` may be about ``what`` was announced: it has most of its words."""
    terms, said = _terms(read(what, None)), content(text)
    return sum(carried(t, said) for t in terms) >= MAY_SHARE * len(terms)


def _names_all(what: Facts, said: Facts) -> bool:
    """Tell whether ``said`` has every name of ``what``, by its last word."""
    return all(
        name.text.casefold().split()[-1].removesuffix("’s").removesuffix("'s") in said.folded
        for name in what.names
    )


def _terms(what: Facts) -> frozenset[str]:
    """Return the content stems of an announcement, without days and words of the future."""
    frame = _RULES.words["frame"]
    return frozenset(
        w.stem
        for w in what.words
        if not w.stop
        and w.folded not in frame
        and w.folded not in what.calendar
        and not w.folded[0].isdigit()
    )


def _is_of_its_day(announced: UpdateAnnouncement, said: Facts, statement: DatedStatement) -> bool:
    """Return whether ``statement`` is of the announced day or just after it, and names no other day."""
    first = announced.due or date.max
    last = announced.due_end or first
    if statement.published.date() < first:
        return False
    if statement.happened_on and not first <= statement.happened_on <= last + MAX_REPORT_DELAY:
        return False
    if said.days:
        return any(start <= last and end >= first for day in said.days for start, end in day.spans)
    return statement.happened_on is not None or statement.published.date() <= last + MAX_REPORT_DELAY


def _is_done(what: Facts, statement: DatedStatement) -> bool:
    """Tell whether one clause of ``statement`` has all of ``what``, as something done."""
    return any(_clause_tells(what, read(clause, statement.published)) for clause in _clauses(statement.text))


def _clauses(text: str) -> Iterator[str]:
    """Yield the clauses of ``text`` that state present facts, without earlier or conditional ones."""
    pieces = _BORDER.split(text)
    for place in range(0, len(pieces), 2):
        opened = pieces[place - 1].strip().casefold() if place else ""
        clause = pieces[place].strip()
        if clause and not opened.startswith(_NOT_SO) and not clause.startswith("Had "):
            yield clause


def _clause_tells(what: Facts, said: Facts) -> bool:
    terms = _terms(what)
    there = said.terms | {w.stem for w in said.words}
    missing = {t for t in terms if not carried(t, there)}
    names = _in_names(what)
    if len(missing) > (len(terms) >= MANY_TERMS) or missing & names or not terms:
        return False
    if not _numbers(what) <= _numbers(said):
        return False
    unsure = _RULES.has("ahead", said.text) or _PLANS.has("unsure", said.text)
    if unsure or not _names_all(what, said):
        return False
    done = [word.end for word in said.words if _is_past_of(word, what, said, missing)]
    done += _took_place(terms - names, said)
    return any(not _doubted(said, end, terms) for end in done)


def _numbers(facts: Facts) -> frozenset[str]:
    """Return the numbers of a text outside its days: those of "Crew-9" and of "6 percent"."""
    text = facts.text
    for day in facts.days:
        text = text.replace(day.text, "")
    return frozenset(re.findall(r"\d+", text))


def _doubted(said: Facts, end: int, terms: frozenset[str]) -> bool:
    """Tell whether the verb that ends at ``end``, or one of ``terms`` behind it, is denied or only looked ahead to."""
    return any(
        mark.force in _NO_FACT and (mark.start <= end + 1 or not terms.isdisjoint(mark.scope))
        for mark in said.marks
    )


def _in_names(what: Facts) -> set[str]:
    """Return the stems of the words in names; a first word has its capital from its place."""
    return {stem(part) for name in what.names if not name.first for part in name.text.casefold().split()}


def _is_past_of(word: Word, what: Facts, said: Facts, missing: Collection[str]) -> bool:
    """Tell whether ``word`` is the past of a word of ``what``, done by the same: "was sworn in" is that of "is sworn in"."""
    earlier = [w for w in said.words if w.end <= word.start]
    passive = [w.folded for w in earlier[-1:]] in (["was"], ["were"])
    if word.folded in what.folded:
        return passive and bool(what.folded & {"is", "are", "be"}) and _is_participle(word)
    same = [other for other in what.words if _is_form_of(word, other)]
    before = frozenset(w.stem for w in earlier)
    return any(
        passive or all(carried(t, before) for t in _subject(what, other) if t not in missing)
        for other in same
    )


def _subject(what: Facts, verb: Word) -> frozenset[str]:
    """Return the terms of ``what`` before its ``verb``."""
    return _terms(what) & {w.stem for w in what.words if w.end <= verb.start}


def _is_form_of(word: Word, other: Word) -> bool:
    """Tell whether ``word`` is the past of ``other``."""
    if word.folded.endswith("ed"):
        return word.stem == other.stem
    return any(word.folded in forms and forms & {other.folded, other.stem} for forms in _PAST)


def _is_participle(word: Word) -> bool:
    return word.folded.endswith("ed") or any(word.folded in forms for forms in _PAST)


def _took_place(terms: Collection[str], said: Facts) -> Iterator[int]:
    """Yield where a verb ends by which one of ``terms`` took place, or somebody held or passed it."""
    for rule in _RULES.patterns:
        if rule.sense not in {"took place", "held"}:
            continue
        for found in rule.match.finditer(said.text):
            near = _before(said, found.start()) if rule.sense == "took place" else _behind(said, found.end())
            if any(carried(t, frozenset(w.stem for w in near)) for t in terms):
                yield found.end()


def _before(said: Facts, place: int) -> list[Word]:
    return [w for w in _common(said) if w.end <= place][-OUTCOME_WITHIN_WORDS:]


def _behind(said: Facts, place: int) -> list[Word]:
    return [w for w in _common(said) if w.start >= place][:OUTCOME_WITHIN_WORDS]


def _common(said: Facts) -> list[Word]:
    """Return the content words that are no part of a name."""
    named = [(n.start, n.end) for n in said.names if not n.first]
    return [w for w in said.words if not w.stop and not any(a <= w.start < b for a, b in named)]


def _put_off(
    announced: UpdateAnnouncement, what: Facts, said: Facts, statement: DatedStatement
) -> Reported | None:
    """Return what ``said`` tells that was put off or called off, None where that is not what was announced."""
    terms = _terms(what)
    ours = terms - _in_names(what) or terms
    if _RULES.has("not off", said.text):
        return None
    if sum(carried(t, said.terms) for t in ours) < OFF_SHARE * len(ours):
        return None
    for rule in _RULES.patterns:
        if rule.sense not in {"moved", "called off"}:
            continue
        for found in rule.match.finditer(said.text):
            place, end = found.span()
            near = frozenset(w.stem for w in (*_before(said, place), *_behind(said, place)))
            if any(_governs(m, place) for m in said.marks) or not any(carried(t, near) for t in ours):
                continue
            if rule.sense == "called off":
                surely = _RULES.has("surely off", said.text)
                return Reported(outcome=AnnouncementOutcome.DID_NOT_HAPPEN) if surely else None
            return _moved(announced, said, statement, end)
    return None


def _governs(mark: Mark, place: int) -> bool:
    return mark.force in _NO_FACT and mark.end <= place < max(mark.reach, mark.end + 60)


def _moved(
    announced: UpdateAnnouncement, said: Facts, statement: DatedStatement, place: int
) -> Reported | None:
    """Return the new day that ``said`` names after ``place``, None if it names none."""
    after = max(announced.due_end or announced.due or date.max, statement.published.date())
    for day in said.days:
        spans = [span for span in day.spans if span[0] > after]
        if spans and said.text.find(day.text) >= place:
            first, last = min(spans)
            return Reported(
                outcome=AnnouncementOutcome.MOVED, due=first, due_end=last if last != first else None
            )
    return None

"""What a statement of a later article reports of something announced, found by code where no reader has said it. Pure.

statement ──all that was announced, done, on its day──▶ happened        ──put off to a day──▶ moved        ──called off──▶ did not happen

A wrong outcome is worse than none: what is not sure is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.evidence.reading.facts import Facts, read
from bot.evidence.reading.synonyms import carried, content
from bot.evidence.reading.tokens import Word
from bot.language.rules import load_rules
from bot.language.sentences.modality import Force, Mark
from bot.language.words import stem
from bot.model.update import Announcement, AnnouncementOutcome

SOON = timedelta(days=2)  # after the day, within which a report that names no day is of it
MANY_TERMS = 6  # terms of an announcement from which a report may leave one out that is no name
OFF_SHARE = 0.5  # share of the terms that are no names, from which "called off" speaks of the announcement
MAY_SHARE = 0.6  # share of the terms from which an article may be about what was announced
NEAR_WORDS = 3  # content words between what was announced and the word that says what became of it
_RULES = load_rules("en", "outcomes")
_PAST = tuple(frozenset(words) for words in load_rules("en", "irregular").words.values())
_NO_FACT = frozenset({Force.NEGATION, Force.POSSIBLE, Force.HOPED, Force.PLANNED, Force.FUTURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A statement with the day of its newest article."""

    text: str
    published: datetime
    happened_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What became of an announcement; ``due`` to ``due_end`` are the new days of one that moved."""

    outcome: AnnouncementOutcome
    due: date | None = None
    due_end: date | None = None


def reported(announced: Announcement, told: Told) -> Reported | None:
    """Return what ``told`` surely reports of ``announced``, None where that is nothing."""
    if announced.due is None:
        return None
    what, said = read(announced.what, None), read(told.text, told.published)
    if not _names_all(what, said) or _RULES.has("open", told.text):
        return None
    if any(_RULES.has(sense, told.text) for sense in ("moved", "called off")):
        return _put_off(announced, what, said, told)
    happened = _is_of_its_day(announced, said, told) and _is_done(what, said)
    return Reported(outcome=AnnouncementOutcome.HAPPENED) if happened else None


def may_report(what: str, text: str) -> bool:
    """Tell whether ``text``, of any length, may be about ``what`` was announced: it has most of its words."""
    terms, said = _terms(read(what, None)), content(text)
    return sum(carried(t, said) for t in terms) >= MAY_SHARE * len(terms)


def _names_all(what: Facts, said: Facts) -> bool:
    """Tell whether ``said`` has every name of ``what``, by its last word."""
    return all(
        name.text.casefold().split()[-1].removesuffix("’s").removesuffix("'s") in said.folded
        for name in what.names
    )


def _terms(what: Facts) -> frozenset[str]:
    """Return the stems that say what is announced: no days, nor words that only say that it will be."""
    frame = _RULES.words["frame"]
    return frozenset(
        w.stem
        for w in what.words
        if not w.stop
        and w.folded not in frame
        and w.folded not in what.calendar
        and not w.folded[0].isdigit()
    )


def _is_of_its_day(announced: Announcement, said: Facts, told: Told) -> bool:
    """Tell whether ``told`` is of the announced day or just after it, and speaks of no other day."""
    first = announced.due or date.max
    last = announced.due_end or first
    if told.published.date() < first:
        return False
    if told.happened_on and not first <= told.happened_on <= last + SOON:
        return False
    if said.days:
        return any(start <= last and end >= first for day in said.days for start, end in day.spans)
    return told.happened_on is not None or told.published.date() <= last + SOON


def _is_done(what: Facts, said: Facts) -> bool:
    """Tell whether ``said`` has all of ``what``, as something done."""
    terms = _terms(what)
    missing = {t for t in terms if not carried(t, said.terms)}
    names = {stem(part) for name in what.names for part in name.text.casefold().split()}
    if len(missing) > (len(terms) >= MANY_TERMS) or missing & names or not terms:
        return False
    if any(mark.force in _NO_FACT for mark in said.marks) or _RULES.has("ahead", said.text):
        return False
    return any(_is_past_of(word, what) for word in said.words) or _took_place(terms - names, said)


def _is_past_of(word: Word, what: Facts) -> bool:
    """Tell whether ``word`` is the past of a word of ``what``."""
    if word.folded.endswith("ed") and word.folded not in what.folded:
        return any(word.stem == other.stem for other in what.words)
    return (
        any(
            word.folded in forms
            and forms & {form for other in what.words for form in (other.folded, other.stem)}
            for forms in _PAST
        )
        and word.folded not in what.folded
    )


def _took_place(terms: frozenset[str], said: Facts) -> bool:
    """Tell whether ``said`` has one of ``terms`` as what took place, or as what somebody held or passed."""
    for rule in _RULES.patterns:
        if rule.sense not in {"took place", "held"}:
            continue
        for found in rule.match.finditer(said.text):
            near = _before(said, found.start()) if rule.sense == "took place" else _behind(said, found.end())
            if any(carried(t, frozenset(w.stem for w in near)) for t in terms):
                return True
    return False


def _before(said: Facts, place: int) -> list[Word]:
    return [w for w in _common(said) if w.end <= place][-NEAR_WORDS:]


def _behind(said: Facts, place: int) -> list[Word]:
    return [w for w in _common(said) if w.start >= place][:NEAR_WORDS]


def _common(said: Facts) -> list[Word]:
    """Return the content words that are no part of a name."""
    named = [(n.start, n.end) for n in said.names if not n.first]
    return [w for w in said.words if not w.stop and not any(a <= w.start < b for a, b in named)]


def _put_off(announced: Announcement, what: Facts, said: Facts, told: Told) -> Reported | None:
    """Return what ``said`` tells that was put off or called off, None where that is not what was announced."""
    terms = _terms(what)
    ours = terms - {stem(part) for name in what.names for part in name.text.casefold().split()} or terms
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
            return _moved(announced, said, told, end)
    return None


def _governs(mark: Mark, place: int) -> bool:
    return mark.force in _NO_FACT and mark.end <= place < max(mark.reach, mark.end + 60)


def _moved(announced: Announcement, said: Facts, told: Told, place: int) -> Reported | None:
    """Return the new day that ``said`` names behind ``place``, None where it names none."""
    after = max(announced.due_end or announced.due or date.max, told.published.date())
    for day in said.days:
        spans = [span for span in day.spans if span[0] > after]
        if spans and said.text.find(day.text) >= place:
            first, last = min(spans)
            return Reported(
                outcome=AnnouncementOutcome.MOVED, due=first, due_end=last if last != first else None
            )
    return None

"""The numbers and days that a fact adds to known lines; with an addition it is news, whatever its words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.evidence.labels import LabelledFact
from bot.evidence.reading.counts import Count
from bot.evidence.reading.facts import Day, Facts, read
from bot.language.numbers import VAGUE_NUMBERS
from bot.language.rules import load_rules
from bot.language.speech import SAYING, SAYING_OR_NOUN, SAYING_PARTICIPLES, SPEAKING, any_of
from bot.language.words import stem

_ONE_DAY = timedelta(days=1)  # between the calendars of two places
_ONE_WEEK = timedelta(days=7)  # what is longer, a month or a year, tells no two happenings apart
_VERBS = any_of(SAYING | SAYING_OR_NOUN | SAYING_PARTICIPLES | SPEAKING)
_BESIDE = any_of(load_rules("en", "days").words["beside saying"])
_NOT_COUNTED = frozenset(map(stem, load_rules("en", "counts").words["no ordinal"]))
# "told The Brekk Post in a statement on ", "said late on "
_SAID_BEFORE = re.compile(rf"\b(?i:{_VERBS})(?:\s(?:(?i:{_BESIDE})|[A-Z][\w.’'-]*)){{0,9}}\s$")
# "On Monday 3 March the mayor said"
_SAID_BEHIND = re.compile(rf",?(?:\s[\w.’'-]+){{1,5}}?\s(?:{_VERBS})\b")
_STARTS = re.compile(r"(?:^|[;.]\s)(?:on\s|late\s|early\s){0,2}$", re.IGNORECASE)


def additions(new: LabelledFact, known: Sequence[LabelledFact]) -> tuple[str, ...]:
    """Return the numbers of ``new`` that are in none of ``known``, and its days of events that are none of theirs.

    A number in another spelling, a year and a clock time are no addition; nor is the day on which somebody said it.
    """
    ours, theirs = _read(new), [_read(one) for one in known]
    counts = [count for facts in theirs for count in facts.counts]
    return (*(c.text for c in ours.counts if _is_new(c, counts)), *_new_days(ours, known, theirs))


def _read(fact: LabelledFact) -> Facts:
    """Return ``fact`` as read by the calendar of its report, else of the day it is about."""
    noon = datetime.combine(fact.day, time(12), tzinfo=UTC) if fact.day else None
    return read(fact.text, fact.reported_at or noon)


def _is_new(count: Count, known: Sequence[Count]) -> bool:
    if count.value == 1 or count.year:
        return False
    if count.ordinal and not _NOT_COUNTED.isdisjoint(count.after[:1]):
        return False
    if any((count.value, count.unit) == (other.value, other.unit) for other in known):
        return False
    # "Hundreds" is a number only beside "dozens" of the same.
    return not _is_vague(count) or any(
        _is_vague(other) and _may_count_the_same(count, other) for other in known
    )


def _may_count_the_same(one: Count, other: Count) -> bool:
    return not (one.after and other.after) or not set(one.after).isdisjoint(other.after)


def _is_vague(count: Count) -> bool:
    return count.text.casefold() in VAGUE_NUMBERS


def _new_days(ours: Facts, known: Sequence[LabelledFact], theirs: Sequence[Facts]) -> Iterator[str]:
    """Yield the days of ``ours`` that no known line names, and that are later than known lines without a day."""
    named = [span for facts in theirs for day in facts.days for span in day.spans]
    named += [(one.day, one.day) for one in known if one.day]
    reported_until = [
        one.reported_at.date() + _ONE_DAY
        for one, facts in zip(known, theirs, strict=True)
        if one.reported_at and not one.day and not any(_happening_days(facts))
    ]
    for day in _happening_days(ours):
        if not any(
            last - first >= _ONE_WEEK
            or any(_meet((first, last), other) for other in named)
            or any(first <= until for until in reported_until)
            for first, last in day.spans
        ):
            yield day.text


def _happening_days(facts: Facts) -> Iterator[Day]:
    """Yield the days of ``facts`` but those on which somebody said something."""
    for day in facts.days:
        before, _, behind = facts.text.partition(day.text)
        said_first = _STARTS.search(before) and _SAID_BEHIND.match(behind)
        if not (said_first or _SAID_BEFORE.search(before)):
            yield day


def _meet(one: tuple[date, date], other: tuple[date, date]) -> bool:
    (first, last), (other_first, other_last) = one, other
    return first <= other_last and other_first <= last

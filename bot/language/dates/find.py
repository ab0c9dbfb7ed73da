"""Finds the days a text names and resolves them in the article's own calendar. Pure, English.

"Monday" alone means the latest Monday in a report of the past and the next one in an announcement; which of
the two a text is can be said by the caller or, with ``auto``, is read from the verbs around the day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from bot.language.dates.expressions import DAY_RULES
from bot.language.dates.rules import Days, ReportDay, iso_day
from bot.language.rules import any_phrase, load_rules
from bot.language.speech import any_of
from bot.literals.prefilter import lowered, sieves

Direction = Literal["past", "future", "auto"]

MAX_DATED_TEXT_CHARS = 2_000  # characters read; a sentence, of at most half as many, is what callers pass


# Read when the module is: sentences are judged in the loop, where no file may be opened.
_RULES = load_rules("en", "dates")
_VERB = re.compile(
    rf"(?P<planned>{_RULES.pattern('planned').pattern})|(?P<happened>{_RULES.pattern('happened').pattern})"
)
# Next to a day that is part of a name.
_NAMED_BEFORE = re.compile(rf"\b(?:{any_of(_RULES.words['before a day'])})\s$")
_NAMED_BEHIND = re.compile(rf"\s(?:{any_phrase(_RULES.words['behind a day'])})\b")
# "By June Carter": a month after such a word, and before another name.
_OF_PERSON = re.compile(
    rf"(?:{any_of(_RULES.words['before a person'])})\s(?:{any_of(_RULES.words['month and name'])})"
)
_NAME = re.compile(r"\s[A-Z][a-z]")
_NEEDED = _RULES.words["needed"]
# Of eighteen expressions a sentence may have two or three: the others are not searched for.
_SIEVED_RULES = tuple(
    zip(sieves(p for p, _ in DAY_RULES), (resolve for _, resolve in DAY_RULES), strict=True)
)
# Those that name their days without "today": with their year.
_RULES_WITH_YEAR = tuple(
    (sieve, resolve)
    for sieve, resolve in _SIEVED_RULES
    if resolve is iso_day or "year" in sieve.pattern.groupindex
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """Days named in a text: ``text[start:end]``, from ``first`` to ``last`` inclusive."""

    start: int
    end: int
    text: str
    first: date
    last: date


def find_dates(
    text: str, *, published: datetime | None, utc_offset: int = 0, direction: Direction = "auto"
) -> tuple[DateSpan, ...]:
    """Return the days ``text`` names, in order, never overlapping.

    ``published`` is aware; ``utc_offset`` is in minutes east of UTC; together they give the day of
    "today". If ``published`` is None, only days with their year are resolved. Impossible days (31 June) are
    left out.
    """
    text = text[:MAX_DATED_TEXT_CHARS]
    small = lowered(text)
    if not any(needed in (text.lower() if small is None else small) for needed in _NEEDED):
        return ()
    today = (published.astimezone(UTC) + timedelta(minutes=utc_offset)).date() if published else date.max
    taken: list[DateSpan] = []
    for sieve, resolve in _SIEVED_RULES if published else _RULES_WITH_YEAR:
        if small is not None and not sieve.may_match(small):
            continue
        for match in sieve.pattern.finditer(text):
            if any(match.start() < span.end and span.start < match.end() for span in taken):
                continue
            if published is None and not _stands_alone(match, resolve):
                continue
            if _in_name(match):
                continue
            days = _resolved(match, resolve, _now(match, today=today, direction=direction))
            if days:
                taken.append(
                    DateSpan(start=match.start(), end=match.end(), text=match[0], first=days[0], last=days[1])
                )
    return tuple(sorted(taken, key=lambda span: span.start))


def _in_name(match: re.Match[str]) -> bool:
    """Tell whether the day of ``match`` is a part of a name: "USA TODAY", "the Sunday Times", "Black Friday", "by June Carter"."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    shouted = match[0].isupper() and match[0].isalpha() and not match.string.isupper()
    person = _OF_PERSON.fullmatch(match[0]) and _NAME.match(after)
    return shouted or bool(person or _NAMED_BEFORE.search(before) or _NAMED_BEHIND.match(after))


def _stands_alone(match: re.Match[str], resolve: Callable[[re.Match[str], ReportDay], Days]) -> bool:
    """Tell whether a match names its days without "today": with their year."""
    return resolve is iso_day or bool(match.groupdict().get("year"))


def _resolved(
    match: re.Match[str], resolve: Callable[[re.Match[str], ReportDay], Days], now: ReportDay
) -> Days | None:
    try:
        first, last = resolve(match, now)
    except (ValueError, OverflowError):  # no such day
        return None
    return (first, last) if first <= last else None


def _now(match: re.Match[str], *, today: date, direction: Direction) -> ReportDay:
    if direction != "auto":
        return ReportDay(today, direction == "future", decided=True)
    before = list(_VERB.finditer(match.string, max(0, match.start() - 80), match.start()))
    if before:
        return ReportDay(today, bool(before[-1]["planned"]), decided=True)
    after = _VERB.search(match.string, match.end(), match.end() + 60)
    if after:
        return ReportDay(today, bool(after["planned"]), decided=True)
    return ReportDay(today, future=False, decided=False)

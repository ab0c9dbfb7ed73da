"""Finds dates with a month, and days of the week, in languages other than English. Pure.

The names are those of the Unicode calendars, and of a language's own rules where it has some: a language without rules has
its days all the same.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names

from bot.language.dates.find import MAX_DATED_TEXT_CHARS, DateSpan
from bot.language.rules import MAX_CACHED_LANGUAGES, load_rules
from bot.language.speech import any_of

MIN_MONTH_NAME_CHARS = 3  # a shorter name of a month is rather a word
DAYS_OF_WEEK = 7
_CONTEXTS: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The folded names of months (1-12) and of days of the week (Monday is 0), and the patterns that find them."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    dated: re.Pattern[str]
    weekday: re.Pattern[str]


def find_calendar_days(text: str, *, language: str, today: date, ahead: bool) -> tuple[DateSpan, ...]:
    """Return the days that ``text`` names, in order: "12. März", "mercredi 16 février 2011", "el jueves".

    A date without a year and a weekday alone are the next ones from ``today`` if ``ahead``, else the latest.
    There are none in English and in languages whose calendar is unknown.
    """
    names = _calendar_of(language)
    if names is None:
        return ()
    text, found = text[:MAX_DATED_TEXT_CHARS], []
    for match in names.dated.finditer(text):
        month = names.months[match["month"].casefold()]
        day = _in_year(int(match["day"]), month, match["year"], today, ahead=ahead)
        if day:
            found.append(_span(match, day))
    for match in names.weekday.finditer(text):
        if not any(span.start <= match.start() < span.end for span in found):
            away = (names.weekdays[match[0].casefold()] - today.weekday()) % DAYS_OF_WEEK or DAYS_OF_WEEK
            found.append(_span(match, today + timedelta(days=away if ahead else away - DAYS_OF_WEEK)))
    return tuple(sorted(found, key=lambda span: span.start))


def _span(match: re.Match[str], day: date) -> DateSpan:
    return DateSpan(start=match.start(), end=match.end(), text=match[0], first=day, last=day)


@lru_cache(maxsize=MAX_CACHED_LANGUAGES)
def _calendar_of(language: str) -> _Calendar | None:
    try:
        locale = Locale.parse(language) if language != "en" else None
    except (UnknownLocaleError, ValueError):
        return None
    if locale is None:
        return None
    own, plans = load_rules(language, "calendar").words, load_rules(language, "plans").words
    months = {name: n for n in range(1, 13) for name in own.get(f"month {n}", ())}
    weekdays = {name.casefold(): n for n in range(DAYS_OF_WEEK) for name in plans.get(f"weekday {n}", ())}
    for context in _CONTEXTS:
        for width in ("wide", "abbreviated"):
            for n, name in get_month_names(width, context, locale).items():
                months.setdefault(name.rstrip(".").casefold(), n)
        for n, name in get_day_names("wide", context, locale).items():
            weekdays.setdefault(name.casefold(), n)
    months = {name: n for name, n in months.items() if len(name) >= MIN_MONTH_NAME_CHARS and name.isalpha()}
    if not months:
        return None
    weekday = rf"\b(?:{any_of(weekdays)})\b"
    dated = (
        rf"(?:{weekday}[,.]?\s(?:\w{{1,3}}\s)?)?\b(?P<day>\d{{1,2}})(?:\.|º|ª|er)?\s(?:de\s|d[’'])?"
        rf"(?P<month>{any_of(months)})\b(?:\.?(?:\sdel?)?\s(?P<year>(?:19|20)\d\d)\b)?"
    )
    return _Calendar(months, weekdays, re.compile(dated, re.IGNORECASE), re.compile(weekday, re.IGNORECASE))


def _in_year(day: int, month: int, year: str | None, today: date, *, ahead: bool) -> date | None:
    try:
        if year:
            return date(int(year), month, day)
        this = date(today.year, month, min(day, calendar.monthrange(today.year, month)[1]))
        if ahead and this < today:
            return date(today.year + 1, month, day)
        if not ahead and this > today:
            return date(today.year - 1, month, day)
        return date(today.year, month, day)
    except ValueError:  # no such day
        return None

"""Finds days in languages other than English, and adds the date to those that only their report dates. Pure.

The names are those of the Unicode calendars, and of a language's own rules where it has some: a language without rules has
its days all the same.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, TypeVar

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_day_names, get_month_names

from bot.language.dates.find import MAX_DATED_TEXT_CHARS, DateSpan
from bot.language.rules import MAX_CACHED_LANGUAGES, load_rules
from bot.language.speech import any_of

T = TypeVar("T")
Place = tuple[int, int]  # from where in a text to where

MIN_MONTH_NAME_CHARS = 3  # a shorter name of a month is rather a word
DAYS_OF_WEEK = 7
AROUND_WEEKDAY_CHARS = 14  # characters on either side of a weekday that may name another week
# All that is between marks, also where the text ends before the second one.
_QUOTED = re.compile(
    r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|«[^»]*(?:»|$)|„[^“”]*(?:[“”]|$)|(?<!\w)[‘'][^‘’']*[’'](?!\w)"
)
_DATED_ALREADY = re.compile(r"\s\(\d")
_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_CONTEXTS: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The folded names of months (1-12) and of days of the week (Monday is 0), and the patterns that find them.

    ``near`` are the patterns of yesterday (-1), today (0) and tomorrow (1), as far as the language has rules for them.
    """

    locale: Locale
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    dated: re.Pattern[str]
    weekday: re.Pattern[str]
    near: Mapping[int, re.Pattern[str]]
    other_week: re.Pattern[str] | None
    past: re.Pattern[str] | None
    part_of_day: re.Pattern[str] | None

    def days_to(self, weekday: str, today: date) -> int | None:
        """Return the days from ``today`` to the next ``weekday``, 0 for its own; None if it is none."""
        number = self.weekdays.get(weekday.casefold())
        return None if number is None else (number - today.weekday()) % DAYS_OF_WEEK


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
        month = names.months.get(match["month"].casefold())  # none where a language folds a letter otherwise
        day = _in_year(int(match["day"]), month, match["year"], today, ahead=ahead) if month else None
        if day:
            found.append(_span(match, day))
    for match in names.weekday.finditer(text):
        away = names.days_to(match[0], today)
        if away is not None and not any(span.start <= match.start() < span.end for span in found):
            away = away or DAYS_OF_WEEK
            found.append(_span(match, today + timedelta(days=away if ahead else away - DAYS_OF_WEEK)))
    for away, pattern in names.near.items():
        found += [_span(match, today + timedelta(days=away)) for match in pattern.finditer(text)]
    return tuple(sorted(found, key=lambda span: span.start))


def with_calendar_dates(text: str, *, language: str, written: Collection[date], today: date) -> str:
    """Return ``text`` in ``language`` with the date behind each day that is certain: "hoy (17 de febrero)", "ce jeudi (17 février)".

    Certain are "yesterday", "today" and "tomorrow", the weekday of today and, where the text tells what was, that of yesterday, as seen
    on the days on which the sources were ``written``, which must agree. The date has its year if that is not the year of ``today``. Quotations stay as they are.
    """
    names = _calendar_of(language)
    if names is None or not written or len(text) > MAX_DATED_TEXT_CHARS:
        return text
    dated = [match.span() for match in names.dated.finditer(text)]
    each = [dict(_certain(text, names, day)) for day in written]
    parts, at = [], 0
    for (start, end), day in agreed(text, each, beside=dated):
        if start < at or _DATED_ALREADY.match(text, end):
            continue
        parts += [text[at:end], f" ({_printed(day, names.locale, today=today)})"]
        at = end
    return "".join([*parts, text[at:]])


def agreed(
    text: str, each: Sequence[Mapping[Place, T]], *, beside: Iterable[Place] = ()
) -> Iterator[tuple[Place, T]]:
    """Yield the places of ``text`` for which ``each`` source gives the same, in order; none in a quotation or where ``beside`` is."""
    taken = [*beside, *(match.span() for match in _QUOTED.finditer(text))]
    for place in sorted(each[0]):
        start, end = place
        same = all(one.get(place) == each[0][place] for one in each)
        if same and not any(a < end and start < b for a, b in taken):
            yield place, each[0][place]


def _printed(day: date, locale: Locale, *, today: date) -> str:
    if day.year == today.year:
        return format_skeleton("MMMMd", day, locale=locale)
    return format_date(day, "long", locale=locale)


def _certain(text: str, names: _Calendar, written: date) -> Iterator[tuple[Place, date]]:
    """Yield the days of ``text`` that are certain on the day it was ``written``, by their place: with a part of the day behind them."""
    for away, pattern in names.near.items():
        for match in pattern.finditer(text):
            if not names.weekday.match(text, match.end() + 1):  # "hoy lunes" has its date behind the weekday
                yield match.span(), written + timedelta(days=away)
    for match in names.weekday.finditer(text):
        around = text[max(0, match.start() - AROUND_WEEKDAY_CHARS) : match.end() + AROUND_WEEKDAY_CHARS]
        ahead = names.days_to(match[0], written)
        yesterday = ahead == DAYS_OF_WEEK - 1 and names.past and names.past.search(text)
        if (ahead == 0 or yesterday) and not (names.other_week and names.other_week.search(around)):
            end = names.part_of_day.match(text, match.end()) if names.part_of_day else None
            day = written - timedelta(days=1) if yesterday else written
            yield (match.start(), end.end() if end else match.end()), day


def _span(match: re.Match[str], day: date) -> DateSpan:
    return DateSpan(start=match.start(), end=match.end(), text=match[0], first=day, last=day)


@lru_cache(maxsize=MAX_CACHED_LANGUAGES)
def _calendar_of(language: str) -> _Calendar | None:
    if language == "en":
        return None
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return None
    rules, plans = load_rules(language, "calendar"), load_rules(language, "plans").words
    own, patterns = rules.words, {rule.sense: rule.match for rule in rules.patterns}
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
    return _Calendar(
        locale=locale,
        months=months,
        weekdays=weekdays,
        dated=re.compile(dated, re.IGNORECASE),
        weekday=re.compile(weekday, re.IGNORECASE),
        near={away: patterns[sense] for away, sense in _NEAR.items() if sense in patterns},
        other_week=patterns.get("beside another week"),
        past=patterns.get("past"),
        part_of_day=patterns.get("part of day"),
    )


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

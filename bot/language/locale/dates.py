"""Translate dates inside English sentences of the bot: "Fri 4 July 2025" ──▶ "Fr. 4. Juli 2025". Pure.

Times of subscriptions too: "weekdays 07:30 Europe/Berlin" ──▶ "werktags 07:30 Europe/Berlin".
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from bot.language.dates.rules import MONTHS, WEEKDAYS
from bot.language.locale.phrases import phrases

_PATTERNS = {
    "de": "{name}{day}. {month}{year}",
    "fr": "{name}{day} {month}{year}",
    "es": "{name}{day} de {month}{year}",
}
_DATE = re.compile(
    rf"\b(?:(?P<name>{'|'.join(WEEKDAYS)}|{'|'.join(day[:3] for day in WEEKDAYS)}),? )?"
    rf"(?P<day>[1-9]|[12]\d|3[01]) (?P<month>{'|'.join(MONTHS)})(?: (?P<year>\d{{4}}))?\b"
)
_DAY = rf"(?:{'|'.join(f'{day}s?|{day[:3]}' for day in WEEKDAYS)})"
_TIMETABLE = re.compile(
    rf"(?P<days>daily|every day|weekdays|weekends|{_DAY}(?:(?:, ?| and | & | ?- ?){_DAY})*),? (?P<times>\d{{1,2}}[:.]\d\d\b.*)",
    re.IGNORECASE,
)
_NAMED_DAY = re.compile(_DAY, re.IGNORECASE)


def timetable_in(text: str, language: str) -> str:
    """Return the times of a subscription in ``language``; other texts stay unchanged."""
    found = _TIMETABLE.fullmatch(text)
    if found is None or language not in _PATTERNS:
        return text
    say, days = phrases(language), found["days"].lower()
    sets = {"daily": say.daily, "every day": say.daily, "weekdays": say.weekdays, "weekends": say.weekends}
    listed = re.sub(r" and | & ", ", ", found["days"], flags=re.IGNORECASE)
    named = sets.get(days) or _NAMED_DAY.sub(lambda day: _short_name(day[0], language), listed)
    return f"{named} {found['times']}"


def dates_in(text: str, language: str) -> str:
    """Return ``text`` with its dates in ``language``."""
    pattern = _PATTERNS.get(language)
    if pattern is None:
        return text
    return _DATE.sub(lambda found: _date(found, language, pattern), text)


def _date(found: re.Match[str], language: str, pattern: str) -> str:
    day_names, short_names, months = _names(language)
    name = found["name"] or ""
    if name:
        number = next(n for n, day in enumerate(WEEKDAYS) if day.startswith(name))
        names = day_names if name in WEEKDAYS else short_names
        name = f"{names[number]} "
    year = (
        f" de {found['year']}" if language == "es" and found["year"] else f" {found['year'] or ''}".rstrip()
    )
    return pattern.format(name=name, day=found["day"], month=months[MONTHS.index(found["month"])], year=year)


def _short_name(day: str, language: str) -> str:
    _, short_names, _ = _names(language)
    return short_names[next(n for n, name in enumerate(WEEKDAYS) if name[:3] == day[:3].title())]


@cache
def _names(language: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the days of the week, whole and short, and the months."""
    say = phrases(language)
    week = [date(2025, 12, day) for day in range(1, 8)]
    year = [date(2025, month, 1) for month in range(1, 13)]
    return (
        tuple(say.formatted(day, "EEEE") for day in week),
        tuple(say.formatted(day, "EEE") for day in week),
        tuple(say.formatted(day, "MMMM") for day in year),
    )

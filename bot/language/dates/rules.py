"""What English expressions for days mean on the day of a report. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.language.numbers import NUMBER_WORDS
from bot.language.rules import load_rules

Days = tuple[date, date]
MAX_COUNTED_UNITS = 12  # days, weeks, months or years that are counted in words
WEEKDAYS = tuple(calendar.day_name)
MONTHS = tuple(calendar.month_name)[1:]
DAY_NAMED = re.compile(rf"(?:\b\d{{1,2}}\s)?\b(?:{'|'.join((*MONTHS, *WEEKDAYS))})\b(?:\s\d{{1,2}}\b)?")
_WORDS = load_rules("en", "dates").words
COUNT_WORDS = {word: worth for word, worth in NUMBER_WORDS.items() if 0 < worth <= MAX_COUNTED_UNITS} | {
    word: int(sense.removeprefix("count "))
    for sense, words in _WORDS.items()
    if sense.startswith("count ")
    for word in words
}


@dataclass(frozen=True, slots=True)
class ReportDay:
    """The day of an article, and whether an ambiguous day is taken as past or future."""

    today: date
    future: bool
    decided: bool  # the caller or a verb said so

    def plus(self, days: int) -> date:
        """Return the day ``days`` later."""
        return self.today + timedelta(days=days)

    def monday(self, weeks: int = 0) -> date:
        """Return the Monday of the week ``weeks`` later."""
        return self.today + timedelta(days=7 * weeks - self.today.weekday())


def _month_number(name: str) -> int:
    return next(number for number, full in enumerate(MONTHS, 1) if full.startswith(name[:3]))


def _month(year: int, month: int) -> Days:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def absolute(match: re.Match[str], now: ReportDay) -> Days:
    """Return the day or days of a date with its month: "12 March", "March 12-14, 2031"."""
    groups = match.groupdict()
    month, day = _month_number(groups["month"]), int(groups["day"])
    until = int(groups.get("until") or day)
    year = int(groups["year"]) if groups.get("year") else min(_candidate_years(month, day, now))[1]
    return date(year, month, day), date(year, month, until)


def _candidate_years(month: int, day: int, now: ReportDay) -> Iterator[tuple[int, int]]:
    """Yield (days away, year), the wrong way round counted as far: a near day may still be meant."""
    for year in range(now.today.year - 1, now.today.year + 2):
        try:
            away = (date(year, month, day) - now.today).days
        except ValueError:
            continue
        wrong_way = now.decided and (away < 0) == now.future and away != 0
        yield abs(away) + (120 if wrong_way else 0), year
    if day == 29 and month == 2:
        yield 10_000, now.today.year + (-now.today.year) % 4


def iso_day(match: re.Match[str], _now: ReportDay) -> Days:
    """Return the day of a date in ISO 8601."""
    day = date.fromisoformat(match[0])
    return day, day


def weekday(match: re.Match[str], now: ReportDay) -> Days:
    """Return the day of "Monday", "next Friday"."""
    wanted = WEEKDAYS.index(match["weekday"])
    which = (match.groupdict().get("which") or "").lower()
    ahead = (wanted - now.today.weekday()) % 7
    behind = (now.today.weekday() - wanted) % 7
    if which == "next":
        day = now.monday(1) + timedelta(days=wanted)
    elif which in {"last", "past"}:
        day = now.plus(-(behind or 7))
    elif which in {"this", "coming", "this coming"}:
        day = now.plus(-behind if now.decided and not now.future else ahead)
    else:
        day = now.plus(ahead if now.future else -behind)
    return day, day


def near_day(match: re.Match[str], now: ReportDay) -> Days:
    """Return the day of "today", "last night", "the day after tomorrow"."""
    word = match["near"].lower()
    if word == "overnight":
        return now.plus(-1), now.today
    shift = {"yesterday": -1, "last night": -1, "tomorrow": 1}.get(word, 0)
    if word.endswith("day after tomorrow"):
        shift = 2
    elif word.endswith("day before yesterday"):
        shift = -2
    return now.plus(shift), now.plus(shift)


def week(match: re.Match[str], now: ReportDay) -> Days:
    """Return the days of "this week", "later next week"."""
    part, which = (match["part"] or "").lower(), match["which"].lower()
    shift = {"next": 1, "last": -1, "past": -1}.get(which, 0)
    if which in {"the coming", "coming"}:
        return now.today, now.plus(7)
    # On a Sunday, an announcement "for this week" means the days that follow.
    if shift == 0 and now.today.weekday() == 6 and (now.future or part == "later"):
        return now.today, now.plus(6)
    first, last = now.monday(shift), now.monday(shift) + timedelta(days=6)
    if part == "later":
        return min(now.plus(1), last), last
    if part == "earlier":
        return first, now.today if shift == 0 else last
    if part == "early":
        return first, first + timedelta(days=2)
    if part == "late":
        return first + timedelta(days=3), last
    return first, last


_COMING = frozenset({"this", "this coming", "the coming"})


def weekend(match: re.Match[str], now: ReportDay) -> Days:
    """Return the days of "the weekend", "next weekend"."""
    which = (match["which"] or "").lower()
    shift = {"next": 1, "last": -1}.get(which, 0)
    monday = now.monday(shift)
    if shift == 0 and not now.future and which not in _COMING and now.today.weekday() < 5:
        monday = now.monday(-1)
    return monday + timedelta(days=5), monday + timedelta(days=6)


def relative_month(match: re.Match[str], now: ReportDay) -> Days:
    """Return the days of "this month", "early next month"."""
    part = (match["part"] or "").lower()
    shift = {"next": 1, "last": -1, "past": -1}.get(match["which"].lower(), 0)
    days = _month(now.today.year, now.today.month + shift)
    if part == "later" and shift == 0:
        return min(now.plus(1), days[1]), days[1]
    if part == "earlier" and shift == 0:
        return days[0], now.today
    return _part_of_month(days, part)


def _part_of_month(days: Days, part: str) -> Days:
    if part == "early":
        return days[0], days[0].replace(day=10)
    if part == "mid":
        return days[0].replace(day=11), days[0].replace(day=20)
    if part == "late":
        return days[0].replace(day=21), days[1]
    return days


def named_month(match: re.Match[str], now: ReportDay) -> Days:
    """Return the days of "in March", "late March 2031"."""
    month = _month_number(match["month"])
    which = (match["which"] or "").lower()
    year = now.today.year
    ahead = now.future or (not now.decided and match[0].lower().startswith(("by ", "until ", "till ")))
    if match["year"]:
        year = int(match["year"])
    elif which == "next":
        year += 1 if month <= now.today.month else 0
    elif which == "last":
        year -= 1 if month >= now.today.month else 0
    elif ahead and month < now.today.month and which != "this":
        year += 1
    elif not ahead and month > now.today.month and which != "this":
        year -= 1
    days = _month(year, month)
    if match["end"]:
        return days[1], days[1]
    return _part_of_month(days, (match["part"] or "").lower())


def end_of(match: re.Match[str], now: ReportDay) -> Days:
    """Return the last day or days of "the end of the week"."""
    unit, shift = match["unit"].lower(), int((match["which"] or "").lower() == "next")
    if unit == "week":
        monday = now.monday(shift)
        return max(
            monday + timedelta(days=4), min(now.today, monday + timedelta(days=6))
        ), monday + timedelta(days=6)
    if unit == "month":
        last = _month(now.today.year, now.today.month + shift)[1]
        return last, last
    last = date(now.today.year + shift, 12, 31)
    return last, last


def year(match: re.Match[str], now: ReportDay) -> Days:
    """Return the days of "in 2031", "next year"."""
    if match["year"]:
        year = int(match["year"])
    else:
        year = now.today.year + {"next": 1, "last": -1}.get(match["which"].lower(), 0)
    if (match["part"] or "").lower() == "later" and year == now.today.year:
        return min(now.plus(1), date(year, 12, 31)), date(year, 12, 31)
    if (match["part"] or "").lower() == "earlier" and year == now.today.year:
        return date(year, 1, 1), now.today
    return date(year, 1, 1), date(year, 12, 31)


def _count(text: str) -> int:
    return int(text) if text.isdigit() else COUNT_WORDS[text.lower()]


_DAYS_OF = {"day": 1, "week": 7, "fortnight": 14}


def _shifted(match: re.Match[str], now: ReportDay, *, sign: int) -> Days:
    count, unit = _count(match["count"]) * sign, match["unit"].lower()
    if unit in _DAYS_OF:
        day = now.plus(count * _DAYS_OF[unit])
        return day, day
    if unit == "month":
        return _month(now.today.year, now.today.month + count)
    return date(now.today.year + count, 1, 1), date(now.today.year + count, 12, 31)


def hence(match: re.Match[str], now: ReportDay) -> Days:
    """Return the days of "in three weeks"; raises ``ValueError`` where that is a length of time."""
    if now.decided and not now.future:
        raise ValueError(match[0])  # "built in three weeks" is a length of time
    return _shifted(match, now, sign=1)


def from_now(match: re.Match[str], now: ReportDay) -> Days:
    """Return the days of "three weeks from now"."""
    return _shifted(match, now, sign=1)


def ago(match: re.Match[str], now: ReportDay) -> Days:
    """Return the days of "three weeks ago"."""
    return _shifted(match, now, sign=-1)


def within(match: re.Match[str], now: ReportDay) -> Days:
    """Return the days of "within three weeks", "in the coming days"."""
    counted = match.groupdict().get("count")
    default = {"day": 7, "week": 4, "month": 3}[match["unit"].lower()]
    length = {"day": 1, "week": 7, "month": 30}[match["unit"].lower()]
    return now.today, now.plus((_count(counted) if counted else default) * length)

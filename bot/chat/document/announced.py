"""The due day and the outcome of an announcement, in words. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from bot.language.dates.rules import MONTHS, WEEKDAYS
from bot.language.locale.phrases import Phrases
from bot.language.rules import load_rules
from bot.model.story import Announcement, Outcome

LONG_SPAN_DAYS = 7  # days of a span from which its dates would be more precise than the announcement
PASSED = "the day has passed"  # the outcome of a deadline, which passes and does not happen
_DATED = re.compile(rf"(?i)\b(?:{'|'.join((*MONTHS, *WEEKDAYS))}|year)\b|(?<!\d)(?:19|20)\d\d(?!\d)")
# Where the words of a span say when it begins.
_NAMES_DAYS = re.compile(rf"(?i)\d|\b(?:{'|'.join(WEEKDAYS)}|from|since|through|for|all)\b")
_RULES = load_rules("en", "outcomes")
_CALENDAR_SPAN = _RULES.pattern("calendar span")
_BEFORE_MONTH = _RULES.pattern("in a month")
# Next to the words of the announcement, which are about the future.
_OUTCOMES = {
    Outcome.HAPPENED: "happened, as announced",
    Outcome.DID_NOT_HAPPEN: "did not happen, though announced",
}


def due_words(announcement: Announcement, *, said: date | None, today: date, say: Phrases) -> str:
    """Return the due day of an announcement in words for a reader of ``today``; ``said`` is the day on which it was announced."""
    if not announcement.due:
        return announcement.when
    last = announcement.due_end or announcement.due
    if said and _is_vague(announcement, last):
        if named := _of_the_calendar(announcement.when, announcement.due, today=today, say=say):
            return named
        return f"{announcement.when} {say.from_day.format(day=say.short_date(said))}"
    if announcement.due != last and _RULES.has("part of a month", announcement.when):
        return _as_said(announcement.when, last, today=today)
    days = _days(announcement, last, said=said, today=today, say=say)
    bound = _bound(announcement.when, say) if announcement.due == last else ""
    return bound.format(day=days) if bound else days


def outcome_words(announcement: Announcement, *, today: date, say: Phrases) -> str:
    """Return the outcome of an announcement in words; without a report, the announced day."""
    outcome = announcement.outcome
    if outcome is Outcome.HAPPENED and _RULES.has("deadline", announcement.what):
        return say.word(PASSED)
    if outcome is not Outcome.NO_REPORT or announcement.due is None:
        return say.word(str(_OUTCOMES.get(outcome, outcome)))
    last = announcement.due_end or announcement.due
    return say.not_reported.format(day=say.days_between(announcement.due, last, today=today))


def _days(announcement: Announcement, last: date, *, said: date | None, today: date, say: Phrases) -> str:
    """Return the days of an announcement; of a span that had already begun, such as "this year", its end."""
    first = announcement.due or last
    begun = said is not None and first <= said < last and not _NAMES_DAYS.search(announcement.when)
    if begun and first.day != 1:  # a whole month or year is named as that
        return say.by_day.format(day=say.days_between(last, last, today=today))
    return say.days_between(first, last, today=today)


def _is_vague(announcement: Announcement, last: date) -> bool:
    """Tell whether a span has no date of its own, such as "within 18 months"."""
    long = announcement.due is not None and (last - announcement.due).days >= LONG_SPAN_DAYS
    return (
        long
        and bool(announcement.when)
        and (not _DATED.search(announcement.when) or _RULES.has("part of a year", announcement.when))
    )


def _of_the_calendar(when: str, first: date, *, today: date, say: Phrases) -> str:
    """Return ``when`` with the year or the month that it means: "early 2032" for "early next year"; empty where it names none."""
    found = _CALENDAR_SPAN.search(when)
    if not found:
        return ""
    year = (date(first.year, 1, 1), date(first.year, 12, 31))
    month = (first.replace(day=1), first.replace(day=monthrange(first.year, first.month)[1]))
    begin, end = year if found["span"] == "year" else month
    return when[: found.start()] + say.days_between(begin, end, today=today) + when[found.end() :]


def _as_said(when: str, last: date, *, today: date) -> str:
    """Return the words for a part of a month as they are: days would be more precise; with the year if it is another one."""
    said = _BEFORE_MONTH.sub("", when)
    year = str(last.year)
    return said if last.year == today.year or year in said else f"{said} {year}"


def _bound(when: str, say: Phrases) -> str:
    """Return the wording of a day that is only a bound, as "by January 31"; empty for any other."""
    forms = {
        "around": say.around_day,
        "earliest": say.earliest_day,
        "by": say.by_day,
        "before": say.before_day,
        "until": say.until_day,
        "from": say.from_day,
    }
    return next((form for sense, form in forms.items() if _RULES.has(sense, when)), "")

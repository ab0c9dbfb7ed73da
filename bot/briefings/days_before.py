"""Tell whether a quoted sentence is about days before a channel was last sent its story, and so background. Pure, English."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.language.dates.find import DateSpan, find_dates
from bot.language.dates.resolve import days_ahead
from bot.language.rules import load_rules

_ONE_DAY = timedelta(days=1)  # what is longer, a month or a year, dates no happening
_BESIDE_CHARS = 40
# Read when the module is: sentences are judged in the loop, where no file may be opened.
_RULES = load_rules("en", "days")
_OF_ANOTHER = _RULES.pattern("day of another")
_OWNING = ("'s", "’s")  # "Tuesday's earthquake" too
_OF_CLAUSE, _OF_NAMED = _RULES.pattern("day of a clause"), _RULES.pattern("day of one named")
_GOES_ON = _RULES.pattern("goes on")


def tells_of_days_before(text: str, *, written: datetime, until: date) -> bool:
    """Return whether ``text``, ``written`` at that time (aware), names days of events that are all before ``until``, and no later day."""
    days = [
        day
        for day in find_dates(text, published=written, direction="past")
        if day.last - day.first <= _ONE_DAY
    ]
    earlier = all(day.last < until and _is_its_own(day, text) for day in days)
    return bool(days) and earlier and not days_ahead(text, written=written.date())


def _is_its_own(day: DateSpan, text: str) -> bool:
    """Tell whether ``day`` is the day of the event that ``text`` reports."""
    before, behind = text[: day.start], text[day.end :]
    beside = before[-_BESIDE_CHARS:]
    of_named = _OF_NAMED.search(beside) and _GOES_ON.match(behind)
    return not (
        behind.startswith(_OWNING) or _OF_ANOTHER.search(beside) or _OF_CLAUSE.search(before) or of_named
    )

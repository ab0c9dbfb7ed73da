"""Tell which lines are about a day that lay ahead when they were written and has passed. Pure."""

from __future__ import annotations

from datetime import date

from bot.language.dates.resolve import dates_after, days_ahead
from bot.language.rules import load_rules

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_RULES = load_rules("en", "days")
_THIS_SPAN, _PLANNED = _RULES.pattern("this span"), _RULES.pattern("planned")
_HAPPENED = _RULES.pattern("happened")
_PAST = ("was ", "were ")


def has_passed(text: str, *, written: date, today: date) -> bool:
    """Return whether ``text`` says what will happen on a day that lies before ``today``: "the funding expires on 30 September"."""
    if any(planned[0].casefold().startswith(_PAST) for planned in _PLANNED.finditer(text)):
        return False  # "was scheduled to leave on Sunday and took off late"
    days = days_ahead(text, written=written) or dates_after(text, written=written)
    return bool(days) and max(days) < today


def only_looks_ahead(text: str) -> bool:
    """Tell whether ``text`` reports nothing that happened: "will meet on 4 March", and not "voted to extend it until 4 March"."""
    return all(text.startswith(" by", found.end()) for found in _HAPPENED.finditer(text))  # "led by"


def is_of_earlier_span(text: str, *, written: date, today: date) -> bool:
    """Return whether ``text`` speaks of "this month", or the week or year, in which it was ``written``, and ``today`` is in a later one."""
    return any(
        _span(found["unit"], written) < _span(found["unit"], today) for found in _THIS_SPAN.finditer(text)
    )


def _span(unit: str, day: date) -> tuple[int, ...]:
    if unit.casefold().startswith("week"):
        return day.isocalendar()[:2]
    return (day.year, day.month) if unit.casefold() == "month" else (day.year,)

"""Tell which lines were about a day that lay ahead and has passed, and which questions are still open. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.language.dates.resolve import dates_after, days_ahead, with_dates
from bot.language.rules import load_rules
from bot.model.ledger import StoryLedger

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_RULES = load_rules("en", "days")
_THIS_SPAN, _PLANNED = _RULES.pattern("this span"), _RULES.pattern("planned")
_PAST = ("was ", "were ")


def has_passed(text: str, *, written: date, today: date) -> bool:
    """Return whether ``text`` says what will happen on a day that lies before ``today``: "the funding expires on 30 September"."""
    if any(planned[0].casefold().startswith(_PAST) for planned in _PLANNED.finditer(text)):
        return False  # "was scheduled to leave on Sunday and took off late"
    days = days_ahead(text, written=written) or dates_after(text, written=written)
    return bool(days) and max(days) < today


def is_of_earlier_span(text: str, *, written: date, today: date) -> bool:
    """Return whether ``text`` speaks of "this month", or the week or year, in which it was ``written``, and ``today`` is in a later one."""
    return any(
        _span(found["unit"], written) < _span(found["unit"], today) for found in _THIS_SPAN.finditer(text)
    )


def _span(unit: str, day: date) -> tuple[int, ...]:
    if unit.casefold().startswith("week"):
        return day.isocalendar()[:2]
    return (day.year, day.month) if unit.casefold() == "month" else (day.year,)


def open_questions(ledger: StoryLedger, *, today: date) -> Iterator[str]:
    """Yield the open questions of a story, without those about a day before ``today``, which nobody asks any more.

    Their days are dated here: a question cites no sentence whose article would say later which Sunday it means.
    """
    for question in ledger.questions:
        asked = ledger.asked_at.date() if ledger.asked_at else today
        if not has_passed(question, written=asked, today=today):
            yield with_dates(question, written={asked}, today=today)

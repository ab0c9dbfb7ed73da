"""When what was announced is due, and what became of it, in words. Pure."""

from __future__ import annotations

import re
from datetime import date

from bot.language.dates.rules import MONTHS, WEEKDAYS
from bot.language.locale.phrases import Phrases
from bot.language.rules import load_rules
from bot.model.story import Expectation, Outcome

LONG_SPAN_DAYS = 7  # from which the days of a span say more than was announced
PASSED = "the day has passed"  # of a deadline, which does not happen
_DATED = re.compile(rf"(?i)\b(?:{'|'.join((*MONTHS, *WEEKDAYS))}|year)\b|(?<!\d)(?:19|20)\d\d(?!\d)")
# Where the words of a span say when it begins.
_NAMES_DAYS = re.compile(rf"(?i)\d|\b(?:{'|'.join(WEEKDAYS)}|from|since|through|for|all)\b")
_RULES = load_rules("en", "outcomes")
# Beside the words of the announcement, which speak of what was to come.
_OUTCOMES = {
    Outcome.HAPPENED: "happened, as announced",
    Outcome.DID_NOT_HAPPEN: "did not happen, though announced",
}


def when_told(expectation: Expectation, *, said: date | None, today: date, say: Phrases) -> str:
    """Return when what is announced is due, as a reader of ``today`` is told it; ``said`` is the day it was announced."""
    if not expectation.due:
        return expectation.when
    last = expectation.due_end or expectation.due
    if said and _is_vague(expectation, last):
        return f"{expectation.when} {say.from_day.format(day=say.short_date(said))}"
    days = _days(expectation, last, said=said, today=today, say=say)
    bound = _bound(expectation.when, say) if expectation.due == last else ""
    return bound.format(day=days) if bound else days


def outcome_told(expectation: Expectation, *, today: date, say: Phrases) -> str:
    """Return what became of what was announced; of what nobody reported, for when it was."""
    outcome = expectation.outcome
    if outcome is Outcome.HAPPENED and _RULES.has("deadline", expectation.what):
        return say.word(PASSED)
    if outcome is not Outcome.NO_REPORT or expectation.due is None:
        return say.word(str(_OUTCOMES.get(outcome, outcome)))
    last = expectation.due_end or expectation.due
    return say.not_reported.format(day=say.days_between(expectation.due, last, today=today))


def _days(expectation: Expectation, last: date, *, said: date | None, today: date, say: Phrases) -> str:
    """Return the days of what is announced; of a span that had begun when it was announced, such as "this year", its end."""
    first = expectation.due or last
    begun = said is not None and first <= said < last and not _NAMES_DAYS.search(expectation.when)
    if begun and first.day != 1:  # a whole month or year is named as that
        return say.by_day.format(day=say.days_between(last, last, today=today))
    return say.days_between(first, last, today=today)


def _is_vague(expectation: Expectation, last: date) -> bool:
    """Tell whether a span has no date of its own, such as "within 18 months"."""
    long = expectation.due is not None and (last - expectation.due).days >= LONG_SPAN_DAYS
    return long and bool(expectation.when) and not _DATED.search(expectation.when)


def _bound(when: str, say: Phrases) -> str:
    """Return how a day is named that is no more than a bound: "by January 31"; empty for any other."""
    forms = {"by": say.by_day, "before": say.before_day, "until": say.until_day, "from": say.from_day}
    return next((form for sense, form in forms.items() if _RULES.has(sense, when)), "")

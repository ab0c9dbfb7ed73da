"""Tell which questions of a story are still open. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.language.dates.passed import has_passed
from bot.language.dates.resolve import with_dates
from bot.model.ledger import StoryLedger


def open_questions(ledger: StoryLedger, *, today: date) -> Iterator[str]:
    """Yield the open questions of a story, without those about a day before ``today``, which nobody asks any more.

    Their days are dated here: a question cites no sentence whose article would say later which Sunday it means.
    """
    for question in ledger.questions:
        asked = ledger.asked_at.date() if ledger.asked_at else today
        if not has_passed(question, written=asked, today=today):
            yield with_dates(question, written={asked}, today=today)

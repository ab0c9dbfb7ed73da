"""Leave the year out of dates in the reader's present year: "on Wednesday 5 October 2022" in 2022. Pure."""

from __future__ import annotations

import re
from datetime import date

from bot.language.dates.find import MAX_DATED_TEXT_CHARS
from bot.language.dates.rules import MONTHS, WEEKDAYS
from bot.language.rules import languages_with, load_rules


def _names(kind: str, english: tuple[str, ...]) -> str:
    words = {name.casefold() for name in english}
    for language in languages_with("calendar"):
        held = load_rules(language, "calendar").words
        words |= {word for sense, found in held.items() if sense.startswith(kind) for word in found}
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


# Read when the module is: lines are written in the loop, where no file may be opened.
_DAY, _MONTH = _names("weekday", WEEKDAYS), _names("month", MONTHS)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Only after a weekday: a resolved date has one, while a date in a name or a law keeps its year.
_DATE = re.compile(
    rf"(?P<date>\b(?:{_DAY}),?\s(?:\d{{1,2}}(?:\.|st|nd|rd|th)?\s(?:de\s)?(?:{_MONTH})|(?:{_MONTH})\s\d{{1,2}}))"
    r",?\s(?:de\s)?(?P<year>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)


def without_current_year(text: str, *, today: date) -> str:
    """Return ``text`` without the year of its dates if it is that of ``today`` and no other year is named."""
    if len(text) > MAX_DATED_TEXT_CHARS or set(_YEAR.findall(text)) != {str(today.year)}:
        return text
    return _DATE.sub(lambda found: found["date"], text)

"""Tell whether a quoted sentence is about days before a channel was last sent its story, and so background. Pure, English."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from bot.language.dates.find import DateSpan, find_dates
from bot.language.dates.resolve import days_ahead

_ONE_DAY = timedelta(days=1)  # what is longer, a month or a year, dates no happening
_BESIDE_CHARS = 40
# "since 28 April", "the bombings of July 7", "pictures from March 18", "the 20 April explosion": the day is of something
# else than what is told.
_OF_ANOTHER = re.compile(
    r"\b(?:(?:since|of|from|before|until|after|following)\s(?:the\s|late\s|early\s|last\s|on\s){0,2}"
    r"|(?<!on\s)(?:the|its|his|her|their|this|that)\s)$",
    re.IGNORECASE,
)
_OWNING = ("'s", "’s")  # "Tuesday's earthquake" too
# "since the cabinet took office on 28 April", and not "before dawn on Sunday".
_OF_CLAUSE = re.compile(
    r"\b(?:since|before|until)\s(?!then\b|\d|(?:dawn|sunrise|noon|midday|dusk|sunset|midnight)\b)",
    re.IGNORECASE,
)
# "the images taken on 18 March show", "Hijab, who defected on 5 August, says".
_OF_NAMED = re.compile(
    r"(?:\b\w+(?:ed|en|ound|eard|eld|ade|ent)|\bwh(?:o|ich)\s[^,]*)\s(?:on\s)?$", re.IGNORECASE
)
_GOES_ON = re.compile(
    r",?\s(?:is|are|was|were|has|have|had|will|would|could|may|might|can|shows?|showed|says?|said|tells?|told|claims?|claimed)\b",
    re.IGNORECASE,
)


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
    """Tell whether ``day`` is that of what ``text`` tells."""
    before, behind = text[: day.start], text[day.end :]
    beside = before[-_BESIDE_CHARS:]
    of_named = _OF_NAMED.search(beside) and _GOES_ON.match(behind)
    return not (
        behind.startswith(_OWNING) or _OF_ANOTHER.search(beside) or _OF_CLAUSE.search(before) or of_named
    )

"""Reads from one sentence or statement what is checked: counts, times, days, names with their places, marks, speech."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.evidence.reading.counts import Count, counts_of
from bot.evidence.reading.slots import Name, names_of
from bot.evidence.reading.synonyms import content
from bot.evidence.reading.tokens import Word, words_of
from bot.language.dates.calendars import find_calendar_days
from bot.language.dates.find import find_dates
from bot.language.dates.rules import MONTHS, WEEKDAYS
from bot.language.rules import load_rules
from bot.language.sentences.modality import Mark, find_marks
from bot.language.sentences.quotations import plain, quotations
from bot.language.speech import any_of
from bot.language.text_cache import text_cached

_CLOCK = re.compile(
    r"(?<![\d.,])(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?\s?m\b\.?"
    r"|(?<![\d.,:])(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)(?![\d:])",
    re.IGNORECASE,
)
# "425kg" is 425 kg: a unit glued to its number.
_GLUED = re.compile(
    rf"(?<=\d)(?=(?:{any_of(load_rules('en', 'numbers').words['glued'])})\b)|(?<=\d)-(?=(?!to\b)[a-z]{{3}})",
    re.IGNORECASE,
)
# "the BJP.The party": the blank between two sentences is missing. "Chang'e4", "Chang'e-4": so is that of a name and its number.
_RUN_ON = re.compile(r"(?<=[^\W\d_]{2}\.)(?=[A-Z][a-z])")
_NUMBERED_NAME = re.compile(r"\b(?P<name>[A-Z][a-z’']{3,})-?(?P<number>\d{1,4})\b(?![-.]\d)")
_NAMED_BY_NUMBER = re.compile(r"(?<=\bcovid)[- ]?19\b", re.IGNORECASE)  # "Covid" means no other
CALENDAR = frozenset(w.casefold() for w in (*MONTHS, *WEEKDAYS)) - {"may", "march"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Days that a text names, as printed, and resolved in both directions if ambiguous."""

    text: str
    spans: tuple[tuple[date, date], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The checked content of one text."""

    text: str
    plain: str
    words: tuple[Word, ...]
    folded: frozenset[str]
    terms: frozenset[str]
    quotes: tuple[str, ...]
    counts: tuple[Count, ...]
    times: frozenset[int]  # minutes of the day; a time without a half counts for both
    codes: frozenset[str]  # what holds digits and is neither number, time nor day: "S9", "B-44"
    days: tuple[Day, ...]
    calendar: frozenset[str]  # months and weekdays named, folded
    names: tuple[Name, ...]
    marks: tuple[Mark, ...] = field(default=())


@text_cached(maxsize=4_096)
def read(text: str, published: datetime | None, utc_offset: int = 0, language: str = "en") -> Facts:
    """Return the facts of ``text``, with days resolved from ``published`` and ``utc_offset``; without a date, relative days are ignored.

    Its days are looked for by the calendar of ``language`` (ISO 639-1), the rest by English rules.
    """
    spaced = _NUMBERED_NAME.sub(r"\g<name> \g<number>", _RUN_ON.sub(" ", _GLUED.sub(" ", text)))
    blank = list(spaced)
    days = (
        _days(spaced, blank, published=published, utc_offset=utc_offset)
        if language == "en"
        else _days_in(language, spaced, blank, published=published, utc_offset=utc_offset)
    )
    times = _times(spaced, blank)
    for match in _NAMED_BY_NUMBER.finditer(spaced):
        blank[match.start() : match.end()] = " " * len(match[0])
    masked = "".join(blank)
    tokens = words_of(spaced)
    counts, masked = counts_of(masked, spaced, tokens)
    codes = frozenset(
        re.sub(r"[^\w]", "", w.folded) for w in words_of(masked) if any(c.isdigit() for c in w.folded)
    )
    folded = frozenset(w.folded for w in tokens)
    return Facts(
        text=spaced,
        plain=plain(text),
        words=tokens,
        folded=folded,
        terms=content(text),
        quotes=quotations(text),
        counts=counts,
        times=times,
        codes=codes,
        days=days,
        calendar=folded & CALENDAR,
        names=tuple(n for n in names_of(spaced, tokens) if masked[n.start] != " "),
        marks=find_marks(spaced),
    )


def _days(text: str, blank: list[str], *, published: datetime | None, utc_offset: int) -> tuple[Day, ...]:
    found: dict[tuple[int, int], tuple[str, list[tuple[date, date]]]] = {}
    readings = [find_dates(text, published=published, utc_offset=utc_offset)]
    if readings[0]:
        readings.append(find_dates(text, published=published, utc_offset=utc_offset, direction="past"))
        readings.append(find_dates(text, published=published, utc_offset=utc_offset, direction="future"))
    for number, spans in enumerate(readings):
        for span in spans:
            key = (span.start, span.end)
            days = (span.first, span.last)
            if number == 0:
                found[key] = (span.text, [days])
                for i in range(*key):
                    blank[i] = " "
            elif key in found and days not in found[key][1]:
                found[key][1].append(days)
    if published is None:
        return tuple(Day(text=printed, spans=tuple(spans)) for printed, spans in found.values())
    for match in _IN_THE_YEAR.finditer(text):
        year = (published.astimezone(UTC) + timedelta(minutes=utc_offset)).year
        found[match.start(), match.end()] = (match[0], [(date(year, 1, 1), date(year, 12, 31))])
    feasts = _feasts(text, blank, published.astimezone(UTC).date())
    return (*(Day(text=printed, spans=tuple(spans)) for printed, spans in found.values()), *feasts)


def _days_in(
    language: str, text: str, blank: list[str], *, published: datetime | None, utc_offset: int
) -> tuple[Day, ...]:
    """Return the days of ``text`` by the calendar of ``language``, each resolved as a past and as a coming one."""
    if published is None:
        return ()
    today = (published.astimezone(UTC) + timedelta(minutes=utc_offset)).date()
    found: dict[tuple[int, int], Day] = {}
    for ahead in (False, True):
        for span in find_calendar_days(text, language=language, today=today, ahead=ahead):
            key, other = (span.start, span.end), found.get((span.start, span.end))
            days = dict.fromkeys((*(other.spans if other else ()), (span.first, span.last)))
            found[key] = Day(text=span.text, spans=tuple(days))
    for start, end in found:
        blank[start:end] = " " * (end - start)
    return tuple(found.values())


_IN_THE_YEAR = re.compile(r"\b(?:later|earlier|early|late) (?:in|on in) the year\b", re.IGNORECASE)
_FEASTS = {
    name: (int(sense[-5:-3]), int(sense[-2:]))
    for sense, names in load_rules("en", "dates").words.items()
    if sense.startswith("feast ")
    for name in names
}


def feast(name: str) -> tuple[int, int] | None:
    """Return month and day of the feast ``name``, else None."""
    return _FEASTS.get(plain(name).casefold())


def _feasts(text: str, blank: list[str], near: date) -> list[Day]:
    lower = text.casefold().replace("’", "'")
    found = []
    for name, (month, day) in _FEASTS.items():
        at = lower.find(name) if len(lower) == len(text) else -1
        if at >= 0:
            for i in range(at, at + len(name)):
                blank[i] = " "
            years = sorted(
                (date(near.year + shift, month, day) for shift in (-1, 0, 1)),
                key=lambda d: abs((d - near).days),
            )
            found.append(Day(text=name, spans=((years[0], years[0]),)))
    return found


def _times(text: str, blank: list[str]) -> frozenset[int]:
    found = set()
    for match in _CLOCK.finditer(text):
        for i in range(match.start(), match.end()):
            blank[i] = " "
        if match["hour"]:
            hour = int(match["hour"]) % 12 + (12 if match["half"].lower() == "p" else 0)
            found.add(hour * 60 + int(match["minute"] or 0))
        else:
            found.add(int(match["hour24"]) * 60 + int(match["minute24"]))
    return frozenset(found)

"""Read the dates that feeds and pages print: ISO 8601, RFC 822 with its customary faults, and dates in words.

A date is read completely or not at all: a text with one unknown part is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from bot.feeds.document.raw import Moment
from bot.feeds.document.zones import ZONE_MINUTES, ZONES_ALL_YEAR, ZONES_OF
from bot.language.rules import languages_with, load_rules

MAX_DATE_CHARS = 80
EARLIEST = datetime(1970, 1, 3, tzinfo=UTC)  # dates up to the zero of many clocks, in every zone
LATEST_YEAR = 2200
MAX_OFFSET_MINUTES = 14 * 60  # minutes: no place is further from UTC

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d{1,9})?\s?(Z|[+-]\d\d:?\d\d|[+-]\d\d)?)?",
    re.IGNORECASE | re.ASCII,
)
_MONTH_FIRST = frozenset({"us", "ph", "fm", "pw", "mh"})  # countries that write the month before the day
_YEAR_FIRST = frozenset({"zh", "ja", "ko", "hu", "mn", "lt", "eo"})  # languages that write the year first
_UNCERTAIN = frozenset({"en", ""})  # languages whose countries do not agree

_TOKEN = re.compile(
    r"""(?P<space>[\s,;|·•]+|(?<![\d:])[-–—](?!\d)|(?<=\d)[-–—](?=[^\W\d])|(?<=[^\W\d])(?<!gmt)(?<!utc)[-–—](?=\d)|/(?=[^\W\d]))
    |(?P<bracketed>\([^()]{1,60}\)|\[[^\[\]]{1,60}\])
    |(?P<time>\d{1,2}\s?[:hH]\s?\d\d(?:\s?:\s?\d\d(?:[.,]\d{1,9})?)?(?!\d)|\d{1,2}\.\d\d(?:\.\d\d)?(?=\s(?:uhr|h)\b|\Z))
    |(?P<date>\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|\d{1,2}(?P<mark>[-/.])\s?\d{1,2}(?P=mark)\s?(?:\d{4}|\d\d)(?!\d))
    |(?P<offset>[+−-]\s?\d{1,2}:?(?:\d\d)?(?!\d))
    |(?P<number>\d{1,4})(?:st|nd|rd|th|er|[ºª.]|(?=\D|\Z))
    |(?P<word>[ap]\.\s?m\b|[^\W\d_]+(?:['’.-][^\W\d_]+)*)\.?""",
    re.VERBOSE | re.IGNORECASE,
)
# The form of most feeds, read without taking it apart.
_RFC_822 = re.compile(
    r"([a-z]{3}), (\d{1,2}) ([a-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) (GMT|UTC|[+-]\d{4})",
    re.IGNORECASE | re.ASCII,
)
_EASTERN_DATE = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]?")
_EASTERN_TIME = re.compile(r"(\d{1,2})\s?[時时点시]\s?(\d{1,2})\s?[分분](?:\s?(\d{1,2})\s?[秒초])?")


def read_moment(text: str, *, language: str = "") -> Moment | None:
    """Return ``text`` as aware UTC and its printed offset in minutes; None if it is not understood completely.

    ``language`` is a tag such as ``en-GB``: it tells how a date of numbers is read. Without it, and for English of
    no country, a date that can be read in two ways is none. A time without a zone is UTC. Years up to 1970 are
    the zero of some clock, and no dates.
    """
    text = " ".join(text.split())
    if not 8 <= len(text) <= MAX_DATE_CHARS:
        return None
    try:
        if iso := _ISO.fullmatch(text):
            moment: datetime | None = _from_iso(iso)
        else:
            usual = _RFC_822.fullmatch(text)
            moment = (_from_rfc_822(usual) if usual else None) or _from_tokens(text, language.lower())
        if moment is None:
            return None
        shift = moment.utcoffset() or timedelta()
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return (
        (moment, int(shift.total_seconds() // 60))
        if moment >= EARLIEST and moment.year <= LATEST_YEAR
        else None
    )


def _from_iso(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second, zone = match.groups()
    date = (int(year), int(month), int(day))
    time = (int(hour or 0), int(minute or 0), int(second or 0))
    return _moment(date, time, _offset(zone) if zone and zone not in "zZ" else 0)


def _from_rfc_822(match: re.Match[str]) -> datetime | None:
    weekday, day, name, year, *time, zone = match.groups()
    known = _words()
    month = next((s for s in known.get(name.casefold(), ()) if s.startswith("month ")), "")
    if not month or "weekday" not in known.get(weekday.casefold(), ()):
        return None
    hour, minute, second = map(int, time)
    date = (int(year), int(month.removeprefix("month ")), int(day))
    return _moment(date, (hour, minute, second), 0 if zone[0] in "GUgu" else _offset(zone))


@dataclass(slots=True)
class _Parts:
    """What the tokens of one date said so far."""

    date: str = ""  # three numbers with their marks
    numbers: list[str] = field(default_factory=list)  # of day and year, where the month is a word
    months: list[tuple[str, int]] = field(default_factory=list)
    time: str = ""
    half: str = ""  # "before noon", "after noon"
    zone: str = ""
    offset: str = ""
    bracketed: str = ""
    last: str = ""  # the kind of the last word


def _from_tokens(text: str, language: str) -> datetime | None:
    parts = _Parts()
    if any(not _put(kind, token, parts) for kind, token in _tokens(_western(text))):
        return None
    if parts.last == "date filler":
        return None
    date = _date(parts, language)
    time = _time(parts)
    minutes = _minutes(parts, language)
    if date is None or time is None or minutes is None:
        return None
    if isinstance(minutes, int):
        return _moment(date, time, minutes)
    return datetime(*date, *time, tzinfo=ZoneInfo(minutes))


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and text of each token; an empty kind for text between tokens."""
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            yield "", text[position]
            return
        position = found.end()
        kind = found.lastgroup or ""
        kind = "date" if kind == "mark" else kind
        if kind != "space":
            yield kind, found[kind]


def _put(kind: str, token: str, parts: _Parts) -> bool:
    """Take ``token`` into ``parts``; return whether it says something, and something new."""
    match kind:
        case "time" | "date" | "bracketed" if not getattr(parts, kind):
            setattr(parts, kind, token)
        case "offset" if parts.time and not parts.offset:
            parts.offset = token
        case "number" if len(parts.numbers) < 2:
            parts.numbers.append(token)
        case "word":
            return _put_word(token, parts)
        case _:
            return False
    parts.last = kind
    return True


def _put_word(token: str, parts: _Parts) -> bool:
    word = token.casefold().replace(". ", ".")
    known = _words().get(word, frozenset())
    parts.last = "word"
    if month := next((sense for sense in known if sense.startswith("month ")), ""):
        parts.months.append((word, int(month.removeprefix("month "))))
    elif half := next((sense for sense in known if sense.endswith(" noon")), ""):
        parts.half = half
    elif token.upper() in ZONE_MINUTES or token.upper() in ZONES_ALL_YEAR:
        # Behind the time: before it "MET" or "EST" would be a word of some language.
        if not parts.time or parts.zone:
            return False
        parts.zone = token.upper()
    elif "date filler" in known:
        parts.last = "date filler"
    else:
        return bool(known)
    return True


def _date(parts: _Parts, language: str) -> tuple[int, int, int] | None:
    # "mar 4 mar 2025": a word that is a weekday too is the month only where no other is.
    months = parts.months
    if len(months) > 1:
        months = [m for m in months if "weekday" not in _words()[m[0]]] or months[-1:]
    if parts.date:
        return None if months or parts.numbers else _numeric_date(parts.date, language)
    if len(months) != 1 or len(parts.numbers) != 2:
        return None
    day, year = parts.numbers
    if len(day) == 4:
        day, year = year, day
    if len(day) > 2 or len(year) not in {2, 4}:
        return None
    return _year(year), months[0][1], int(day)


def _numeric_date(text: str, language: str) -> tuple[int, int, int] | None:
    """Return the year, month and day of three numbers; None where they can be read in two ways."""
    first, second, third = re.split(r"[-/.]\s?", text)
    if len(first) == 4:
        return int(first), int(second), int(third)
    day_first = (third, second, first)
    readings = [day_first]
    spoken, _, country = language.replace("_", "-").partition("-")
    country = country.rpartition("-")[2]
    if country in _MONTH_FIRST:
        readings = [(third, first, second)]
    elif spoken in _YEAR_FIRST and len(third) == 2:
        readings = [(first, second, third)]
    elif (spoken in _UNCERTAIN and (not country or country == "ca")) and "." not in text:
        readings = [day_first, (third, first, second)]
        if len(third) == 2:
            readings.append((first, second, third))
    possible = {(_year(y), int(m), int(d)) for y, m, d in readings if _is_date(_year(y), int(m), int(d))}
    return possible.pop() if len(possible) == 1 else None


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return False
    return True


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _time(parts: _Parts) -> tuple[int, int, int] | None:
    if not parts.time:
        return (0, 0, 0) if not parts.half else None
    numbers = [int(n) for n in re.split(r"\s?[:hH.]\s?", parts.time.partition(",")[0])[:3]]
    hour, minute, second = (*numbers, 0, 0)[:3]
    if parts.half == "after noon":
        hour += 12 if hour < 12 else 0
    elif parts.half == "before noon":
        if hour > 12:
            return None
        hour %= 12
    return hour, minute, second


def _minutes(parts: _Parts, language: str) -> int | str | None:
    """Return the offset in minutes, or the name of a zone whose offset depends on the date."""
    if parts.offset:
        return _offset(parts.offset.replace("−", "-").replace(" ", ""))
    zone = parts.zone
    if parts.bracketed and not zone:
        zone = parts.bracketed[1:-1].strip().upper()
        if zone not in ZONE_MINUTES and zone.lower() not in _words():
            return None
    if zone in ZONES_ALL_YEAR:
        return ZONES_ALL_YEAR[zone]
    spoken, _, country = language.replace("_", "-").partition("-")
    return ZONES_OF.get((spoken, zone), ZONES_OF.get((country, zone), ZONE_MINUTES.get(zone, 0)))


def _offset(text: str) -> int:
    """Return the minutes of ``+9``, ``+09``, ``+0900`` or ``+09:00``; raises ``ValueError`` beyond any zone."""
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    total = (hours * 60 + minutes) * (-1 if text[0] == "-" else 1)
    if minutes > 59 or abs(total) > MAX_OFFSET_MINUTES:
        raise ValueError(text)
    return total


def _moment(date: tuple[int, int, int], time: tuple[int, int, int], minutes: int) -> datetime:
    hour, minute, second = time
    if hour > 24 or (hour == 24 and minute + second):
        raise ValueError(hour)
    zone = timezone(timedelta(minutes=minutes))
    # A leap second counts as the one before it; some write midnight as 24:00.
    moment = datetime(*date, hour % 24, minute, min(second, 59) if second < 61 else second, tzinfo=zone)
    return moment + timedelta(days=hour // 24)


def _western(text: str) -> str:
    """Return ``text`` with the signs that Chinese, Japanese and Korean put behind numbers as our marks."""
    if text.isascii():
        return text
    text = _EASTERN_DATE.sub(r"\1-\2-\3 ", text)
    return _EASTERN_TIME.sub(lambda m: ":".join(g.zfill(2) for g in m.groups() if g), text)


@cache
def _words() -> Mapping[str, frozenset[str]]:
    """Return the senses of every word that the calendars of all languages know."""
    senses: dict[str, set[str]] = {}
    for language in languages_with("calendar"):
        for sense, words in load_rules(language, "calendar").words.items():
            for word in words:
                senses.setdefault(word.casefold(), set()).add(sense)
    return {word: frozenset(found) for word, found in senses.items()}

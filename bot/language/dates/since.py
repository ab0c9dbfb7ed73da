"""Read a time in the past as people write it: "yesterday", "3 days", "Monday", "2025-07-03", "7:30". Pure, English."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.language.dates.find import find_dates

MAX_SINCE_PHRASE_CHARS = 100  # characters that are read
_UNITS = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}  # in minutes
_AGO = re.compile(
    r"(?:the )?(?:last |past )?(?P<count>\d{1,4}|an?|one|two|three)?\s*"
    r"(?P<unit>m|min|mins|minutes?|h|hours?|d|days?|w|weeks?)(?: ago)?"
)
# "18:00", "9am", "9:30 pm"; a bare number is no time of day.
_CLOCK = re.compile(
    r"\b(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?! ?[ap]m\b)\b"
    r"|\b(?P<twelve>1[0-2]|0?[1-9])(?::(?P<past>[0-5]\d))? ?(?P<half>[ap])\.?m\b"
)
_WORDS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}


def read_since(text: str, *, now: datetime, zone: str) -> datetime | None:
    """Return the time before ``now`` that ``text`` names, in ``zone``; None if it names none.

    A day means its first minute, a clock time alone its last occurrence.
    """
    words = " ".join(text.lower().split())[:MAX_SINCE_PHRASE_CHARS].removeprefix("since ").strip(" .")
    local = now.astimezone(ZoneInfo(zone))
    ago = _AGO.fullmatch(words)
    if ago:
        count = _WORDS.get(ago["count"] or "one") or int(ago["count"])
        return now - timedelta(minutes=count * _UNITS[ago["unit"][0]])
    clock = _CLOCK.search(words)
    named = words[: clock.start()] + words[clock.end() :] if clock else words
    day = _day(named.strip(" ,"), local)
    if clock is None and day is None:
        return None
    at = _time(clock) if clock else time()
    moment = datetime.combine(day or local, at, tzinfo=local.tzinfo)
    if day is None and moment > local:
        moment -= timedelta(days=1)
    return moment.astimezone(now.tzinfo) if moment <= local else None


def _time(clock: re.Match[str]) -> time:
    if clock["hour"]:
        return time(int(clock["hour"]), int(clock["minute"]))
    return time(int(clock["twelve"]) % 12 + 12 * (clock["half"] == "p"), int(clock["past"] or 0))


def _day(words: str, local: datetime) -> datetime | None:
    if words in {"today", "this morning"}:
        return local
    offset = local.utcoffset() or timedelta()
    # Days and months are read by their capitals, a month alone by the word before it.
    spans = find_dates(
        f"since {words.title()}",
        published=local,
        utc_offset=int(offset.total_seconds() // 60),
        direction="past",
    )
    return datetime.combine(spans[0].first, time()) if spans else None

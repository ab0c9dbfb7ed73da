"""Timetables in a channel's time zone: plain words or cron to local times, each due exactly once. Pure.

    "weekdays 07:30 Europe/Berlin" ──▶ Timetable ──after a moment──▶ slots: local wall time, and the instant it is due

A wall time that a zone skips (clocks go forward) is due at the first instant after the gap; one that comes twice
is due the first time. The wall time, not the instant, names a slot: it is what people subscribed to.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from bot.errors import InputError
from bot.language.rules import languages_with, load_rules

MAX_SLOT_GAP = timedelta(days=3_294)  # longer than from one 29 February to the next
ANY_WALL_TIME = datetime(2024, 1, 1)  # noqa: DTZ001 - to look from; of a leap year, so 29 February is near
MAX_TIMETABLE_CHARS = 300  # characters of a timetable
MAX_TIMES_PER_DAY = 24  # a day, in plain words

_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_SETS = {"daily": "*", "every day": "*", "weekdays": "1-5", "weekends": "0,6"}
_TIME = re.compile(r"(?<!\d)(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)(?!\d)")
_LIKE_A_TIME = re.compile(r"\d+[:.]\d+")
_TWELVE_HOURS = re.compile(r"\d{1,4}(?:[:.]\d{1,4})? ?[ap]\.?m\b\.?", re.IGNORECASE)
_ZONE = re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+\-]+){1,2}|UTC|GMT")
_HINT = 'Write it like "weekdays 07:30 Europe/Berlin", "Mon, Thu 9:00 UTC" or a cron line with its zone'

# Words of the languages that have some, with the English for them; read when the module is, for the loop may open no file.
_ENGLISH = {
    word: sense
    for language in languages_with("timetable")
    for sense, words in load_rules(language, "timetable").words.items()
    for word in words
}
_FOREIGN = re.compile(
    rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(_ENGLISH, key=len, reverse=True)))})(?!\w)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """When a subscription is due: cron lines (five fields, local time) and their zone."""

    lines: tuple[str, ...]
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One due moment: the wall time that names it (without zone) and the instant, aware and in UTC."""

    wall: datetime
    due: datetime

    @property
    def key(self) -> str:
        """The wall time as text: the same however often it is computed."""
        return self.wall.isoformat(timespec="minutes")


def read_timetable(text: str, *, zone: str = "") -> Timetable:
    """Return the timetable of ``text``, plain words or cron, with the zone in it or ``zone``.

    Raises ``InputError`` for an unknown zone, for what is neither, and for what is never due.
    """
    if len(text) > MAX_TIMETABLE_CHARS:
        raise InputError(f"{text[:80]!r}… is too long for a time", hint=_HINT)
    words = " ".join(text.split())
    named = _ZONE.search(words)
    if named:
        words = (words[: named.start()] + words[named.end() :]).strip(" ,")
    timetable = Timetable(lines=_lines(words, text), zone=known_zone(named[0] if named else zone))
    try:
        start = ANY_WALL_TIME.replace(tzinfo=UTC)
        due = next(slots(timetable, after=start), None)
    except CronSimError as error:
        if _due_in_other_months(timetable.lines[0]):
            raise InputError(
                f"{text[:80]!r} is never due: no such day is in the months it names",
                hint="Choose a day that the month has",
            ) from error
        wrong = str(error).removeprefix("Bad ").replace("-", " ")
        raise InputError(f"{text[:80]!r} is not a time: its {wrong} is out of range", hint=_HINT) from error
    if due is None or due.due - start > MAX_SLOT_GAP:
        raise InputError(
            f"{text[:80]!r} is never due", hint="Choose days that come at least every eight years"
        )
    return timetable


def slots(timetable: Timetable, *, after: datetime) -> Iterator[Slot]:
    """Yield the slots due after the aware moment ``after``, earliest first; each wall time once."""
    zone = ZoneInfo(timetable.zone)
    # A gap or a repeated hour is never longer than a day: two days earlier, no wall time can be missed.
    start = after.astimezone(zone).replace(tzinfo=None) - timedelta(days=2)
    last: datetime | None = None
    for wall in heapq.merge(*(CronSim(line, start) for line in timetable.lines)):
        if wall == last:
            continue
        last = wall
        due = instant(wall, zone)
        if due > after:
            yield Slot(wall=wall, due=due)


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC instant at which clocks in ``zone`` first show ``wall``, or first show more than it."""
    behind, before = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    # Only for a skipped time is the first reading later than the second: after the gap's end, where the offset changes.
    offset = behind.astimezone(zone).utcoffset()
    while behind - before > timedelta(seconds=1):
        middle = before + (behind - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            behind = middle
        else:
            before = middle
    return behind.replace(microsecond=0)


def is_zone(name: str) -> bool:
    """Tell whether ``name`` is a time zone that can be used."""
    try:
        known_zone(name)
    except InputError:
        return False
    return True


def known_zone(name: str) -> str:
    """Return the name of a time zone; raises ``InputError`` for one that is none."""
    if not name:
        raise InputError("The time has no zone", hint=_HINT)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"There is no time zone {name!r}", hint="Names look like Europe/Berlin") from error
    return name


def _lines(words: str, text: str) -> tuple[str, ...]:
    if re.fullmatch(r"[\d*/,\-A-Za-z#?]+(?: [\d*/,\-A-Za-z#?]+){4}", words) and re.match(
        r"[\d*/,\-]+ [\d*/,\-]+ ", words
    ):
        return (words,)
    if odd := _TWELVE_HOURS.search(words):
        raise InputError(
            f"{odd[0]!r} is not a time of a 24-hour day", hint="Write hours from 0 to 23, such as 19:30"
        )
    times = list(_TIME.finditer(words))
    days = _TIME.sub(" ", words).lower()
    if odd := _LIKE_A_TIME.search(days):
        raise InputError(
            f"{odd[0][:20]!r} is not a time of day",
            hint="Write hours from 0 to 23 and two digits of minutes, such as 07:30",
        )
    if not times or len(times) > MAX_TIMES_PER_DAY:
        raise InputError(f"{text[:80]!r} names no time of day", hint=_HINT)
    which = _days(re.sub(r"\b(?:at|and|on)\b|[,;&]", " ", _in_english(days)), text)
    return tuple(f"{int(time['minute'])} {int(time['hour'])} * * {which}" for time in times)


def _in_english(days: str) -> str:
    """Return ``days``, in small letters, with the words of other languages in English."""
    plain = "".join(c for c in unicodedata.normalize("NFD", days) if not unicodedata.combining(c))
    return _FOREIGN.sub(lambda word: f" {_ENGLISH[word[0]]} ", plain)


def _due_in_other_months(line: str) -> bool:
    minute, hour, day, _, weekday = line.split()
    try:
        CronSim(f"{minute} {hour} {day} * {weekday}", ANY_WALL_TIME)
    except CronSimError:
        return False
    return True


def _days(words: str, text: str) -> str:
    """Return the cron field of the days in ``words``; every day when there are none."""
    words = " ".join(words.split())
    if not words:
        return "*"
    if words in _SETS:
        return _SETS[words]
    named = {word: _day(word) for word in words.split()}
    # In "daily 07:30 Berlin" the odd word is "Berlin".
    odd = next((w for w, day in named.items() if day is None and w not in _SETS), "")
    if odd:
        raise InputError(f"{text[:80]!r} names no day that is known: {odd!r}", hint=_HINT)
    if None in named.values():
        raise InputError(f"{text[:80]!r} names no day that is known: {words!r}", hint=_HINT)
    return ",".join(str(day) for day in sorted({day for day in named.values() if day is not None}))


def _day(word: str) -> int | None:
    """Return the number of the one day that ``word`` begins, None for any other word."""
    found = [i for i, day in enumerate(_DAYS) if len(word) >= 2 and day.startswith(word.removesuffix("s"))]
    return found[0] if len(found) == 1 else None

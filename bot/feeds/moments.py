"""Read the dates that feeds print: RFC 822 with its customary faults, and ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from bot.feeds.raw import Moment

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d{1,9})?\s?(Z|[+-]\d\d:?\d\d|[+-]\d\d)?)?$",
    re.IGNORECASE,
)
# Zones by their English abbreviation, in minutes; ambiguous ones as feeds of these countries use them.
_ZONES = {
    "BST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180, "MSK": 180, "IST": 330, "JST": 540, "KST": 540,
    "HKT": 480, "SGT": 480, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "WET": 0, "WEST": 60, "SAST": 120,
}  # fmt: skip


def read_moment(text: str) -> Moment | None:
    """Return ``text`` as aware UTC and its printed offset in minutes; None for what is no plausible date."""
    text = " ".join(text.split())
    if not 8 <= len(text) <= 60:
        return None
    iso = _ISO.match(text)
    try:
        moment = _from_iso(iso) if iso else _from_rfc822(text)
        if moment is None or not 1970 <= moment.year <= 2200:
            return None
        shift = moment.utcoffset() or timedelta()
        return moment.astimezone(UTC), int(shift.total_seconds() // 60)
    except (ValueError, OverflowError):
        return None


def _from_iso(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second, zone = match.groups()
    minutes = 0
    if zone and zone.upper() != "Z":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        minutes = (int(digits[:2]) * 60 + int(digits[2:])) * (-1 if zone[0] == "-" else 1)
    return datetime(
        int(year),
        int(month),
        int(day),
        int(hour or 0),
        int(minute or 0),
        min(int(second or 0), 59),
        tzinfo=timezone(timedelta(minutes=minutes)),
    )


def _from_rfc822(text: str) -> datetime | None:
    parsed = parsedate_tz(text)
    if not parsed:
        return None
    minutes = (parsed[9] or 0) // 60
    zone = text.rsplit(" ", 1)[-1].upper()
    if zone in _ZONES:
        minutes = _ZONES[zone]
    year = parsed[0]
    hour = parsed[3]
    moment = datetime(
        year,
        parsed[1],
        parsed[2],
        hour % 24,
        parsed[4],
        min(parsed[5], 59),
        tzinfo=timezone(timedelta(minutes=minutes)),
    )
    return moment + timedelta(days=hour // 24)  # some write midnight as 24:00

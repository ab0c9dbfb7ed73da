"""Find the day or the month that the address of a page names. Pure."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote

MAX_PATH_CHARS = 1000
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_DAYS = (
    re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(rf"/((?:19|20)\d\d)/({_MONTHS.replace(' ', '|')})[a-z]{{0,6}}/(0?[1-9]|[12]\d|3[01])(?!\d)", re.IGNORECASE),
)  # fmt: skip
_MONTH = re.compile(r"/((?:19|20)\d\d)[/_-](0[1-9]|1[0-2])(?=[/_.-]|$)")


def day_in_address(url: str) -> date | None:
    """Return the day that the path of ``url`` names."""
    path = _path(url)
    for pattern in _DAYS:
        for year, month, day in pattern.findall(path):
            number = int(month) if month.isdigit() else _MONTHS.split().index(month.lower()) + 1
            try:
                return date(int(year), number, int(day))
            except ValueError:
                continue
    return None


def month_in_address(url: str) -> date | None:
    """Return the 28th of the month that the path of ``url`` names: its last day in every year."""
    found = _MONTH.search(_path(url))
    return date(int(found[1]), int(found[2]), 28) if found else None


def _path(url: str) -> str:
    return "/" + unquote(url.partition("://")[2].partition("/")[2].partition("?")[0])[:MAX_PATH_CHARS]

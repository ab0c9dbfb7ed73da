"""Feed parsing on real and awkward feeds, beside feedparser on the same files in the same run."""

from __future__ import annotations

import io
import time
import warnings
from collections.abc import Callable
from typing import Any

import feedparser

from benchmarks.data import FOLDER
from bot.errors import ParseError
from bot.feeds.document.parse import parse_feed

ROUNDS = 3


def ours(body: bytes) -> str | int:
    try:
        document = parse_feed(body, url="https://feed.example/", max_entries=5000)
        return len(document.entries) or document.note
    except ParseError as error:
        return error.message


def default(body: bytes) -> str | int:
    return len(feedparser.parse(io.BytesIO(body)).entries)


def unsanitised(body: bytes) -> str | int:
    return len(feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False).entries)


def timed(parse: Callable[[bytes], Any], bodies: list[bytes]) -> float:
    """Return the best of ``ROUNDS`` rounds, in seconds: the least disturbed one."""
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for body in bodies:
            parse(body)
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def run() -> list[dict[str, str]]:
    """Return a row for each parser: feeds/s and entries, the ratio to feedparser, and named reasons."""
    warnings.simplefilter("ignore")
    files = sorted((FOLDER / "feeds").iterdir())
    bodies = [file.read_bytes() for file in files]
    counts = [ours(body) for body in bodies]
    reference = [default(body) for body in bodies]
    agree = sum((a if isinstance(a, int) else 0) >= b for a, b in zip(counts, reference, strict=True))
    base = timed(default, bodies)
    rows = []
    for name, parse in (
        ("wirebrief", ours),
        ("feedparser", default),
        ("feedparser, unsanitised", unsanitised),
    ):
        seconds = base if parse is default else timed(parse, bodies)
        found = [parse(body) for body in bodies]
        entries = sum(c for c in found if isinstance(c, int))
        named = sum(bool(c) for c in found)
        rows.append(
            {
                "parser": name,
                "feeds": str(len(bodies)),
                "entries or a reason": f"{named}/{len(bodies)}",
                "entries": str(entries),
                "feeds/s": f"{len(bodies) / seconds:.0f}",
                "× feedparser": f"{base / seconds:.1f}",
                "no fewer than feedparser": f"{agree}/{len(bodies)}",
            }
        )
    return rows


if __name__ == "__main__":
    for row in run():
        print(row)

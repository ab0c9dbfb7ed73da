"""Read the short form of a reply: strings with parts between bars instead of objects, with half the tokens. Pure.

"3 | text | said by | day | known | 1,2" ──▶ {"importance": 3, "text": …, "claimant": …, "day": …, "relation": …, "cite": [1, 2]}

What has another shape is left as it is: the long form, an object for each entry, is read too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from bot.prompts import schema_of

MAX_PARTS = 40  # of one string
MAX_ENTRIES = 60  # of one list
MAX_STRING_CHARS = 4_000  # characters of one string that are read
MAX_POSITION_WORDS = 6  # words of an actor's only part above which it is a position and no role

_CITED = re.compile(r"\[?\s*\d{1,5}(?:\s*[-–,;\s]\s*\d{1,5}){0,30}\s*\]?")
_CITED_AT_END = re.compile(r"^(?P<text>.*\S)\s*\[(?P<cite>\d{1,5}(?:[\s,;]+\d{1,5}){0,30})\]$", re.DOTALL)
_RANGE = re.compile(r"(\d+)\s*[-–]\s*(\d+)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_KNOWN = re.compile(r"(?P<mark>[=>])?\s*(?P<id>F\d+)")
_IMPORTANCE = re.compile(r"[123]")
_RELATIONS = {"=": "restates", ">": "supersedes", None: "restates"}
_Reader = Callable[[Sequence[str]], dict[str, Any]]
_OUTCOMES = ("did not happen", "happened", "moved")


class ShortReply(BaseModel):
    """The keys of a reply in the short form."""

    headline: str
    kind: str
    phase: str
    state: str
    status: str
    change: str
    facts: list[str]
    actors: list[str]
    figures: list[str]
    announcements: list[str]
    settled: list[str]
    contradictions: list[str]
    background: list[str]
    questions: list[str]
    elsewhere: list[int]
    roundups: list[str]


def short_schema() -> dict[str, Any]:
    """Return the JSON Schema of a reply in the short form."""
    return schema_of(ShortReply)


def long_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``data`` with every string of parts converted to its object."""
    found = dict(data)
    for name, read in _ONE.items():
        if name in found:
            found[name] = _read(found[name], read)
    for name, read in _MANY.items():
        if isinstance(found.get(name), list):
            found[name] = [_read(one, read) for one in found[name][:MAX_ENTRIES]]
    return found


def _read(entry: Any, read: _Reader) -> Any:
    """Return ``entry`` as an object; an entry without parts is unchanged."""
    if not isinstance(entry, str) or ("|" not in entry and not _CITED_AT_END.match(entry[:MAX_STRING_CHARS])):
        return entry
    return read(_parts(entry))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text[:MAX_STRING_CHARS].split("|", MAX_PARTS)]


def _cited(parts: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return ``parts`` without the last one, and the numbers it names; a text may have them in brackets instead."""
    if len(parts) > 1 and _CITED.fullmatch(parts[-1]):
        return list(parts[:-1]), _numbers(parts[-1])
    if at_end := _CITED_AT_END.match(parts[-1]):
        return [*parts[:-1], at_end["text"]], _numbers(at_end["cite"])
    return list(parts), []


def _numbers(text: str) -> list[int]:
    found: list[int] = []
    for first, last in _RANGE.findall(text):
        found += range(int(first), min(int(last), int(first) + 5) + 1)
    rest = _RANGE.sub(" ", text)
    return list(dict.fromkeys((*map(int, re.findall(r"\d+", rest)), *found)))


def _at(parts: Sequence[str], place: int) -> str:
    return parts[place] if place < len(parts) else ""


def _by_shape(parts: Sequence[str], *, full: int, days: int = 1) -> list[str]:
    """Return ``full`` parts, the last ``days`` of them days: where some were left out, each day is found by its shape."""
    if len(parts) >= full:
        return list(parts[:full])
    found = [part for part in parts if _DAY.fullmatch(part)][:days]
    others = [part for part in parts if not _DAY.fullmatch(part)]
    words = full - days
    return [*(_at(others, i) for i in range(words)), *(_at(found, i) for i in range(days))]


def _line(parts: Sequence[str]) -> dict[str, Any]:
    texts, cite = _cited(parts)
    return {"text": _at(texts, 0), "cite": cite}


def _state(parts: Sequence[str]) -> dict[str, Any]:
    texts, cite = _cited(parts)
    return {"name": _at(texts, 0), "cite": cite}


def _status(parts: Sequence[str]) -> dict[str, Any]:
    texts, cite = _cited(parts)
    text, by, day = _by_shape(texts, full=3)
    return {"text": text, "said_by": by, "day": day, "cite": cite}


def _fact(parts: Sequence[str]) -> dict[str, Any]:
    texts, cite = _cited(parts)
    importance = 2
    if texts and _IMPORTANCE.fullmatch(texts[0]):
        importance = int(texts.pop(0))
    label = next((_KNOWN.fullmatch(part) for part in reversed(texts[1:]) if _KNOWN.fullmatch(part)), None)
    if label:
        del texts[max(i for i, part in enumerate(texts) if _KNOWN.fullmatch(part))]
    text, by, day = _by_shape(texts, full=3)
    return {
        "text": text,
        "importance": importance,
        "day": day,
        "claimant": by,
        "relation": _RELATIONS[label["mark"]] if label else "new",
        "known": label["id"] if label else "",
        "cite": cite,
    }


def _actor(parts: Sequence[str]) -> dict[str, Any]:
    texts, cite = _cited(parts)
    name, role, position = _at(texts, 0), _at(texts, 1), _at(texts, 2)
    if len(texts) == len(("name", "position")) and len(role.split()) > MAX_POSITION_WORDS:
        role, position = "", role
    return {"name": name, "role": role, "position": position, "cite": cite}


def _figure(parts: Sequence[str]) -> dict[str, Any]:
    texts, cite = _cited(parts)
    if len(texts) >= len(("value", "counts", "by", "day", "series")):
        value, counts, by, day, series = texts[:5]
    else:
        value, counts, by, series, day = _by_shape(texts, full=5)
    return {
        "value": value,
        "counts": counts,
        "claimant": by,
        "day": day,
        "series": series or counts,
        "cite": cite,
    }


def _announcement(parts: Sequence[str]) -> dict[str, Any]:
    texts, cite = _cited(parts)
    if len(texts) >= len(("what", "when", "due", "last", "by")):
        what, when, due, end, by = texts[:5]
    else:
        what, when, by, due, end = _by_shape(texts, full=5, days=2)
    return {"what": what, "when": when, "due": due, "due_end": end, "by": by, "cite": cite}


def _outcome(parts: Sequence[str]) -> dict[str, Any]:
    texts, cite = _cited(parts)
    outcome = next((one for one in _OUTCOMES if _at(texts, 1).casefold().startswith(one)), "")
    day = next((part for part in texts if _DAY.fullmatch(part)), "")
    return {"known": _at(texts, 0), "outcome": outcome, "due": day, "cite": cite}


def _contradiction(parts: Sequence[str]) -> dict[str, Any]:
    sides: list[dict[str, Any]] = []
    said: list[str] = []
    for part in parts[1:]:
        if _CITED.fullmatch(part):
            sides.append({"by": _at(said, 0), "text": said[-1] if said else "", "cite": _numbers(part)})
            said = []
        else:
            said.append(part)
    return {"question": _at(parts, 0), "sides": sides}


_ONE: Mapping[str, _Reader] = {"headline": _line, "state": _state, "status": _status}
_MANY: Mapping[str, _Reader] = {
    "facts": _fact,
    "actors": _actor,
    "figures": _figure,
    "announcements": _announcement,
    "settled": _outcome,
    "contradictions": _contradiction,
    "background": _line,
}

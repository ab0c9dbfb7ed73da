"""Gold files: the expected content of each day, by people who read the articles and not this program's output.

The format is described in docs/evaluation.md. A fact, status or announcement is found by ``all``: a list of groups,
each met by one of its strings.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.codec import from_plain
from bot.errors import InputError, first_mistake
from bot.model.briefing import Briefing

Groups = tuple[tuple[str, ...], ...]
T = TypeVar("T", bound=BaseModel)


class _Gold(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class GoldFact(_Gold):
    """A fact of a day; ``importance`` is 3 if no briefing may leave it out."""

    importance: int
    text: str
    all: Groups = ()
    new: bool = True


class GoldStatus(_Gold):
    """Where the event stands at the end of a day, and what would be false."""

    line: str = ""
    all: Groups = ()
    never: tuple[str, ...] = ()


class GoldActor(_Gold):
    """An actor; ``must`` if it may not be missing."""

    name: str
    aliases: tuple[str, ...] = ()
    role: str | None = ""
    must: bool = False


class GoldFigure(_Gold):
    """A number in any of its notations, and what it counts."""

    any: tuple[str, ...]
    counts: str = ""
    must: bool = False


class GoldAnnouncement(_Gold):
    """An announcement for a date."""

    what: str
    all: Groups = ()
    due: date | None = None
    due_end: date | None = None


class GoldOutcome(_Gold):
    """The outcome of an announcement."""

    what: str
    outcome: str


class GoldDay(_Gold):
    """The expected content of one day's articles."""

    date: date
    phase: str
    changed: bool = False
    status: GoldStatus = GoldStatus()
    facts: tuple[GoldFact, ...] = ()
    actors: tuple[GoldActor, ...] = ()
    figures: tuple[GoldFigure, ...] = ()
    expectations: tuple[GoldAnnouncement, ...] = ()
    settled: tuple[GoldOutcome, ...] = ()
    junk: tuple[str, ...] = ()


class GoldEvent(_Gold):
    """One event over its days."""

    event: int
    kind: str = "other"
    days: tuple[GoldDay, ...]


class _ArticleLine(_Gold):
    url: str
    event: int | None = None


def read_gold(folder: Path) -> list[GoldEvent]:
    """Return the events of ``folder``; raises ``InputError`` naming an invalid file."""
    files = sorted(folder.glob("event-*.json")) if folder.is_dir() else []
    if not files:
        raise InputError(f"There are no gold files in {str(folder)!r}", hint="They are named event-NAME.json")
    return sorted(
        (_read(path.read_text("utf-8"), GoldEvent, path.name) for path in files), key=lambda g: g.event
    )


def read_events(path: Path) -> dict[str, int]:
    """Return the event of each address in the JSON-lines file ``path``; raises ``InputError`` naming a wrong line."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name!r} cannot be read as text: {error}") from error
    read = [
        _read(line, _ArticleLine, f"{path.name}:{number}")
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    return {line.url: line.event for line in read if line.event is not None}


def read_briefings(folder: Path) -> dict[date, Briefing]:
    """Return the briefings of ``folder`` by their day; other files than DATE.json are left out."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        try:
            day = date.fromisoformat(path.stem)
        except ValueError:
            continue
        try:
            found[day] = from_plain(Briefing, json.loads(path.read_text("utf-8")))
        except ValueError as error:
            raise InputError(f"{path.name!r} is not a briefing: {error}") from error
    if not found:
        raise InputError(f"There are no briefings in {str(folder)!r}", hint="wirebrief backtest writes some")
    return found


def _read(text: str, kind: type[T], name: str) -> T:
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        raise InputError(f"{name}: {first_mistake(error.errors(include_url=False))}") from error

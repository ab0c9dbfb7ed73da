"""The platform-neutral form of a briefing: lines with citation numbers, the same for every medium."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.model.briefing import Source
from bot.model.talk import Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Cite:
    """The number of a source as readers see it, and the cited sentences."""

    source: int
    sentences: tuple[int, ...]


def merged(cites: Iterable[Cite]) -> tuple[Cite, ...]:
    """Return ``cites`` with each source once."""
    found: dict[int, set[int]] = {}
    for cite in cites:
        found.setdefault(cite.source, set()).update(cite.sentences)
    return tuple(Cite(source=n, sentences=tuple(sorted(s))) for n, s in found.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: an optional label ("Was"), an optional lead (a name, a date), the text, its citations."""

    text: str
    label: str = ""
    lead: str = ""
    cites: tuple[Cite, ...] = ()
    url: str = ""  # of a post of ours that the text leads to
    importance: int = 0  # 3 for what a reader must not miss, 1 for a detail; 0 if unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button: what it asks for, about what; ``subject`` has at most 60 characters of ids."""

    verb: Verb
    label: str
    subject: str = ""
    style: str = ""  # "primary", "danger" or neither


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryBlock:
    """One story as a reader sees it, from top to bottom."""

    story_id: str
    headline: Line
    label: str = ""  # before the headline: "New" where new stories stand among changed ones
    chip: str = ""  # the state: "stalled → agreed"
    changed: bool = False  # its status differs from the one that its readers were sent
    known: bool = False  # its readers were sent the story before
    status: tuple[Line, ...] = ()
    bullets: tuple[Line, ...] = ()
    actors: tuple[Line, ...] = ()
    figures: tuple[Line, ...] = ()
    disagreements: tuple[Line, ...] = ()
    next: tuple[Line, ...] = ()
    unknown: tuple[Line, ...] = ()
    footer: str = ""
    menu: tuple[Action, ...] = ()  # what can be done about it
    subject: str = ""  # of the menu where a platform opens it on its own: "BRIEFING STORY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A titled part of the message: whole stories, single lines, or both.

    With ``inline`` title and lines are one line: "3 more: one; two; three". If not everything fits, lines of a larger
    ``weight`` stay; facts have 3 to 1.
    """

    title: str
    stories: tuple[StoryBlock, ...] = ()
    lines: tuple[Line, ...] = ()
    inline: bool = False
    weight: float = 2.0
    actions: tuple[Action, ...] = ()  # below its lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A briefing, an answer, a list, a notice: in words, for any medium."""

    title: str
    dateline: str
    notice: str = ""
    parts: tuple[Part, ...] = ()
    coverage: str = ""
    sources: tuple[Source, ...] = ()
    actions: tuple[Action, ...] = ()
    language: str = "en"  # of the words beside the news
    in_thread: bool = False  # belongs in the thread of the message it is posted under

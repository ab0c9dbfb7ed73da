"""Rows of a message: lines of runs, kept together in blocks. Pure.

A row is one line as a reader sees it; a run is text of one style, or a citation. A block is kept together where it fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.chat.document.plain import plain_line
from bot.inline import OPEN, pieces
from bot.language.locale.phrases import Phrases
from bot.model.briefing import Source
from bot.model.chat import Channel
from bot.model.message import Action, Cite, Line, Message
from bot.model.news import STATED_DATES
from bot.model.talk import Field, Verb


class RunStyle(StrEnum):
    """The style of a run."""

    PLAIN = "plain"
    STRONG = "strong"
    SOFT = "soft"
    CHIP = "chip"  # a state, set apart


class RowKind(StrEnum):
    """The kind of a row."""

    TITLE = "title"  # of a part
    HEADLINE = "headline"
    LINE = "line"
    BULLET = "bullet"
    SMALL = "small"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Outside text of one style on one line; with ``source`` a citation's number, with ``at`` a moment, with ``place`` a channel."""

    text: str
    style: RunStyle = RunStyle.PLAIN
    source: int = 0
    at: datetime | None = None
    place: Channel | None = None
    url: str = ""  # of a post of ours

    @property
    def whole(self) -> bool:
        """Whether the run may not be cut."""
        return bool(self.source or self.at or self.place or self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line."""

    kind: RowKind
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows that belong together; ``lead`` is the number of the source that a story's link leads to.

    ``actions`` are buttons below them, ``menu`` is one menu.
    """

    rows: tuple[Row, ...]
    lead: int = 0
    actions: tuple[Action, ...] = ()
    menu: tuple[Action, ...] = ()


EMPTY_BLOCK = Block(rows=(Row(kind=RowKind.LINE, runs=(Run(text="…"),)),))
"""What a message without a word shows: no platform takes an empty one."""


def headed(message: Message) -> tuple[str, str]:
    """Return the title of a briefing with its day, and the rest of its dateline."""
    day, comma, clock = plain_line(message.dateline).rpartition(", ")
    if not comma:
        day, clock = clock, ""
    return " · ".join(text for text in (plain_line(message.title), day) if text), clock


def head_rows(message: Message, dateline: str) -> tuple[Row, ...]:
    """Return ``dateline`` as a small row, and the message's notice."""
    rows = (row_of(RowKind.SMALL, *text_runs(dateline)), row_of(RowKind.NOTICE, *text_runs(message.notice)))
    return tuple(row for row in rows if row.runs)


def text_runs(text: str, style: RunStyle = RunStyle.PLAIN) -> tuple[Run, ...]:
    """Return ``text`` as runs of one line: plain, its words a blank apart, a run for each value in it."""
    if OPEN not in text:
        return (Run(text=plain_line(text), style=style),)
    runs = []
    for piece in pieces(text):
        if piece.channel:
            place = Channel.read(piece.channel)
            runs.append(Run(text=channel_words(place), place=place))
        elif piece.at:
            runs.append(Run(text=plain_line(piece.text), at=piece.at))
        else:
            # Blanks at both ends are kept, so that words stay separate from the value.
            inner = plain_line(piece.text)
            before, after = " " * piece.text[:1].isspace(), " " * piece.text[-1:].isspace()
            runs.append(Run(text=f"{before}{inner}{after}" if inner else before, style=style))
    return tuple(runs)


def hint_of(field: Field) -> str:
    """Return the text at a field of a form: its mistake, else its hint."""
    return f"✗ {in_plain_words(field.error)}" if field.error else field.hint


def in_plain_words(text: str) -> str:
    """Return ``text`` with its values in words that people read."""
    return "".join(run.text for run in text_runs(text))


def channel_words(channel: Channel) -> str:
    """Return the words for a channel whose name its platform cannot show."""
    return f"a channel on {channel.platform.title()}" if channel.workspace else channel.id


def source_rows(numbers: Iterable[int], sources: Iterable[Source], words: Phrases) -> Iterator[Row]:
    """Yield one small row for each source: number, outlet and time."""
    known = {source.number: source for source in sources}
    title = True
    for number in numbers:
        source = known.get(number)
        if source is None:
            continue
        if title:
            yield row_of(RowKind.SMALL, Run(text=words.sources, style=RunStyle.STRONG))
            title = False
        yield row_of(
            RowKind.SMALL,
            citation_run(number),
            Run(text=f" {plain_line(source.outlet)} · "),
            Run(
                text=words.dated(f"{source.published_at:%Y-%m-%d %H:%M} UTC", source.date_source),
                at=source.published_at if source.date_source in STATED_DATES else None,
            ),
        )


def bullet(line: Line) -> Row:
    """Return ``line`` as a row of a list."""
    return replace(labelled(plain_line(line.label), line), kind=RowKind.BULLET)


def labelled(label: str, line: Line) -> Row:
    """Return ``line`` as a row behind ``label``."""
    lead = plain_line(line.lead)
    return row_of(
        RowKind.LINE,
        Run(text=f"{label}: " if label else ""),
        Run(text=lead, style=RunStyle.STRONG),
        Run(text=": " if lead and plain_line(line.text) else ""),
        *((Run(text=plain_line(line.text), url=line.url),) if line.url else text_runs(line.text)),
        *citation_runs(line.cites),
    )


def citation_runs(cites: Iterable[Cite]) -> list[Run]:
    """Return the numbers of the sources cited, each once."""
    numbers = sorted({cite.source for cite in cites})
    return [run for number in numbers for run in (Run(text=" "), citation_run(number))]


def citation_run(number: int) -> Run:
    """Return the number of one source as a citation."""
    return Run(text=f"[{number}]", source=number)


def row_of(kind: RowKind, *runs: Run) -> Row:
    """Return a row without its empty runs."""
    return Row(kind=kind, runs=tuple(run for run in runs if run.text))


def block_of(
    *rows: Row, lead: int = 0, actions: tuple[Action, ...] = (), menu: tuple[Action, ...] = ()
) -> Block:
    """Return a block without its empty rows."""
    return Block(rows=tuple(row for row in rows if row.runs), lead=lead, actions=actions, menu=menu)


def filled(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return the blocks that are not empty."""
    return tuple(block for block in blocks if block.rows)


def questions_last(actions: Iterable[Action]) -> tuple[tuple[Action, ...], ...]:
    """Return ``actions`` in the groups that are shown apart, none empty: what can be done, then the questions that are offered."""
    every = tuple(actions)
    asks = tuple(action for action in every if action.verb is Verb.FURTHER)
    return tuple(group for group in (tuple(a for a in every if a not in asks), asks) if group)

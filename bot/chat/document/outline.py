"""Lay out a message for a chat: which rows are in the channel, which in its thread. Pure.

    Message ──▶ blocks of rows of runs ──▶ Slack's blocks | Discord's components | Markdown

A row is one line as a reader sees it; a run is text of one look, or a citation. A block is kept together where it fits.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from bot.chat.document.in_channel import Piece, RowUse, channel_words, in_channel
from bot.chat.document.plain import plain_line
from bot.chat.document.rows import Block, Row, RowKind, Run, block_of, bullet, filled, row_of, source_rows
from bot.chat.document.story_rows import (
    cited_sources,
    detail_rows,
    headline_row,
    inline_row,
    lead_source,
    status_rows,
)
from bot.language.locale.phrases import Phrases, phrases
from bot.model.message import Message, Part, StoryBlock

SHARES = (1.0, 0.8, 0.6, 0.4, 0.0)  # of the channel's words, for messages that hold less


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The layout of a briefing: blocks for the channel, and one group for each message in its thread."""

    channel: tuple[Block, ...]
    thread: tuple[tuple[Block, ...], ...] = ()


def outlines(message: Message) -> Iterator[Outline]:
    """Yield layouts of ``message``: the first takes a minute to read, each next one is shorter, for platforms with less space."""
    words, most = phrases(message.language), channel_words(message)
    for share in SHARES:
        yield _briefing_outline(message, words, in_channel(message, words, most=int(share * most)))


def _briefing_outline(message: Message, words: Phrases, shown: Sequence[Piece]) -> Outline:
    """Return ``message`` with ``shown`` beside headlines and statuses in the channel, and everything else in the thread."""
    channel: list[Block] = []
    thread: list[tuple[Block, ...]] = []
    rests: list[tuple[Block, ...]] = []
    place = 0
    for number, part in enumerate(message.parts):
        for i, story in enumerate(part.stories):
            title = (row_of(RowKind.TITLE, Run(text=plain_line(part.title))),) if i == 0 else ()
            ours = [p for p in shown if p.place == place and p.use is not RowUse.LISTED]
            status = (row for row, was in status_rows(story, words) if not was)
            head = headline_row(story, label=plain_line(story.label))
            rows = (*title, head, *status, *(p.row for p in ours))
            channel.append(block_of(*rows, lead=lead_source(story), menu=story.menu))
            details = tuple(_details(story, ours, words))
            if details:
                cited = source_rows(sorted(cited_sources(story)), message.sources, words)
                thread.append((block_of(headline_row(story), *details, *cited),))
            place += 1
        listed = [p.row for p in shown if p.place == number and p.use is RowUse.LISTED]
        channel += _listed(part, listed)
        rests += [(rest,) for rest in _rest(part, len(listed))]
    channel.append(coverage_block(message))
    return Outline(channel=filled(channel), thread=(*thread, *rests))


def reply_outline(message: Message) -> tuple[Block, ...]:
    """Return everything of ``message`` below its title in one sequence, its sources at the end."""
    words = phrases(message.language)
    blocks: list[Block] = []
    for part in message.parts:
        title = (row_of(RowKind.TITLE, Run(text=plain_line(part.title))),) if part.title.strip() else ()
        for story in part.stories:
            status = (row for row, _ in status_rows(story, words))
            head = headline_row(story, label=plain_line(story.label))
            rows = (head, *status, *map(bullet, story.bullets), *detail_rows(story, words))
            blocks.append(block_of(*title, *rows, lead=lead_source(story)))
            title = ()
        if part.inline:
            blocks.append(block_of(inline_row(part)))
        elif part.lines:
            blocks.append(block_of(*title, *(bullet(line) for line in part.lines), actions=part.actions))
    if message.sources:
        blocks.append(block_of(*source_rows((s.number for s in message.sources), message.sources, words)))
    blocks.append(coverage_block(message))
    return filled(blocks)


def coverage_block(message: Message) -> Block:
    """Return the coverage of a message, as its last line."""
    return block_of(row_of(RowKind.SMALL, Run(text=plain_line(message.coverage))))


def _details(story: StoryBlock, shown: Sequence[Piece], words: Phrases) -> Iterator[Row]:
    """Yield the rows of a story that are not in the channel."""
    if not any(p.use is RowUse.WAS for p in shown):
        yield from (row for row, was in status_rows(story, words) if was)
    facts: Container[int] = {p.number for p in shown if p.use is RowUse.FACT}
    yield from (bullet(line) for i, line in enumerate(story.bullets) if i not in facts)
    yield from detail_rows(story, words)


def _listed(part: Part, rows: Sequence[Row]) -> Iterator[Block]:
    """Yield the lines of a part in the channel, under its title."""
    if part.inline:
        yield block_of(inline_row(part))
    elif part.lines:
        counted = len(rows) == len(part.lines) or (not rows and f"({len(part.lines)})" in part.title)
        count = "" if counted else f" · {len(rows)}/{len(part.lines)}"
        yield block_of(row_of(RowKind.TITLE, Run(text=f"{plain_line(part.title)}{count}")), *rows)


def _rest(part: Part, shown: int) -> Iterator[Block]:
    """Yield the lines of a part after the first ``shown``."""
    count = len(part.lines)
    if shown < count and not part.inline:
        first = f"{shown + 1}–" if shown + 1 < count else ""
        numbers = f" · {first}{count}/{count}" if shown else ""
        title = row_of(RowKind.TITLE, Run(text=f"{plain_line(part.title)}{numbers}"))
        yield block_of(title, *(bullet(line) for line in part.lines[shown:]))

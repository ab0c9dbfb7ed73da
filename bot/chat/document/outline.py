"""Lay a message out for a chat: what stands in the channel, what in its thread, row by row. Pure.

    Message ──▶ blocks of rows of runs ──▶ Slack's blocks | Discord's components | Markdown

A row is one line as a reader sees it; a run is text of one look, or a citation. A block is kept together where it fits.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace

from bot.chat.document.plain import plain_line
from bot.chat.document.rows import (
    Block,
    Look,
    Row,
    RowKind,
    Run,
    block_of,
    bullet,
    citation_runs,
    filled,
    labelled,
    row_of,
    source_rows,
)
from bot.language.locale.phrases import Phrases, phrases
from bot.model.message import Message, Part, StoryBlock

MAX_CHANNEL_WORDS = 400  # in the channel: what is looked through in a minute
LISTED_LINES = 3  # lines of a list that stand in the channel; the rest is for the thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Density:
    """How much of a story stands in the channel: bullets, the line its status replaces, who and what comes next."""

    bullets: int
    was: bool = True
    who: bool = True


DENSITIES = (
    Density(bullets=3),
    Density(bullets=2),
    Density(bullets=2, was=False),
    Density(bullets=1, was=False),
    Density(bullets=1, was=False, who=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A briefing laid out: blocks for the channel, and for its thread one group a message."""

    channel: tuple[Block, ...]
    thread: tuple[tuple[Block, ...], ...] = ()


def outlines(message: Message) -> Iterator[Outline]:
    """Yield ``message`` laid out, densest first: the first is looked through in a minute, each next one is shorter."""
    made = [_briefing_outline(message, density) for density in DENSITIES]
    short = [outline for outline in made if _words(outline.channel) <= MAX_CHANNEL_WORDS]
    yield from short or made[-1:]


def _words(blocks: Iterable[Block]) -> int:
    runs = (run for block in blocks for row in block.rows for run in row.runs)
    return sum(len(run.text.split()) for run in runs if not run.whole)


def _briefing_outline(message: Message, density: Density) -> Outline:
    """Return ``message`` with so much of its stories in the channel, and everything else in the thread."""
    words = phrases(message.language)
    channel: list[Block] = []
    thread: list[tuple[Block, ...]] = []
    rests: list[tuple[Block, ...]] = []
    said = frozenset(line.text for part in message.parts for line in part.lines)
    for part in message.parts:
        for i, story in enumerate(part.stories):
            title = (row_of(RowKind.TITLE, Run(text=plain_line(part.title))),) if i == 0 else ()
            brief = _story_in_brief(story, density, words, said=said)
            channel.append(replace(brief, rows=(*title, *brief.rows)))
            details = tuple(_details(story, density, words))
            if details:
                rows = (
                    _headline(story),
                    *details,
                    *source_rows(sorted(_cited(story)), message.sources, words),
                )
                thread.append((block_of(*rows),))
        shown, rest = _listed(part)
        if shown:
            channel.append(shown)
        if rest:
            rests.append((rest,))
    return Outline(channel=filled(channel), thread=(*thread, *rests))


def reply_outline(message: Message) -> tuple[Block, ...]:
    """Return everything ``message`` says below its title, in one run, its sources at the end."""
    words = phrases(message.language)
    blocks: list[Block] = []
    for part in message.parts:
        title = (row_of(RowKind.TITLE, Run(text=plain_line(part.title))),) if part.title.strip() else ()
        for story in part.stories:
            status = (row for row, _ in _status(story, words))
            rows = (
                _headline(story, label=plain_line(story.label)),
                *status,
                *map(bullet, story.bullets),
                *_facts(story, words),
            )
            blocks.append(block_of(*title, *rows, lead=_lead(story)))
            title = ()
        if part.inline:
            blocks.append(block_of(_inline(part)))
        elif part.lines:
            blocks.append(block_of(*title, *(bullet(line) for line in part.lines)))
    if message.sources:
        blocks.append(block_of(*source_rows((s.number for s in message.sources), message.sources, words)))
    return filled(blocks)


def _story_in_brief(story: StoryBlock, density: Density, words: Phrases, *, said: Container[str]) -> Block:
    """Return what the channel is told of a story; what comes next is not, where a list of the day says it."""
    status = [row for row, was in _status(story, words) if density.was or not was]
    head = _headline(story, label=plain_line(story.label))
    rows = [head, *status, *map(bullet, story.bullets[: density.bullets])]
    if density.who:
        rows += _who(story, words)
        rows += [labelled(words.next, line) for line in story.next[:1] if line.text not in said]
    return block_of(*rows, lead=_lead(story))


def _details(story: StoryBlock, density: Density, words: Phrases) -> Iterator[Row]:
    yield from (row for row, was in _status(story, words) if was and not density.was)
    yield from map(bullet, story.bullets[density.bullets :])
    yield from _facts(story, words)


def _facts(story: StoryBlock, words: Phrases) -> Iterator[Row]:
    lists = (
        (words.who, story.actors),
        (words.figures, story.figures),
        (words.differ, story.disagreements),
        (words.next, story.next),
        (words.unknown, story.unknown),
    )
    for label, lines in lists:
        if lines:
            yield row_of(RowKind.LINE, Run(text=label, look=Look.STRONG))
        yield from (bullet(line) for line in lines)
    if footer := plain_line(story.footer):
        yield row_of(RowKind.SMALL, Run(text=footer))


def _headline(story: StoryBlock, *, label: str = "") -> Row:
    return row_of(
        RowKind.HEADLINE,
        Run(text=label, look=Look.CHIP),
        Run(text=" " if label else ""),
        Run(text=plain_line(story.headline.text), look=Look.STRONG),
        *citation_runs(story.headline.cites),
    )


def _status(story: StoryBlock, words: Phrases) -> Iterator[tuple[Row, bool]]:
    """Yield where the story stands: the state and its line, then the line it replaces, marked so."""
    chip = [Run(text=plain_line(story.chip), look=Look.CHIP)] if story.chip.strip() else []
    lines = sorted(story.status, key=lambda line: line.label == words.was)
    for line in lines:
        label, lead, was = plain_line(line.label), plain_line(line.lead), line.label == words.was
        # Beside a chip, "Now" and "Status" say nothing.
        named = "" if not label or (chip and label in {words.now, words.status}) else f"{label}: "
        row = row_of(
            RowKind.LINE,
            *chip,
            Run(text=" " if chip else ""),
            Run(text=named),
            Run(text=lead, look=Look.STRONG),
            Run(text=": " if lead else ""),
            Run(text=plain_line(line.text), look=Look.SOFT if was else Look.PLAIN),
            *citation_runs(line.cites),
        )
        yield row, was
        chip = []
    if chip:
        yield row_of(RowKind.LINE, *chip), False


def _who(story: StoryBlock, words: Phrases) -> list[Row]:
    runs: list[Run] = []
    for actor in story.actors:
        runs += [Run(text="; " if runs else f"{words.who}: "), Run(text=plain_line(actor.lead or actor.text))]
        runs += citation_runs(actor.cites)
    return [row_of(RowKind.LINE, *runs)] if runs else []


def _listed(part: Part) -> tuple[Block | None, Block | None]:
    """Return the lines of a part that stand in the channel, and the rest."""
    if not part.lines:
        return None, None
    if part.inline:
        return block_of(_inline(part)), None
    title = plain_line(part.title)
    rows = [bullet(line) for line in part.lines]
    if len(rows) <= LISTED_LINES + 1:  # one more is shorter than to say that there is one more
        return block_of(row_of(RowKind.TITLE, Run(text=title)), *rows), None
    shown = row_of(RowKind.TITLE, Run(text=f"{title} · {LISTED_LINES}/{len(rows)}"))
    rest = row_of(RowKind.TITLE, Run(text=f"{title} · {LISTED_LINES + 1}–{len(rows)}/{len(rows)}"))
    return block_of(shown, *rows[:LISTED_LINES]), block_of(rest, *rows[LISTED_LINES:])


def _inline(part: Part) -> Row:
    """Return a part as one line: its title, then its lines."""
    runs: list[Run] = []
    for line in part.lines:
        runs += [Run(text="; " if runs else ""), *labelled(plain_line(line.label), line).runs]
    # In small print, because there every platform links citations.
    return row_of(RowKind.SMALL, Run(text=f"{plain_line(part.title)}: ", look=Look.STRONG), *runs)


def _lead(story: StoryBlock) -> int:
    return next(_cited(story), 0)


def _cited(story: StoryBlock) -> Iterator[int]:
    """Yield the numbers of the sources of a story, as they come, each once."""
    lists = (story.status, story.bullets, story.actors, story.figures, story.disagreements, story.next)
    lines = (story.headline, *(line for lines in lists for line in lines))
    yield from dict.fromkeys(cite.source for line in lines for cite in line.cites)

"""The rows of one story, and of the lists below stories. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.chat.document.plain import plain_line
from bot.chat.document.rows import Row, RowKind, Run, RunStyle, bullet, citation_runs, labelled, row_of
from bot.language.locale.phrases import Phrases
from bot.model.message import Line, Part, StoryBlock


def headline_row(story: StoryBlock, *, label: str = "") -> Row:
    """Return the headline, behind ``label``."""
    return row_of(
        RowKind.HEADLINE,
        Run(text=label, style=RunStyle.CHIP),
        Run(text=" " if label else ""),
        Run(text=plain_line(story.headline.text), style=RunStyle.STRONG),
        *citation_runs(story.headline.cites),
    )


def status_rows(story: StoryBlock, words: Phrases) -> Iterator[tuple[Row, bool]]:
    """Yield the status: the state and its line, then the old status, marked as such."""
    chip = [Run(text=plain_line(story.chip), style=RunStyle.CHIP)] if story.chip.strip() else []
    lines = sorted(story.status, key=lambda line: words.is_earlier(line.label))
    for line in lines:
        label, lead, was = plain_line(line.label), plain_line(line.lead), words.is_earlier(line.label)
        # Next to a chip, "Now" and "Status" are redundant.
        named = "" if not label or (chip and label in {words.now, words.status}) else f"{label}: "
        row = row_of(
            RowKind.LINE,
            *chip,
            Run(text=" " if chip else ""),
            Run(text=named),
            Run(text=lead, style=RunStyle.STRONG),
            Run(text=": " if lead else ""),
            Run(text=plain_line(line.text), style=RunStyle.SOFT if was else RunStyle.PLAIN),
            *citation_runs(line.cites),
        )
        yield row, was
        chip = []
    if chip:
        yield row_of(RowKind.LINE, *chip), False


def who_row(actors: Iterable[Line], words: Phrases) -> Row:
    """Return the actors in one line without what they say; a row without runs if there are none."""
    runs: list[Run] = []
    for actor in actors:
        runs += [Run(text="; " if runs else f"{words.who}: "), Run(text=plain_line(actor.lead or actor.text))]
        runs += citation_runs(actor.cites)
    return row_of(RowKind.LINE, *runs)


def detail_rows(story: StoryBlock, words: Phrases) -> Iterator[Row]:
    """Yield everything of a story except its status and its facts."""
    lists = (
        (words.who, story.actors),
        (words.figures, story.figures),
        (words.differ, story.disagreements),
        (words.next, story.next),
        (words.unknown, story.unknown),
    )
    for label, lines in lists:
        if lines:
            yield row_of(RowKind.LINE, Run(text=label, style=RunStyle.STRONG))
        yield from (bullet(line) for line in lines)
    if footer := plain_line(story.footer):
        yield row_of(RowKind.SMALL, Run(text=footer))


def inline_row(part: Part) -> Row:
    """Return a part as one line: its title, then its lines."""
    runs: list[Run] = []
    for line in part.lines:
        runs += [
            Run(text="; " if runs else ""),
            *labelled(plain_line(line.label), replace(line, cites=())).runs,
        ]
        runs += citation_runs(line.cites)
    # In small print, because there every platform links citations.
    return row_of(RowKind.SMALL, Run(text=f"{plain_line(part.title)}: ", style=RunStyle.STRONG), *runs)


def lead_source(story: StoryBlock) -> int:
    """Return the number of the source that a story's link leads to, 0 without any."""
    return next(cited_sources(story), 0)


def cited_sources(story: StoryBlock) -> Iterator[int]:
    """Yield the numbers of the sources of a story, as they come, each once."""
    lists = (story.status, story.bullets, story.actors, story.figures, story.disagreements, story.next)
    lines = (story.headline, *(line for lines in lists for line in lines))
    yield from dict.fromkeys(cite.source for line in lines for cite in line.cites)

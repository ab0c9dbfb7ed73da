"""Print a briefing on a terminal as a channel would show it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.chat.document.plain import plain
from bot.chat.replies.timeline import Moment
from bot.language.locale.phrases import Phrases, phrases
from bot.model.message import Line, Message, Part, StoryBlock
from bot.model.news import citation_label


def print_message(message: Message, console: Console) -> None:
    """Write ``message`` to ``console``, wrapped at its width; colours only where the console has them."""
    console.print()
    console.print(Text.assemble((plain(message.title), "bold"), ("  ·  ", "dim"), plain(message.dateline)))
    if message.notice:
        console.print(Text(plain(message.notice), "yellow"))
    for part in message.parts:
        console.print()
        if part.inline:
            _print_inline(part, console)
            continue
        console.print(Text(plain(part.title), "bold cyan"))
        for story in part.stories:
            _print_story(story, console, phrases(message.language))
        for line in part.lines:
            _print_line(line, console, bullet="•")
    console.print()
    console.print(Text(plain(message.coverage), "dim"))
    if message.sources:
        console.print()
        console.print(Text(phrases(message.language).sources, "bold"))
    for source in message.sources:
        where = source.url or source.title
        at = f"{source.published_at:%Y-%m-%d %H:%M} UTC"
        when = phrases(message.language).dated(at, source.date_source)
        console.print(
            Padding(
                Text.assemble(
                    (f"[{source.number}] ", "cyan"),
                    f"{plain(source.outlet)}, {when}, ",
                    f"{citation_label(s.number for s in source.sentences)}  ",
                    (plain(where), "dim"),
                    (f"\nPublisher's note: {plain(source.correction)}" if source.correction else ""),
                ),
                (0, 0, 0, 2),
                expand=False,
            )
        )


def print_moments(
    title: str, head: str, timeline: Iterable[Moment], facts: Iterable[Moment], console: Console
) -> None:
    """Write a story's head, its timeline, and what is known now, to ``console``."""
    console.print(Text(plain(title), "bold"))
    console.print(Text(plain(head), "dim"))
    for heading, moments in (("Timeline", timeline), ("Known now", facts)):
        console.print()
        console.print(Text(heading, "bold cyan"))
        for moment in moments:
            withdrawn = "no longer stated: " if moment.withdrawn else ""
            line = Text.assemble(
                (f"{moment.when}  ", "dim"), (f"{moment.kind}  ", "cyan"), withdrawn, plain(moment.text)
            )
            if moment.source:
                line.append(f"  [{plain(moment.source)}]", "dim")
            console.print(Padding(line, (0, 0, 0, 2), expand=False))


def _print_story(story: StoryBlock, console: Console, say: Phrases) -> None:
    console.print()
    chip = (f"  [{plain(story.chip)}]", "yellow" if story.changed else "green") if story.chip else ("", "")
    section = (f"{plain(story.label)}: " if story.label else "", "cyan")
    console.print(Text.assemble(section, (plain(story.headline.text), "bold"), _marks(story.headline), chip))
    for line in story.status:
        _print_line(line, console)
    for line in story.bullets:
        _print_line(line, console, bullet="•")
    details = (
        (say.who, story.actors),
        (say.figures, story.figures),
        (say.next, story.next),
        (say.unknown, story.unknown),
    )
    for label, lines in details:
        _print_list(label, lines, console)
    for line in story.disagreements:
        _print_line(line, console, bullet="≠")
    console.print(Padding(Text(plain(story.footer), "dim"), (0, 0, 0, 2), expand=False))


def _print_inline(part: Part, console: Console) -> None:
    text = Text(f"{plain(part.title)}: ", "bold cyan")
    for i, line in enumerate(part.lines):
        text.append("; " if i else "", "default")
        text.append(plain(line.text), "default")
        text.append_text(_marks(line))
    console.print(text)


def _print_list(label: str, lines: Iterable[Line], console: Console) -> None:
    lines = tuple(lines)
    if lines:
        console.print(Padding(Text(label, "dim"), (0, 0, 0, 2), expand=False))
    for line in lines:
        _print_line(line, console, bullet="–", indent=4)


def _print_line(line: Line, console: Console, *, bullet: str = "", indent: int = 2) -> None:
    text = Text()
    if bullet:
        text.append(f"{bullet} ")
    if line.label:
        text.append(f"{plain(line.label)}: ", "dim")
    if line.lead:
        text.append(plain(line.lead), "bold")
        text.append(": " if line.text else "")
    text.append(plain(line.text))
    text.append_text(_marks(line))
    console.print(Padding(text, (0, 0, 0, indent), expand=False))


def _marks(line: Line) -> Text:
    return Text("".join(f" [{cite.source}]" for cite in line.cites), "cyan")

"""Render a briefing as Markdown, in parts that fit a limit; for webhooks and for everything that reads Markdown. Pure.

Message ──▶ blocks (head, one a story, lists) ──▶ parts: cut between stories, never inside a link or a citation
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.chat.document.plain import plain_line
from bot.language.cleaning.links import link_target
from bot.language.locale.phrases import Phrases, phrases
from bot.model.message import Line, Message, StoryBlock

_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()#+|~<>!"})
_LIVE = re.compile(r"(?<=@)|(?<=:)(?=//)|(?i:(?<=\bwww)(?=\.))")
_STOP = "\u200b"  # a zero-width space: breaks mentions and addresses that programs would make live


def to_markdown(message: Message, *, limit: int) -> tuple[str, ...]:
    """Return ``message`` as Markdown texts of at most ``limit`` characters each."""
    parts: list[str] = []
    for block in _blocks(message):
        for piece in _fitting(block, limit):
            if parts and len(parts[-1]) + 2 + len(piece) <= limit:
                parts[-1] = f"{parts[-1]}\n\n{piece}"
            else:
                parts.append(piece)
    return tuple(parts)


def escape(text: str) -> str:
    """Escape outside ``text`` so that Markdown shows it unchanged: no formatting, no mention, no link."""
    return _broken(plain_line(text).translate(_MARKS))


def _broken(text: str) -> str:
    return _LIVE.sub(_STOP, text)


def _blocks(message: Message) -> Iterator[list[str]]:
    head = [f"**{escape(message.title)}** · {escape(message.dateline)}"]
    if message.notice:
        head.append(escape(message.notice))
    yield head
    links = {source.number: source.url for source in message.sources}
    for part in message.parts:
        title = f"#### {escape(part.title)}"
        for i, story in enumerate(part.stories):
            yield [*([title] if i == 0 else []), *_story(story, links, phrases(message.language))]
        lines = [f"- {_line(line, links)}" for line in part.lines]
        if part.inline:
            yield [f"**{escape(part.title)}**: {'; '.join(_line(line, links) for line in part.lines)}"]
        elif lines:
            yield [*([] if part.stories else [title]), *lines]
    if message.coverage:
        yield [f"_{escape(message.coverage)}_"]


def _story(story: StoryBlock, links: dict[int, str], say: Phrases) -> Iterator[str]:
    state = _broken(plain_line(story.chip).replace("`", "'"))
    chip = f"  `{state}`" if state else ""
    label = f"{escape(story.label)}: " if story.label else ""
    yield f"{label}**{escape(story.headline.text)}**{_cites(story.headline, links)}{chip}"
    for line in (*story.status, *story.bullets):
        yield f"- {_line(line, links)}"
    lists = (
        (say.who, story.actors),
        (say.figures, story.figures),
        (say.differ, story.disagreements),
        (say.next, story.next),
        (say.unknown, story.unknown),
    )
    for label, lines in lists:
        for line in lines:
            yield f"- {label}: {_line(line, links)}"
    if story.footer:
        yield f"_{escape(story.footer)}_"


def _line(line: Line, links: dict[int, str]) -> str:
    label = f"{escape(line.label)}: " if line.label else ""
    lead = f"**{escape(line.lead)}**" + (": " if line.text else "") if line.lead else ""
    return f"{label}{lead}{escape(line.text)}{_cites(line, links)}"


def _cites(line: Line, links: dict[int, str]) -> str:
    marks = []
    for cite in line.cites:
        url = link_target(links.get(cite.source, ""))
        marks.append(f" [{cite.source}]({url})" if url else f" \\[{cite.source}\\]")
    return "".join(marks)


def _fitting(lines: Iterable[str], limit: int) -> Iterator[str]:
    """Yield ``lines`` as texts that fit: whole where they do, else cut between lines, at last between words."""
    text = ""
    for line in lines:
        for piece in _cut(line, limit):
            if not text:
                text = piece
            elif len(text) + 1 + len(piece) <= limit:
                text = f"{text}\n{piece}"
            else:
                yield text
                text = piece
    if text:
        yield text


def _cut(line: str, limit: int) -> Iterator[str]:
    while len(line) > limit:
        space = line.rfind(" ", 0, limit + 1)
        at = space if space > 0 else limit
        # A link never holds a blank, so a cut at a blank never cuts one.
        yield line[:at]
        line = line[at:].lstrip()
    yield line

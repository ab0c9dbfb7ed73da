"""Split a long private answer into pages. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.chat.document.story_rows import cited_sources
from bot.model.message import Action, Message, Part
from bot.model.talk import Verb

PAGE_LINES = 60  # lines of one page
STORY_LINES = 8  # that a story counts for


def pages(message: Message) -> list[Message]:
    """Return ``message`` as pages of about ``PAGE_LINES`` lines, each with the sources it cites; buttons are on the last."""
    groups = list(_groups(message.parts))
    if len(groups) < 2:
        return [message]
    found = []
    for number, parts in enumerate(groups, 1):
        first, last = number == 1, number == len(groups)
        cited = {number for part in parts for number in _cited(part)}
        found.append(
            replace(
                message,
                dateline=message.dateline if first else f"{number} / {len(groups)}",
                notice=message.notice if first else "",
                parts=parts,
                coverage=message.coverage if last else "",
                sources=tuple(s for s in message.sources if s.number in cited),
                actions=message.actions if last else (),
            )
        )
    return found


def with_more(page: Message, subject: str, *, left: int) -> Message:
    """Return ``page`` with the button that shows the next of the ``left`` pages."""
    label = f"More ({left})" if left > 1 else "More"
    return replace(page, actions=(Action(verb=Verb.MORE, label=label, subject=subject, style="primary"),))


def _groups(parts: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    group: list[Part] = []
    room = PAGE_LINES
    for part in parts:
        for piece in _pieces(part):
            needed = STORY_LINES * len(piece.stories) + len(piece.lines) + 1
            if group and needed > room:
                yield tuple(group)
                group, room = [], PAGE_LINES
            group.append(piece)
            room -= needed
    if group:
        yield tuple(group)


def _pieces(part: Part) -> Iterator[Part]:
    """Yield ``part`` in pieces that fit a page, with its buttons below the last."""
    stories, lines = list(part.stories), list(part.lines)
    if STORY_LINES * len(stories) + len(lines) < PAGE_LINES or part.inline:
        yield part
        return
    while stories or lines:
        few = stories[: PAGE_LINES // STORY_LINES]
        del stories[: len(few)]
        some = [] if few else lines[: PAGE_LINES - 1]
        del lines[: len(some)]
        last = not (stories or lines)
        yield replace(part, stories=tuple(few), lines=tuple(some), actions=part.actions if last else ())


def _cited(part: Part) -> Iterator[int]:
    for story in part.stories:
        yield from cited_sources(story)
    yield from (cite.source for line in part.lines for cite in line.cites)

"""The three ways a Discord message can be built, each with what it may hold: components, embeds, text. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from bot.chat.discord.protocol import ComponentType
from bot.chat.discord.render.buttons import MAX_ROWS, action_rows, each_once
from bot.chat.discord.render.text import markdown
from bot.chat.document.packing import Size
from bot.chat.document.plain import units
from bot.chat.document.rows import Block, Row, RowKind, Run

Style = Literal["components", "embeds", "text"]

MAX_DISCORD_MESSAGE_CHARS = 4000  # of all text displays of a message; only Discord checks it
MAX_COMPONENTS = 40
MAX_DISCORD_MESSAGE_BYTES = 9_500  # Discord answers 500 somewhere above 10,100
MAX_EMBEDS = 10
MAX_CONTENT_CHARS = 2000

COMPONENTS_V2 = 1 << 15
SUPPRESS_EMBEDS = 1 << 2

Component = dict[str, Any]
SEPARATOR: Component = {"type": ComponentType.SEPARATOR, "divider": True, "spacing": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way to build a message; ``links`` and ``buttons`` are those of its sources, by number."""

    room: ClassVar[Size]
    colour: int
    links: Mapping[int, str]
    buttons: Mapping[int, Component]
    linked: bool = (
        False  # every citation leads to its source, as in a thread, and not those in small print alone
    )

    def size(self, block: Block) -> Size:
        """Return the size of ``block``."""
        raise NotImplementedError

    def left(self, rows: Sequence[Component]) -> Size:
        """Return the room beside the button rows ``rows``."""
        raise NotImplementedError

    def body(self, group: Iterable[Block], rows: Sequence[Component]) -> dict[str, Any]:
        """Return the message that shows ``group``, with the button rows ``rows`` below."""
        raise NotImplementedError

    def text(self, block: Block) -> str:
        """Return ``block`` as Markdown, with a link to its first source if no button leads there."""
        rows = block.rows
        button = self.buttons.get(block.lead)
        if button:
            name = Run(text=f" {button['label']}")
            mark = Run(text=f"[{block.lead}]", source=block.lead)
            rows = (*rows, Row(kind=RowKind.SMALL, runs=(mark, name)))
        return markdown(rows, links=self.links, linked=self.linked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Components(Layout):
    """A container with an accent colour; beside the head of each story a button that leads to its source."""

    room = (MAX_DISCORD_MESSAGE_CHARS, MAX_COMPONENTS - 1, MAX_DISCORD_MESSAGE_BYTES - 200)

    def size(self, block: Block) -> Size:
        """Return characters of text, components, bytes."""
        text, number, size = _measured(self._parts(block))
        # Rows that are measured one by one are on separate lines.
        return text + len(block.rows), number, size + 2 * len(block.rows)

    def left(self, rows: Sequence[Component]) -> Size:
        """Return the room beside the button rows ``rows``."""
        return tuple(a - b for a, b in zip(self.room, _measured(rows), strict=True))

    def body(self, group: Iterable[Block], rows: Sequence[Component]) -> dict[str, Any]:
        """Return one container."""
        inside = [part for block in group for part in self._parts(block)]
        every = list(each_once([*inside, *rows]))
        container = {"type": ComponentType.CONTAINER, "accent_color": self.colour, "components": every}
        return {"flags": COMPONENTS_V2, "components": [container]}

    def _parts(self, block: Block) -> list[Component]:
        """Return a text display; of a story, with a button beside the headline and a line above each part's title."""
        rows = block.rows
        below = action_rows(block.actions)
        line = [dict(SEPARATOR)] if rows[:1] and rows[0].kind is RowKind.TITLE else []
        button = self.buttons.get(block.lead)
        at = next((i for i, row in enumerate(rows, 1) if row.kind is RowKind.HEADLINE), 0)
        head = self._displays(rows[:at])
        if button is None or not head:
            return [*line, *self._displays(rows), *below]
        section = {"type": ComponentType.SECTION, "components": head, "accessory": button}
        return [*line, section, *self._displays(rows[at:]), *below]

    def _displays(self, rows: tuple[Row, ...]) -> list[Component]:
        content = markdown(rows, links=self.links, linked=self.linked)
        return [{"type": ComponentType.TEXT_DISPLAY, "content": content}] if content else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Embeds(Layout):
    """One embed a block, for servers whose clients show no components."""

    room = (MAX_DISCORD_MESSAGE_CHARS, MAX_EMBEDS, MAX_DISCORD_MESSAGE_BYTES - 1000)

    def size(self, block: Block) -> Size:
        """Return characters of text, embeds, bytes."""
        embed = self._embed(block)
        return units(embed["description"]), 1, _bytes(embed)

    def left(self, rows: Sequence[Component]) -> Size:
        """Return the room beside the button rows ``rows``, which count their bytes alone."""
        return *self.room[:2], self.room[2] - _bytes(rows)

    def body(self, group: Iterable[Block], rows: Sequence[Component]) -> dict[str, Any]:
        """Return embeds, and the buttons below them."""
        group = list(group)
        embeds = [embed for embed in map(self._embed, group) if embed["description"]]
        return {"embeds": embeds, "components": _below(group, rows)}

    def _embed(self, block: Block) -> dict[str, Any]:
        return {"description": self.text(block), "color": self.colour}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Layout):
    """Plain content, previews off."""

    room = (MAX_CONTENT_CHARS, MAX_DISCORD_MESSAGE_BYTES - 1000)

    def size(self, block: Block) -> Size:
        """Return characters and bytes of text, with the blank line before it."""
        text = self.text(block)
        return units(text) + 2, _bytes(text) + 4

    def left(self, rows: Sequence[Component]) -> Size:
        """Return the room beside the button rows ``rows``, which count their bytes alone."""
        return self.room[0], self.room[1] - _bytes(rows)

    def body(self, group: Iterable[Block], rows: Sequence[Component]) -> dict[str, Any]:
        """Return text, and the buttons below it."""
        group = list(group)
        texts = [text for text in map(self.text, group) if text]
        return {"flags": SUPPRESS_EMBEDS, "content": "\n\n".join(texts), "components": _below(group, rows)}


LAYOUTS: Mapping[Style, type[Layout]] = {"components": Components, "embeds": Embeds, "text": Text}


def _below(group: Iterable[Block], rows: Sequence[Component]) -> list[Component]:
    """Return what can be pressed below ``group``, in as many rows as a message may have."""
    ours = [row for block in group for row in action_rows(block.actions)]
    return list(each_once([*ours[: MAX_ROWS - len(rows)], *rows]))


def _measured(components: Sequence[Component]) -> Size:
    return sum(map(_text, components)), sum(map(_number, components)), _bytes(components)


def _text(component: Component) -> int:
    return units(component.get("content", "")) + sum(map(_text, component.get("components", ())))


def _number(component: Component) -> int:
    inner = sum(map(_number, component.get("components", ())))
    return 1 + inner + ("accessory" in component)


def _bytes(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode()) + 2

"""Rewrite a message that Discord refuses as components: as an embed, then as text. Pure.

It is made from the refused body, so that the whole content still arrives, including the buttons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.chat.discord.protocol import ComponentType
from bot.chat.discord.render.buttons import MAX_BUTTONS_PER_ROW, MAX_ROWS
from bot.chat.discord.render.layout import COMPONENTS_V2, MAX_CONTENT_CHARS, SUPPRESS_EMBEDS
from bot.chat.document.plain import units


def fallbacks(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield ``body``; if it is made of components, also as one embed, and as text as far as it fits."""
    yield dict(body)
    if not body.get("flags", 0) & COMPONENTS_V2:
        return
    parts = list(_walk(body.get("components")))
    text = "\n".join(part["content"] for part in parts if part["type"] == ComponentType.TEXT_DISPLAY)
    colour = next((part["accent_color"] for part in parts if part["type"] == ComponentType.CONTAINER), 0)
    kept = {k: v for k, v in body.items() if k not in {"flags", "components"}} | {"components": _rows(parts)}
    yield kept | {"embeds": [{"description": text, "color": colour}]}
    yield kept | {"flags": SUPPRESS_EMBEDS, "content": _first(text)}


def _rows(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of buttons as they were, and as many rows of links as there is room for."""
    rows = [part for part in parts if part["type"] == ComponentType.ACTION_ROW]
    links = {part["url"]: part for part in parts if part["type"] == ComponentType.BUTTON and "url" in part}
    room = (MAX_ROWS - len(rows)) * MAX_BUTTONS_PER_ROW
    shown = list(links.values())[:room]
    starts = range(0, len(shown), MAX_BUTTONS_PER_ROW)
    return [
        *rows,
        *(
            {"type": ComponentType.ACTION_ROW, "components": shown[start : start + MAX_BUTTONS_PER_ROW]}
            for start in starts
        ),
    ]


def _first(text: str) -> str:
    """Return the first whole lines of ``text`` that fit, and a mark where there were more."""
    if units(text) <= MAX_CONTENT_CHARS:
        return text
    lines, room = [], MAX_CONTENT_CHARS - 2
    for line in text.split("\n"):
        room -= units(line) + 1
        if room < 0:
            break
        lines.append(line)
    return "\n".join([*lines, "…"])


def _walk(components: Any) -> Iterator[dict[str, Any]]:
    for component in components or ():
        yield component
        yield from _walk(component.get("components"))
        yield from _walk([component["accessory"]] if "accessory" in component else ())

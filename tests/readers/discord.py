"""Read a Discord message as its clients show it: components, embeds or content."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.readers import Reading, collected
from tests.readers.markup import Scanner

_LIVE = {
    "user": re.compile(r"<@!?\d+>"),
    "role": re.compile(r"<@&\d+>"),
    "channel": re.compile(r"<#\d+>"),
    "everybody": re.compile(r"@(?:everyone|here)"),
    "emoji": re.compile(r"<a?:\w+:\d+>"),
    "command": re.compile(r"</[\w -]+:\d+>"),
    "guide": re.compile(r"<id:\w+>"),
    "invite": re.compile(r"(?i)discord(?:app)?\.(?:gg|com/invite)/\S"),
}
_TIMES = re.compile(r"<t:-?\d+(?::[tTdDfFR])?>")


def read_markdown(text: str) -> Reading:
    """Return what readers see of a text display, a description or a content."""
    return Scanner(live=_LIVE, times=_TIMES, deaf=True).read(text)


def read_payload(payload: str) -> Reading:
    """Return what readers see of a message."""
    return read_message(json.loads(payload))


def read_message(data: dict[str, Any]) -> Reading:
    """Return what readers see of a message as its server holds it."""
    readings = [read_markdown(data["content"])] if data.get("content") else []
    for embed in data.get("embeds", ()):
        for key in ("title", "description"):
            readings += [read_markdown(embed[key])] if embed.get(key) else []
        readings += [Reading(links=(embed["url"],))] if embed.get("url") else []
        footer = (embed.get("footer") or {}).get("text")
        readings += [Reading(text=footer)] if footer else []
    readings += [_component(component) for component in data.get("components", ())]
    return collected(readings)


def _component(data: dict[str, Any]) -> Reading:
    kind = data["type"]
    if kind == 10:
        return read_markdown(data["content"])
    if kind == 2:
        links = (data["url"],) if "url" in data else ()
        buttons = (data["custom_id"],) if "custom_id" in data else ()
        return Reading(text=data["label"], links=links, buttons=buttons)
    if kind == 3:
        return Reading(buttons=tuple(option["value"] for option in data["options"]))
    inner = [_component(component) for component in data.get("components", ())]
    if "accessory" in data:
        inner.append(_component(data["accessory"]))
    return collected(inner)

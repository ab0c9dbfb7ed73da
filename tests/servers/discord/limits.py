"""What Discord refuses in a message, as it says it: 4,000 characters over all texts, 40 components, about 10 kB.

The numbers are those of Discord's reference for messages and components; the byte limit was found by trying.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

V2 = 1 << 15
BUTTON, SELECT, TEXT_DISPLAY, CONTAINER, SECTION, ROW = 2, 3, 10, 17, 9, 1
MAX_MESSAGE_BYTES = 10_170


def walk(components: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every component, at any depth."""
    for component in components or ():
        yield component
        yield from walk(component.get("components"))
        if "accessory" in component:
            yield from walk([component["accessory"]])
        if "component" in component:
            yield from walk([component["component"]])


def faults(body: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a message, one line each; nothing for one that Discord takes."""
    found = []
    components = list(walk(body.get("components")))
    if body.get("flags", 0) & V2:
        found += [f"{key}: not with components" for key in ("content", "embeds", "poll") if body.get(key)]
        if not components:
            found.append("components: this field is required")
        if len(components) > 40:
            found.append(f"components: {len(components)} of 40")
        texts = sum(len(c.get("content", "")) for c in components if c["type"] == TEXT_DISPLAY)
        if texts > 4000:
            found.append(f"components: {texts} of 4000 characters of text")
        found += [
            "components: a text is empty"
            for c in components
            if c["type"] == TEXT_DISPLAY and not c.get("content")
        ]
    else:
        if len(body.get("content") or "") > 2000:
            found.append("content: must be 2000 or fewer in length")
        if not (body.get("content") or body.get("embeds") or components):
            found.append("cannot send an empty message")
        if any(c["type"] not in {ROW, BUTTON, 3, 5, 6, 7, 8} for c in components):
            found.append("components: these need the flag for components")
        found += _embed_faults(body.get("embeds") or ())
    return found + _component_faults(components)


def too_big(body: Mapping[str, Any]) -> bool:
    """Return whether Discord answers 500 to a message of this size."""
    return len(json.dumps(body.get("components") or [], ensure_ascii=False).encode()) > MAX_MESSAGE_BYTES


def _embed_faults(embeds: Any) -> list[str]:
    found = []
    if len(embeds) > 10:
        found.append("embeds: must be 10 or fewer")
    total = 0
    for embed in embeds:
        fields = embed.get("fields") or ()
        sizes = {
            "title": (embed.get("title") or "", 256),
            "description": (embed.get("description") or "", 4096),
            "footer": ((embed.get("footer") or {}).get("text") or "", 2048),
            "author": ((embed.get("author") or {}).get("name") or "", 256),
        }
        total += sum(len(text) for text, _ in sizes.values())
        total += sum(len(f["name"]) + len(f["value"]) for f in fields)
        found += [
            f"embed.{name}: {len(text)} of {most}" for name, (text, most) in sizes.items() if len(text) > most
        ]
        if len(fields) > 25 or any(not 1 <= len(f["value"]) <= 1024 or not f["name"] for f in fields):
            found.append("embed.fields: wrong")
    if total > 6000:
        found.append(f"embeds: {total} of 6000 characters")
    return found


def _select_faults(select: Mapping[str, Any]) -> list[str]:
    options = select.get("options") or ()
    found = [] if 1 <= len(options) <= 25 else [f"a menu has 1 to 25 options, not {len(options)}"]
    if len({o["value"] for o in options}) != len(options):
        found.append("a value of a menu stands twice")
    if any(not 1 <= len(o["label"]) <= 100 or not 1 <= len(o["value"]) <= 100 for o in options):
        found.append("labels and values of a menu have 1 to 100 characters")
    if len(select.get("placeholder") or "") > 150:
        found.append("placeholder: must be 150 or fewer in length")
    return found


def _component_faults(components: list[Mapping[str, Any]]) -> list[str]:
    found = []
    ids = [c["custom_id"] for c in components if c.get("custom_id")]
    if len(ids) != len(set(ids)):
        found.append("components: a custom_id stands twice")
    numbers = [c["id"] for c in components if c.get("id")]
    if len(numbers) != len(set(numbers)) or any(not 0 <= n < 2**31 for n in numbers):
        found.append("components: an id stands twice or is no number of 32 bits")
    for c in components:
        if c["type"] == ROW and not 1 <= len(c.get("components") or ()) <= 5:
            found.append("a row has 1 to 5 buttons")
        if c["type"] == SECTION and not (1 <= len(c["components"]) <= 3 and c.get("accessory")):
            found.append("a section has 1 to 3 texts and an accessory")
        if c["type"] == SELECT:
            found += _select_faults(c)
        if (
            c["type"] == ROW
            and len(c["components"]) > 1
            and any(i["type"] == SELECT for i in c["components"])
        ):
            found.append("a menu has a row of its own")
        if c["type"] != BUTTON:
            continue
        if not 1 <= len(c.get("label") or "") <= 80 and not c.get("emoji"):
            found.append(f"button label: {c.get('label')!r}")
        if len(c.get("custom_id") or "") > 100:
            found.append("custom_id: must be 100 or fewer in length")
        if (c["style"] == 5) != bool(c.get("url")) or (c["style"] == 5) == bool(c.get("custom_id")):
            found.append("a link button has an address, every other one a custom_id")
        if len(c.get("url") or "") > 512:
            found.append("url: must be 512 or fewer in length")
    return found

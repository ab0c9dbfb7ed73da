"""Draw a Discord message as HTML: components, embeds or content, with the Markdown that Discord reads. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from typing import Any

from bot.language.locale.phrases import ENGLISH

# Escaped mark, code, link by our number, moment, bold, italic.
_INLINE = re.compile(
    r"\\([^\w\s])|`([^`]*)`|\[((?:[^\[\]\\]|\\.)+)\]\((https?://\S+?)\)|<t:(-?\d+)(?::\w)?>|(\*\*)|(\*)"
)
_ESCAPED = re.compile(r"\\(.)")
_TAGS = (("### ", "h3"), ("-# ", "small"), ("> ", "blockquote"), ("- ", "li"))
_STYLES = {1: "primary", 4: "danger", 5: "link"}


def discord_message(payload: Mapping[str, Any]) -> str:
    """Return the content, embeds and components of ``payload`` as HTML."""
    content = _markdown(payload.get("content", ""))
    embeds = "".join(
        f'<div class="container" style="--accent:#{embed["color"]:06x}">{_markdown(embed["description"])}</div>'
        for embed in payload.get("embeds", ())
    )
    return content + embeds + "".join(map(_component, payload.get("components", ())))


def _component(part: Mapping[str, Any]) -> str:
    match part["type"]:
        case 17:
            inner = "".join(map(_component, part["components"]))
            return f'<div class="container" style="--accent:#{part["accent_color"]:06x}">{inner}</div>'
        case 10:
            return f"<div>{_markdown(part['content'])}</div>"
        case 9:
            inner = "".join(map(_component, part["components"]))
            return f'<div class="section"><div>{inner}</div>{_component(part["accessory"])}</div>'
        case 14:
            return "<hr>"
        case 1:
            return f'<p class="buttons">{"".join(map(_component, part["components"]))}</p>'
        case 2:
            arrow = ' <span aria-hidden="true">↗</span>' if "url" in part else ""
            label = f"{escape(part['label'])}{arrow}"
            kind = _STYLES.get(part["style"], "")
            if "url" in part:
                return f'<a class="button {kind}" href="{escape(part["url"])}">{label}</a>'
            return f'<span class="button {kind}">{label}</span>'
        case 3:
            inner = "".join(f"<li>{escape(option['label'])}</li>" for option in part["options"])
            shown = escape(part.get("placeholder", ""))
            return (
                f'<details class="menu"><summary class="select">{shown}</summary><ul>{inner}</ul></details>'
            )
        case other:
            raise ValueError(f"a component that is not drawn: {other!r}")


def _markdown(text: str) -> str:
    lines = [_line(line) for line in text.split("\n") if line]
    return "".join(
        _grouped(tag, [inner for _, inner in group]) for tag, group in groupby(lines, lambda x: x[0])
    )


def _grouped(tag: str, inner: Iterable[str]) -> str:
    if tag == "li":
        return f"<ul>{''.join(f'<li>{one}</li>' for one in inner)}</ul>"
    name, kind = ("p", ' class="small"') if tag == "small" else (tag, "")
    return "".join(f"<{name}{kind}>{one}</{name}>" for one in inner)


def _line(line: str) -> tuple[str, str]:
    for mark, tag in _TAGS:
        if line.startswith(mark):
            return tag, _inline(line.removeprefix(mark))
    return "p", _inline(line)


def _inline(text: str) -> str:
    shown, at, opened = [], 0, {"b": False, "i": False}
    for found in _INLINE.finditer(text):
        shown.append(escape(text[at : found.start()]))
        at = found.end()
        mark, code, number, url, moment, bold, _ = found.groups()
        if mark:
            shown.append(escape(mark))
        elif code is not None:
            shown.append(f"<code>{escape(code)}</code>")
        elif number:
            words = _ESCAPED.sub(r"\1", number)
            shown.append(f'<a href="{escape(url)}">{escape(words)}</a>')
        elif moment:
            when = datetime.fromtimestamp(int(moment), UTC)
            shown.append(f"<time>{ENGLISH.day_and_year(when)} {when:%H:%M} UTC</time>")
        else:
            tag = "b" if bold else "i"
            shown.append(f"</{tag}>" if opened[tag] else f"<{tag}>")
            opened[tag] = not opened[tag]
    return "".join(shown) + escape(text[at:])

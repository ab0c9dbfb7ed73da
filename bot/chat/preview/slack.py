"""Draw a Slack message as HTML. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

_TAGS = {"bold": "b", "italic": "i", "code": "code", "strike": "s"}


def slack_message(payload: Mapping[str, Any]) -> str:
    """Return the blocks of ``payload`` as HTML."""
    return "".join(_block(block) for block in payload["blocks"])


def _block(block: Mapping[str, Any]) -> str:
    match block["type"]:
        case "header":
            return f"<h2>{escape(block['text']['text'])}</h2>"
        case "divider":
            return "<hr>"
        case "context":
            return f'<p class="small">{" ".join(escape(e["text"]) for e in block["elements"])}</p>'
        case "rich_text":
            return f"<div>{''.join(_rich(element) for element in block['elements'])}</div>"
        case "actions":
            return f'<p class="buttons">{"".join(map(_button, block["elements"]))}</p>'
        case other:
            raise ValueError(f"a block that is not drawn: {other!r}")


def _rich(element: Mapping[str, Any]) -> str:
    if element["type"] == "rich_text_list":
        items = "".join(f"<li>{_inline_elements(section)}</li>" for section in element["elements"])
        return f"<ul>{items}</ul>"
    tag = "blockquote" if element["type"] == "rich_text_quote" else "p"
    return f"<{tag}>{_inline_elements(element)}</{tag}>"


def _inline_elements(section: Mapping[str, Any]) -> str:
    return "".join(map(_inline_element, section["elements"]))


def _inline_element(run: Mapping[str, Any]) -> str:
    if run["type"] == "link":
        return f'<a href="{escape(run["url"])}">{escape(run["text"])}</a>'
    if run["type"] == "date":
        return f"<time>{escape(run['fallback'])}</time>"
    if run["type"] == "channel":
        return f"<b>#{escape(run['channel_id'])}</b>"
    text = escape(run["text"]).replace("\n", "<br>")
    for style in run.get("style", ()):
        text = f"<{_TAGS[style]}>{text}</{_TAGS[style]}>"
    return text


def _button(button: Mapping[str, Any]) -> str:
    if button["type"] == "overflow":
        inner = "".join(f"<li>{escape(option['text']['text'])}</li>" for option in button["options"])
        return f'<details class="menu"><summary class="button">⋯</summary><ul>{inner}</ul></details>'
    return f'<span class="button {escape(button.get("style", ""))}">{escape(button["text"]["text"])}</span>'

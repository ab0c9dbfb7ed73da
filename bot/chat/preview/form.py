"""Draw a form as HTML from what is sent: a Slack view or a Discord modal. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from bot.chat.preview.slack import slack_message


def slack_form(view: Mapping[str, Any], *, errors: Mapping[str, str] | None = None) -> str:
    """Return the modal ``view``, with Slack's own ``errors`` below the fields they are about."""
    fields = "".join(
        _slack_field(block, (errors or {}).get(block["block_id"], ""))
        if block["type"] == "input"
        else slack_message({"blocks": [block]})
        for block in view["blocks"]
    )
    title, send = escape(view["title"]["text"]), escape(view["submit"]["text"])
    return _form(title, fields, send=send, close=escape(view["close"]["text"]))


def discord_form(modal: Mapping[str, Any]) -> str:
    """Return the modal."""
    fields = "".join(_discord_field(label) for label in modal["components"])
    return _form(escape(modal["title"]), fields, send="Submit", close="Cancel")


def _form(title: str, fields: str, *, send: str, close: str) -> str:
    buttons = f'<span class="button">{close}</span><span class="button primary">{send}</span>'
    return f'<section class="form"><h2>{title}</h2>{fields}<p class="buttons">{buttons}</p></section>'


def _slack_field(block: Mapping[str, Any], error: str) -> str:
    element = block["element"]
    one = [element["initial_option"]] if "initial_option" in element else []
    chosen = element.get("initial_options") or one
    value = element.get("initial_value") or ", ".join(option["text"]["text"] for option in chosen)
    if channel := element.get("initial_conversation"):
        value = f"#{channel}"
    label = block["label"]["text"] + (" (optional)" if block.get("optional") else "")
    hint = (block.get("hint") or {}).get("text", "")
    return _field(label, value, hint=hint, error=error, below=True, menu="select" in element["type"])


def _discord_field(label: Mapping[str, Any]) -> str:
    inner = label["component"]
    chosen = [option["label"] for option in inner.get("options", ()) if option.get("default")]
    channels = [f"#{value['id']}" for value in inner.get("default_values", ())]
    value = inner.get("value") or ", ".join((*chosen, *channels))
    name = label["label"] + ("" if inner["required"] else " (optional)")
    hint = label.get("description", "")
    return _field(name, value, hint=hint, error="", below=False, menu=inner["type"] != 4)


def _field(label: str, value: str, *, hint: str, error: str, below: bool, menu: bool) -> str:
    """Return one field, with the hint ``below`` or above it."""
    said = f'<p class="small">{escape(hint)}</p>' if hint else ""
    wrong = f'<p class="wrong">{escape(error)}</p>' if error else ""
    box = f'<p class="box{" menu" if menu else ""}{" bad" if error else ""}">{escape(value) or "&nbsp;"}</p>'
    inner = f"{box}{wrong}{said}" if below else f"{said}{box}"
    return f'<div class="field"><b>{escape(label)}</b>{inner}</div>'

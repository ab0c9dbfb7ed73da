"""Render a message for Slack: payloads of plain rich text. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.chat.markdown import to_markdown
from bot.chat.plain import plain
from bot.model.message import Action, Message

PART = 2800  # characters of one block


def render(message: Message) -> tuple[str, ...]:
    """Return the payloads of ``message``: the first for the channel, the others for its thread."""
    texts = to_markdown(message, limit=PART) or ("",)
    return tuple(
        json.dumps(
            {
                "text": escape(message.title or text)[:200] or " ",
                "blocks": [_rich(text), *(_actions(message) if number == 0 else ())],
                "thread": number > 0,
            },
            ensure_ascii=False,
        )
        for number, text in enumerate(texts)
    )


def escape(text: str) -> str:
    """Return outside ``text`` so that Slack's mrkdwn shows it as it is."""
    return plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def button(action: Action, number: int) -> dict[str, Any]:
    """Return the button of ``action``."""
    style = {"style": action.style} if action.style in {"primary", "danger"} else {}
    return {
        "type": "button",
        "action_id": f"{action.verb.value}:{number}",
        "value": action.subject or "-",
        "text": {"type": "plain_text", "text": plain(action.label)[:75]},
    } | style


def _rich(text: str) -> dict[str, Any]:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text or " "}]}
    return {"type": "rich_text", "elements": [section]}


def _actions(message: Message) -> Iterator[dict[str, Any]]:
    if message.actions:
        yield {"type": "actions", "elements": [button(a, i) for i, a in enumerate(message.actions[:25])]}

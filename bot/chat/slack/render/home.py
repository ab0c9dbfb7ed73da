"""The Home tab: a message as a view, its buttons above what it says. Pure."""

from __future__ import annotations

import json
from typing import Any

from bot.chat.slack.render.message import render_reply
from bot.model.message import Message

MAX_BLOCKS = 100


def home_view(message: Message) -> dict[str, Any]:
    """Return ``message`` as the view of a Home tab; what is beyond Slack's hundred blocks is left out."""
    blocks = [block for payload in render_reply(message) for block in json.loads(payload)["blocks"]]
    buttons = [block for block in blocks if block["type"] == "actions"]
    others = [block for block in blocks if block["type"] != "actions"]
    return {"type": "home", "blocks": [*buttons, *others][:MAX_BLOCKS]}

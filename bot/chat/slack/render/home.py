"""The Home tab: a message as a view, with the next step above it and the buttons of each part beside it. Pure."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bot.chat.slack.render.message import action_blocks, numbered, render_reply
from bot.model.message import Message

MAX_HOME_BLOCKS = 100


def home_view(message: Message) -> dict[str, Any]:
    """Return ``message`` as the view of a Home tab; blocks beyond Slack's limit of a hundred are left out."""
    parts = render_reply(replace(message, actions=()))
    blocks = [block for payload in parts for block in json.loads(payload)["blocks"]]
    shown = [*blocks[:1], *action_blocks(message.actions), *blocks[1:]][:MAX_HOME_BLOCKS]
    return {"type": "home", "blocks": numbered(shown)}

"""The Home tab: a message as a view, with a button for a new briefing above it. Pure."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bot.chat.slack.render import render_reply
from bot.model.message import Action, Message
from bot.model.talk import Verb

MOST_BLOCKS = 100
NEW = Action(verb=Verb.SUBSCRIBE, label="New briefing", style="primary")


def home_view(message: Message) -> dict[str, Any]:
    """Return ``message`` as the view of a Home tab; what is beyond Slack's hundred blocks is left out."""
    if not any(action.verb is Verb.SUBSCRIBE for action in message.actions):
        message = replace(message, actions=(NEW, *message.actions))
    blocks = [block for payload in render_reply(message) for block in json.loads(payload)["blocks"]]
    buttons = [block for block in blocks if block["type"] == "actions"]
    others = [block for block in blocks if block["type"] != "actions"]
    return {"type": "home", "blocks": [*buttons, *others][:MOST_BLOCKS]}

"""Make the nonce of a message from its key, so that it can be found again in a channel's history. Pure.

The nonce is appended to the first button's ``custom_id``. A message without a button of ours has it in the numbers of its
components, which Discord keeps as they are sent; one without components gets a button.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from bot.chat.discord.protocol import ComponentType
from bot.chat.discord.render.buttons import MAX_CUSTOM_ID_CHARS
from bot.model.chat import Channel
from bot.model.ids import derive_id
from bot.model.talk import Verb

COMPONENTS_V2_FLAG = 1 << 15
_NONCE_CHARS = 20  # characters: a colon, "wb-", sixteen


def nonce_of(key: str, channel: Channel) -> str:
    """Return the nonce of ``key`` in ``channel``, of at most 25 characters.

    Discord checks nonces for each author, not for each channel: without the destination, one key could be posted in one channel only.
    """
    return derive_id("wb", key, channel.name)


def body_of(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the message of a payload, with notifications disabled."""
    body = {key: value for key, value in payload.items() if key not in {"place", "thread_name"}}
    return body | {"allowed_mentions": {"parse": [], "replied_user": False}}


def with_nonce(body: Mapping[str, Any], nonce: str) -> dict[str, Any]:
    """Return the message ``body`` with ``nonce`` in it."""
    found = copy.deepcopy(dict(body))
    components = list(_walk(found.get("components")))
    for component in components:
        if ours(component) and len(component["custom_id"]) + _NONCE_CHARS <= MAX_CUSTOM_ID_CHARS:
            component["custom_id"] = f"{component['custom_id']}:{nonce}"
            return found
    if found.get("flags", 0) & COMPONENTS_V2_FLAG:
        for component, number in zip(components, _numbers(nonce), strict=False):
            component["id"] = number
        return found
    button = {
        "type": ComponentType.BUTTON,
        "style": 2,
        "label": "Ask",
        "custom_id": f"wb:{Verb.ASK.value}::{nonce}",
    }
    found["components"] = [
        *found.get("components", ()),
        {"type": ComponentType.ACTION_ROW, "components": [button]},
    ]
    return found


def has_nonce(message: Mapping[str, Any], nonce: str) -> bool:
    """Return whether ``message`` of the history was posted with ``nonce``."""
    components = list(_walk(message.get("components")))
    numbers = {component.get("id") for component in components}
    return any(str(c.get("custom_id", "")).endswith(f":{nonce}") for c in components) or (
        bool(components) and numbers.issuperset(_numbers(nonce))
    )


def ours(component: Mapping[str, Any]) -> bool:
    """Return whether ``component`` is a button of the bot."""
    return component.get("type") == ComponentType.BUTTON and str(component.get("custom_id", "")).startswith(
        "wb:"
    )


def _numbers(nonce: str) -> tuple[int, int]:
    """Return two numbers that encode ``nonce``, outside the range that Discord uses itself."""
    digest = hashlib.sha256(nonce.encode()).digest()
    one, other = int.from_bytes(digest[:4], "big"), int.from_bytes(digest[4:8], "big")
    return (one & 0x1FFFFFFF) | 0x20000000, (other & 0x1FFFFFFF) | 0x40000000


def _walk(components: Any) -> Iterator[dict[str, Any]]:
    for component in components or ():
        if isinstance(component, dict):
            yield component
            yield from _walk(component.get("components"))
            yield from _walk([component.get("accessory")])

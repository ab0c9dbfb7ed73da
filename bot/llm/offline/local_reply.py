"""The reply of a model that calls no endpoint: a recorded or a scripted one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.llm.estimate import UsageEstimate
from bot.llm.recited import without_instructions
from bot.ports import ModelReply, ModelRequest


def local_reply(
    request: ModelRequest, data: Mapping[str, Any], *, model: str, usage: UsageEstimate
) -> ModelReply:
    """Return ``data`` as the reply of ``model``, without texts that repeat the instructions, with its usage by ``usage``.

    ``request.on_text`` is called once, with all of it.
    """
    text = json.dumps(data, ensure_ascii=False)
    safe = without_instructions(data, instructions=request.system, material=request.user)
    if request.on_text:
        request.on_text(json.dumps(safe, ensure_ascii=False))
    return ModelReply(data=safe, text=text, model=model, usage=usage.of(request, text))

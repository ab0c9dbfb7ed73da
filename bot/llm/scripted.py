"""A model that needs no key: it answers by a function of the request, the same every time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import ModelError
from bot.model.record import ModelUsage
from bot.ports import ModelReply, ModelRequest

CHARS_PER_TOKEN = 4  # of text counted as a token

Answer = Callable[[ModelRequest], Mapping[str, Any]]


class ScriptedModel:
    """Answers with ``answer(request)``; usage is estimated from the texts, and costs nothing."""

    def __init__(self, answer: Answer, *, name: str = "scripted") -> None:
        self._answer = answer
        self._name = name

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the function's answer; its error is a ``ModelError``."""
        await asyncio.sleep(0)
        try:
            data = self._answer(request)
        except Exception as error:
            raise ModelError("The scripted model could not answer", reason="scripted") from error
        text = json.dumps(data, ensure_ascii=False)
        if request.on_text:
            request.on_text(text)
        given = (len(request.system) + len(request.user)) // CHARS_PER_TOKEN + 1
        usage = ModelUsage(calls=1, input_tokens=given, output_tokens=len(text) // CHARS_PER_TOKEN + 1)
        return ModelReply(data=data, text=text, model=self._name, usage=usage)

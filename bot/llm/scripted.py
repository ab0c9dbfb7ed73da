"""A model that needs no key: it answers by a function of the request, the same every time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import ModelError
from bot.llm.estimate import UsageEstimate
from bot.llm.recited import without_instructions
from bot.ports import ModelReply, ModelRequest

Answer = Callable[[ModelRequest], Mapping[str, Any]]


class ScriptedModel:
    """Answers with ``answer(request)``; usage is estimated from the texts, and costs nothing."""

    def __init__(self, answer: Answer, *, name: str = "scripted") -> None:
        self._answer = answer
        self._name = name
        self._usage = UsageEstimate()

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the function's answer; its error is a ``ModelError``."""
        await asyncio.sleep(0)
        try:
            data = self._answer(request)
        except Exception as error:
            raise ModelError("The scripted model could not answer", reason="scripted") from error
        text = json.dumps(data, ensure_ascii=False)
        told = without_instructions(data, instructions=request.system, material=request.user)
        if request.on_text:
            request.on_text(json.dumps(told, ensure_ascii=False))
        return ModelReply(
            data=told,
            text=text,
            model=self._name,
            usage=self._usage.of(request, text),
        )

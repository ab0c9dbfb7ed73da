"""A model that needs no key: its reply is a fixed function of the request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import ModelError
from bot.llm.estimate import UsageEstimate
from bot.llm.offline.local_reply import local_reply
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
        return local_reply(request, data, model=self._name, usage=self._usage)

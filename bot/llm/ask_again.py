"""Repeat a call with an unusable reply: an empty one once, one cut off at its limit with a higher limit.

Each is a separate call, with its own reservation and booking.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from bot.errors import ModelReason
from bot.llm.failures import UnusableReply
from bot.model.record import ModelUsage
from bot.ports import LanguageModel, ModelReply, ModelRequest

MAX_ASKED_TIMES = 3  # times in all
MAX_LIMIT_FACTOR = 4  # factor by which the token limit of a reply may grow
FIRST_REASONING_TOKENS = 4_000  # tokens in addition to the reply, once a model turns out to reason
MAX_REASONING_TOKENS = 32_000


class AskingModel:
    """Asks ``model`` again if another try may help, within ``limit`` seconds.

    A model may use ``reasoning_tokens`` in addition to its reply; the needed number is learned from replies that reasoning
    cut off.
    """

    def __init__(
        self,
        model: LanguageModel,
        *,
        limit: float,
        reasoning_tokens: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._model = model
        self._limit = limit
        self._reasoning = reasoning_tokens
        self._clock = clock

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the first usable answer, its usage with that of the others; raises ``ModelError``."""
        end = self._clock() + min(request.deadline, self._limit)
        asked = replace(request, reasoning_tokens=self._reasoning)
        used, empty = ModelUsage(), 0
        for left in reversed(range(MAX_ASKED_TIMES)):
            try:
                reply = await self._model.complete(replace(asked, deadline=max(0.0, end - self._clock())))
            except UnusableReply as error:
                empty += error.reason == ModelReason.EMPTY
                more = self._roomier(error, asked, first=request) if empty < 2 else None
                used += error.usage
                if more is None or not left or self._clock() >= end:
                    error.usage = used
                    raise
                asked = more
            else:
                return replace(reply, usage=used + reply.usage)
        raise AssertionError  # the last round returns or raises

    def _roomier(
        self, error: UnusableReply, asked: ModelRequest, *, first: ModelRequest
    ) -> ModelRequest | None:
        """Return what to ask after ``error``, None where asking again will not help."""
        if error.reason not in {ModelReason.EMPTY, ModelReason.TRUNCATED}:
            return None
        if error.thought or (error.reason == ModelReason.TRUNCATED and not error.text.strip()):
            wanted = max(FIRST_REASONING_TOKENS, 2 * error.thought, 2 * asked.reasoning_tokens)
            room = min(wanted, MAX_REASONING_TOKENS)
            if room > asked.reasoning_tokens:
                self._reasoning = max(self._reasoning, room)
                return replace(asked, reasoning_tokens=room)
        if error.reason == ModelReason.EMPTY:
            return asked
        room = min(2 * asked.max_output_tokens, MAX_LIMIT_FACTOR * first.max_output_tokens)
        return replace(asked, max_output_tokens=room) if room > asked.max_output_tokens else None

"""A fallback chain of models: a request goes to the first, and after a failure to the next."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.errors import ModelError, ModelReason
from bot.ports import LanguageModel, ModelReply, ModelRequest

FIRST_MODEL_TIME_SHARE = 0.6  # of the time that is left, for each model but the last


class FallbackChain:
    """Models in the order they are asked."""

    def __init__(
        self, models: Sequence[LanguageModel], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if not models:
            raise ValueError("a fallback chain needs a model")
        self._models = tuple(models)
        self._clock = clock

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the first answer; raises the last model's ``ModelError`` if all fail."""
        end = self._clock() + request.deadline
        failure: ModelError | None = None
        for place, model in enumerate(self._models):
            left = end - self._clock()
            if left <= 0:
                break
            share = FIRST_MODEL_TIME_SHARE if place + 1 < len(self._models) else 1.0
            try:
                return await model.complete(replace(request, deadline=left * share))
            except ModelError as error:
                failure = error
        raise failure or ModelError("The model did not answer in time", reason=ModelReason.TIMEOUT)

"""Report each call of a model: a log line at debug level, and a value for metrics."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from bot.errors import ModelError
from bot.llm.failures import UnusableReply
from bot.model.record import ModelUsage
from bot.ports import LanguageModel, ModelReply, ModelRequest

CANCELLED = "cancelled"  # the reason of a cancelled call
PURPOSES = ("update", "second look", "repair", "translation", "question", "check")  # of calls

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCallReport:
    """The report of one call: purpose, usage, and why it failed, empty if it did not."""

    model: str
    purpose: str
    seconds: float
    usage: ModelUsage = field(default_factory=ModelUsage)
    reason: str = ""


Observe = Callable[[ModelCallReport], None]
"""Is called with the report of each model call when the call ends."""


def observe_nothing(_report: ModelCallReport) -> None:
    """Count nothing."""


class ObservedModel:
    """A model whose calls are logged and reported when they end."""

    def __init__(
        self,
        model: LanguageModel,
        *,
        name: str,
        observe: Observe = observe_nothing,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._model = model
        self._name = name
        self._observe = observe
        self._clock = clock

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the model's answer."""
        begun = self._clock()
        try:
            reply = await self._model.complete(request)
        except ModelError as error:
            usage = error.usage if isinstance(error, UnusableReply) else ModelUsage()
            self._ended(request, begun, usage, reason=error.reason)
            raise
        except asyncio.CancelledError:
            self._ended(request, begun, ModelUsage(), reason=CANCELLED)
            raise
        self._ended(request, begun, reply.usage)
        return reply

    def _ended(self, request: ModelRequest, begun: float, usage: ModelUsage, *, reason: str = "") -> None:
        seconds = self._clock() - begun
        _log.debug(
            "model call",
            model=self._name,
            purpose=request.purpose,
            subject=request.subject,
            seconds=round(seconds, 2),
            input_tokens=usage.input_tokens,
            cached_tokens=usage.cached_tokens,
            output_tokens=usage.output_tokens,
            **({"reason": reason} if reason else {}),
        )
        self._observe(
            ModelCallReport(
                model=self._name, purpose=request.purpose, seconds=seconds, usage=usage, reason=reason
            )
        )

"""Watch a model during a command: usage, failures, and the display of waiting."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.errors import ModelError, ModelReason
from bot.llm.failures import UnusableReply
from bot.model.record import ModelUsage
from bot.ports import LanguageModel, ModelReply, ModelRequest

MAX_UNUSABLE_RECORDS = 10_000  # keys of records that are stale or missing


def _report_nothing(_asked: int, _answered: int) -> None:
    """Report nothing."""


@dataclass(slots=True, kw_only=True)
class ModelActivity:
    """The usage of a model's calls so far; ``on_change`` gets the number of calls and of answers."""

    on_change: Callable[[int, int], None] = _report_nothing
    asked: int = 0
    answered: int = 0  # or failed
    seconds: float = 0.0  # during which at least one call waited
    usage: dict[str, ModelUsage] = field(default_factory=dict)  # by purpose
    failures: Counter[str] = field(default_factory=Counter)  # by reason
    records: dict[str, list[str]] = field(default_factory=dict)  # keys by reason: stale or missing ones

    @property
    def total(self) -> ModelUsage:
        """The total usage."""
        return sum(self.usage.values(), ModelUsage())


class WatchedModel:
    """A model whose calls are recorded in ``activity``."""

    def __init__(
        self,
        model: LanguageModel,
        activity: ModelActivity,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._model = model
        self._activity = activity
        self._clock = clock
        self._since = 0.0

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the model's answer."""
        activity = self._activity
        if activity.asked == activity.answered:
            self._since = self._clock()
        activity.asked += 1
        activity.on_change(activity.asked, activity.answered)
        try:
            reply = await self._model.complete(request)
        except ModelError as error:
            self._failed(request, error)
            raise
        else:
            self._took(request, reply.usage)
            return reply
        finally:
            activity.answered += 1
            if activity.asked == activity.answered:
                activity.seconds += self._clock() - self._since
            activity.on_change(activity.asked, activity.answered)

    def _took(self, request: ModelRequest, usage: ModelUsage) -> None:
        kept = self._activity.usage
        kept[request.purpose] = kept.get(request.purpose, ModelUsage()) + usage

    def _failed(self, request: ModelRequest, error: ModelError) -> None:
        self._activity.failures[error.reason] += 1
        if error.reason in {ModelReason.NO_RECORD, ModelReason.STALE_RECORD}:
            keys = self._activity.records.setdefault(error.reason, [])
            if request.record_key not in keys and len(keys) < MAX_UNUSABLE_RECORDS:
                keys.append(request.record_key)
        if isinstance(error, UnusableReply):
            self._took(request, error.usage)

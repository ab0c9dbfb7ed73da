"""How much more work this process may accept."""

from __future__ import annotations

from dataclasses import dataclass

from bot.flows.delivery.slots import queue_of
from bot.runtime.durable import Durable


@dataclass(frozen=True, slots=True)
class QueueRoom:
    """How many deliveries to each platform this process may start, as ``deliver_due`` needs it."""

    durable: Durable

    def left(self, platform: str) -> int:
        """Return how many deliveries to ``platform`` may be started."""
        return self.durable.room(queue_of(platform))

    def exceeded(self, platform: str) -> None:
        """Schedule the next tick for when there is room again."""
        self.durable.tell_when_free(queue_of(platform))

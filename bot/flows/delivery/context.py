"""The services shared by the steps of all deliveries: the store, the platforms, and the state of this process."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cachetools import FIFOCache

from bot.chat.failure_log import FailureLog
from bot.config import BriefingSettings
from bot.errors import PostRefused
from bot.flows.briefing.brief import BriefingResult, Offer, offer_nothing
from bot.flows.briefing.session import ModelSession
from bot.flows.delivery.outcomes import DeliveryOutcome
from bot.flows.delivery.prepare import MAX_SHARED_BRIEFINGS, Composer
from bot.flows.notify import Notify
from bot.flows.rules.reader import RulesReader
from bot.flows.single_flight import SingleFlight
from bot.model.briefing import Mode
from bot.model.chat import Channel, DeliveryPart
from bot.model.message import Message
from bot.ports import Chat
from bot.store import Store

MAX_UNKNOWN_CALLS = 10_000  # timed calls with unknown outcome; for a dropped one the wait begins again


class UnknownCalls:
    """When this process first saw each call with an unknown outcome, on its own clock.

    A look-up proves that nothing was posted only if the call can no longer arrive. No stored time of the call can be
    trusted: clocks differ, are changed, and a process may have been paused in between. But a call begins at most its
    window after it was reserved, and it was reserved before any process could see it. So a process that sees it waits the whole window and
    the settling time from the moment it first saw it, on a monotonic clock, and only then looks it up. This time is
    kept in memory only: after a crash the next process sees the call for the first time, and waits the whole time again. The database
    also has the time at which the delivery is due again, but only for planning: it proves nothing.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: FIFOCache[tuple[str, int, int], float] = FIFOCache(MAX_UNKNOWN_CALLS)

    def remaining(self, part: DeliveryPart, *, seconds: float) -> float:
        """Return how long to wait until ``seconds`` have passed since the last call for ``part`` was first seen here."""
        key = part.delivery_id, part.number, part.attempt
        now = self._clock()
        since = self._seen.setdefault(key, now)
        return max(0.0, since + seconds - now)

    def forget(self, part: DeliveryPart) -> None:
        """Forget the last call for ``part``: its outcome was found."""
        self._seen.pop((part.delivery_id, part.number, part.attempt), None)


def ignore_mode(_mode: Mode) -> None:
    """Count nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryContext:
    """The services of the steps; ``session`` opens the model for one briefing, ``notify`` sends a notice to admins."""

    store: Store
    chats: Mapping[str, Chat]
    settings: BriefingSettings
    now: Callable[[], datetime]
    session: Callable[[], Awaitable[ModelSession | None]]
    notify: Notify
    count_delivery: Callable[[DeliveryOutcome, float], None]
    count_briefing: Callable[[Mode], None] = ignore_mode
    rules: RulesReader | None = None  # None: rules read in threads
    offer: Offer = offer_nothing  # questions under a briefing
    write_seconds: float = 0.0  # from a slot's minute on, for the model; 0: as its own limits say
    jitter: Callable[[], float] = random.random
    unknown: UnknownCalls = field(default_factory=UnknownCalls)
    failures: FailureLog = field(default_factory=FailureLog)
    briefing_cache: SingleFlight[BriefingResult] = field(
        default_factory=lambda: SingleFlight(MAX_SHARED_BRIEFINGS)
    )
    message_cache: SingleFlight[Message] = field(default_factory=lambda: SingleFlight(MAX_SHARED_BRIEFINGS))

    @property
    def composer(self) -> Composer:
        """Return the composer of briefings."""
        return Composer(
            store=self.store,
            settings=self.settings,
            now=self.now,
            session=self.session,
            notify=self.notify,
            seconds=self.write_seconds,
            cache=self.briefing_cache,
            rules=self.rules,
            offer=self.offer,
        )

    def chat(self, channel: Channel) -> Chat:
        """Return the platform of ``channel``; raises ``PostRefused`` if there is none."""
        chat = self.chats.get(channel.platform)
        if chat is None:
            raise PostRefused(
                f"There is no platform {channel.platform!r} here", reason="unknown platform", gone=True
            )
        return chat

"""Correct posts after articles were edited, in one durable chain for each briefing.

after an ingest ──briefings that cite what was edited──▶ chain: withdraw ──▶ show, up to three times
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from bot.concurrency import DONE, After, QueuePlace
from bot.flows.maintenance.correct import update_posts
from bot.flows.maintenance.withdraw import briefings_to_correct, is_on_its_way, withdraw
from bot.ports import Chat
from bot.runtime.durable import Durable
from bot.store import Store

FIRST_CHECK_SPAN = timedelta(
    days=1
)  # range of the first check, for edits while no bot ran, or an interrupted check
# After a correction, in which posts are brought up to it again: it may have been cut off.
SHOW_AGAIN_TIME = timedelta(hours=1)
WAIT_FOR_POST_SECONDS = 20.0  # seconds until a briefing that is being posted is looked at again
QUEUE = "correct"

_log = structlog.get_logger()


class CorrectionStep(StrEnum):
    """One step of a correction; its name is never stored."""

    WITHDRAW = "withdraw"
    SHOW = "show"
    SHOW_AGAIN = "show again"
    SHOW_LAST = "show for the last time"


NEXT_TRIES: Mapping[CorrectionStep, After[CorrectionStep]] = {
    CorrectionStep.SHOW: After(step=CorrectionStep.SHOW_AGAIN, wait=30.0, retry=True),
    CorrectionStep.SHOW_AGAIN: After(step=CorrectionStep.SHOW_LAST, wait=300.0, retry=True),
}
"""What follows a step that could not edit all posts."""


@dataclass(slots=True, kw_only=True)
class Corrections:
    """Corrections of briefings after edits of articles; ``looked`` is until when edits were considered."""

    store: Store
    chats: Mapping[str, Chat]
    now: Callable[[], datetime]
    looked: datetime

    async def start(self, durable: Durable) -> None:
        """Start the corrections that edits since the last look require."""
        until = self.now()
        # If the clock was set back, nobody knows how far edits were considered; each is followed once all the same.
        since = self.looked if self.looked <= until else until - FIRST_CHECK_SPAN
        found = await briefings_to_correct(store=self.store, since=since, until=until)
        for briefing_id, edited in found.items():
            # Named by the edit: whichever process sees it, and after a restart, it is followed once.
            await durable.start("correct", briefing_id, int(edited.timestamp()), QueuePlace(queue=QUEUE))
        self.looked = until

    async def step(self, step: CorrectionStep, subject: str, _epoch: int) -> After[CorrectionStep]:
        """Amend the briefing ``subject``, or edit its posts."""
        store, now = self.store, self.now()
        if step is CorrectionStep.WITHDRAW:
            if await is_on_its_way(subject, store=store):
                return After(step=CorrectionStep.WITHDRAW, wait=WAIT_FOR_POST_SECONDS)
            amended = await withdraw(subject, store=store, now=now)
            briefing = amended or await store.briefings.get(subject)
            corrected = briefing.corrections[-1:] if briefing else ()
            return (
                After(step=CorrectionStep.SHOW)
                if any(c.at > now - SHOW_AGAIN_TIME for c in corrected)
                else DONE
            )
        briefing = await store.briefings.get(subject)
        if briefing is None or not briefing.corrections:
            return DONE
        done = await update_posts(briefing, store=store, chats=self.chats)
        _log.info("corrected by an edited article", briefing=subject, outcome="; ".join(done.outcome))
        return NEXT_TRIES.get(step, DONE) if done.unfinished else DONE

"""One delivery in one epoch: its stored state, and what follows a call that is refused, fails or has an unknown outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.concurrency import DONE, After
from bot.errors import PostRefused, WirebriefError
from bot.flows.delivery.context import DeliveryContext
from bot.flows.delivery.outcomes import (
    MAX_RETRY_WAIT_SECONDS,
    DeliveryOutcome,
    Refusal,
    RefusalResponse,
    Remedy,
    Situation,
    Step,
    after_refusal,
    refusal_of,
)
from bot.log import report_fault
from bot.model.chat import Delivery, DeliveryPart, PartState, State, Subscription
from bot.ports import Chat, Post

_log = structlog.get_logger()

MAX_UNSAVED_WAIT_SECONDS = (
    2.0  # seconds that a delivery may wait without its wait being kept: its lease lasts longer
)


class Superseded(Exception):  # noqa: N818 - it names what happened
    """A newer epoch works on the delivery: this one stops and writes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a step failed: the refusal, in words, what to do, and the wait that was asked for."""

    refusal: Refusal
    message: str
    hint: str = ""
    asked: float = 0.0


def failure_of(error: Exception, *, doing: str) -> Failure:
    """Return ``error`` as a failure; the details of an unexpected one are in the log under its id."""
    refusal = refusal_of(error)
    if not isinstance(error, WirebriefError):
        number = report_fault(error, doing=doing)
        return Failure(refusal=refusal, message=f"something went wrong inside Wirebrief (error {number})")
    asked = error.retry_after if isinstance(error, PostRefused) else None
    return Failure(refusal=refusal, message=error.message, hint=error.hint, asked=asked or 0.0)


@dataclass(slots=True, kw_only=True)
class Work:
    """One delivery in one epoch; every write of an older epoch is refused, and ends it."""

    context: DeliveryContext
    delivery: Delivery
    epoch: int
    limited: int = 0  # times in a row that it was rate limited
    parts: int = 0  # messages it consists of, where that is known

    async def keep(self, *, wait: float = 0.0, **changes: object) -> None:
        """Store ``changes`` of the delivery, which rests for ``wait`` seconds; raises ``Superseded``."""
        self.delivery = self.changed(**changes)
        kept = await self.context.store.deliveries.update(
            self.delivery, epoch=self.epoch, wait=timedelta(seconds=wait)
        )
        if not kept:
            raise Superseded

    def changed(self, **changes: object) -> Delivery:
        """Return the delivery with ``changes``, as of now."""
        return replace(self.delivery, updated_at=self.context.now(), **changes)  # type: ignore[arg-type]

    async def wait_for_limit(self, step: Step, wait: float) -> After[Step]:
        """Continue with ``step`` in ``wait`` seconds, when the platform's rate limit allows it; others use the place meanwhile."""
        if wait <= MAX_UNSAVED_WAIT_SECONDS:
            return After(step=step, wait=wait)
        wait = min(MAX_RETRY_WAIT_SECONDS, wait * (1 + self.context.jitter() / 4))
        platform = self.delivery.channel.platform
        self.context.failures.warn(
            "delivery waits",
            channel=self.delivery.channel.name,
            reason=f"{platform} asks to wait",
            delivery=self.delivery.id,
            seconds=round(wait),
        )
        await self.keep(
            reason=f"{platform} asks to wait",
            failing_since=self.delivery.failing_since or self.context.now(),
            wait=wait,
        )
        return After(step=step, wait=wait, retry=True)

    async def refused(
        self, failure: Failure, *, part: DeliveryPart | None = None, step: Step = Step.NEXT_PART
    ) -> After[Step]:
        """Handle the ``failure`` of ``part``, in the stored state; retries begin with ``step``."""
        delivery = self.delivery
        decision = after_refusal(
            failure.refusal,
            Situation(
                attempts=delivery.attempts,
                limited=self.limited,
                calls=part.attempt if part else 0,
                part=part.state if part else PartState.WAITING,
            ),
            asked=failure.asked,
            jitter=self.context.jitter(),
        )
        retry = decision.remedy is Remedy.RETRY
        self.context.failures.warn(
            "delivery refused",
            channel=delivery.channel.name,
            reason=failure.message,
            delivery=delivery.id,
            scheduled=delivery.wall,
            then=decision.remedy.value,
            **({"seconds": round(decision.wait, 1)} if retry else {}),
        )
        match decision.remedy:
            case Remedy.RETRY:
                return await self._retry(decision, failure, step=step)
            case Remedy.UNCERTAIN:
                return await self.leave_uncertain(failure, part)
            case Remedy.FAIL:
                return await self.give_up(failure, gone=False)
            case Remedy.PAUSE:
                return await self.give_up(failure, gone=True)

    async def _retry(self, decision: RefusalResponse, failure: Failure, *, step: Step) -> After[Step]:
        limited = failure.refusal is Refusal.RATE_LIMITED
        self.limited = self.limited + 1 if limited else 0
        # A short wait for a busy platform is not a failure worth a notice.
        if not limited or decision.wait > MAX_UNSAVED_WAIT_SECONDS:
            await self.keep(
                attempts=decision.attempts,
                reason=failure.message,
                failing_since=self.delivery.failing_since or self.context.now(),
                wait=decision.wait,
            )
        return After(step=step, wait=decision.wait, retry=True)

    async def give_up(self, failure: Failure, *, gone: bool) -> After[Step]:
        """Let the delivery fail and notify an admin; if the channel is ``gone``, pause its subscriptions."""
        delivery, hint = self.delivery, failure.hint
        if failure.refusal is Refusal.FAULT:
            hint = f"Look for that error in the log, then send it again with wirebrief resend {delivery.id}"
        await self.keep(state=State.FAILED, reason=failure.message)
        if gone:
            for subscription in await self.context.store.subscriptions.all(destination=delivery.channel.name):
                await self._pause(subscription, failure)
            key = f"gone {delivery.channel.name} {failure.message}"
            done = f"; its subscriptions are paused. {hint}"
        else:
            key, done = f"failed {delivery.id}", f". {hint}"
        await self.notify(key, f"{delivery.channel.shown}: {failure.message}{done.rstrip('. ')}")
        self.ended(DeliveryOutcome.FAILED.value, reason=failure.message)
        self.context.count_delivery(DeliveryOutcome.FAILED, 0.0)
        return DONE

    def ended(self, outcome: str, *, reason: str = "") -> None:
        """Log the end of the delivery in one line."""
        delivery = self.delivery
        write = _log.warning if outcome in {DeliveryOutcome.FAILED, DeliveryOutcome.UNCERTAIN} else _log.info
        write(
            "delivery finished",
            channel=delivery.channel.name,
            scheduled=delivery.wall,
            outcome=outcome,
            late_seconds=round((self.context.now() - delivery.due_at).total_seconds(), 1),
            parts=self.parts,
            delivery=delivery.id,
            briefing=delivery.briefing_id,
            **({"reason": reason} if reason else {}),
        )

    async def _pause(self, subscription: Subscription, failure: Failure) -> None:
        if not subscription.paused:
            await self.context.store.subscriptions.save(
                replace(subscription, paused=failure.message), next_due=None, enumerated=self.context.now()
            )

    async def leave_uncertain(self, failure: Failure, part: DeliveryPart | None) -> After[Step]:
        """Leave the delivery to a person: it is unknown whether ``part`` was posted."""
        delivery = self.delivery
        hint = failure.hint if failure.refusal is Refusal.NO_LOOK_UP else ""
        why = f"{failure.message.rstrip('. ')}. {hint}".rstrip(". ")
        where = f"at part {part.number} of {part.of}" if part else "before its first part"
        await self.keep(state=State.UNCERTAIN, reason=why if hint else failure.message)
        await self.notify(
            f"held {delivery.id}",
            f"The briefing of {delivery.wall} for {delivery.channel.shown} is uncertain {where}: {why}. If it is in the "
            f"channel: wirebrief confirm {delivery.id}; if not: wirebrief resend {delivery.id}",
        )
        self.ended(DeliveryOutcome.UNCERTAIN.value, reason=failure.message)
        self.context.count_delivery(DeliveryOutcome.UNCERTAIN, 0.0)
        return DONE

    async def notify(self, key: str, text: str) -> None:
        """Notify an admin with ``text``, once for ``key``."""
        await self.context.notify(key, text, self.delivery.scope)

    async def next_part(self) -> tuple[DeliveryPart | None, str]:
        """Return the first part that is not posted, and the message in whose thread it may go."""
        parts = await self.context.store.deliveries.parts(self.delivery.id)
        self.parts = len(parts)
        missing = next((part for part in parts if part.state is not PartState.POSTED), None)
        return missing, parts[0].message_id if parts else ""

    def post_of(self, part: DeliveryPart, parent: str) -> Post:
        """Return ``part`` in the form for its platform, in the thread of ``parent``."""
        return Post(
            channel=self.delivery.channel,
            key=part.key,
            payload=part.payload,
            number=part.number,
            of=part.of,
            parent=parent,
        )

    @property
    def chat(self) -> Chat:
        """Its platform; raises ``PostRefused`` if there is none."""
        return self.context.chat(self.delivery.channel)

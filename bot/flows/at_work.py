"""A delivery at work in one round: what is kept of it, and the ways out where something refuses, breaks or stays unknown."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import NoLookUp, PostRefused, PostUnclear, WirebriefError
from bot.log import report_fault
from bot.model.chat import (
    Channel,
    Delivery,
    Part,
    PartState,
    State,
    Subscription,
)
from bot.ports import Chat, Post

if TYPE_CHECKING:
    from bot.flows.deliver import Deliverer

MOST_ATTEMPTS = 30  # calls for one part, refusals and look-ups included; then an admin is told
FAULT = 6  # attempts that a fault of our own counts as
SOON = 5.0  # seconds a refused call waits here; longer waits are given back
MOST_WAIT = 1800.0  # seconds until the next try, whatever a platform asks for
GATHER, WRITE, RENDER, INTEND, POST, RECORD = (
    "gather",
    "write",
    "render",
    "intend",
    "post",
    "record",
)

Next = tuple[str, float]
"""The step that follows ("" for none) and the seconds to wait before it."""
DONE: Next = ("", 0.0)


class Superseded(Exception):  # noqa: N818 - it names what happened
    """A newer round works on the delivery: this one stops without a trace."""


@dataclass(slots=True, kw_only=True)
class AtWork:
    """One delivery in one round; every write of an older round is refused, and ends it."""

    host: Deliverer
    delivery: Delivery
    round_: int

    async def broke(self, name: str, error: Exception) -> Next:
        """Try a step that nobody expected to fail some more times; then let a person know."""
        if isinstance(error, WirebriefError):
            why = error.message
        else:
            number = report_fault(error, doing=f"the step {name} of a delivery")
            why = f"something went wrong inside Wirebrief (error {number})"
        attempts = self.delivery.attempts + FAULT
        try:
            if attempts < MOST_ATTEMPTS:
                wait = 2.0 ** (attempts // FAULT)
                await self.keep(attempts=attempts, reason=why, wait=wait)
                return (INTEND if name == POST else name), wait
            part, _ = await self.part()
            if part and part.state is PartState.INTENDED:
                return await self.hold(why, part)
            hint = "Look for that error in the log, then let it be sent by wirebrief release"
            return await self.give_up(
                PostRefused(why, reason="broken", hint=f"{hint} {self.delivery.id} --send")
            )
        except Superseded:
            return DONE

    async def settle(self, part: Part, post: Post) -> str | Next | None:
        """Wait until no earlier call can land, then return the message's id, None if there is none, or a step."""
        chat = self.chat(self.delivery.channel)
        # Measured from now, on our own clock: when the call was made is known to nobody who could be trusted.
        await asyncio.sleep(chat.window + chat.settle)
        try:
            return await chat.find(post)
        except NoLookUp as blind:
            return await self.hold(f"{blind.message}. {blind.hint}".strip(), part)
        except PostUnclear as unclear:
            attempts = self.delivery.attempts + 1
            if attempts >= MOST_ATTEMPTS:
                return await self.hold(f"the look-up failed {attempts} times: {unclear.message}", part)
            wait = min(300.0, 5.0 * 2 ** min(attempts, 6))
            await self.keep(attempts=attempts, reason=unclear.message, wait=wait)
            return INTEND, wait
        except PostRefused as refusal:
            return await self.refused(refusal)

    async def refused(self, refusal: PostRefused) -> Next:
        """Go on by the rule of a definite refusal: wait and try again, or give up."""
        if refusal.retry_after is None:
            return await self.give_up(refusal)
        attempts = self.delivery.attempts + 1
        if refusal.reason != "rate limited" and attempts >= MOST_ATTEMPTS:
            return await self.give_up(refusal)
        if refusal.reason == "rate limited" and refusal.retry_after <= SOON:
            return INTEND, 0.0  # the platform's own pace makes the next call wait
        wait = min(MOST_WAIT, max(refusal.retry_after, min(300.0, 2.0 ** min(attempts, 8))))
        await self.keep(attempts=attempts, reason=refusal.message, wait=wait)
        return INTEND, wait

    async def give_up(self, refusal: PostRefused) -> Next:
        """Let the delivery fail and tell an admin; of a channel that is gone, pause everything."""
        delivery = self.delivery
        await self.keep(state=State.FAILED, reason=refusal.message)
        if refusal.gone:
            for subscription in await self.host.store.subscriptions.all(destination=delivery.channel.name):
                await self._pause(subscription, refusal)
            key = f"gone {delivery.channel.name} {refusal.reason}"
            done = f"; its subscriptions are paused. {refusal.hint}"
        else:
            key, done = f"failed {delivery.id}", f". {refusal.hint}"
        await self.notify(key, f"{delivery.channel.name}: {refusal.message}{done.rstrip('. ')}")
        self.host.observe("failed", 0.0)
        return DONE

    async def _pause(self, subscription: Subscription, refusal: PostRefused) -> None:
        if not subscription.paused:
            await self.host.store.subscriptions.save(
                replace(subscription, paused=refusal.message), next_due=None, enumerated=self.host.now()
            )

    async def hold(self, why: str, part: Part) -> Next:
        """Keep the delivery for a person: ``part`` may stand there, and nobody can tell."""
        delivery = self.delivery
        await self.keep(state=State.HELD, reason=why)
        await self.notify(
            f"held {delivery.id}",
            f"The briefing of {delivery.wall} for {delivery.channel.name} is held at part {part.number} of "
            f"{part.of}: {why.rstrip('. ')}. If it stands in the channel: wirebrief release {delivery.id} --posted; "
            f"if not: wirebrief release {delivery.id} --send",
        )
        self.host.observe("held", 0.0)
        return DONE

    async def notify(self, key: str, text: str) -> None:
        """Tell an admin ``text``, once for ``key``."""
        await self.host.notify(key, text, self.delivery.scope)

    async def part(self) -> tuple[Part | None, str]:
        """Return the first part that is not posted, and the message in whose thread it may go."""
        parts = await self.host.store.deliveries.parts(self.delivery.id)
        missing = next((part for part in parts if part.state is not PartState.POSTED), None)
        return missing, parts[0].message_id if parts else ""

    def post_of(self, part: Part, parent: str) -> Post:
        """Return ``part`` as its platform gets it, in the thread of ``parent``."""
        return Post(
            channel=self.delivery.channel,
            key=part.key,
            payload=part.payload,
            number=part.number,
            of=part.of,
            parent=parent,
        )

    def chat(self, channel: Channel) -> Chat:
        """Return the platform of ``channel``; raises ``PostRefused`` where there is none."""
        chat = self.host.chats.get(channel.platform)
        if chat is None:
            raise PostRefused(
                f"There is no platform {channel.platform!r} here", reason="unknown platform", gone=True
            )
        return chat

    async def keep(self, *, wait: float = 0.0, **changes: object) -> None:
        """Keep ``changes`` of the delivery, to which nothing is done for ``wait`` seconds; raises ``Superseded``."""
        self.delivery = replace(self.delivery, updated_at=self.host.now(), **changes)  # type: ignore[arg-type]
        kept = await self.host.store.deliveries.update(
            self.delivery, round_=self.round_, wait=timedelta(seconds=wait)
        )
        if not kept:
            raise Superseded

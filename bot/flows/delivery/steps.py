"""The steps of one delivery; the result of a step is stored before the next begins."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.chat.document.message import to_message
from bot.chat.document.notices import late_line
from bot.chat.replies.buttons import under_briefing
from bot.concurrency import DONE, After
from bot.errors import DeliveryError, PostRefused, PostUnclear
from bot.flows.delivery.draft import show_draft
from bot.flows.delivery.outcomes import MAX_CALLS_PER_PART, DeliveryOutcome, Refusal, Step
from bot.flows.delivery.prepare import LATE_BRIEFING_DELAY, known_until
from bot.flows.delivery.slots import as_of
from bot.flows.delivery.work import Failure, Superseded, Work, failure_of
from bot.model.briefing import Briefing, Mode
from bot.model.chat import DeliveryPart, PartState, QuietDay, State, Subscription, parts_of
from bot.model.conversation.reader import Want
from bot.model.message import Message


@dataclass(slots=True, kw_only=True)
class Steps(Work):
    """The steps of a delivery, with the results of those before."""

    subscription: Subscription | None = None
    briefing: Briefing | None = None  # as it was written, until it is rendered
    asked: str = ""  # the same for all channels that share that briefing
    waiting: tuple[DeliveryPart, str] | None = (
        None  # the part to be posted now, and the message in whose thread it may go
    )

    async def do(self, step: Step) -> After[Step]:
        """Execute ``step`` and return what follows."""
        match step:
            case Step.GATHER:
                return await self._gather()
            case Step.WRITE:
                return await self._write()
            case Step.RENDER:
                return await self._render()
            case Step.DRAFT:
                return await self._draft()
            case Step.NEXT_PART:
                return await self._choose_part()
            case Step.POST:
                return await self._post()
            case Step.RECONCILE:
                return await self._reconcile()
            case Step.RECORD:
                return await self._record()

    async def _gather(self) -> After[Step]:
        """Fix what the briefing is about: from when, as of when; go on where an earlier epoch had come to."""
        delivery, store = self.delivery, self.context.store
        if delivery.state is State.POSTING and not delivery.briefing_id:
            return After(step=Step.NEXT_PART)  # no briefing of a subscription: its parts were kept with it
        subscription = await store.subscriptions.get(delivery.subscription_id)
        if subscription is None or subscription.paused:
            why = f"paused: {subscription.paused}" if subscription else "its subscription ended"
            await self.keep(state=State.CANCELLED, reason=why)
            self.ended(State.CANCELLED.value, reason=why)
            return DONE
        self.subscription = subscription
        if delivery.state is State.POSTING:
            return After(step=Step.NEXT_PART)  # its parts are kept
        if delivery.made_at is None:
            now = self.context.now()
            if now < delivery.due_at:
                return DONE  # the clock has been set back: it is claimed again when it is due
            late = now - delivery.due_at > LATE_BRIEFING_DELAY
            at = as_of(subscription, due=delivery.due_at, now=now) if late else delivery.due_at
            at = min(at, await known_until(store, now=now))
            since = await store.deliveries.covered_until(subscription.id)
            since = since or at - timedelta(hours=self.context.settings.window_hours)
            await self.keep(made_at=at, since=min(since, at))
        return After(step=Step.WRITE)

    async def _write(self) -> After[Step]:
        """Make the briefing, every statement checked, and keep it; its channel knows nothing of it yet."""
        if not self.delivery.briefing_id:
            subscription = await self._subscription()
            made = await self.context.composer.compose(self.delivery, subscription)
            written = self.changed(briefing_id=made.briefing.id, state=State.WRITTEN)
            kept = await self.context.store.briefings.save(
                made.briefing,
                destination=self.delivery.channel.name,
                scope=self.delivery.scope,
                slot=self.delivery.id,
                sent=made.sent,
                record=made.record,
                delivery=written,
                epoch=self.epoch,
            )
            if not kept:
                raise Superseded
            self.context.count_briefing(made.briefing.mode)
            self.briefing, self.asked, self.delivery = made.briefing, made.asked, written
        return After(step=Step.RENDER)

    async def _render(self) -> After[Step]:
        """Word the briefing for its platform and keep the parts; decide whether it is posted at all."""
        delivery, store = self.delivery, self.context.store
        briefing = self.briefing or await store.briefings.get(delivery.briefing_id)
        self.briefing = None
        if briefing is None:
            await self.keep(briefing_id="", state=State.DUE)
            return After(step=Step.WRITE)
        subscription = await self._subscription()
        if _is_quiet(briefing) and subscription.quiet_day is QuietDay.SILENT:
            await store.briefings.mark_sent(briefing.id)
            await self.keep(state=State.SILENT, reason="no material change")
            self.ended(State.SILENT.value, reason="no material change")
            return DONE
        message = under_briefing(await self._message(briefing, self._late(subscription)), briefing)
        if subscription.approval and not delivery.approved:
            self.briefing = briefing
            return After(step=Step.DRAFT)
        try:
            payloads = self.chat.render(message, delivery.channel)
        except PostRefused as refusal:
            return await self.refused(failure_of(refusal, doing="rendering"), step=Step.RENDER)
        parts, changed = self._parts(payloads), self.changed(state=State.POSTING)
        new = await store.deliveries.keep_parts(parts, delivery=changed, epoch=self.epoch)
        if new is None:
            raise Superseded
        self.delivery = changed
        if new < len(parts) or delivery.look_first:
            return After(step=Step.NEXT_PART)
        self.parts, self.waiting = new, (parts[0], "")
        return After(step=Step.POST)

    async def _draft(self) -> After[Step]:
        """Post a draft to the editors' channel; an editor decides what follows."""
        subscription = await self._subscription()
        briefing = self.briefing or await self.context.store.briefings.get(self.delivery.briefing_id)
        if briefing is None or subscription.approval is None:
            return After(step=Step.RENDER)
        chat = self.context.chats.get(subscription.approval.platform)
        if chat and (wait := chat.rate_limit_wait(subscription.approval)) > 0:
            return await self.wait_for_limit(Step.DRAFT, wait)
        where = await show_draft(self, subscription.approval, briefing)
        await self.keep(state=State.AWAITING, reason=where, failing_since=None)
        self.ended(State.AWAITING.value, reason=where)
        return DONE

    def _parts(self, payloads: tuple[str, ...]) -> list[DeliveryPart]:
        # Restored from a backup, or taken over: it may be posted already.
        state = PartState.INTENDED if self.delivery.look_first else PartState.WAITING
        return parts_of(self.delivery.id, payloads, state=state)

    async def _choose_part(self) -> After[Step]:
        """Find the part whose turn it is; one that may have been posted is looked up first."""
        part, parent = await self.next_part()
        if part is None:
            return After(step=Step.RECORD)
        if part.attempt > MAX_CALLS_PER_PART:
            many = Failure(refusal=Refusal.NO_LOOK_UP, message=f"{part.attempt} calls failed")
            return await self.leave_uncertain(many, part)
        if part.state is PartState.INTENDED:
            return After(step=Step.RECONCILE)
        self.waiting = part, parent
        return After(step=Step.POST)

    async def _post(self) -> After[Step]:
        """Make the call, if its reservation is ours."""
        # However old this knowledge is: the reservation is refused where the part is not as it was seen.
        part, parent = self.waiting or await self.next_part()
        self.waiting = None
        if part is None:
            return After(step=Step.RECORD)
        if part.state is PartState.INTENDED:
            return After(step=Step.RECONCILE)
        store, chat = self.context.store, self.chat
        if (wait := chat.rate_limit_wait(self.delivery.channel)) > 0:
            self.waiting = part, parent
            return await self.wait_for_limit(Step.POST, wait)
        # Taken before the reservation is kept: should this process be stopped after it, its call comes too late.
        latest = time.monotonic() + chat.window
        if not await store.deliveries.reserve_attempt(part, epoch=self.epoch):
            if not await store.deliveries.in_epoch(self.delivery.id, self.epoch):
                raise Superseded
            return After(step=Step.NEXT_PART)  # a call was or may have been made: see what came of it
        ours = replace(part, attempt=part.attempt + 1, state=PartState.INTENDED)
        try:
            message_id = await chat.post(replace(self.post_of(ours, parent), latest=latest))
        except PostRefused as refusal:
            await store.deliveries.refused(ours)
            refused = replace(ours, state=PartState.WAITING)
            return await self.refused(failure_of(refusal, doing="a post"), part=refused)
        except PostUnclear as unclear:
            self.context.unknown.remaining(ours, seconds=0.0)  # known from now on
            failure = replace(failure_of(unclear, doing="a post"), asked=chat.window + chat.settle_seconds)
            return await self.refused(failure, part=ours, step=Step.RECONCILE)
        await store.deliveries.posted(ours, message_id)
        return After(step=Step.RECORD if part.number == part.of else Step.NEXT_PART)

    async def _reconcile(self) -> After[Step]:
        """Find out what became of a call whose outcome is unknown, once it can no longer land."""
        part, parent = await self.next_part()
        if part is None or part.state is not PartState.INTENDED:
            return After(step=Step.NEXT_PART)
        chat = self.chat
        if (wait := self.context.unknown.remaining(part, seconds=chat.window + chat.settle_seconds)) > 0:
            await self.keep(wait=wait)
            return After(step=Step.RECONCILE, wait=wait, retry=True)
        try:
            found = await chat.find(self.post_of(part, parent))
        except DeliveryError as error:
            failure = failure_of(error, doing="a look-up")
            if failure.refusal in {Refusal.UNKNOWN, Refusal.RATE_LIMITED}:
                failure = replace(failure, refusal=Refusal.LOOK_UP_FAILED)
            return await self.refused(failure, part=part, step=Step.RECONCILE)
        if found:
            await self.context.store.deliveries.posted(part, found)
        else:
            await self.context.store.deliveries.refused(part)
        self.context.unknown.forget(part)
        return After(step=Step.NEXT_PART)

    async def _record(self) -> After[Step]:
        """Keep that the channel knows the briefing now."""
        now = self.context.now()
        if self.delivery.briefing_id:
            await self.context.store.briefings.mark_sent(self.delivery.briefing_id)
            await self._unmute()
        await self.keep(state=State.POSTED, posted_at=now, reason="", failing_since=None)
        self.ended(DeliveryOutcome.POSTED.value)
        self.context.count_delivery(DeliveryOutcome.POSTED, (now - self.delivery.due_at).total_seconds())
        return DONE

    async def _unmute(self) -> None:
        """End the muting of the stories that were sent now: its status has changed."""
        readers, channel = self.context.store.readers, self.delivery.channel.name
        choices = await readers.choices(channel)
        if choices and (briefing := await self.context.store.briefings.get(self.delivery.briefing_id)):
            for story_id in {story.story_id for story in briefing.stories} & set(choices):
                await readers.remove_choice(channel, story_id, Want.MUTE)

    async def _message(self, briefing: Briefing, late: str) -> Message:
        """Return ``briefing`` in words, put once for all channels that share it."""

        async def put() -> Message:
            return to_message(briefing, late=late)

        return (
            await self.context.message_cache.get(f"{self.asked} {late}", put) if self.asked else await put()
        )

    def _late(self, subscription: Subscription) -> str:
        now = self.context.now()
        if now - self.delivery.due_at <= LATE_BRIEFING_DELAY:
            return ""
        return late_line(self.delivery.due_at, now, zone=subscription.zone, language=subscription.language)

    async def _subscription(self) -> Subscription:
        found = self.subscription or await self.context.store.subscriptions.get(self.delivery.subscription_id)
        if found is None:
            await self.keep(state=State.CANCELLED, reason="its subscription ended")
            raise Superseded
        return found


def _is_quiet(briefing: Briefing) -> bool:
    return briefing.mode is Mode.QUIET

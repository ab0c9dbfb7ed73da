"""Deliver: one slot from due to posted, in steps that may each be cut off and begun again anywhere.

    gather ──▶ write (and check) ──▶ render ──▶ intend ──▶ post ──▶ (next part) … ──▶ record
                                                  ▲         │
                                                  └─────────┘ unknown outcome: settle, look up

What a step learned stands in the store before the next begins: the workflow carries keys only. A call to a platform
follows a committed intention; whoever finds an intention that is not its own waits until that call can no longer
land, asks the platform for the key, and only then calls again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.chat.buttons import under_briefing, under_draft
from bot.chat.message import draft_line, late_line, to_message
from bot.config import Briefings
from bot.errors import DeliveryError, NoLookUp, PostRefused, PostUnclear, StoreError, WirebriefError
from bot.flows.brief import Made, Pen
from bot.flows.compose import LATE, SHARED_BRIEFINGS, Composer
from bot.flows.memo import Memo
from bot.flows.notify import Notify, post_all
from bot.flows.slots import as_of
from bot.log import report_fault
from bot.model.briefing import Briefing, Mode
from bot.model.chat import (
    Channel,
    Delivery,
    Part,
    PartState,
    QuietDay,
    State,
    Subscription,
    part_key,
)
from bot.model.reader import Want
from bot.ports import Chat, Post
from bot.store import Store

MOST_ATTEMPTS = 30  # calls for one part, refusals and look-ups included; then an admin is told
FAULT = 6  # attempts that a fault of our own counts as
SOON = 5.0  # seconds a refused call waits here; longer waits are given back
MOST_AT_HAND = 500  # deliveries whose next step begins at once; more were left by chains that were cut off
MOST_WAIT = 1800.0  # seconds until the next try, whatever a platform asks for
GATHER, WRITE, RENDER, INTEND, POST, RECORD = STEPS = (
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

_log = structlog.get_logger()


class _Superseded(Exception):  # noqa: N818 - it names what happened
    """A newer round works on the delivery: this one stops without a trace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverer:
    """Everything the steps need; ``pen`` opens the model for one briefing, ``notify`` tells admins."""

    store: Store
    chats: Mapping[str, Chat]
    settings: Briefings
    now: Callable[[], datetime]
    pen: Callable[[], Awaitable[Pen | None]]
    notify: Notify
    observe: Callable[[str, float], None]
    wrote: Callable[[Mode], None] = lambda _mode: None
    write_seconds: float = 40.0  # from a slot's minute on, for the model
    made: Memo[Made] = field(default_factory=lambda: Memo(SHARED_BRIEFINGS))
    at_hand: dict[tuple[str, int], _Work] = field(default_factory=dict)  # what goes on with its next step now

    @property
    def composer(self) -> Composer:
        """Return what makes the briefings."""
        return Composer(
            store=self.store,
            settings=self.settings,
            now=self.now,
            pen=self.pen,
            notify=self.notify,
            seconds=self.write_seconds,
            made=self.made,
        )

    async def step(self, name: str, delivery_id: str, round_: int) -> Next:
        """Do the step ``name`` of a delivery in ``round_`` and return what follows."""
        # The store refuses what an older round writes; only before a call to a platform it has to be asked.
        work = self.at_hand.pop((delivery_id, round_), None)
        if work is None or name == POST:
            delivery = await self.store.deliveries.at_work(delivery_id, round_)
            if delivery is None:
                return DONE
            waiting = work.waiting if work else None
            work = _Work(host=self, delivery=delivery, round_=round_, waiting=waiting)
        try:
            following: Next = await getattr(work, name)()
        except _Superseded:
            return DONE
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, no slot passes in silence
            return await work.broke(name, error)
        if following[0] and not following[1]:
            if len(self.at_hand) >= MOST_AT_HAND:
                self.at_hand.clear()
            self.at_hand[delivery_id, round_] = work
        return following


@dataclass(slots=True, kw_only=True)
class _Work:
    """One delivery in one round, and what the steps so far know of it."""

    host: Deliverer
    delivery: Delivery
    round_: int
    subscription: Subscription | None = None
    briefing: Briefing | None = None  # as it was written, until it is rendered
    waiting: tuple[Part, str] | None = (
        None  # the part to be posted now, and the message in whose thread it may go
    )

    async def gather(self) -> Next:
        """Fix what the briefing is about: from when, as of when; go on where an earlier round had come to."""
        delivery, store = self.delivery, self.host.store
        subscription = await store.subscriptions.get(delivery.subscription_id)
        if subscription is None or subscription.paused:
            why = f"paused: {subscription.paused}" if subscription else "its subscription ended"
            await self._keep(state=State.CANCELLED, reason=why)
            return DONE
        self.subscription = subscription
        if delivery.state is State.POSTING:
            return INTEND, 0.0  # its parts are kept
        if delivery.made_at is None:
            now = self.host.now()
            late = now - delivery.due_at > LATE
            at = as_of(subscription, due=delivery.due_at, now=now) if late else delivery.due_at
            at = min(at, await self._horizon(now))
            since = await store.deliveries.heard(subscription.id)
            since = since or at - timedelta(hours=self.host.settings.window_hours)
            await self._keep(made_at=at, since=min(since, at))
        return WRITE, 0.0

    async def write(self) -> Next:
        """Make the briefing, every statement checked, and keep it; its channel knows nothing of it yet."""
        if not self.delivery.briefing_id:
            subscription = await self._subscription()
            made = await self.host.composer.compose(self.delivery, subscription)
            kept = await self.host.store.briefings.save(
                made.briefing,
                destination=self.delivery.channel.name,
                scope=self.delivery.scope,
                slot=self.delivery.id,
                told=made.told,
                record=made.record,
                round_=self.round_,
            )
            if not kept:
                raise _Superseded
            self.host.wrote(made.briefing.mode)
            self.briefing = made.briefing
            await self._keep(briefing_id=made.briefing.id, state=State.WRITTEN)
        return RENDER, 0.0

    async def render(self) -> Next:
        """Word the briefing for its platform and keep the parts; decide whether it is posted at all."""
        delivery, store = self.delivery, self.host.store
        briefing = self.briefing or await store.briefings.get(delivery.briefing_id)
        self.briefing = None
        if briefing is None:
            await self._keep(briefing_id="", state=State.DUE)
            return WRITE, 0.0
        subscription = await self._subscription()
        if _quiet(briefing) and subscription.quiet_day is QuietDay.SILENT:
            await store.briefings.tell(briefing.id)
            await self._keep(state=State.SILENT, reason="no material change")
            return DONE
        message = under_briefing(to_message(briefing, late=self._late(subscription)), briefing)
        if subscription.approval and not delivery.approved:
            return await self._ask_editors(subscription.approval, briefing)
        try:
            payloads = self._chat(delivery.channel).render(message, delivery.channel)
        except PostRefused as refusal:
            return await self._give_up(refusal)
        parts = [
            Part(
                delivery_id=delivery.id,
                number=number,
                of=len(payloads),
                key=part_key(delivery.id, number),
                payload=payload,
                # Restored from a backup, or taken over: it may stand there already.
                state=PartState.INTENDED if delivery.look_first else PartState.WAITING,
            )
            for number, payload in enumerate(payloads, 1)
        ]
        if not await store.deliveries.keep_parts(parts, delivery=delivery, round_=self.round_):
            raise _Superseded
        await self._keep(state=State.POSTING)
        return INTEND, 0.0

    async def intend(self) -> Next:
        """Find the part whose turn it is; one that may have been posted is looked up first."""
        part, parent = await self._part()
        if part is None:
            return RECORD, 0.0
        if part.attempt >= MOST_ATTEMPTS:
            return await self._hold(f"{part.attempt} attempts came to nothing", part)
        if part.state is PartState.INTENDED:
            found = await self._settle(part, self._post(part, parent))
            if isinstance(found, tuple):
                return found
            if found:
                await self.host.store.deliveries.posted(part, found)
                return INTEND, 0.0
            await self.host.store.deliveries.refused(part)
        else:
            self.waiting = part, parent
        return POST, 0.0

    async def post(self) -> Next:
        """Make the call, if the intention of it is ours."""
        # However old this knowledge is: the intention is refused where the part is not as it was seen.
        part, parent = self.waiting or await self._part()
        self.waiting = None
        if part is None:
            return RECORD, 0.0
        delivery, store, chat = self.delivery, self.host.store, self._chat(self.delivery.channel)
        await chat.turn(delivery.channel)
        # Taken before the intention is kept: should this process be stopped after it, its call comes too late.
        latest = time.monotonic() + chat.window
        if part.state is PartState.INTENDED or not await store.deliveries.intend(part):
            return INTEND, 0.0  # a call was or may have been made: see what came of it
        ours = replace(part, attempt=part.attempt + 1, state=PartState.INTENDED)
        try:
            message_id = await chat.post(replace(self._post(ours, parent), latest=latest))
        except PostRefused as refusal:
            await store.deliveries.refused(ours)
            return await self._refused(refusal)
        except PostUnclear as unclear:
            _log.info("outcome unknown", delivery=delivery.id, part=part.number, reason=unclear.reason)
            return INTEND, 0.0
        await store.deliveries.posted(ours, message_id)
        return (RECORD if part.number == part.of else INTEND), 0.0

    async def record(self) -> Next:
        """Keep that the channel knows the briefing now."""
        now = self.host.now()
        await self.host.store.briefings.tell(self.delivery.briefing_id)
        await self._unmute()
        await self._keep(state=State.POSTED, posted_at=now, reason="")
        self.host.observe("posted", (now - self.delivery.due_at).total_seconds())
        return DONE

    async def _unmute(self) -> None:
        """End the muting of what was told now: its status has changed."""
        readers, channel = self.host.store.readers, self.delivery.channel.name
        choices = await readers.choices(channel)
        if choices and (briefing := await self.host.store.briefings.get(self.delivery.briefing_id)):
            for story_id in {story.story_id for story in briefing.stories} & set(choices):
                await readers.unchoose(channel, story_id, Want.MUTE)

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
                await self._keep(attempts=attempts, reason=why, wait=wait)
                return (INTEND if name == POST else name), wait
            part, _ = await self._part()
            if part and part.state is PartState.INTENDED:
                return await self._hold(why, part)
            hint = "Look for that error in the log, then let it be sent by wirebrief release"
            return await self._give_up(
                PostRefused(why, reason="broken", hint=f"{hint} {self.delivery.id} --send")
            )
        except _Superseded:
            return DONE

    def _late(self, subscription: Subscription) -> str:
        now = self.host.now()
        if now - self.delivery.due_at <= LATE:
            return ""
        return late_line(self.delivery.due_at, now, zone=subscription.zone, language=subscription.language)

    async def _horizon(self, now: datetime) -> datetime:
        """Return up to when all news that came can be read: what an ingest at work brings is not whole yet."""
        reading_since = await self.host.store.leases.taken("ingest", now=now)
        return reading_since - timedelta(microseconds=1) if reading_since else now

    async def _settle(self, part: Part, post: Post) -> str | Next | None:
        """Wait until no earlier call can land, then return the message's id, None if there is none, or a step."""
        chat = self._chat(self.delivery.channel)
        # Measured from now, on our own clock: when the call was made is known to nobody who could be trusted.
        await asyncio.sleep(chat.window + chat.settle)
        try:
            return await chat.find(post)
        except NoLookUp as blind:
            return await self._hold(f"{blind.message}. {blind.hint}".strip(), part)
        except PostUnclear as unclear:
            attempts = self.delivery.attempts + 1
            if attempts >= MOST_ATTEMPTS:
                return await self._hold(f"the look-up failed {attempts} times: {unclear.message}", part)
            wait = min(300.0, 5.0 * 2 ** min(attempts, 6))
            await self._keep(attempts=attempts, reason=unclear.message, wait=wait)
            return INTEND, wait
        except PostRefused as refusal:
            return await self._refused(refusal)

    async def _refused(self, refusal: PostRefused) -> Next:
        """Go on by the rule of a definite refusal: wait and try again, or give up."""
        if refusal.retry_after is None:
            return await self._give_up(refusal)
        attempts = self.delivery.attempts + 1
        if refusal.reason != "rate limited" and attempts >= MOST_ATTEMPTS:
            return await self._give_up(refusal)
        if refusal.reason == "rate limited" and refusal.retry_after <= SOON:
            return INTEND, 0.0  # the platform's own pace makes the next call wait
        wait = min(MOST_WAIT, max(refusal.retry_after, min(300.0, 2.0 ** min(attempts, 8))))
        await self._keep(attempts=attempts, reason=refusal.message, wait=wait)
        return INTEND, wait

    async def _give_up(self, refusal: PostRefused) -> Next:
        delivery = self.delivery
        await self._keep(state=State.FAILED, reason=refusal.message)
        if refusal.gone:
            for subscription in await self.host.store.subscriptions.all(destination=delivery.channel.name):
                await self._pause(subscription, refusal)
            key = f"gone {delivery.channel.name} {refusal.reason}"
            done = f"; its subscriptions are paused. {refusal.hint}"
        else:
            key, done = f"failed {delivery.id}", f". {refusal.hint}"
        await self._notify(key, f"{delivery.channel.name}: {refusal.message}{done.rstrip('. ')}")
        self.host.observe("failed", 0.0)
        return DONE

    async def _pause(self, subscription: Subscription, refusal: PostRefused) -> None:
        if not subscription.paused:
            await self.host.store.subscriptions.save(
                replace(subscription, paused=refusal.message), next_due=None, enumerated=self.host.now()
            )

    async def _hold(self, why: str, part: Part) -> Next:
        delivery = self.delivery
        await self._keep(state=State.HELD, reason=why)
        await self._notify(
            f"held {delivery.id}",
            f"The briefing of {delivery.wall} for {delivery.channel.name} is held at part {part.number} of "
            f"{part.of}: {why.rstrip('. ')}. If it stands in the channel: wirebrief release {delivery.id} --posted; "
            f"if not: wirebrief release {delivery.id} --send",
        )
        self.host.observe("held", 0.0)
        return DONE

    async def _ask_editors(self, editors: Channel, briefing: Briefing) -> Next:
        """Show a draft to the editors' channel; what follows is theirs to say."""
        delivery = self.delivery
        how = draft_line(delivery.id, channel=delivery.channel.name, language=briefing.language)
        message = under_draft(to_message(briefing, late=how), delivery.id)
        try:
            await post_all(self._chat(editors), editors, message, key=f"draft {delivery.id}")
        except DeliveryError as error:
            await self._notify(
                f"draft {delivery.id}",
                f"The draft for {editors.name} may not stand there: {error.message.rstrip('. ')}. The briefing for "
                f"{delivery.channel.name} waits: wirebrief approve {delivery.id} posts it",
            )
        await self._keep(state=State.AWAITING, reason=f"draft in {editors.name}")
        return DONE

    async def _notify(self, key: str, text: str) -> None:
        await self.host.notify(key, text, self.delivery.scope)

    async def _part(self) -> tuple[Part | None, str]:
        """Return the first part that is not posted, and the message in whose thread it may go."""
        parts = await self.host.store.deliveries.parts(self.delivery.id)
        missing = next((part for part in parts if part.state is not PartState.POSTED), None)
        return missing, parts[0].message_id if parts else ""

    def _post(self, part: Part, parent: str) -> Post:
        return Post(
            channel=self.delivery.channel,
            key=part.key,
            payload=part.payload,
            number=part.number,
            of=part.of,
            parent=parent,
        )

    def _chat(self, channel: Channel) -> Chat:
        chat = self.host.chats.get(channel.platform)
        if chat is None:
            raise PostRefused(
                f"There is no platform {channel.platform!r} here", reason="unknown platform", gone=True
            )
        return chat

    async def _subscription(self) -> Subscription:
        found = self.subscription or await self.host.store.subscriptions.get(self.delivery.subscription_id)
        if found is None:
            await self._keep(state=State.CANCELLED, reason="its subscription ended")
            raise _Superseded
        return found

    async def _keep(self, *, wait: float = 0.0, **changes: object) -> None:
        self.delivery = replace(self.delivery, updated_at=self.host.now(), **changes)  # type: ignore[arg-type]
        kept = await self.host.store.deliveries.update(
            self.delivery, round_=self.round_, wait=timedelta(seconds=wait)
        )
        if not kept:
            raise _Superseded


def _quiet(briefing: Briefing) -> bool:
    return briefing.mode is Mode.QUIET

"""Deliver: one slot from due to posted, in steps that may each be cut off and begun again anywhere.

    gather ──▶ write (and check) ──▶ render ──▶ intend ──▶ post ──▶ (next part) … ──▶ record
                                                  ▲         │
                                                  └─────────┘ unknown outcome: settle, look up

What a step learned stands in the store before the next begins: the workflow carries keys only. A call to a platform
follows a committed intention; whoever finds an intention that is not its own waits until that call can no longer
land, asks the platform for the key, and only then calls again.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.chat.buttons import under_briefing, under_draft
from bot.chat.message import draft_line, late_line, to_message
from bot.chat.rate_limit import wait_for_rate_limit
from bot.config import Briefings
from bot.errors import DeliveryError, PostRefused, PostUnclear, StoreError
from bot.flows.at_work import (
    DONE,
    INTEND,
    MOST_ATTEMPTS,
    POST,
    RECORD,
    RENDER,
    WRITE,
    AtWork,
    Next,
    Superseded,
)
from bot.flows.brief import Made, Pen
from bot.flows.compose import LATE, SHARED_BRIEFINGS, Composer
from bot.flows.memo import Memo
from bot.flows.notify import Notify, post_all
from bot.flows.slots import as_of
from bot.model.briefing import Briefing, Mode
from bot.model.chat import (
    Channel,
    Part,
    PartState,
    QuietDay,
    State,
    Subscription,
    part_key,
)
from bot.model.message import Message
from bot.model.reader import Want
from bot.ports import Chat, Talkative
from bot.store import Store

MOST_AT_HAND = 500  # deliveries whose next step begins at once; more were left by chains that were cut off

_log = structlog.get_logger()


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
    worded: Memo[Message] = field(default_factory=lambda: Memo(SHARED_BRIEFINGS))
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
        except Superseded:
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
class _Work(AtWork):
    """The steps, and what those before know of the delivery."""

    subscription: Subscription | None = None
    briefing: Briefing | None = None  # as it was written, until it is rendered
    asked: str = ""  # the same for all channels that share that briefing
    waiting: tuple[Part, str] | None = (
        None  # the part to be posted now, and the message in whose thread it may go
    )

    async def gather(self) -> Next:
        """Fix what the briefing is about: from when, as of when; go on where an earlier round had come to."""
        delivery, store = self.delivery, self.host.store
        subscription = await store.subscriptions.get(delivery.subscription_id)
        if subscription is None or subscription.paused:
            why = f"paused: {subscription.paused}" if subscription else "its subscription ended"
            await self.keep(state=State.CANCELLED, reason=why)
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
            await self.keep(made_at=at, since=min(since, at))
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
                raise Superseded
            self.host.wrote(made.briefing.mode)
            self.briefing, self.asked = made.briefing, made.asked
            await self.keep(briefing_id=made.briefing.id, state=State.WRITTEN)
        return RENDER, 0.0

    async def render(self) -> Next:
        """Word the briefing for its platform and keep the parts; decide whether it is posted at all."""
        delivery, store = self.delivery, self.host.store
        briefing = self.briefing or await store.briefings.get(delivery.briefing_id)
        self.briefing = None
        if briefing is None:
            await self.keep(briefing_id="", state=State.DUE)
            return WRITE, 0.0
        subscription = await self._subscription()
        if _quiet(briefing) and subscription.quiet_day is QuietDay.SILENT:
            await store.briefings.tell(briefing.id)
            await self.keep(state=State.SILENT, reason="no material change")
            return DONE
        message = under_briefing(await self._worded(briefing, self._late(subscription)), briefing)
        if subscription.approval and not delivery.approved:
            return await self._ask_editors(subscription.approval, briefing)
        try:
            payloads = self.chat(delivery.channel).render(message, delivery.channel)
        except PostRefused as refusal:
            return await self.give_up(refusal)
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
            raise Superseded
        await self.keep(state=State.POSTING)
        return INTEND, 0.0

    async def intend(self) -> Next:
        """Find the part whose turn it is; one that may have been posted is looked up first."""
        part, parent = await self.part()
        if part is None:
            return RECORD, 0.0
        if part.attempt >= MOST_ATTEMPTS:
            return await self.hold(f"{part.attempt} attempts came to nothing", part)
        if part.state is PartState.INTENDED:
            found = await self.settle(part, self.post_of(part, parent))
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
        part, parent = self.waiting or await self.part()
        self.waiting = None
        if part is None:
            return RECORD, 0.0
        delivery, store, chat = self.delivery, self.host.store, self.chat(self.delivery.channel)
        await wait_for_rate_limit(chat, delivery.channel)
        # Taken before the intention is kept: should this process be stopped after it, its call comes too late.
        latest = time.monotonic() + chat.window
        if part.state is PartState.INTENDED or not await store.deliveries.intend(part):
            return INTEND, 0.0  # a call was or may have been made: see what came of it
        ours = replace(part, attempt=part.attempt + 1, state=PartState.INTENDED)
        try:
            message_id = await chat.post(replace(self.post_of(ours, parent), latest=latest))
        except PostRefused as refusal:
            await store.deliveries.refused(ours)
            return await self.refused(refusal)
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
        await self.keep(state=State.POSTED, posted_at=now, reason="")
        self.host.observe("posted", (now - self.delivery.due_at).total_seconds())
        return DONE

    async def _unmute(self) -> None:
        """End the muting of what was told now: its status has changed."""
        readers, channel = self.host.store.readers, self.delivery.channel.name
        choices = await readers.choices(channel)
        if choices and (briefing := await self.host.store.briefings.get(self.delivery.briefing_id)):
            for story_id in {story.story_id for story in briefing.stories} & set(choices):
                await readers.unchoose(channel, story_id, Want.MUTE)

    async def _worded(self, briefing: Briefing, late: str) -> Message:
        """Return ``briefing`` in words, put once for all channels that share it."""

        async def put() -> Message:
            return to_message(briefing, late=late)

        return await self.host.worded.get(f"{self.asked} {late}", put) if self.asked else await put()

    def _late(self, subscription: Subscription) -> str:
        now = self.host.now()
        if now - self.delivery.due_at <= LATE:
            return ""
        return late_line(self.delivery.due_at, now, zone=subscription.zone, language=subscription.language)

    async def _horizon(self, now: datetime) -> datetime:
        """Return up to when all news that came can be read: what an ingest at work brings is not whole yet."""
        reading_since = await self.host.store.leases.taken("ingest", now=now)
        return reading_since - timedelta(microseconds=1) if reading_since else now

    async def _ask_editors(self, editors: Channel, briefing: Briefing) -> Next:
        """Show a draft to the editors' channel; what follows is theirs to say."""
        delivery = self.delivery
        buttons = isinstance(self.host.chats.get(editors.platform), Talkative)
        how = draft_line(
            delivery.id, channel=delivery.channel.name, buttons=buttons, language=briefing.language
        )
        message = under_draft(to_message(briefing, late=how), delivery.id)
        try:
            await post_all(self.chat(editors), editors, message, key=f"draft {delivery.id}")
        except DeliveryError as error:
            await self.notify(
                f"draft {delivery.id}",
                f"The draft for {editors.name} may not stand there: {error.message.rstrip('. ')}. The briefing for "
                f"{delivery.channel.name} waits: wirebrief approve {delivery.id} posts it",
            )
        await self.keep(state=State.AWAITING, reason=f"draft in {editors.name}")
        return DONE

    async def _subscription(self) -> Subscription:
        found = self.subscription or await self.host.store.subscriptions.get(self.delivery.subscription_id)
        if found is None:
            await self.keep(state=State.CANCELLED, reason="its subscription ended")
            raise Superseded
        return found


def _quiet(briefing: Briefing) -> bool:
    return briefing.mode is Mode.QUIET

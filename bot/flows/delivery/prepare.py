"""Compose a delivery's briefing in time; channels with equal input share one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.config import BriefingSettings
from bot.flows.briefing.brief import BriefingResult, Offer, make_briefing, offer_nothing, result_for
from bot.flows.briefing.gather import BriefingInput, gather
from bot.flows.briefing.request import BriefingRequest
from bot.flows.briefing.session import ModelSession
from bot.flows.briefing.subscription_filter import NO_FILTER, SubscriptionFilter, filter_for, settings_of
from bot.flows.notify import Notify, notify_of_omitted_stories
from bot.flows.rules.reader import RulesReader
from bot.flows.single_flight import SingleFlight
from bot.model.chat import Delivery, Filters, Subscription
from bot.model.ids import derive_id
from bot.model.scope import SHARED, Scope, common
from bot.store import Store
from bot.tracing import span

LATE_BRIEFING_DELAY = timedelta(minutes=5)  # lateness from which a briefing says that it is late
MAX_SHARED_BRIEFINGS = 64  # kept for channels that ask the same


async def known_until(store: Store, *, now: datetime) -> datetime:
    """Return until when all news is complete: that of a running ingest is not."""
    reading_since = await store.leases.taken("ingest", now=now)
    return reading_since - timedelta(microseconds=1) if reading_since else now


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """Makes briefings; the model has ``seconds`` after a slot, 0 means its own limits."""

    store: Store
    settings: BriefingSettings
    now: Callable[[], datetime]
    session: Callable[[], Awaitable[ModelSession | None]]
    notify: Notify
    seconds: float
    cache: SingleFlight[BriefingResult]
    rules: RulesReader | None = None  # None: rules read in threads
    offer: Offer = offer_nothing

    async def compose(self, delivery: Delivery, subscription: Subscription) -> BriefingResult:
        """Return the briefing of ``delivery``, whose times are set."""
        channel = delivery.channel.name
        session = await self._session(delivery)
        request = await self.request(delivery, subscription)
        key = derive_id("ask", request.key, repr(session.workspace if session else None))

        async def shared() -> BriefingResult:
            found = await self.gather_input(request)
            for pattern in sorted(request.subscription_filter.slow):
                await self.notify(
                    f"slow pattern {subscription.id} {pattern}",
                    f"The pattern {pattern!r} of subscription {subscription.id} takes too long; it was left out. "
                    "Repeat less inside of repeats, or use words",
                    delivery.scope,
                )
            with span("briefing", channel=channel, delivery=delivery.id) as one:
                made = await make_briefing(
                    found,
                    store=self.store,
                    channel=channel,
                    settings=request.settings,
                    session=session,
                    rules=self.rules,
                )
                one.set(briefing=made.briefing.id, mode=made.briefing.mode.value)
            await notify_of_omitted_stories(
                made.faults, notify=self.notify, version=self.store.database.version
            )
            return replace(made, briefing=await self.offer(made.briefing, request.by))

        return replace(result_for(channel, await self.cache.get(key, shared)), asked=key)

    async def request(self, delivery: Delivery, subscription: Subscription) -> BriefingRequest:
        """Return the request for the briefing of ``delivery``, whose times are set."""
        if delivery.made_at is None or delivery.since is None:
            raise ValueError(f"the times of {delivery.id!r} are not fixed")
        channel = delivery.channel.name
        by = await self._reads(delivery, subscription)
        first = await self.store.deliveries.covered_until(subscription.id) is None
        return BriefingRequest(
            by=by,
            subscription_filter=await self._filter(subscription, by),
            settings=settings_of(subscription, self.settings),
            since=delivery.since,
            at=delivery.made_at,
            horizon=delivery.since if first else None,
            sent=await self.store.briefings.sent_stories(channel),
            choices=tuple((await self.store.readers.choices(channel)).values()),
            waiting=await self.store.briefings.named_only(channel, since=delivery.since),
        )

    async def gather_input(self, request: BriefingRequest) -> BriefingInput:
        """Return the input of a briefing."""
        return await gather(request, store=self.store, rules=self.rules)

    async def _reads(self, delivery: Delivery, subscription: Subscription) -> Scope:
        """Return the scope the briefing is made for: what its channel may read, and editors who see a draft too.

        A channel with nothing of its own reads what everybody reads, so its briefing can be shared.
        """
        own = delivery.scope
        if subscription.approval:
            own = common(own, subscription.approval.scope)
        return own if await self.store.holds_own(own) else SHARED

    async def _filter(self, subscription: Subscription, by: Scope) -> SubscriptionFilter:
        if subscription.feeds or subscription.packs or subscription.filters != Filters():
            return filter_for(subscription, await self.store.feeds.all(by=by))
        return NO_FILTER

    async def _session(self, delivery: Delivery) -> ModelSession | None:
        """Return the model session with the remaining time: a briefing without a model is better than a late one."""
        session = await self.session()
        if session is None:
            return None
        gone = (self.now() - delivery.due_at).total_seconds()
        seconds = self.seconds or session.limits.scheduled
        left = seconds - gone if 0 <= gone <= LATE_BRIEFING_DELAY.total_seconds() else seconds
        return replace(session, deadline=max(session.limits.late, left), workspace=delivery.scope.workspace)

"""Decide: what a person says of a delivery that waits for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.errors import InputError
from bot.model.chat import Delivery, PartState, State
from bot.store import Store

APPROVE, HOLD, POSTED, SEND = ("approve", "hold", "posted", "send")
WAITS = {
    APPROVE: (State.AWAITING,),
    HOLD: (State.AWAITING,),
    POSTED: (State.HELD,),
    SEND: (State.HELD, State.FAILED),
}


async def apply_decision(name: str, what: str, *, store: Store, now: datetime) -> str:
    """Do ``what`` to the one delivery whose id begins with ``name``; return a sentence saying what was done."""
    delivery = await _one(name, store)
    waits = WAITS[what]
    if delivery.state not in waits:
        raise InputError(
            f"{delivery.id} is {delivery.state}, not {' or '.join(waits)}",
            hint="wirebrief deliveries shows how each one stands",
        )
    if what == HOLD:
        await store.deliveries.reopen(
            replace(delivery, state=State.HELD, reason="held back by an editor", updated_at=now)
        )
        return f"{delivery.id} is kept back."
    if what == POSTED:
        await store.briefings.mark_sent(delivery.briefing_id)
        await store.deliveries.reopen(
            replace(delivery, state=State.POSTED, reason="found by a person", posted_at=now, updated_at=now)
        )
        return f"{delivery.id} is recorded as posted."
    for part in await store.deliveries.parts(delivery.id):
        if part.state is PartState.INTENDED:
            await store.deliveries.refused(part)
    state = State.WRITTEN if delivery.briefing_id else State.DUE
    await store.deliveries.reopen(
        replace(
            delivery, state=state, approved=True, attempts=0, failing_since=None, reason="", updated_at=now
        )
    )
    return f"{delivery.id} will be posted by the running bot."


async def _one(name: str, store: Store) -> Delivery:
    found = await store.deliveries.named(name)
    found = found or await store.deliveries.named(f"dlv-{name}")
    if len(found) != 1:
        raise InputError(
            f"{'More than one' if found else 'No'} delivery is called {name!r}",
            hint="wirebrief deliveries lists them",
        )
    return found[0]

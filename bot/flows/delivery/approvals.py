"""Approvals: the decision of a person on a draft, or on a delivery with an unknown outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from bot.errors import InputError
from bot.model.chat import Delivery, PartState, State
from bot.store import Store


class Decision(StrEnum):
    """What a person decides about a delivery."""

    APPROVE = "approve"  # a draft is posted
    REJECT = "reject"  # a draft is not posted
    CONFIRM = "confirm"  # an uncertain delivery is in its channel
    RESEND = "resend"  # it is not, or it failed


DECIDES_ON = {
    Decision.APPROVE: (State.AWAITING,),
    Decision.REJECT: (State.AWAITING,),
    Decision.CONFIRM: (State.UNCERTAIN,),
    Decision.RESEND: (State.UNCERTAIN, State.FAILED, State.REJECTED),
}


PARTICIPLES = {
    Decision.APPROVE: "approved",
    Decision.REJECT: "rejected",
    Decision.CONFIRM: "confirmed",
    Decision.RESEND: "sent again",
}


async def apply_decision(name: str, decision: Decision, *, store: Store, now: datetime) -> str:
    """Apply ``decision`` to the delivery whose id begins with ``name``; return a sentence that says what was done.

    Raises ``InputError`` if no delivery or several have that id, or if it is in another state.
    """
    delivery = await _one(name, store)
    states = DECIDES_ON[decision]
    if delivery.state not in states:
        raise InputError(
            f"{delivery.id} is {delivery.status}; only what is {_alternatives(states)} can be {PARTICIPLES[decision]}",
            hint="wirebrief deliveries shows the state of each",
        )
    if decision is Decision.REJECT:
        await store.deliveries.reopen(replace(delivery, state=State.REJECTED, reason="", updated_at=now))
        return f"{delivery.id} is rejected: it will not be posted."
    if decision is Decision.CONFIRM:
        await store.briefings.mark_sent(delivery.briefing_id)
        await store.deliveries.reopen(
            replace(
                delivery, state=State.POSTED, reason="confirmed by a person", posted_at=now, updated_at=now
            )
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


def _alternatives(states: Sequence[State]) -> str:
    """Return ``states`` as "uncertain, failed or rejected"."""
    *others, last = map(_state, states)
    return f"{', '.join(others)} or {last}" if others else last


def _state(state: State) -> str:
    return "uncertain" if state is State.UNCERTAIN else state.value


async def _one(name: str, store: Store) -> Delivery:
    found = await store.deliveries.named(name)
    found = found or await store.deliveries.named(f"dlv-{name}")
    if len(found) != 1:
        raise InputError(
            f"{'More than one' if found else 'No'} delivery id begins with {name!r}",
            hint="wirebrief deliveries lists them",
        )
    return found[0]

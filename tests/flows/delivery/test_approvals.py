"""What people decide about deliveries that wait for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import InputError
from bot.flows.delivery.approvals import Decision, apply_decision
from bot.model.chat import State
from tests.flows.delivery.world import posts

pytestmark = pytest.mark.slow


async def test_a_held_delivery_that_does_not_stand_there_is_sent_on_demand(world):
    await world.subscribe(channel="webhook:blind")
    world.platform.script = ["drop before"]
    (delivery,) = await world.deliver()
    await apply_decision(delivery.id, Decision.RESEND, store=world.store, now=world.time)
    anew = await world.store.deliveries.get(delivery.id)
    assert (anew.state, anew.attempts, anew.failing_since, anew.reason) == (State.WRITTEN, 0, None, "")
    await world.step_through(delivery.id)
    assert (await world.store.deliveries.get(delivery.id)).state is State.POSTED
    assert len(posts(world, "blind")) == 1


async def test_of_a_held_delivery_only_what_may_be_missing_is_sent_again(world):
    await world.subscribe(channel="webhook:unseen")
    for topic in ("talks", "harbour", "storm"):
        await world.news(f"The {topic} went on for a {'very ' * 12}long day, the mayor said.", story=topic)
    world.platform.script = ["", "drop before"]
    (delivery,) = await world.deliver()
    assert delivery.state is State.UNCERTAIN
    parts = await world.store.deliveries.parts(delivery.id)
    assert len(parts) > 1
    await apply_decision(delivery.id, Decision.RESEND, store=world.store, now=world.time)
    await world.step_through(delivery.id)
    assert (await world.store.deliveries.get(delivery.id)).state is State.POSTED
    assert posts(world, "unseen") == [part.key for part in parts]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("decision", "says"),
    [
        (Decision.APPROVE, "only what is awaiting approval can be approved"),
        (Decision.REJECT, "only what is awaiting approval can be rejected"),
        (Decision.CONFIRM, "only what is uncertain can be confirmed"),
        (Decision.RESEND, "only what is uncertain, failed or rejected can be sent again"),
    ],
)
async def test_what_is_posted_is_told_what_can_be_decided_on(world, decision, says):
    await world.subscribe()
    (delivery,) = await world.deliver()
    with pytest.raises(InputError, match=says):
        await apply_decision(delivery.id, decision, store=world.store, now=world.time)


async def test_a_draft_waits_for_approval_and_is_posted_after_it(world):
    await world.subscribe(approval="webhook:editors")
    (delivery,) = await world.deliver()
    assert delivery.state is State.AWAITING
    assert len(posts(world, "editors")) == 1
    assert posts(world) == []
    await apply_decision(delivery.id, Decision.APPROVE, store=world.store, now=world.time)
    await world.step_through(delivery.id)
    assert len(posts(world)) == 1
    assert (await world.store.deliveries.get(delivery.id)).state is State.POSTED


async def test_a_rejected_draft_is_never_posted(world):
    await world.subscribe(approval="webhook:editors")
    (delivery,) = await world.deliver()
    done = await apply_decision(delivery.id, Decision.REJECT, store=world.store, now=world.time)
    assert done == f"{delivery.id} is rejected: it will not be posted."
    await world.step_through(delivery.id)
    assert posts(world) == []
    kept = await world.store.deliveries.get(delivery.id)
    assert (kept.state, kept.status) == (State.REJECTED, "rejected by an editor")
    assert await world.store.deliveries.counts() == {"rejected": 1}
    await apply_decision(delivery.id, Decision.RESEND, store=world.store, now=world.time)
    await world.step_through(delivery.id)
    assert len(posts(world)) == 1


async def test_an_uncertain_delivery_that_a_person_saw_counts_as_posted(world):
    await world.subscribe(channel="webhook:blind")
    world.platform.script = ["drop after"]
    (delivery,) = await world.deliver()
    assert delivery.state is State.UNCERTAIN
    assert await world.store.deliveries.counts() == {"uncertain": 1}
    world.time += timedelta(minutes=5)
    done = await apply_decision(delivery.id, Decision.CONFIRM, store=world.store, now=world.time)
    assert done == f"{delivery.id} is recorded as posted."
    kept = await world.store.deliveries.get(delivery.id)
    assert (kept.state, kept.posted_at, kept.updated_at) == (State.POSTED, world.time, world.time)
    assert len(posts(world, "blind")) == 1


@pytest.mark.one_engine
async def test_a_decision_that_does_not_fit_the_state_is_refused(world):
    await world.subscribe()
    (delivery,) = await world.deliver()
    with pytest.raises(InputError, match="only what is"):
        await apply_decision(delivery.id, Decision.REJECT, store=world.store, now=world.time)
    with pytest.raises(InputError):
        await apply_decision("nothing", Decision.RESEND, store=world.store, now=world.time)


def test_every_decision_is_called_something():
    assert all(one.value for one in Decision)

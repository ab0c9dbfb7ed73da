"""Who is at a delivery, and what ends one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.concurrency import DONE
from bot.errors import PostRefused
from bot.flows.delivery.approvals import Decision, apply_decision
from bot.flows.delivery.outcomes import MAX_CALLS_PER_PART, DeliveryOutcome, Refusal, Step, growth
from bot.flows.delivery.work import MAX_UNSAVED_WAIT_SECONDS, Failure, Work, failure_of
from bot.model.chat import PartState, State
from tests.flows.delivery.world import posts

pytestmark = pytest.mark.slow


async def test_an_older_round_stops_as_soon_as_it_wakes(world):
    await world.subscribe()
    (key,) = await world.fire()
    await world.step_through(key, stop_after="write")
    await world.step_through(key)
    assert await world.deliverer.step(Step.RENDER, key, 1) == DONE
    assert len(posts(world)) == 1


async def test_a_later_round_goes_on_with_the_parts_that_were_kept(world):
    await world.subscribe()
    await world.news("The talks ended with no breakthrough.")
    (key,) = await world.fire()
    await world.step_through(key, stop_after="render")
    kept = await world.store.deliveries.parts(key)
    world.time += timedelta(hours=1)  # late by now: worded again, they would say so
    assert "render" not in await world.step_through(key)
    assert [part.payload for part in await world.store.deliveries.parts(key)] == [p.payload for p in kept]


async def test_a_subscription_that_ended_cancels_what_was_due(world):
    made = await world.subscribe()
    (key,) = await world.fire()
    await world.store.subscriptions.remove(made.id)
    await world.step_through(key)
    assert (await world.store.deliveries.get(key)).state is State.CANCELLED
    assert posts(world) == []


async def test_a_subscription_that_ended_while_its_briefing_was_written_cancels_it_and_says_so(world):
    made = await world.subscribe()
    (key,) = await world.fire()
    await world.step_through(key, stop_after="write")
    await world.store.subscriptions.remove(made.id)
    epoch = await world.begin_epoch(key)
    assert await replace(world.deliverer, steps_in_memory={}).step(Step.RENDER, key, epoch) == DONE
    kept = await world.store.deliveries.get(key)
    assert (kept.state, kept.reason) == (State.CANCELLED, "its subscription ended")


def test_a_failure_asks_for_the_wait_that_the_platform_named_and_else_for_none():
    for asked, kept in ((7.0, 7.0), (None, 0.0)):
        refusal = PostRefused("No.", reason="x", retry_after=asked)
        assert failure_of(refusal, doing="a post").asked == kept


@pytest.mark.parametrize("before", ["save", "keep_parts", "mark_sent"])
async def test_a_channel_forgotten_while_its_briefing_is_at_work_leaves_nothing(world, monkeypatch, before):
    await world.subscribe()
    await world.news("Talks on Monday ended with no breakthrough.")
    (key,) = await world.fire()
    where = world.store.deliveries if before == "keep_parts" else world.store.briefings
    real = getattr(where, before)

    async def forgotten_meanwhile(*args, **kwargs):
        await world.store.forget(channel="webhook:news")
        return await real(*args, **kwargs)

    monkeypatch.setattr(where, before, forgotten_meanwhile)
    await world.step_through(key)
    assert await world.store.briefings.recent(10) == []
    assert await world.store.briefings.sent_stories("webhook:news") == {}
    assert await world.store.deliveries.parts(key) == []
    assert len(posts(world)) == (before == "mark_sent")


@pytest.mark.one_engine
async def test_a_platform_that_is_configured_no_more_fails_its_delivery_and_is_told(world):
    await world.subscribe()
    (key,) = await world.fire()
    world.deliverer = replace(world.deliverer, chats={})
    await world.step_through(key)
    assert (await world.store.deliveries.get(key)).state is State.FAILED
    (notice,) = await world.notices()
    assert "There is no platform 'webhook' here" in notice


@pytest.mark.one_engine
async def test_a_step_that_breaks_is_tried_again_then_told_and_can_be_sent_later(world, monkeypatch):
    await world.subscribe()
    (key,) = await world.fire()
    real = type(world.chat).render

    def broken(*_args):
        raise KeyError("canary of a reader")

    monkeypatch.setattr(world.chat, "render", broken)
    names = await world.step_through(key)
    assert names.count("render") == 5
    delivery = await world.store.deliveries.get(key)
    assert delivery.state is State.FAILED
    (notice,) = await world.notices()
    assert f"wirebrief resend {key}" in notice
    assert "canary" not in notice + delivery.reason
    monkeypatch.setattr(world.chat, "render", real.__get__(world.chat))
    await apply_decision(key, Decision.RESEND, store=world.store, now=world.time)
    await world.step_through(key)
    assert (await world.store.deliveries.get(key)).state is State.POSTED
    assert len(posts(world)) == 1


async def at_work(world, **changes):
    """Return a delivery at work and its part, before it was posted."""
    await world.subscribe()
    (key,) = await world.fire()
    await world.step_through(key, stop_after="render")
    epoch = await world.begin_epoch(key)
    (part,) = await world.store.deliveries.parts(key)
    delivery = await world.store.deliveries.get(key)
    return Work(context=replace(world.deliverer, **changes), delivery=delivery, epoch=epoch), part


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("calls", "state", "ends_as"),
    [
        (MAX_CALLS_PER_PART - 1, PartState.WAITING, State.POSTING),
        (MAX_CALLS_PER_PART, PartState.WAITING, State.FAILED),
        (MAX_CALLS_PER_PART, PartState.INTENDED, State.UNCERTAIN),
    ],
)
async def test_what_follows_a_refusal_depends_on_the_calls_for_its_part_and_where_that_stands(
    world, calls, state, ends_as
):
    work, part = await at_work(world)
    refusal = Failure(refusal=Refusal.RATE_LIMITED, message="Too many.")
    await work.refused(refusal, part=replace(part, attempt=calls, state=state))
    assert work.delivery.state is ends_as
    assert (await world.store.deliveries.get(work.delivery.id)).state is ends_as


@pytest.mark.one_engine
async def test_a_retry_waits_as_long_as_was_asked_for_or_as_chance_says(world):
    work, part = await at_work(world, jitter=lambda: 0.0)
    after = await work.refused(Failure(refusal=Refusal.TEMPORARY, message="No."), part=part)
    assert (after.wait, after.retry) == (growth(1, first=1.0, most=300.0, jitter=0.0), True)
    after = await work.refused(Failure(refusal=Refusal.TEMPORARY, message="No.", asked=70.0), part=part)
    assert after.wait == 70.0


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("script", "channel", "outcome"),
    [
        ("400 before", "webhook:news", "failed"),
        ("drop after", "webhook:blind", "uncertain"),
        ("", "webhook:news", "posted"),
    ],
)
async def test_how_a_delivery_ended_is_counted_once_and_its_reason_is_what_the_notice_says(
    world, script, channel, outcome
):
    counted = []
    world.deliverer = replace(world.deliverer, count_delivery=lambda *one: counted.append(one))
    await world.subscribe(channel=channel)
    world.platform.script = [script] if script else []
    (delivery,) = await world.deliver()
    assert counted == [(DeliveryOutcome(outcome), 0.0)]
    notices = " ".join(await world.notices())
    assert bool(delivery.reason) is (outcome != "posted")
    assert delivery.reason.rstrip(". ") in notices


@pytest.mark.one_engine
async def test_a_retry_is_kept_with_its_reason_and_since_when_it_fails(world):
    work, part = await at_work(world)
    await work.refused(Failure(refusal=Refusal.TEMPORARY, message="No room."), part=part)
    begun = world.time
    world.time += timedelta(seconds=9)
    await work.refused(Failure(refusal=Refusal.TEMPORARY, message="No room."), part=part)
    kept = await world.store.deliveries.get(work.delivery.id)
    assert (kept.reason, kept.failing_since, kept.attempts) == ("No room.", begun, 2)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("asked", "reason"),
    [(0.0, ""), (MAX_UNSAVED_WAIT_SECONDS, ""), (MAX_UNSAVED_WAIT_SECONDS + 1, "Too many.")],
)
async def test_only_a_long_wait_of_a_busy_platform_is_kept(world, asked, reason):
    work, part = await at_work(world)
    after = await work.refused(
        Failure(refusal=Refusal.RATE_LIMITED, message="Too many.", asked=asked), part=part
    )
    assert after.retry
    kept = await world.store.deliveries.get(work.delivery.id)
    assert (kept.reason, kept.failing_since) == (reason, world.time if reason else None)


@pytest.mark.one_engine
async def test_waits_for_a_rate_limit_grow_while_it_lasts_and_begin_anew_after_it(world):
    work, part = await at_work(world)
    limited = Failure(refusal=Refusal.RATE_LIMITED, message="Too many.")
    waits = [(await work.refused(limited, part=part)).wait for _ in range(3)]
    assert waits == pytest.approx([0.1, 0.2, 0.4])
    await work.refused(Failure(refusal=Refusal.TEMPORARY, message="No."), part=part)
    assert (await work.refused(limited, part=part)).wait == pytest.approx(0.1)


@pytest.mark.one_engine
async def test_a_long_wait_for_a_limit_is_kept_and_logged_and_a_short_one_costs_nothing(world, logged):
    work, _ = await at_work(world)
    logged.clear()
    after = await work.wait_for_limit(Step.POST, MAX_UNSAVED_WAIT_SECONDS)
    assert (after.step, after.wait, after.retry) == (Step.POST, MAX_UNSAVED_WAIT_SECONDS, False)
    assert logged == []
    assert (await work.wait_for_limit(Step.POST, 80.0)).retry
    kept = await world.store.deliveries.get(work.delivery.id)
    assert (kept.reason, kept.failing_since) == ("webhook asks to wait", world.time)
    assert [(line["event"], line["channel"], line["seconds"]) for line in logged] == [
        ("delivery waits", "webhook:news", 90)
    ]


@pytest.mark.one_engine
async def test_a_refusal_is_logged_with_its_channel_and_with_its_wait_where_there_is_one(world, logged):
    work, part = await at_work(world)
    logged.clear()
    await work.refused(Failure(refusal=Refusal.TEMPORARY, message="No.", asked=70.04), part=part)
    await work.refused(Failure(refusal=Refusal.FINAL, message="Too long."), part=part)
    refused = [line for line in logged if line["event"] == "delivery refused"]
    assert [(line["channel"], line["reason"], line.get("seconds")) for line in refused] == [
        ("webhook:news", "No.", 70.0),
        ("webhook:news", "Too long.", None),
    ]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("script", "channel", "level", "says"),
    [
        ("", "webhook:news", "info", {"outcome": "posted", "late_seconds": 0.0}),
        ("400 before", "webhook:news", "warning", {"outcome": "failed", "late_seconds": 0.0}),
        ("drop after", "webhook:blind", "warning", {"outcome": "uncertain"}),
    ],
)
async def test_the_end_of_a_delivery_is_one_line_of_the_log(world, logged, script, channel, level, says):
    await world.subscribe(channel=channel)
    world.platform.script = [script] if script else []
    (delivery,) = await world.deliver()
    (line,) = [line for line in logged if line["event"] == "delivery finished"]
    told = {"channel": channel, "scheduled": delivery.wall, "parts": 1, "delivery": delivery.id}
    assert line.items() >= (told | says | {"log_level": level, "briefing": delivery.briefing_id}).items()
    assert bool(line.get("reason")) is bool(script)
    assert line.get("reason", "") in delivery.reason


@pytest.mark.one_engine
async def test_a_delivery_that_is_cancelled_before_it_was_worded_has_no_parts_in_the_log(world, logged):
    made = await world.subscribe()
    (key,) = await world.fire()
    await world.store.subscriptions.remove(made.id)
    await world.step_through(key)
    (line,) = [line for line in logged if line["event"] == "delivery finished"]
    assert (line["outcome"], line["parts"], line["reason"]) == ("cancelled", 0, "its subscription ended")


@pytest.mark.one_engine
@pytest.mark.parametrize("refusal", [Refusal.NO_LOOK_UP, Refusal.GONE])
async def test_what_to_do_is_told_of_a_held_delivery_where_its_platform_cannot_be_asked(world, refusal):
    work, part = await at_work(world)
    await work.leave_uncertain(
        Failure(refusal=refusal, message="It is unknown.", hint="Configure a look-up"), part
    )
    told = refusal is Refusal.NO_LOOK_UP
    assert work.delivery.reason == "It is unknown." + " Configure a look-up" * told
    assert all(("Configure a look-up" in notice) is told for notice in await world.notices())
    assert len(await world.notices()) == 1

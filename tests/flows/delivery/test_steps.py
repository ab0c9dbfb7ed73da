"""Posting and looking up: each part once, in order, whatever the platform answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.concurrency import DONE
from bot.errors import PostUnclear
from bot.flows.delivery import steps
from bot.flows.delivery.approvals import Decision, apply_decision
from bot.flows.delivery.context import UnknownCalls
from bot.flows.delivery.outcomes import MAX_ATTEMPTS, MAX_CALLS_PER_PART, Step
from bot.flows.delivery.prepare import LATE_BRIEFING_DELAY
from bot.flows.notify import post_notices
from bot.flows.requests.subscribing.subscribe import resume
from bot.model.chat import Channel, PartState, State
from bot.model.conversation.reader import StoryChoice, Want
from bot.model.ids import derive_id
from bot.ports import Post
from bot.store import tables
from tests.flows.delivery.world import DAY, posts

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("fault", ["drop after", "500 after", "late"])
async def test_a_post_whose_answer_was_lost_is_found_and_not_sent_again(world, fault):
    await world.subscribe()
    world.platform.script = [fault]
    (key,) = await world.fire()
    names = await world.step_through(key)
    assert names.count("post") == 1
    assert len(posts(world)) == 1
    assert (await world.store.deliveries.get(key)).state is State.POSTED


@pytest.mark.one_engine
@pytest.mark.parametrize("fault", ["drop before", "503 before", "429"])
async def test_a_post_that_did_not_arrive_is_sent_again(world, fault):
    await world.subscribe()
    world.platform.script = [fault]
    (delivery,) = await world.deliver()
    assert delivery.state is State.POSTED
    assert len(posts(world)) == 1


async def test_a_post_cut_off_after_its_intention_is_looked_up_by_the_next_round(world):
    await world.subscribe()
    (key,) = await world.fire()
    await world.step_through(key, stop_after="render")
    (part,) = await world.store.deliveries.parts(key)
    assert await world.store.deliveries.reserve_attempt(part, epoch=2)
    await world.chat.post(world_post(world, part))  # it arrived, and then the process died
    names = await world.step_through(key)
    assert "post" not in names
    assert len(posts(world)) == 1


def world_post(world, part):
    return Post(channel=Channel.read("webhook:news"), key=part.key, payload=part.payload)


async def test_many_parts_resume_at_the_missing_one_and_stay_in_order(world):
    await world.subscribe(channel="webhook:small")
    for n in range(6):
        await world.news(f"The talks of round {n} on Monday ended with no breakthrough.", story=str(n))
    world.platform.script = ["", "503 before", "drop after"]
    (delivery,) = await world.deliver()
    parts = await world.store.deliveries.parts(delivery.id)
    assert len(parts) > 3
    assert posts(world, "small") == [part.key for part in parts]
    assert all(part.state is PartState.POSTED for part in parts)


@pytest.mark.one_engine
async def test_later_parts_are_posted_and_looked_up_in_the_thread_of_the_first(world, monkeypatch):
    await world.subscribe(channel="webhook:small")
    for n in range(3):
        await world.news(f"The talks of round {n} on Monday ended with no breakthrough.", story=str(n))
    world.platform.script = ["", "drop after"]
    seen = []
    for name in ("post", "find"):
        real = getattr(world.chat, name)

        async def noted(post, *, name=name, real=real):
            seen.append((name, post.number, post.parent))
            return await real(post)

        monkeypatch.setattr(world.chat, name, noted)
    (delivery,) = await world.deliver()
    first = (await world.store.deliveries.parts(delivery.id))[0].message_id
    assert first
    assert seen[:3] == [("post", 1, ""), ("post", 2, first), ("find", 2, first)]
    assert {parent for _, number, parent in seen if number > 1} == {first}


async def test_a_platform_that_cannot_be_asked_holds_the_delivery_and_tells_an_admin_once(world):
    await world.subscribe(channel="webhook:blind")
    world.platform.script = ["drop after"]
    (delivery,) = await world.deliver()
    assert delivery.state is State.UNCERTAIN
    (notice,) = await world.notices()
    assert delivery.id in notice
    assert f"wirebrief confirm {delivery.id}" in notice
    channel = Channel.read("webhook:editors")
    assert await post_notices(store=world.store, chats={"webhook": world.chat}, channel=channel) == (1, 0)
    assert await post_notices(store=world.store, chats={"webhook": world.chat}, channel=channel) == (0, 0)
    assert len(posts(world, "editors")) == 1
    await apply_decision(delivery.id, Decision.CONFIRM, store=world.store, now=world.time)
    assert (await world.store.deliveries.get(delivery.id)).state is State.POSTED
    assert len(posts(world, "blind")) == 1


@pytest.mark.one_engine
async def test_a_receiver_that_takes_a_key_once_is_simply_sent_it_again(world):
    await world.subscribe(channel="webhook:once")
    world.platform.script = ["500 before"]
    (delivery,) = await world.deliver()
    assert delivery.state is State.POSTED


@pytest.mark.one_engine
@pytest.mark.parametrize("status", ["401", "403", "404", "410"])
async def test_a_channel_that_is_gone_is_paused_with_a_notice_that_says_what_to_do(world, status):
    made = await world.subscribe()
    world.platform.script = [f"{status} before"]
    (delivery,) = await world.deliver()
    assert delivery.state is State.FAILED
    paused = await world.store.subscriptions.get(made.id)
    assert status in paused.paused
    (notice,) = await world.notices()
    assert "wirebrief resume --channel webhook:news" in notice
    world.time += DAY
    assert await world.fire() == []
    await resume(paused, store=world.store, now=world.time)
    world.time += DAY
    newest, *_ = await world.deliver()
    assert newest.state is State.POSTED
    assert await world.notices() == []


@pytest.mark.one_engine
async def test_a_refused_message_fails_alone_and_is_told(world):
    made = await world.subscribe()
    world.platform.script = ["400 before"]
    (delivery,) = await world.deliver()
    assert delivery.state is State.FAILED
    assert not (await world.store.subscriptions.get(made.id)).paused
    assert await world.store.briefings.sent_stories("webhook:news") == {}
    assert len(await world.notices()) == 1


@pytest.mark.one_engine
async def test_a_call_that_begins_too_late_is_not_made(world):
    await world.subscribe()
    (key,) = await world.fire()
    await world.step_through(key, stop_after="render")
    (part,) = await world.store.deliveries.parts(key)
    with pytest.raises(Exception, match="could not be reached"):
        await world.chat.post(replace(world_post(world, part), latest=0.0))
    assert posts(world) == []


@pytest.mark.one_engine
async def test_a_look_up_that_fails_is_tried_again_and_nothing_is_sent_meanwhile(world, monkeypatch):
    await world.subscribe()
    world.platform.script = ["drop after"]
    (key,) = await world.fire()
    found = world.chat.find
    calls = []

    async def failing(post):
        calls.append(post)
        if len(calls) < 3:
            raise PostUnclear("The look-up answered 500", reason="lookup failed")
        return await found(post)

    monkeypatch.setattr(world.chat, "find", failing)
    await world.step_through(key)
    assert len(calls) == 3
    assert len(posts(world)) == 1


@pytest.mark.one_engine
async def test_a_call_that_breaks_in_our_hands_is_looked_up_before_another(world, monkeypatch):
    await world.subscribe()
    (key,) = await world.fire()
    real = world.chat.post

    async def breaks(post):
        monkeypatch.setattr(world.chat, "post", real)
        await real(post)
        raise ValueError("what came back cannot be read")

    monkeypatch.setattr(world.chat, "post", breaks)
    await world.step_through(key)
    assert (await world.store.deliveries.get(key)).state is State.POSTED
    assert len(posts(world)) == 1


@pytest.mark.one_engine
async def test_a_rate_limit_after_the_machine_slept_for_days_is_waited_for(world):
    await world.subscribe()
    (key,) = await world.fire()
    await world.step_through(key, stop_after="render")
    world.time += 5 * DAY
    world.platform.script = ["429"]
    await world.step_through(key)
    assert (await world.store.deliveries.get(key)).state is State.POSTED


@pytest.mark.one_engine
async def test_a_platform_that_says_500_for_ever_is_called_less_and_less_often_and_never_twice_for_one_look(
    world,
):
    await world.subscribe()
    (key,) = await world.fire()
    world.platform.script = ["500 before"] * 100
    begun = world.time
    names = await world.step_through(key)
    delivery = await world.store.deliveries.get(key)
    assert delivery.state is State.UNCERTAIN
    assert names.count("post") == MAX_ATTEMPTS
    assert timedelta(hours=1) < world.time - begun < timedelta(hours=3)
    assert posts(world) == []


async def test_a_wait_is_kept_and_another_process_respects_it(world):
    await world.subscribe()
    (key,) = await world.fire()
    world.platform.script = ["503 before"]
    epoch = await world.begin_epoch(key)
    step = Step.GATHER
    while step:
        after = await world.deliverer.step(step, key, epoch)
        if after.wait:
            break
        step = after.step
    assert after.retry
    delivery = await world.store.deliveries.get(key)
    assert delivery.failing_since == world.time
    await world.store.deliveries.release_all(world.time)  # the process died, and is alone when it comes back
    assert await world.store.deliveries.claim(world.time + timedelta(seconds=after.wait - 1)) == []
    (claimed,) = await world.store.deliveries.claim(world.time + timedelta(seconds=after.wait))
    assert (claimed.id, claimed.retry) == (key, True)


async def test_a_process_that_takes_over_waits_the_whole_time_itself_before_it_looks(world):
    await world.subscribe()
    (key,) = await world.fire()
    await world.step_through(key, stop_after="render")
    (part,) = await world.store.deliveries.parts(key)
    assert await world.store.deliveries.reserve_attempt(
        part, epoch=2
    )  # and then the process died, or was paused
    looked = []
    find = world.chat.find

    async def noted(post):
        looked.append(world.clock[0])
        return await find(post)

    world.chat.find = noted
    world.clock[0] = 1000.0
    world.time += DAY  # the clock on the wall proves nothing
    epoch = await world.begin_epoch(key)
    assert (await world.deliverer.step(Step.NEXT_PART, key, epoch)).step == "reconcile"
    whole = world.chat.window + world.chat.settle_seconds
    assert (await world.deliverer.step(Step.RECONCILE, key, epoch)).wait == pytest.approx(whole)
    world.clock[0] += whole / 2
    assert (await world.deliverer.step(Step.RECONCILE, key, epoch)).wait == pytest.approx(whole / 2)
    another = replace(world.deliverer, unknown=UnknownCalls(clock=lambda: world.clock[0]), steps_in_memory={})
    assert (await another.step(Step.RECONCILE, key, epoch)).wait == pytest.approx(whole)
    assert looked == []
    world.clock[0] += whole / 2
    assert (await world.deliverer.step(Step.RECONCILE, key, epoch)).step == "next part"
    assert looked == [1000.0 + whole]


async def test_a_subscription_that_was_paused_or_ended_meanwhile_gets_nothing_and_it_is_said_why(world):
    made = await world.subscribe()
    (key,) = await world.fire()
    paused = replace(made, paused="by an admin")
    await world.store.subscriptions.save(paused, next_due=None, enumerated=world.time)
    assert await world.step_through(key) == ["gather"]
    kept = await world.store.deliveries.get(key)
    assert (kept.state, kept.reason) == (State.CANCELLED, "paused: by an admin")
    assert posts(world) == []


async def led_to(world, key, last):
    """Do the steps of a delivery before ``last`` in a new epoch; return the epoch."""
    epoch, step = await world.begin_epoch(key), Step.GATHER
    while step and step != last:
        step = (await world.deliverer.step(step, key, epoch)).step
    return epoch


def another_process(world):
    return replace(world.deliverer, steps_in_memory={})


@pytest.mark.one_engine
async def test_a_channel_that_asks_to_wait_is_not_called_before(world):
    await world.subscribe()
    (key,) = await world.fire()
    epoch = await led_to(world, key, Step.POST)
    world.chat._rate_limits["news"].back_off(0.5)
    after = await world.deliverer.step(Step.POST, key, epoch)
    assert (after.step, posts(world)) == ("post", [])
    assert after.wait >= 0.5
    await world.let_pass(after.wait)
    await world.deliverer.step(Step.POST, key, epoch)
    assert len(posts(world)) == 1


async def test_where_no_part_is_left_to_post_the_delivery_is_recorded(world):
    await world.subscribe()
    (key,) = await world.fire()
    await world.step_through(key, stop_after="post")
    epoch = await world.begin_epoch(key)
    assert (await another_process(world).step(Step.POST, key, epoch)).step == "record"
    assert len(posts(world)) == 1


async def test_the_process_that_made_a_call_waits_from_the_call_on_before_it_looks(world):
    await world.subscribe()
    world.platform.script = ["drop after"]
    (key,) = await world.fire()
    epoch = await led_to(world, key, Step.POST)
    world.chat.window = 30.0
    whole = world.chat.window + world.chat.settle_seconds
    after = await world.deliverer.step(Step.POST, key, epoch)
    assert (after.step, after.wait) == ("reconcile", pytest.approx(whole))
    world.clock[0] += whole - 12.0
    after = await world.deliverer.step(Step.RECONCILE, key, epoch)
    assert (after.step, after.wait, after.retry) == ("reconcile", pytest.approx(12.0), True)
    await world.store.deliveries.release_all(world.time)  # the process died: who comes after it waits as long
    assert await world.store.deliveries.claim(world.time + timedelta(seconds=11)) == []
    assert await world.store.deliveries.claim(world.time + timedelta(seconds=13))


@pytest.mark.one_engine
async def test_a_part_that_was_called_for_too_often_is_left_to_a_person(world):
    await world.subscribe()
    (key,) = await world.fire()
    epoch = await led_to(world, key, Step.POST)
    async with world.store.database.writing() as connection:
        await connection.execute(sa.update(tables.delivery_part).values(attempt=MAX_CALLS_PER_PART + 1))
    assert not (await world.deliverer.step(Step.NEXT_PART, key, epoch)).step
    kept = await world.store.deliveries.get(key)
    assert kept.state is State.UNCERTAIN
    assert f"{MAX_CALLS_PER_PART + 1} calls failed" in kept.reason
    assert posts(world) == []


async def test_a_draft_is_shown_by_a_process_that_did_not_write_it_and_not_where_approval_was_ended(world):
    made = await world.subscribe(approval="webhook:editors")
    (key,) = await world.fire()
    epoch = await led_to(world, key, Step.DRAFT)
    await world.store.subscriptions.save(replace(made, approval=None), next_due=None, enumerated=world.time)
    assert (await another_process(world).step(Step.DRAFT, key, epoch)).step == "render"
    await world.store.subscriptions.save(made, next_due=None, enumerated=world.time)
    assert not (await another_process(world).step(Step.DRAFT, key, epoch)).step
    kept = await world.store.deliveries.get(key)
    assert kept.state is State.AWAITING
    assert "webhook:editors" in kept.reason
    assert len(posts(world, "editors")) == 1


async def test_a_briefing_that_is_gone_before_it_was_posted_is_made_anew(world):
    await world.subscribe()
    (key,) = await world.fire()
    epoch = await led_to(world, key, Step.RENDER)
    async with world.store.database.writing() as connection:
        await connection.execute(sa.delete(tables.briefing))
    assert (await another_process(world).step(Step.RENDER, key, epoch)).step == "write"
    kept = await world.store.deliveries.get(key)
    assert (kept.state, kept.briefing_id) == (State.DUE, "")
    await world.step_through(key)
    assert len(posts(world)) == 1


async def test_a_part_that_another_called_for_meanwhile_is_looked_up_and_not_called_for(world):
    await world.subscribe()
    (key,) = await world.fire()
    epoch = await led_to(world, key, Step.POST)
    (part,) = await world.store.deliveries.parts(key)
    assert await world.store.deliveries.reserve_attempt(part, epoch=epoch)
    assert (await another_process(world).step(Step.POST, key, epoch)).step == "reconcile"
    assert posts(world) == []


async def test_a_round_that_is_over_posts_nothing_though_it_was_about_to(world):
    await world.subscribe()
    (key,) = await world.fire()
    epoch = await led_to(world, key, Step.POST)
    later = await world.begin_epoch(key)
    assert await world.deliverer.step(Step.POST, key, epoch) == DONE
    (part,) = await world.store.deliveries.parts(key)
    assert (part.attempt, posts(world)) == (0, [])
    assert (await world.deliverer.step(Step.POST, key, later)).step == "record"
    assert len(posts(world)) == 1


@pytest.mark.one_engine
async def test_what_was_sent_is_no_failure_any_more(world):
    await world.subscribe()
    world.platform.script = ["503 before"]
    (delivery,) = await world.deliver()
    assert (delivery.state, delivery.reason, delivery.failing_since) == (State.POSTED, "", None)


@pytest.mark.one_engine
async def test_nothing_is_looked_up_where_no_part_or_none_of_unknown_outcome_is_left(world):
    await world.subscribe()
    (key,) = await world.fire()
    epoch = await led_to(world, key, Step.POST)
    assert (await world.deliverer.step(Step.RECONCILE, key, epoch)).step == "next part"
    await world.step_through(key, stop_after="post")
    epoch = await world.begin_epoch(key)
    assert (await another_process(world).step(Step.RECONCILE, key, epoch)).step == "next part"
    assert len(posts(world)) == 1


@pytest.mark.one_engine
async def test_a_message_that_is_no_briefing_goes_on_with_the_parts_that_were_kept_with_it(world):
    await world.subscribe()
    (key,) = await world.fire()
    epoch = await led_to(world, key, Step.POST)
    async with world.store.database.writing() as connection:
        await connection.execute(sa.update(tables.delivery).values(briefing_id=""))
    assert (await another_process(world).step(Step.GATHER, key, epoch)).step == "next part"


@pytest.mark.one_engine
async def test_only_the_muting_of_stories_that_were_sent_ends(world):
    await world.subscribe()
    await world.news("The talks on Monday ended with no breakthrough.")
    readers, told, other = world.store.readers, derive_id("sto", "talks"), derive_id("sto", "harbour")
    (key,) = await world.fire()
    epoch = await led_to(world, key, Step.RECORD)
    for story in (told, other):
        await readers.choose(
            StoryChoice(destination="webhook:news", story_id=story, want=Want.MUTE, at=world.time)
        )
    await world.deliverer.step(Step.RECORD, key, epoch)
    assert set(await readers.choices("webhook:news")) == {other}


@pytest.mark.one_engine
@pytest.mark.parametrize("beyond", [0, 1])
async def test_a_briefing_is_called_late_beyond_some_minutes(world, beyond, monkeypatch):
    said = []
    words = steps.to_message
    monkeypatch.setattr(
        steps, "to_message", lambda *a, late="", **more: said.append(late) or words(*a, late=late, **more)
    )
    await world.subscribe()
    world.time += LATE_BRIEFING_DELAY + timedelta(seconds=beyond)
    await world.deliver()
    assert [bool(late) for late in said] == [bool(beyond)]

"""Delivery, step by step, against a platform that keeps its own log."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.chat.webhook import WebhookChat
from bot.concurrency import DONE
from bot.config import BriefingSettings, Webhook
from bot.errors import PostUnclear
from bot.flows.delivery import steps
from bot.flows.delivery.approvals import Decision, apply_decision
from bot.flows.delivery.context import UnknownCalls
from bot.flows.delivery.deliver import Deliverer
from bot.flows.delivery.outcomes import MAX_ATTEMPTS, Step
from bot.flows.delivery.slots import create_due_deliveries
from bot.flows.notify import notifier, post_notices
from bot.flows.requests.subscribe import SubscriptionRequest, resume, subscribe
from bot.model.chat import CatchUp, Channel, PartState, QuietDay, State
from bot.model.ids import derive_id
from bot.model.news import Feed, FeedHealth
from bot.model.story import Story
from bot.ports import Post
from bot.store import StoredDraft, StoryMembership, open_store, tables
from tests.servers.platform import Platform
from tests.servers.written import MONDAY, article

pytestmark = pytest.mark.slow
DAY = timedelta(days=1)


class World:
    """A store, a platform and a clock; ``step_through`` drives a delivery as the running bot does."""

    def __init__(self, store, platform, chat, clock):
        self.store, self.platform, self.chat = store, platform, chat
        self.clock = clock  # seconds that passed, on the clock that nobody sets
        self.time = MONDAY
        self.deliverer = Deliverer(
            store=store,
            chats={"webhook": chat},
            settings=BriefingSettings(),
            now=lambda: self.time,
            session=self._no_pen,
            notify=notifier(store=store, now=lambda: self.time),
            count_delivery=lambda _outcome, _late: None,
            jitter=lambda: 0.5,
            unknown=UnknownCalls(clock=lambda: self.clock[0]),
        )

    async def _no_pen(self):
        return None

    async def subscribe(self, **requested):
        requested = {"channel": "webhook:news", "times": "daily 07:30 UTC"} | requested
        made, first = await subscribe(
            SubscriptionRequest(**requested),
            store=self.store,
            chats={"webhook": self.chat},
            now=self.time,
            zone="UTC",
        )
        self.time = first.due
        return made

    async def fire(self):
        await create_due_deliveries(store=self.store, now=self.time, grace=DAY)
        return [one.id for one in await self.store.deliveries.claim(self.time)]

    async def step_through(self, delivery_id, *, most=200, stop_after=""):
        """Do the steps of a delivery in a new epoch, on a clock that moves by their waits; return their names."""
        epoch = await self.begin_epoch(delivery_id)
        names, step = [], Step.GATHER
        while step and len(names) < most:
            names.append(step)
            after = await self.deliverer.step(step, delivery_id, epoch)
            await self.let_pass(after.wait)
            step = after.step
            if names[-1] == stop_after:
                break
        return names

    async def let_pass(self, seconds):
        """Let time pass, in which what is on its way arrives."""
        if seconds >= self.chat.window + self.chat.settle:
            await asyncio.gather(*self.platform.late)
        self.time += timedelta(seconds=seconds)
        self.clock[0] += seconds

    async def begin_epoch(self, delivery_id):
        """Take the delivery away from whoever is at it; return the new epoch."""
        table = tables.delivery
        async with self.store.database.writing() as connection:
            statement = sa.update(table).where(table.c.id == delivery_id).values(round=table.c.round + 1)
            return (await connection.execute(statement.returning(table.c.round))).scalar()

    async def deliver(self):
        """Fire what is due and see it through; return the deliveries."""
        for key in await self.fire():
            await self.step_through(key)
        return await self.store.deliveries.recent(100)

    async def news(self, text, *, at=None, story="talks"):
        one = replace(article(text, published=at or self.time), url=f"https://news.example/{len(text)}")
        draft = StoredDraft(article=one, keys=(("link", one.id),), entry_hash="h", fingerprint=b"\0" * 8)
        await self.store.articles.save([draft])
        told = Story(
            id=derive_id("sto", story),
            title=one.title,
            article_ids=(),
            first_at=MONDAY,
            last_at=one.published_at,
        )
        placed = StoryMembership(article_id=one.id, story_id=told.id, score=1.0, why=())
        await self.store.stories.save([told], [placed], profiles={told.id: b""}, corpus=b"")

    async def reads_a_feed(self):
        """Let a feed be followed that was read just now and brought nothing."""
        await self.store.feeds.add([Feed(id="fee-wire", url="https://wire.example/rss")])
        await self.store.feeds.save_health(FeedHealth(feed_id="fee-wire", last_success=self.time))

    async def notices(self):
        return [notice.text for notice in await self.store.notices.recent(100)]


@pytest.fixture
async def world(database_url, tmp_path, unused_tcp_port):
    platform = Platform(log=tmp_path / "platform.log", latest=0.3)
    platform.log.touch()
    base = f"http://127.0.0.1:{unused_tcp_port}"
    hooks = {
        "news": Webhook(url=f"{base}/hook/news", lookup=f"{base}/find/news"),
        "small": Webhook(url=f"{base}/hook/small", lookup=f"{base}/find/small", style="mattermost"),
        "blind": Webhook(url=f"{base}/hook/blind"),
        "once": Webhook(url=f"{base}/hook/once", idempotent=True),
        "editors": Webhook(url=f"{base}/hook/editors", lookup=f"{base}/find/editors"),
    }
    async with AsyncExitStack() as stack:
        runner = await platform.serve(unused_tcp_port)
        stack.push_async_callback(runner.cleanup)
        store = await stack.enter_async_context(open_store(database_url))
        clock = [0.0]
        chat = WebhookChat(hooks, window=0.4, settle=0.1, limit=400, clock=lambda: clock[0])
        yield World(store, platform, await stack.enter_async_context(chat), clock)


def posts(world, name="news"):
    return [
        line.split()[2] for line in world.platform.log.read_text().splitlines() if line.split()[1] == name
    ]


async def test_a_slot_is_posted_once_and_its_channel_knows_it(world):
    await world.subscribe()
    await world.news("Talks on Monday ended with no breakthrough. The talks resume on Friday.")
    (delivery,) = await world.deliver()
    assert delivery.state is State.POSTED
    assert posts(world) == list(world.platform.posted)
    assert len(posts(world)) == 1
    assert await world.store.briefings.sent_stories("webhook:news")
    assert await world.deliver() == [delivery]


async def test_the_next_slot_tells_only_what_came_since(world):
    await world.subscribe()
    await world.news("Talks on Monday ended with no breakthrough.")
    await world.deliver()
    world.time += DAY
    first, second = reversed(await world.deliver())
    assert second.since == first.made_at
    briefing = await world.store.briefings.get(second.briefing_id)
    assert not briefing.stories
    assert [u.headline.text for u in briefing.unchanged]


@pytest.mark.parametrize("fault", ["drop after", "500 after", "late"])
async def test_a_post_whose_answer_was_lost_is_found_and_not_sent_again(world, fault):
    await world.subscribe()
    world.platform.script = [fault]
    (key,) = await world.fire()
    names = await world.step_through(key)
    assert names.count("post") == 1
    assert len(posts(world)) == 1
    assert (await world.store.deliveries.get(key)).state is State.POSTED


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
    assert await world.store.deliveries.reserve_attempt(part)
    await world.chat.post(world_post(world, part))  # it arrived, and then the process died
    names = await world.step_through(key)
    assert "post" not in names
    assert len(posts(world)) == 1


def world_post(world, part):
    return Post(channel=Channel.read("webhook:news"), key=part.key, payload=part.payload)


async def test_an_older_round_stops_as_soon_as_it_wakes(world):
    await world.subscribe()
    (key,) = await world.fire()
    await world.step_through(key, stop_after="write")
    await world.step_through(key)
    assert await world.deliverer.step("render", key, 1) == DONE
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


async def test_channels_that_ask_the_same_are_told_the_same_in_words_found_once(world, monkeypatch):
    worded = []
    words = steps.to_message
    monkeypatch.setattr(steps, "to_message", lambda *a, **more: worded.append(a) or words(*a, **more))
    await world.subscribe(channel="webhook:news")
    world.time = MONDAY
    await world.subscribe(channel="webhook:editors")
    await world.news("The talks ended with no breakthrough.")
    first, second = await world.deliver()
    (one,), (other,) = [await world.store.deliveries.parts(delivery.id) for delivery in (first, second)]
    assert json.loads(one.payload)["text"] == json.loads(other.payload)["text"]
    assert first.briefing_id in one.payload
    assert second.briefing_id in other.payload
    assert (len(worded), first.briefing_id != second.briefing_id) == (1, True)


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
    assert delivery.state is State.HELD
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


async def test_a_held_delivery_that_does_not_stand_there_is_sent_on_demand(world):
    await world.subscribe(channel="webhook:blind")
    world.platform.script = ["drop before"]
    (delivery,) = await world.deliver()
    await apply_decision(delivery.id, Decision.RESEND, store=world.store, now=world.time)
    await world.step_through(delivery.id)
    assert (await world.store.deliveries.get(delivery.id)).state is State.POSTED
    assert len(posts(world, "blind")) == 1


async def test_a_receiver_that_takes_a_key_once_is_simply_sent_it_again(world):
    await world.subscribe(channel="webhook:once")
    world.platform.script = ["500 before"]
    (delivery,) = await world.deliver()
    assert delivery.state is State.POSTED


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


async def test_a_refused_message_fails_alone_and_is_told(world):
    made = await world.subscribe()
    world.platform.script = ["400 before"]
    (delivery,) = await world.deliver()
    assert delivery.state is State.FAILED
    assert not (await world.store.subscriptions.get(made.id)).paused
    assert await world.store.briefings.sent_stories("webhook:news") == {}
    assert len(await world.notices()) == 1


async def test_a_quiet_day_is_silent_by_policy_and_says_so(world):
    await world.subscribe(quiet_day=QuietDay.SILENT)
    await world.reads_a_feed()
    (delivery,) = await world.deliver()
    assert delivery.state is State.SILENT
    assert posts(world) == []
    world.time += DAY
    await world.news("Talks on Monday ended with no breakthrough.", at=world.time - timedelta(hours=2))
    newest, _ = await world.deliver()
    assert newest.state is State.POSTED


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


async def test_a_late_briefing_says_so_and_a_punctual_one_does_not(world):
    await world.subscribe()
    (punctual,) = await world.deliver()
    world.time += DAY + timedelta(hours=1, minutes=42)
    late, _ = await world.deliver()
    payloads = [(await world.store.deliveries.parts(d.id))[0].payload for d in (punctual, late)]
    assert "Late" not in payloads[0]
    assert "Late: due Wed 12 March 07:30 UTC, posted 1 h 42 min after." in payloads[1]


async def test_the_words_beside_the_news_are_in_the_language_that_was_asked_for(world):
    await world.subscribe(language="de", channel="webhook:small")
    await world.news("Talks on Monday ended with no breakthrough. The talks resume on Friday.")
    (told,) = await world.deliver()
    world.time += DAY + timedelta(hours=1)
    await world.reads_a_feed()
    quiet, _ = await world.deliver()
    texts = [
        "".join(part.payload for part in await world.store.deliveries.parts(d.id)) for d in (told, quiet)
    ]
    assert all(
        word in texts[0]
        for word in ("#### Neu", "Stand:", "festgefahren", "1 Artikel", "aus den Artikeln zitiert")
    )
    assert all(word in texts[1] for word in ("Verspätet: geplant", "Ruhig:", "#### Unverändert"))
    assert not any(
        word in "".join(texts) for word in ("New", "Status", "stalled", "Late", "Quiet", "extracts")
    )


async def test_all_missed_slots_are_told_in_order_each_as_of_its_time(world):
    await world.subscribe(catch_up=CatchUp.ALL, times="daily 07:30, 08:30, 09:30 UTC")
    world.time += timedelta(hours=2, minutes=5)
    keys = []
    while taken := await world.fire():
        assert len(taken) == 1  # the turn of the others has not come
        keys += taken
        await world.step_through(keys[-1])
    assert len(keys) == 3
    found = [await world.store.deliveries.get(key) for key in keys]
    assert [d.made_at for d in found] == [d.due_at for d in found]
    assert posts(world) == [(await world.store.deliveries.parts(key))[0].key for key in keys]


async def test_the_last_of_the_missed_slots_tells_what_came_after_its_minute_too(world):
    await world.subscribe(catch_up=CatchUp.ALL, times="daily 07:30, 08:30, 09:30 UTC")
    world.time += timedelta(hours=2, minutes=35)
    await world.news("Talks on Monday ended with no breakthrough.", at=world.time - timedelta(minutes=1))
    keys = []
    while taken := await world.fire():
        keys += taken
        await world.step_through(keys[-1])
    found = [await world.store.deliveries.get(key) for key in keys]
    assert [d.made_at == d.due_at for d in found] == [True, True, False]
    told = [len((await world.store.briefings.get(d.briefing_id)).stories) for d in found]
    assert told == [0, 0, 1]


async def test_an_article_still_being_brought_in_belongs_to_the_next_briefing(world):
    await world.subscribe()
    leases = world.store.leases
    began = world.time - timedelta(seconds=30)
    assert await leases.acquire("ingest", holder="x", now=began, lasting=timedelta(minutes=1))
    (first,) = await world.deliver()
    await world.news("Talks on Monday ended with no breakthrough.", at=began)
    await leases.release("ingest", holder="x")
    world.time += DAY
    second, _ = await world.deliver()
    assert first.made_at < began
    briefing = await world.store.briefings.get(second.briefing_id)
    assert len(briefing.stories) == 1


async def test_a_call_that_begins_too_late_is_not_made(world):
    await world.subscribe()
    (key,) = await world.fire()
    await world.step_through(key, stop_after="render")
    (part,) = await world.store.deliveries.parts(key)
    with pytest.raises(Exception, match="could not be reached"):
        await world.chat.post(replace(world_post(world, part), latest=0.0))
    assert posts(world) == []


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


async def test_a_subscription_that_ended_cancels_what_was_due(world):
    made = await world.subscribe()
    (key,) = await world.fire()
    await world.store.subscriptions.remove(made.id)
    await world.step_through(key)
    assert (await world.store.deliveries.get(key)).state is State.CANCELLED
    assert posts(world) == []


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


async def test_a_platform_that_is_configured_no_more_fails_its_delivery_and_is_told(world):
    await world.subscribe()
    (key,) = await world.fire()
    world.deliverer = replace(world.deliverer, chats={})
    await world.step_through(key)
    assert (await world.store.deliveries.get(key)).state is State.FAILED
    (notice,) = await world.notices()
    assert "There is no platform 'webhook' here" in notice


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


async def test_a_draft_that_cannot_be_shown_is_told_and_its_briefing_waits(world):
    await world.subscribe(approval="webhook:editors")
    world.platform.script = ["404 before"]
    (delivery,) = await world.deliver()
    assert delivery.state is State.AWAITING
    (notice,) = await world.notices()
    assert "The draft for webhook:editors" in notice
    assert f"wirebrief approve {delivery.id}" in notice


async def test_a_long_draft_goes_into_the_thread_of_its_first_part(world, monkeypatch):
    await world.subscribe(approval="webhook:small")
    for n in range(4):
        await world.news(f"The talks of round {n} on Monday ended with no breakthrough.", story=str(n))
    seen = []
    real = world.chat.post

    async def noted(post):
        seen.append((post.number, post.parent))
        return await real(post)

    monkeypatch.setattr(world.chat, "post", noted)
    await world.deliver()
    assert len(seen) > 1
    assert seen[0] == (1, "")
    assert all(parent for number, parent in seen if number > 1)


async def test_a_rate_limit_after_the_machine_slept_for_days_is_waited_for(world):
    await world.subscribe()
    (key,) = await world.fire()
    await world.step_through(key, stop_after="render")
    world.time += 5 * DAY
    world.platform.script = ["429"]
    await world.step_through(key)
    assert (await world.store.deliveries.get(key)).state is State.POSTED


async def test_a_platform_that_says_500_for_ever_is_called_less_and_less_often_and_never_twice_for_one_look(
    world,
):
    await world.subscribe()
    (key,) = await world.fire()
    world.platform.script = ["500 before"] * 100
    begun = world.time
    names = await world.step_through(key)
    delivery = await world.store.deliveries.get(key)
    assert delivery.state is State.HELD
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
    assert await world.store.deliveries.reserve_attempt(part)  # and then the process died, or was paused
    looked = []
    find = world.chat.find

    async def noted(post):
        looked.append(world.clock[0])
        return await find(post)

    world.chat.find = noted
    world.clock[0] = 1000.0
    world.time += DAY  # the clock on the wall proves nothing
    epoch = await world.begin_epoch(key)
    assert (await world.deliverer.step("reserve", key, epoch)).step == "reconcile"
    whole = world.chat.window + world.chat.settle
    assert (await world.deliverer.step("reconcile", key, epoch)).wait == pytest.approx(whole)
    world.clock[0] += whole / 2
    assert (await world.deliverer.step("reconcile", key, epoch)).wait == pytest.approx(whole / 2)
    another = replace(world.deliverer, unknown=UnknownCalls(clock=lambda: world.clock[0]), at_hand={})
    assert (await another.step("reconcile", key, epoch)).wait == pytest.approx(whole)
    assert looked == []
    world.clock[0] += whole / 2
    assert (await world.deliverer.step("reconcile", key, epoch)).step == "reserve"
    assert looked == [1000.0 + whole]


async def test_an_editors_channel_that_asks_to_wait_for_long_holds_no_place(world):
    await world.subscribe(approval="webhook:editors")
    (key,) = await world.fire()
    world.chat._rate_limits["editors"].back_off(600.0)
    epoch = await world.begin_epoch(key)
    step = Step.GATHER
    while step != Step.DRAFT:
        step = (await world.deliverer.step(step, key, epoch)).step
    after = await world.deliverer.step(Step.DRAFT, key, epoch)
    assert (after.step, after.retry) == ("draft", True)
    assert after.wait >= 600.0
    assert posts(world, "editors") == []
    await world.let_pass(after.wait)
    assert not (await world.deliverer.step(after.step, key, epoch)).step
    assert len(posts(world, "editors")) == 1

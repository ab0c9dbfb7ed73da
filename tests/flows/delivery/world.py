"""A platform that keeps its own log, and deliveries to it, step by step."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from bot.config import BriefingSettings
from bot.flows.delivery.context import UnknownCalls
from bot.flows.delivery.deliver import Deliverer
from bot.flows.delivery.outcomes import Step
from bot.flows.delivery.slots import create_due_deliveries
from bot.flows.notify import notifier
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
from bot.model.ids import derive_id
from bot.model.news import Feed, FeedHealth
from bot.model.story import Story
from bot.store import KeptProfile, StoredDraft, StoryMembership, tables
from tests.servers.written import MONDAY, article

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
        if seconds >= self.chat.window + self.chat.settle_seconds:
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
        await self.store.stories.save([told], [placed], profiles={told.id: KeptProfile(data=b"")})

    async def reads_a_feed(self):
        """Let a feed be followed that was read just now and brought nothing."""
        await self.store.feeds.add([Feed(id="fee-wire", url="https://wire.example/rss")])
        await self.store.feeds.save_health(FeedHealth(feed_id="fee-wire", last_success=self.time))

    async def notices(self):
        return [notice.text for notice in await self.store.notices.recent(100)]


def posts(world, name="news"):
    return [
        line.split()[2] for line in world.platform.log.read_text().splitlines() if line.split()[1] == name
    ]

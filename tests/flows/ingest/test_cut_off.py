"""An ingest that is cut off anywhere loses nothing, and one slow host holds up nobody."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from bot.errors import LostLease
from bot.flows.ingest.state import ingest_state
from bot.model.news import Feed
from tests.flows.outside import HEALTHY, item, open_outside, rss
from tests.servers.news import NewsServer

pytestmark = pytest.mark.slow
RSS = {"Content_Type": "application/rss+xml"}
WRITES = [
    ("feeds", "log"),
    ("articles", "save"),
    ("articles", "add_listings"),
    ("articles", "set_arrival"),
    ("articles", "set_text_groups"),
    ("feeds", "save_polls"),
    ("set_aside", "add"),
    ("stories", "save"),
]


class CutOff(BaseException):
    """The process ends here."""


def cut(world, aggregate, name, *, after):
    """Let the process end at the first call of a step, before or ``after`` it is done; return how to go on."""
    owner = getattr(world.store, aggregate)
    step = getattr(owner, name)

    async def ending(*args, **kwargs):
        setattr(owner, name, step)
        if after:
            await step(*args, **kwargs)
        raise CutOff

    setattr(owner, name, ending)
    return lambda: setattr(owner, name, step)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_cut_at_every_step_loses_nothing_and_doubles_nothing(server, tmp_path, after):
    async with open_outside(f"sqlite:///{tmp_path / 'w.db'}", server=server) as world:
        await world.follow(HEALTHY, "/second")
        told: list[str] = []
        briefed = world.clock[0]
        for number, (aggregate, name) in enumerate(WRITES):
            server.page("/second", rss(item(500 + number, title=f"Velmar {number}")), **RSS)
            heal = cut(world, aggregate, name, after=after)
            try:
                await world.ingest()
            except (CutOff, BaseExceptionGroup):
                state = await ingest_state(world.store, now=world.clock[0], by=None)
                assert state.cut_off or (aggregate, name) == ("feeds", "log")
            heal()
            await world.ingest()
            await world.healthy_is_read()
            came = await world.store.articles.came_between(briefed, world.clock[0])
            told += [one.title for one in await world.store.articles.many(came)]
            briefed = world.clock[0]
        titles = [title for title in await world.titles() if title.startswith("Velmar")]
        assert titles == sorted(f"Velmar {n}" for n in range(len(WRITES)))
        assert sorted(set(told)) == await world.titles(), "something was kept and never told"
        state = await ingest_state(world.store, now=world.clock[0], by=None)
        assert not state.cut_off


async def test_a_slow_host_holds_up_nobody_and_a_crash_meanwhile_loses_nothing(server, tmp_path):
    answering, kept = asyncio.Event(), asyncio.Event()

    async def never(_request):
        await answering.wait()
        return web.Response()

    async with (
        NewsServer(host="127.0.0.2") as slow,
        open_outside(
            f"sqlite:///{tmp_path / 'w.db'}",
            server=server,
            allow=(f"127.0.0.2:{slow.port}",),
            feed_deadline=60,
        ) as world,
    ):
        slow.answers["/slow"] = never
        await world.follow(HEALTHY, "/second")
        await world.store.feeds.add([Feed(id="fee-slow", url=slow.url("/slow"))])
        server.page("/second", rss(item(500, title="Velmar")), **RSS)
        save = world.store.feeds.save_polls
        saved: list[str] = []
        reasons: list[str] = []

        async def seen(polls):
            await save(polls)
            saved.extend(feed.id for feed, _ in polls)
            reasons.extend(health.reason for _, health in polls)
            if len(saved) == 2:
                kept.set()

        world.store.feeds.save_polls = seen
        reading = asyncio.create_task(world.ingest())
        done, _ = await asyncio.wait(
            [reading, asyncio.create_task(kept.wait())], return_when=asyncio.FIRST_COMPLETED
        )
        assert reading not in done, "the slow host was waited for"
        assert "fee-slow" not in saved, reasons
        assert await world.store.articles.count() == 2
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert (await ingest_state(world.store, now=world.clock[0], by=None)).cut_off
        answering.set()
        await world.ingest()
        await world.healthy_is_read()
        assert "Velmar" in await world.titles()


async def test_one_who_lost_the_lease_keeps_nothing_more(server, tmp_path):
    async with open_outside(f"sqlite:///{tmp_path / 'w.db'}", server=server) as world:
        await world.follow(HEALTHY)
        renew = world.store.leases.renew

        async def lost(*_args, **_kwargs):
            return False

        world.store.leases.renew = lost
        with pytest.raises(LostLease):
            await world.ingest()
        assert await world.store.articles.count() == 0
        world.store.leases.renew = renew
        await world.ingest()
        await world.healthy_is_read()

"""The running bot's own doings, with its database and its workflows as they are."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from dbos import DBOS

from bot.chat.terminal import TerminalChat
from bot.concurrency import DONE, After, Chain, QueuePlace
from bot.config import Config, DatabaseSettings, RunSettings
from bot.errors import PostRefused
from bot.flows.delivery.outcomes import Step
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
from bot.language.sentences.clauses import attributed
from bot.model.chat import Delivery, State
from bot.runtime import open_durable
from bot.runtime.compose import open_app
from bot.runtime.monitoring.metrics import Metrics
from bot.runtime.open_service import open_service
from bot.schedule import read_timetable
from bot.store import open_store
from bot.store.running.notices import Notice
from bot.updates.by_rules.read import read_each

pytestmark = pytest.mark.slow


NOW = datetime(2031, 3, 10, 7, 29, tzinfo=UTC)


class Turn(StrEnum):
    FIRST = "one"
    SECOND = "two"


@asynccontextmanager
async def opened(url, folder, *, now=lambda: NOW):
    """Yield a bot on ``url``, not yet begun."""
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(Config(database=DatabaseSettings(url=url)), now=now))
        chats = {"console": TerminalChat(folder=folder)}
        yield await stack.enter_async_context(open_service(app, chats=chats, metrics=Metrics()))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    return request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url")


@pytest.fixture
async def service(url, tmp_path):
    async with opened(url, tmp_path) as one:
        yield one


async def ended(service):
    """Wait until nothing is open any more; return the deliveries."""
    async with asyncio.timeout(120):
        while await service.app.store.deliveries.open():  # noqa: ASYNC110 - the store is asked
            await asyncio.sleep(0.05)
    return await service.app.store.deliveries.recent(10)


async def test_what_another_process_forgot_leaves_the_memory_of_this_one(service, url):
    emptied = []
    await service.tick()
    service.caches.append(lambda: emptied.append("memory"))
    await service.tick()
    assert emptied == []
    async with open_store(url) as another:
        await another.forget(channel="console:a")
    await service.tick()
    await service.tick()
    assert emptied == ["memory"]


KEPT_IN_A_WORKER = "len(__import__('bot.language.text_cache', fromlist=['_open'])._open[-1])"


UNTIL_THERE = (
    "[__import__('time').sleep(0.01) for _ in iter(lambda: __import__('os').path.exists({file!r}), True)]"
)


@pytest.mark.one_engine
@pytest.mark.usefixtures("own_forked_workers")
@pytest.mark.parametrize(("cron", "ready"), [("* * * * *", 1), ("30 6 29 2 *", 0)])
async def test_a_parser_process_is_ready_only_before_a_scheduled_time(
    tmp_path, sqlite_url, monkeypatch, cron, ready
):
    # The next minute begins in 60 seconds and a hair, where the test begins with one.
    monkeypatch.setattr("bot.runtime.service.WARM_UP_LEAD_TIME", timedelta(minutes=2))
    async with opened(sqlite_url, tmp_path) as service:
        service.scheduler.start()
        service.scheduler.at_slots({cron: read_timetable(f"{cron} UTC")}, service.tick)
        await service.warm_up()
        assert len(service.app.workers._living) == ready


@pytest.mark.usefixtures("own_forked_workers")
@pytest.mark.one_engine
async def test_a_forgotten_text_is_kept_by_no_function_and_no_parser_process(service, url, tmp_path):
    app, text = service.app, "Mara Lund said zyzzogeton was sold."
    await service.tick()
    attributed(text)
    await app.rules.read(read_each, ())
    at_work = await app.workers.run(os.getpid)
    let_go = tmp_path / "let go"
    running = asyncio.create_task(app.workers.run(eval, UNTIL_THERE.format(file=str(let_go)), deadline=60))
    await asyncio.sleep(0)
    await app.workers.run(attributed, text)
    idle, kept = await app.workers.run(os.getpid), await app.workers.run(eval, KEPT_IN_A_WORKER)
    assert len(app.text_caches) > 0
    assert len(app.readings) == 1
    assert kept > 0
    assert idle != at_work
    async with open_store(url) as another:
        await another.forget(channel="console:a")
    await service.tick()
    assert len(app.text_caches) == len(app.readings) == 0
    let_go.touch()
    await running
    async with asyncio.timeout(120):
        while any(map(_runs, (at_work, idle))):  # noqa: ASYNC110 - the system is asked
            await asyncio.sleep(0.05)
    assert await app.workers.run(eval, KEPT_IN_A_WORKER) == 0


def _runs(pid):
    """Tell whether a process has not ended, also where its parent has not asked for its exit code yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.one_engine
async def test_a_notice_is_sent_once_however_many_send_notices_at_a_time(service, tmp_path):
    posted = []

    class Counting(TerminalChat):
        async def post(self, post):
            posted.append(post.payload)
            return await super().post(post)

    service.chats = {"console": Counting(folder=tmp_path)}
    service.app = replace(
        service.app,
        config=service.app.config.model_copy(update={"run": RunSettings(admin_channel="console:ops")}),
    )
    store, now = service.app.store, service.app.now
    await store.notices.add(Notice(key="a", text="Trouble", at=NOW))
    await asyncio.gather(*(service.send_notices() for _ in range(4)))
    assert len(posted) == 1
    await store.notices.add(Notice(key="b", text="More trouble", at=NOW))
    assert await store.leases.acquire("notices", holder="other", now=now(), lasting=timedelta(minutes=1))
    await service.send_notices()
    assert len(posted) == 1  # another process is at it
    await store.leases.release("notices", holder="other")
    await service.send_notices()
    assert len(posted) == 2


@pytest.mark.one_engine
async def test_admins_who_cannot_be_told_are_not_told_every_few_seconds(service, tmp_path, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr("bot.runtime.service.time.monotonic", lambda: clock[0])
    tried = []

    class Refusing(TerminalChat):
        async def post(self, post):
            tried.append(clock[0] - 1000)
            if clock[0] < 1100:
                raise PostRefused("It is forbidden", reason="forbidden", gone=True)
            return await super().post(post)

    service.chats = {"console": Refusing(folder=tmp_path)}
    service.app = replace(
        service.app,
        config=service.app.config.model_copy(update={"run": RunSettings(admin_channel="console:ops")}),
    )
    await service.app.store.notices.add(Notice(key="a", text="Trouble", at=NOW))
    for _ in range(40):
        await service.send_notices()
        clock[0] += 5
    assert tried == [0, 10, 30, 70, 150]
    await service.app.store.notices.add(Notice(key="b", text="More trouble", at=NOW))
    await service.send_notices()
    assert tried[-1] == clock[0] - 1000, "told at once again, as the channel took the last one"


@pytest.mark.parametrize("begun", [True, False], ids=["at work", "in the queue"])
async def test_a_delivery_begun_by_another_version_is_taken_up_anew_and_posted_once(
    url, tmp_path, monkeypatch, begun
):
    due = NOW + timedelta(minutes=1)
    async with opened(url, tmp_path) as old:
        requested = SubscriptionRequest(channel="console:out.md", times="daily 07:30 UTC")
        await subscribe(requested, store=old.app.store, chats=old.chats, now=NOW, zone="UTC")
        # Its steps are of this version's shape: let it stop after the first, or before.
        deliver = old.durable.chains["deliver"].do

        async def stopping(step, subject, epoch):
            if begun and step is Step.GATHER:
                await deliver(step, subject, epoch)
            old.durable.stopping = True
            return After(step=Step.WRITE)

        old.durable.chains = {"deliver": Chain(first=Step.GATHER, do=stopping)}
        old.durable.stopping = not begun
        old.app = replace(old.app, now=lambda: due)
        await old.tick()
        async with asyncio.timeout(120):
            while begun and not old.durable.stopping:  # noqa: ASYNC110 - set by a chain
                await asyncio.sleep(0.05)
        await old.app.store.leases.release(f"replica {old.name}", holder=old.name)
    monkeypatch.setattr(open_durable, "WORKFLOW_VERSION", "another")
    async with opened(url, tmp_path, now=lambda: due + timedelta(seconds=5)) as new:
        await new.tick()
        (delivery,) = await ended(new)
    assert delivery.state is State.POSTED
    assert (tmp_path / "out.md").read_text().count("Morning briefing") == 1


async def test_what_another_process_asks_for_is_posted_at_once_and_not_at_the_next_look(
    url, tmp_path, monkeypatch
):
    for name in ("TICK_SECONDS", "NOTICES_SECONDS", "REFRESH_SECONDS"):
        monkeypatch.setattr(f"bot.runtime.service.{name}", 3600.0)
    posted = asyncio.Queue()

    class Telling(TerminalChat):
        async def post(self, post):
            posted.put_nowait(post.channel.name)
            return await super().post(post)

    async with opened(url, tmp_path) as service, open_store(url) as other:
        service.chats["console"] = Telling(folder=tmp_path)
        service.app = replace(
            service.app,
            config=service.app.config.model_copy(update={"run": RunSettings(admin_channel="console:ops.md")}),
        )
        await service.begin()
        requested = SubscriptionRequest(channel="console:out.md", times="daily 07:30 UTC")
        subscription, _ = await subscribe(requested, store=other, chats=service.chats, now=NOW, zone="UTC")
        await other.deliveries.add(
            Delivery(
                id="asked-for",
                subscription_id=subscription.id,
                channel=subscription.channel,
                wall="asked for",
                due_at=NOW,
                updated_at=NOW,
            )
        )
        async with asyncio.timeout(120):
            assert await posted.get() == "console:out.md"
        await other.notices.add(Notice(key="a", text="Trouble", at=NOW))
        async with asyncio.timeout(120):
            assert await posted.get() == "console:ops.md"
        await service.end()


async def test_workflows_of_long_ago_are_removed_and_those_of_today_stay(service):
    await service.durable.start("ingest", "1", 0, QueuePlace(queue="ingest"))
    assert await service.durable.prune(before=datetime.now(UTC) - timedelta(hours=1)) == 0
    assert await service.durable.prune(before=datetime.now(UTC) + timedelta(hours=1)) == 1


async def test_no_more_chains_are_at_work_at_once_than_are_allowed(url):
    most, at_work, seen, done = 3, 0, 0, 0
    as_many = asyncio.Event()

    async def step(name, _subject, _epoch):
        nonlocal at_work, seen, done
        at_work += 1
        seen = max(seen, at_work)
        if at_work == most:
            as_many.set()
        await as_many.wait()
        await asyncio.sleep(0.01)  # others may begin meanwhile, who must not
        at_work, done = at_work - 1, done + (name is Turn.SECOND)
        return After(step=Turn.SECOND) if name is Turn.FIRST else DONE

    async with open_durable.open_durable(
        url, chains={"c": Chain(first=Turn.FIRST, do=step)}, concurrency={"q": most}, executor="local"
    ) as running:
        for subject in range(20):
            await running.start("c", str(subject), 0, QueuePlace(queue="q"))
        async with asyncio.timeout(120):
            while done < 20:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.05)
    assert seen == most


async def test_what_the_end_of_a_chain_begins_is_no_part_of_its_workflow(url):
    begun = []

    async def step(_name, subject, _epoch):
        begun.append(subject)
        return DONE

    async with open_durable.open_durable(
        url, chains={"c": Chain(first=Turn.FIRST, do=step)}, concurrency={"q": 1}, executor="local"
    ) as running:
        # As the running bot looks for more where its queue was full.
        looks = []
        second = "c", "second", 0, QueuePlace(queue="q")
        running.on_room = lambda: looks.append(asyncio.create_task(running.start(*second)))
        await running.start("c", "first", 0, QueuePlace(queue="q"))
        running.full.add("q")
        async with asyncio.timeout(120):
            while len(begun) < 2:
                assert all(look.exception() is None for look in looks if look.done())
                await asyncio.sleep(0.01)
        await asyncio.gather(*looks)
        found = await DBOS.list_workflows_async(workflow_ids=["c:second:0"])
        assert [one.parent_workflow_id for one in found] == [None]
    assert begun == ["first", "second"]


async def test_a_chain_that_is_started_twice_at_once_runs_once(url):
    begun, more = [], asyncio.Event()

    async def step(_name, subject, _epoch):
        begun.append(subject)
        await more.wait()
        return DONE

    async with open_durable.open_durable(
        url, chains={"c": Chain(first=Turn.FIRST, do=step)}, concurrency={"q": 4}, executor="local"
    ) as running:
        one = "c", "one", 0, QueuePlace(queue="q")
        await asyncio.gather(*(running.start(*one) for _ in range(4)))
        await running.start(*one)
        await running.start("c", "after it", 0, QueuePlace(queue="q"))
        async with asyncio.timeout(120):
            while "after it" not in begun:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
        more.set()
    assert begun == ["one", "after it"]

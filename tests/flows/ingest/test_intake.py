"""What feeds brought is kept as it comes; that nothing came is kept for many feeds in one write."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from bot.faults import Faults
from bot.flows.ingest.intake import MAX_BATCHES_PER_WRITE, MAX_HELD_POLLS, Intake, _Batch
from bot.flows.ingest.poll import Poll
from bot.model.news import Feed, FeedHealth

pytestmark = pytest.mark.slow

UNCHANGED = Poll(feed=Feed(id="fee-1", url="https://one.example/feed"), health=FeedHealth(feed_id="fee-1"))


class Noting(Intake):
    """Notes what would be stored together, and wakes who waits for it."""

    async def _store(self, batches):
        self.names.append(list(batches))
        self.report.set()


def noting():
    return Noting(
        store=SimpleNamespace(),
        services=SimpleNamespace(),
        now=datetime(2031, 3, 10, tzinfo=UTC),
        known={},
        progress=lambda *_: None,
        check_lease=SimpleNamespace(),
        names=[],
        report=asyncio.Event(),
        faults=Faults(),
    )


async def stored(*batches):
    """Return in which groups ``batches`` are stored that come one after the other."""
    intake = noting()
    queue = asyncio.Queue()
    for batch in (*batches, None):
        queue.put_nowait(batch)
    await intake._store_all(queue)
    return intake.names


async def test_feeds_without_anything_new_are_kept_many_at_a_time_and_every_one():
    groups = await stored(*[_Batch(poll=UNCHANGED)] * (10 * MAX_HELD_POLLS))
    assert sum(map(len, groups)) == 10 * MAX_HELD_POLLS
    assert len(groups) == 10
    assert max(map(len, groups)) < MAX_HELD_POLLS + MAX_BATCHES_PER_WRITE


async def test_what_a_feed_brought_is_kept_at_once_with_what_was_held():
    quiet, news = _Batch(poll=UNCHANGED), _Batch(poll=UNCHANGED, unread=(SimpleNamespace(),))
    groups = await stored(*[quiet] * 20, news, *[quiet] * 20)
    assert [news in group for group in groups] == [True, False]
    assert len(groups[0]) <= 20 + MAX_BATCHES_PER_WRITE


NEWS = [_Batch(poll=UNCHANGED, unread=(SimpleNamespace(),)) for _ in range(2)]


async def test_what_comes_shortly_after_is_kept_in_the_same_write(monkeypatch):
    monkeypatch.setattr("bot.flows.ingest.intake.MAX_SHARED_WRITE_SECONDS", 600)
    intake, queue = noting(), asyncio.Queue()
    work = asyncio.ensure_future(intake._store_all(queue))
    for batch in (*NEWS, None):
        queue.put_nowait(batch)
        for _ in range(20):  # it has the first, and had time to keep it, when the second comes
            await asyncio.sleep(0)
    await work
    assert intake.names == [NEWS]


async def test_what_came_is_kept_while_a_slow_feed_is_still_read(monkeypatch):
    monkeypatch.setattr("bot.flows.ingest.intake.MAX_SHARED_WRITE_SECONDS", 0.001)
    intake, queue = noting(), asyncio.Queue()
    work = asyncio.ensure_future(intake._store_all(queue))
    queue.put_nowait(NEWS[0])
    await intake.report.wait()
    assert intake.names == [NEWS[:1]]
    queue.put_nowait(None)
    await work

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
    """Notes what would be stored together."""

    async def _store(self, batches):
        self.names.append(list(batches))


async def stored(*batches):
    """Return in which groups ``batches`` are stored that come one after the other."""
    intake = Noting(
        store=SimpleNamespace(),
        services=SimpleNamespace(),
        now=datetime(2031, 3, 10, tzinfo=UTC),
        known={},
        progress=lambda *_: None,
        check_lease=SimpleNamespace(),
        names=[],
        report=SimpleNamespace(),
        faults=Faults(),
    )
    queue = asyncio.Queue()
    for batch in (*batches, None):
        queue.put_nowait(batch)
    await intake._store_all(queue)
    return intake.names


async def test_feeds_without_anything_new_are_kept_many_at_a_time_and_every_one():
    groups = await stored(*[_Batch(poll=UNCHANGED)] * 1000)
    assert sum(map(len, groups)) == 1000
    assert len(groups) == 10
    assert max(map(len, groups)) < MAX_HELD_POLLS + MAX_BATCHES_PER_WRITE


async def test_what_a_feed_brought_is_kept_at_once_with_what_was_held():
    quiet, news = _Batch(poll=UNCHANGED), _Batch(poll=UNCHANGED, unread=(SimpleNamespace(),))
    groups = await stored(*[quiet] * 20, news, *[quiet] * 20)
    assert [news in group for group in groups] == [True, False]
    assert len(groups[0]) <= 20 + MAX_BATCHES_PER_WRITE

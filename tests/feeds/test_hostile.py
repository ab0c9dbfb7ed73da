"""Bombs and hangs, in small: each is refused or cut in time, costs little, and the next feed is read all the same."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from bot.app import open_app
from bot.config import Config, Database, Fetch
from bot.model.ids import derive_id
from bot.model.news import Feed
from tests.servers.hostile import hostile_server
from tests.strain import strain

pytestmark = pytest.mark.slow
SLOW = 1.5  # seconds: the deadline of these tests


async def test_no_bomb_or_hang_costs_much_or_another_feed_its_reading():
    async with hostile_server() as hostile:
        assert await beyond_bounds(hostile) == []


async def beyond_bounds(hostile):
    fine = hostile["fine"]
    config = Config(
        database=Database(url="sqlite:///:memory:"),
        fetch=Fetch(allow=(f"127.0.0.1:{urlsplit(fine).port}",), feed_deadline=SLOW, page_deadline=SLOW),
    )
    beyond = []
    for name, url in hostile.items():
        if name == "fine":
            continue
        async with open_app(config) as app:
            feeds = [Feed(id=derive_id("fee", u), url=u, title=t) for u, t in ((url, name), (fine, "fine"))]
            await app.store.feeds.add(feeds)
            with strain() as cost:
                report = await app.ingest(everything=True)
        assert "fine" not in {failure.feed for failure in report.failures}, name
        assert report.articles_new >= 1, name
        # Twice what the benchmark allows: other tests run beside this one.
        if cost.seconds > 10 or cost.megabytes > 64 or cost.held > 100:
            beyond.append((name, cost))
    return beyond

"""Bombs and hangs, in small: each is refused or cut in time, costs little, and the next feed is read all the same."""

from __future__ import annotations

import gc
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from bot.config import Config, DatabaseSettings, Fetch
from bot.feeds.fetch.fetch import HttpFetcher
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.runtime.compose import open_app
from tests.servers.hostile import hostile_server
from tests.support.sizes import sized
from tests.support.strain import counted_steps, strain

pytestmark = pytest.mark.slow
SLOW = 5.0  # seconds that an attack may last: it ends those that hang, and decides nothing
PATIENCE = 120.0  # seconds that the fine feed and its text may take: a thousand times what they do
MOST_CALLS = 1_000_000  # of functions in one step of the loop: twice what the heaviest makes
# A sixth of them is tried in the suite, all with TESTS_LARGE and, at full size, by "make bench-hostile".
CHOSEN = (
    "gzip", "brotli", "zstd", "double gzip, named", "double gzip, hidden", "gzip of many members", "endless body",
    "endless chunks of one byte", "endless head", "endless continues", "one byte a second", "silence", "redirect loop",
    "slow redirects", "giant tag", "deep nesting", "300,000 entries", "billion laughs", "billion laughs, far down",
    "quadratic entities", "500 entries of 16 KB", "page: giant tag", "page: titles without end", "page: full stops",
    "page: numbers and dates", "page: drips", "endless early hints", "a redirect to http://[", "a redirect to a host of signs", "halves of characters in JSON",
    "NUL in JSON", "numbers without end in JSON", "a feed in unicode_escape", "entities in UTF-16", "references to what is no character", "a word for the stemmer",
    "a word of vowels", "towers of accents", "dates beyond the calendar", "addresses that are none", "page: a word for the stemmer", "page: a title of vowels",
    "page: halves in JSON-LD", "page: text in utf-7", "page: text in unicode_escape", "page: base and address that are none", "page: informational for ever",
)  # fmt: skip


@pytest.fixture
def settled():
    """Let the collector leave alone what the other tests left, as the bot does with what it is made of."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def patience(monkeypatch):
    """Return a set of addresses, to which more are added, that are waited for however busy the machine is."""
    patient, fetch = set(), HttpFetcher.fetch

    async def waiting(self, request):
        return await fetch(self, replace(request, deadline=PATIENCE) if request.url in patient else request)

    monkeypatch.setattr(HttpFetcher, "fetch", waiting)
    return patient


@pytest.mark.long
@pytest.mark.usefixtures("own_forked_workers")
async def test_no_bomb_or_hang_costs_much_or_another_feed_its_reading(settled, patience):
    beyond = []
    async with hostile_server(giant=sized(2**27, 2**30)) as urls:
        fine = urls["fine"]
        patience.add(fine)
        allow = (f"127.0.0.1:{urlsplit(fine).port}",)
        fetch = Fetch(allow=allow, feed_deadline=SLOW, page_deadline=SLOW)
        config = Config(database=DatabaseSettings(url="sqlite:///:memory:"), fetch=fetch)
        async with open_app(config) as app:
            await app.workers.run(len, "")
            for name in CHOSEN[:: sized(6, 1)]:
                titles = {urls[name]: name, fine: "fine"}
                feeds = [Feed(id=derive_id("fee", name, u), url=u, title=t) for u, t in titles.items()]
                await app.store.feeds.add(feeds)
                with strain() as cost, counted_steps() as longest:
                    report = await app.ingest(everything=True)
                for feed in feeds:
                    await app.store.feeds.remove(feed.id)
                assert "fine" not in {failure.feed for failure in report.failures}, name
                # Calls are counted, since no clock decides here; "make bench-hostile" holds the 50 ms and 10 s.
                if cost.megabytes > 64 or longest.calls > MOST_CALLS:
                    beyond.append(f"{name}: {cost.megabytes:.0f} MB, {longest}")
    assert beyond == []

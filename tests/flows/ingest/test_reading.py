"""Reading entries never holds the loop: what takes long is done in a worker."""

from __future__ import annotations

import pytest

from bot.config import Fetch
from bot.errors import WorkerKilled
from bot.feeds.page.entry_text import EntryMarkup, entry_texts
from bot.feeds.page.extract import MAX_EXTRACTED_PAGE_BYTES
from bot.feeds.workers.pool import WorkerPool
from bot.flows.ingest.pages import feed_texts
from bot.flows.ingest.reading import sentences_of
from bot.flows.ingest.services import ReadingServices
from tests.support.strain import counted_steps

MOST_CALLS = 100_000  # of functions in one step: 400 marks make a third of it


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["Mr. A. " * 2300, "It grew by 5. " * 2800, "He said so. " * 9000, "Mr. A. " * 60]
)
async def test_no_text_of_an_entry_holds_the_loop(text):
    async with WorkerPool(1) as workers:
        await workers.run(len, "")
        with counted_steps() as longest:
            assert await sentences_of(text, language="en", workers=workers)
    assert longest.calls < MOST_CALLS, longest


class OneAtATime(WorkerPool):
    """A pool in which a call for several texts is killed, as by one that no parser reads in time; it counts its calls."""

    calls = 0

    async def run(self, fn, *args, deadline=3.0, urgent=False, **kwargs):
        self.calls += 1
        if len(args[0]) > 1 or "hang" in args[0][0].markup:
            raise WorkerKilled("Reading it took longer than 3 seconds, so it was stopped")
        return fn(*args, **kwargs)


async def test_a_text_that_cannot_be_read_costs_no_other_entry_its_own():
    workers = OneAtATime(1)
    services = ReadingServices(fetcher=None, workers=workers, settings=Fetch())
    markups = ["<p>The port is closed.</p>", "", "<p>hang</p>", "<p>Two ships wait.</p>"]
    entries = [EntryMarkup(markup=markup, title="Port", language="en") for markup in markups]
    texts = await feed_texts(entries, services=services)
    assert [own.text for own, _ in texts] == ["The port is closed.", "", "", "Two ships wait."]
    assert workers.calls == 1 + 3


def test_a_text_that_is_too_large_is_none_among_others():
    entries = [
        EntryMarkup(markup=m, title="", language="en")
        for m in ("<p>A ship.</p>", "x" * (MAX_EXTRACTED_PAGE_BYTES + 1))
    ]
    first, second = entry_texts(entries)
    assert (first[0].text, second) == ("A ship.", None)

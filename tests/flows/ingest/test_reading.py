"""Reading entries never holds the loop: what takes long is done in a worker."""

from __future__ import annotations

import pytest

from bot.feeds.workers.pool import WorkerPool
from bot.flows.ingest.reading import sentences_of
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

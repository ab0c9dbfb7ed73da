"""Seeded mutants of feeds and pages through a whole ingest, on every engine: none costs more than itself."""

from __future__ import annotations

from itertools import islice

import pytest

from bot.config import Config, DatabaseSettings, Fetch
from bot.runtime.compose import open_app
from tests.servers.mutants import mutant_server
from tests.support.mutants import TOKENS, mutant, seeds
from tests.support.rounds import PER_FEED, Tally, attack

pytestmark = pytest.mark.slow
ROUNDS, EACH = 2, 15  # feeds, and as many pages, a round; ``make bench-hostile`` runs ten thousand


@pytest.mark.one_engine
async def test_the_healthy_feed_is_read_beside_every_mutant(engine_url):
    tally = Tally()
    async with mutant_server() as port:
        config = Config(
            database=DatabaseSettings(url=engine_url),
            fetch=Fetch(
                allow=(f"127.0.0.1:{port}",),
                first_poll_entries=PER_FEED,
                parse_deadline=30.0,
                page_deadline=3.0,
            ),
        )
        async with open_app(config) as app:
            await app.workers.run(len, "")
            for number in range(ROUNDS):
                await attack(app, port, first=number * EACH, count=EACH, tally=tally)
    assert (tally.healthy, tally.rounds, tally.mutants) == (ROUNDS, ROUNDS, 2 * ROUNDS * EACH)
    assert dict(tally.faults) == {}
    assert "It could not be read" not in tally.reasons
    assert tally.read > ROUNDS * EACH  # most damage leaves something to read
    assert tally.megabytes <= 64


def test_a_mutant_is_the_same_every_time_and_unlike_the_others():
    feeds, pages = seeds(None)
    for documents in (feeds, pages):
        made = [mutant(number, documents) for number in range(200)]
        assert made == [mutant(number, documents) for number in range(200)]
        assert len({one.body for one in made}) > 180
        assert sum(one.body not in {d.body for d in documents} for one in made) > 190
        assert sum(any(token in one.body for token in islice(TOKENS, 5, None)) for one in made) > 100

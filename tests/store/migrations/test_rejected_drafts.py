"""A draft that an editor rejected in an earlier release has a state of its own once its database is opened."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.model.chat import State
from bot.store import open_store
from bot.store.engine import migrate
from tests.store.filled import row_of

pytestmark = pytest.mark.slow
BEFORE = "0033"
MICROSECONDS = 1_751_932_800_000_000


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """Return the address of a database of the earlier release with a rejected and an uncertain delivery."""
    url = f"sqlite:///{tmp_path / 'w.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("new_postgres_url")
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        migrate(connection, BEFORE)
    with engine.begin() as connection:
        there = sa.MetaData()
        there.reflect(connection)
        table = there.tables["delivery"]
        moments = {"due_at", "made_at", "since", "posted_at", "updated_at", "failing_since", "lease_until"}
        for name, reason in {"dlv-1": "rejected by an editor", "dlv-2": "no answer"}.items():
            row = row_of(
                table, id=name, wall=name, state="held", reason=reason, open=False, channel="slack:T1/C1"
            )
            row |= dict.fromkeys(moments & row.keys(), MICROSECONDS)
            connection.execute(sa.insert(table), [row])
    engine.dispose()
    return url


async def test_a_rejected_draft_of_an_earlier_release_is_rejected_and_no_longer_uncertain(url):
    async with open_store(url) as store:
        (rejected,) = await store.deliveries.named("dlv-1")
        (uncertain,) = await store.deliveries.named("dlv-2")
    assert (rejected.state, rejected.status) == (State.REJECTED, "rejected by an editor")
    assert (uncertain.state, uncertain.status) == (State.UNCERTAIN, "delivery uncertain: no answer")

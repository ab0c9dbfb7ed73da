"""What channels were sent was stored as "told" by earlier releases: it is found in their databases and in their backups."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.flows.maintenance.backup import restore
from bot.model.record import Disposition
from bot.store import open_store, tables
from bot.store.engine import migrate
from tests.store.filled import row_of

pytestmark = pytest.mark.slow
BEFORE = "0035"
AT = datetime(2025, 7, 8, tzinfo=UTC)
MOMENT = int(AT.timestamp() * 1_000_000)
PLACE = "slack:T1/C1"
TEXT = 'It said "told_at": 1 and "told": 2, and was told.'  # within a text these are no keys
SENT = {"story_id": "sto-1", "told_at": AT.isoformat(), "headline": TEXT}
RECORD = {
    "briefing_id": "brf-1",
    "made_at": AT.isoformat(),
    "since": AT.isoformat(),
    "told": [SENT],
    "writings": [
        {
            "story_id": "sto-1",
            "writer": "model",
            "checked": [{"field": "status", "text": TEXT, "verdict": {"passed": False}, "fate": "dropped"}],
        }
    ],
    "settings": json.dumps({"told": TEXT}),
}
BRIEF = {"url": "https://a.example", "headline": TEXT, "story_told_at": AT.isoformat()}
ROWS = {
    "told": {"story_id": "sto-1", "data": SENT},
    "briefing": {"id": "brf-1", "data": {"headline": TEXT}, "untold": [SENT]},
    "briefing_record": {"briefing_id": "brf-1", "data": RECORD},
    "link": {"data": BRIEF},
    "turn": {"document": BRIEF},
    "notice": {"told": True},
}


def earlier(url):
    """Write a database of the earlier release to ``url``."""
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        migrate(connection, BEFORE)
    with engine.begin() as connection:
        there = sa.MetaData()
        there.reflect(connection)
        for name, values in ROWS.items():
            table = there.tables[name]
            row = row_of(table, destination=PLACE) | values
            row |= {c.name: MOMENT for c in table.c if c.name == "at" or c.name.endswith("_at")}
            connection.execute(sa.insert(table), [row])
    engine.dispose()


async def check(store):
    async def all_of(table):
        async with store.database.reading() as connection:
            return (await connection.execute(sa.select(table))).one()

    (sent,) = (await store.briefings.sent_stories(PLACE)).values()
    assert (sent.sent_at, sent.headline) == (AT, TEXT)
    assert (await all_of(tables.sent_story)).sent_at == AT
    (waiting,) = (await all_of(tables.briefing)).unsent
    assert waiting == {"story_id": "sto-1", "sent_at": AT.isoformat(), "headline": TEXT}
    record = await store.briefings.record("brf-1")
    assert (record.sent[0].sent_at, record.sent[0].headline) == (AT, TEXT)
    assert record.settings == RECORD["settings"]
    (checked,) = record.writings[0].checked
    assert (checked.disposition, checked.text) == (Disposition.DROPPED, TEXT)
    for document in ((await all_of(tables.link)).data, (await all_of(tables.turn)).document):
        assert document == {"url": "https://a.example", "headline": TEXT, "story_sent_at": AT.isoformat()}
    assert (await all_of(tables.notice)).sent is True


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return (
        request.getfixturevalue("new_postgres_url")
        if request.param == "postgresql"
        else f"sqlite:///{tmp_path / 'w.db'}"
    )


async def test_what_channels_were_sent_is_found_in_a_database_of_an_earlier_release(url):
    earlier(url)
    async with open_store(url) as store:
        await check(store)


async def test_what_channels_were_sent_is_found_in_a_backup_of_an_earlier_release(url, tmp_path):
    earlier(f"sqlite:///{tmp_path / 'backup.db'}")
    async with open_store(url) as store:
        await restore(tmp_path / "backup.db", store=store, url=url, now=AT, grace=timedelta(hours=1))
        await check(store)

"""A text that was kept before is found by an index, however many there are and however long ago that was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model.chat import Channel
from bot.store import StoredDraft, open_store
from bot.stories.dedupe import fingerprint, pack_fingerprint, smallest_prints
from tests.flows.ferry import article

pytestmark = pytest.mark.slow
TEXT = " ".join(f"Ferry {number} of Orsund Line left Brekk with {number * 7} people." for number in range(20))
PRINTS = pack_fingerprint(fingerprint(TEXT))


async def keep(store, one):
    draft = StoredDraft(article=one, keys=(("hash", one.id),), entry_hash=one.id, fingerprint=PRINTS)
    await store.articles.save([draft])


async def test_texts_are_found_by_their_smallest_print_up_to_a_day_and_in_their_scope(engine_url):
    first = replace(article("old", TEXT), id="art-old")
    channel = Channel(platform="slack", workspace="T1", id="C1").scope
    until = first.published_at
    async with open_store(engine_url) as store:
        await keep(store, first)
        await keep(store, replace(first, id="art-late", published_at=until + timedelta(days=1)))
        await keep(store, replace(first, id="art-own", scope=channel))
        found = await store.texts.that_begin(smallest_prints(PRINTS)[:1], until=until)
        none = await store.texts.that_begin(smallest_prints(PRINTS)[1:], until=until)
    assert ([text.article_id for text in found], none) == (["art-old"], [])
    assert found[0].fingerprint == PRINTS


async def test_whoever_looks_for_a_copy_does_not_look_through_all_texts(sqlite_url):
    asked = []

    def note(_connection, _cursor, statement, parameters, *_):
        if "smallest_print" in statement:
            asked.append((statement, parameters))

    async with open_store(sqlite_url) as store:
        async with store.database.writing() as connection:
            sa.event.listen(connection.sync_connection.engine, "before_cursor_execute", note)
        await store.texts.that_begin([b"12345678", b"87654321"], until=article("old", TEXT).published_at)
        async with store.database.reading() as connection:
            ((statement, parameters),) = asked
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = " ".join(row[3] for row in plan)
    assert "USING INDEX ix_article_smallest_print" in steps
    assert "TEMP B-TREE" not in steps

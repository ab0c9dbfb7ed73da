"""Forgetting: nothing of a channel, a workspace or a person is left, in whichever table and byte it stood."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.config import Keep
from bot.model.chat import State
from bot.model.scope import SHARED, Scope, Visibility
from bot.model.story import Story
from bot.store import KeptProfile, StoredDraft, StoryMembership, open_store, tables
from bot.store.retention import (
    KEPT_TABLES,
    PERSON_COLUMNS,
    RETENTION_COLUMNS,
    SHORT_RETENTION,
    USAGE_RETENTION,
    rows_of_owner,
)
from tests.servers.written import article
from tests.store.filled import CANARY, NOW, SCOPE, counted, everything, fill, with_parents

pytestmark = pytest.mark.slow

SCOPED = [t for t in tables.metadata.sorted_tables if {c.name for c in t.c} >= SCOPE]
ASKED = [t for t in tables.metadata.sorted_tables if {c.name for c in t.c} & set(PERSON_COLUMNS)]


@pytest.fixture
async def store(database_url):
    async with open_store(database_url) as opened:
        yield opened


@pytest.mark.parametrize("who", [{"channel": "slack:T1/C1"}, {"workspace": "T1"}])
async def test_every_table_with_a_scope_forgets_a_channel_and_a_workspace(store, who):
    await fill(store, with_parents(SCOPED))
    assert set(await counted(store, SCOPED)) == {t.name for t in SCOPED}
    forgotten = await store.forget(**who)
    assert await counted(store, SCOPED) == {}
    assert set(forgotten) >= {t.name for t in SCOPED} - {"delivery_part"}
    assert CANARY not in await everything(store)


async def test_every_table_with_an_asker_forgets_a_person_alone(store):
    await fill(store, with_parents(ASKED))
    await store.forget(user="U2")
    assert set(await counted(store, ASKED)) == {t.name for t in ASKED}
    await store.forget(user="U1")
    assert await counted(store, ASKED) == {}


async def test_another_channel_and_what_is_shared_stay(store):
    other = {"channel": "slack:T1/C2", "destination": "slack:T1/C2"}
    await fill(store, with_parents(SCOPED), **other)
    before = await counted(store, tables.metadata.sorted_tables)
    assert await store.forget(channel="slack:T1/C1") == {}
    assert await store.forget(workspace="T2") == {}
    assert await store.forget(workspace="T2", channel="slack:T1/C2") == {}
    after = await counted(store, tables.metadata.sorted_tables)
    assert {name: count for name, count in after.items() if name != "forgotten"} == before


async def test_a_forgetting_leaves_a_mark_for_running_bots_and_says_nobody_in_it(store):
    assert await store.last_forgotten() == ""
    await store.forget(channel="slack:T1/C1")
    first = await store.last_forgotten()
    await store.forget(channel="slack:T1/C1")
    assert first
    assert await store.last_forgotten() not in {"", first}
    assert "C1" not in await everything(store)


async def test_nobody_is_not_everybody(store):
    with pytest.raises(ValueError, match="nobody"):
        await store.forget()


async def test_no_byte_of_it_is_left_in_any_file_of_the_database(tmp_path):
    url = f"sqlite:///{tmp_path / 'wire.db'}"
    async with open_store(url) as store:
        await fill(store, with_parents(SCOPED))
        assert any(CANARY.encode() in file.read_bytes() for file in tmp_path.iterdir())
        await store.forget(channel="slack:T1/C1")
        # While the bot is at it still, not only after it has closed its files.
        left = [file.name for file in tmp_path.iterdir() if CANARY.encode() in file.read_bytes()]
    assert left == []


async def test_no_byte_of_it_is_left_in_any_table_or_index_of_postgresql(postgres_url):
    mixed = {tables.delivery, tables.delivery_part, tables.notice, tables.briefing, tables.told}
    async with open_store(postgres_url) as store:
        for n in range(20):
            other = {"channel": "slack:T1/C2", "destination": "slack:T1/C2", "text": f"other {n}"}
            await fill(store, mixed, **other)
        await fill(store, with_parents(SCOPED))
        assert CANARY in await in_files(store)
        await store.forget(channel="slack:T1/C1")
        assert CANARY not in await in_files(store)
        assert await counted(store, mixed) == {table.name: 20 for table in mixed}


async def in_files(store):
    """Return what stands in the files of the database's tables and indexes."""
    files = (
        "SELECT encode(pg_read_binary_file(pg_relation_filepath(oid)), 'escape') FROM pg_class "
        "WHERE relkind IN ('r', 't', 'i') AND relnamespace::regnamespace::text IN ('public', 'pg_toast')"
    )
    async with store.database.exclusive() as connection:
        await connection.execute(sa.text("CHECKPOINT"))
        return "".join((await connection.execute(sa.text(files))).scalars())


async def test_a_reader_that_does_not_end_is_named_and_the_rows_are_gone(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.store.engine.BUSY_MILLISECONDS", 10)
    path = tmp_path / "wire.db"
    async with open_store(f"sqlite:///{path}") as store:
        await fill(store, with_parents(SCOPED))
        reader = sqlite3.connect(path)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM delivery").fetchone()
        with pytest.raises(Exception, match="another program is reading"):
            await store.forget(channel="slack:T1/C1")
        assert await counted(store, SCOPED) == {}
        reader.close()
        await store.forget(channel="slack:T1/C1")
        assert not any(CANARY.encode() in file.read_bytes() for file in tmp_path.iterdir())


def test_a_table_that_names_a_person_in_another_way_is_found_out():
    columns = {c.name for t in tables.metadata.sorted_tables for c in t.c}
    alike = {name for name in columns if any(word in name for word in ("user", "asker", "person", "member"))}
    assert alike <= set(PERSON_COLUMNS)


def test_every_table_has_an_age_or_a_reason_to_stay():
    known = {t.name for t in tables.metadata.sorted_tables}
    assert sorted([*RETENTION_COLUMNS, *SHORT_RETENTION, *KEPT_TABLES]) == sorted(known)
    assert {key for _, key in RETENTION_COLUMNS.values()} <= set(Keep.model_fields)


@pytest.mark.parametrize("table", sorted(RETENTION_COLUMNS))
async def test_each_kind_goes_at_its_age_and_not_before(store, table):
    column, key = RETENTION_COLUMNS[table]
    days = max(30, USAGE_RETENTION.days if table == "model_call" else 0)
    old = {column: NOW - timedelta(days=days, seconds=1), "state": State.POSTED.value, "told": True}
    if table == "model_call":
        old.pop("state")
    wanted = {tables.metadata.tables[table]}
    await fill(store, with_parents(wanted), **old)
    never = Keep(**dict.fromkeys(Keep.model_fields, 0))
    assert await store.prune(keep=never, now=NOW) == {}
    keep = never.model_copy(update={key: 30})
    assert await store.prune(keep=keep, now=NOW - timedelta(seconds=2)) == {}
    assert await store.prune(keep=keep, now=NOW) == {table: 1}
    assert await counted(store, wanted) == {}


@pytest.mark.parametrize("table", sorted(SHORT_RETENTION))
async def test_what_only_outlives_the_moment_goes_whatever_is_kept(store, table):
    await fill(store, {tables.metadata.tables[table]}, at=NOW)
    never = Keep(**dict.fromkeys(Keep.model_fields, 0))
    assert await store.prune(keep=never, now=NOW + SHORT_RETENTION[table]) == {}
    assert await store.prune(keep=never, now=NOW + SHORT_RETENTION[table] + timedelta(seconds=1)) == {
        table: 1
    }


async def test_what_is_still_to_be_done_does_not_age(store):
    wanted = {tables.delivery, tables.notice}
    await fill(store, wanted, due_at=NOW, state=State.DUE.value, told=False)
    assert await store.prune(keep=Keep(briefings_days=1), now=NOW + timedelta(days=900)) == {}


def read(name, *, days, feed="fee-1", scope=SHARED):
    one = replace(
        article(f"{name} said so."),
        id=f"art-{name}",
        published_at=NOW - timedelta(days=days),
        fetched_at=NOW - timedelta(days=days),
        feed_id=feed,
        scope=scope,
    )
    return StoredDraft(article=one, keys=(("link", name),), entry_hash="h", fingerprint=b"\0" * 8)


async def test_articles_go_with_the_last_one_of_their_story_and_are_not_read_again(store):
    drafts = [read("old", days=50), read("older", days=60), read("going", days=50), read("new", days=1)]
    await store.articles.save([*drafts, read("alone", days=50)])
    for name, parts in (("over", drafts[:2]), ("on", drafts[2:])):
        last = max(d.article.published_at for d in parts)
        story = Story(id=f"sto-{name}", title=name, article_ids=(), first_at=last, last_at=last)
        places = [
            StoryMembership(article_id=d.article.id, story_id=story.id, score=1.0, why=()) for d in parts
        ]
        await store.stories.save([story], places, profiles={story.id: KeptProfile(data=b"")})
    assert await store.prune(keep=Keep(articles_days=30), now=NOW) == {"article": 3}
    kept = await store.articles.many([f"art-{n}" for n in ("old", "older", "going", "new", "alone")])
    assert {a.id for a in kept} == {"art-going", "art-new"}
    assert [s.id for s in await store.stories.recent(NOW - timedelta(days=900))] == ["sto-on"]
    asked = [("link", n) for n in ("old", "alone", "new", "unheard")]
    assert await store.articles.forgotten_keys(asked, SHARED) == {("link", "old"), ("link", "alone")}


async def test_a_page_behind_a_link_goes_at_its_own_age_and_can_be_read_again(store):
    given = Scope(workspace="T1", channel="slack:T1/C1", visibility=Visibility.CHANNEL)
    await store.articles.save([read("page", days=50, feed="", scope=given), read("news", days=50)])
    counts = await store.prune(keep=Keep(links_days=30), now=NOW)
    assert counts == {"article": 1, "article_key": 1}
    assert await store.articles.forgotten_keys([("link", "page")], given) == set()
    assert [a.id for a in await store.articles.many(["art-page", "art-news"])] == ["art-news"]


def test_a_table_without_owner_is_nobodys():
    assert rows_of_owner(tables.corpus_term, workspace="T1", channel="", user="") is None
    assert rows_of_owner(tables.lease, workspace="", channel="c", user="") is None
    assert rows_of_owner(tables.feed, workspace="", channel="c", user="U1") is None

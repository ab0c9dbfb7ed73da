"""Retention: what is older than it is to be kept is deleted, and nothing younger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.config import Keep
from bot.model.chat import State
from bot.model.scope import SHARED, Scope, Visibility
from bot.model.story import Story
from bot.store import KeptProfile, StoredDraft, StoryMembership, open_store, tables
from bot.store.retention import (
    KEPT_TABLES,
    RETENTION_COLUMNS,
    SHORT_RETENTION,
    USAGE_RETENTION,
)
from tests.servers.written import article
from tests.store.filled import NOW, counted, fill, with_parents

pytestmark = pytest.mark.slow


@pytest.fixture
async def store(database_url):
    async with open_store(database_url) as opened:
        yield opened


def test_every_table_has_an_age_or_a_reason_to_stay():
    known = {t.name for t in tables.metadata.sorted_tables}
    assert sorted([*RETENTION_COLUMNS, *SHORT_RETENTION, *KEPT_TABLES]) == sorted(known)
    assert {key for _, key in RETENTION_COLUMNS.values()} <= set(Keep.model_fields)


@pytest.mark.parametrize("table", sorted(RETENTION_COLUMNS))
async def test_each_kind_goes_at_its_age_and_not_before(store, table):
    column, key = RETENTION_COLUMNS[table]
    days = max(30, USAGE_RETENTION.days if table == "model_call" else 0)
    old = {column: NOW - timedelta(days=days, seconds=1), "state": State.POSTED.value, "sent": True}
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
    await fill(store, wanted, due_at=NOW, state=State.DUE.value, sent=False)
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

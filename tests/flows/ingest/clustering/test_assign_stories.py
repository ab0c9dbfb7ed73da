"""Placing: what is narrower stands beside what is wider and leaves no trace in it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.config import BriefingSettings
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.choosing.rank_stories import ranked_stories
from bot.flows.briefing.gather import gather
from bot.flows.briefing.request import BriefingRequest
from bot.flows.ingest.clustering.assign_stories import assign_stories, store_articles
from bot.flows.ingest.reading import ArticleDraft
from bot.flows.story_timeline import story_timelines
from bot.model.chat import Channel
from bot.model.ids import derive_id
from bot.model.scope import SHARED, Scope, Visibility
from bot.model.story import Story
from bot.posting_lists import MAX_POSTINGS
from bot.store import KeptProfile, open_store, tables
from bot.stories.clustering.cluster import MAX_COMPARED_STORIES
from bot.stories.clustering.profiles import StoryProfile
from tests.servers.written import MONDAY, article

pytestmark = pytest.mark.slow
HERE = Channel(platform="slack", workspace="T1", id="C1").scope
NEXT_DOOR = Channel(platform="slack", workspace="T1", id="C2").scope
TEAM = Scope(workspace="T1", channel=HERE.channel, visibility=Visibility.WORKSPACE)
SETTINGS = BriefingSettings()

TALKS = (
    "Talks with the Tarn Front were suspended, said Omar Haddad, the spokesman of the government. "
    "Mediator Ida Moss will travel to the Tarn valley on Thursday. The road to the north of Tarn is closed."
)
PRIVATE = (
    "Talks with the Tarn Front collapsed, said Omar Haddad, the spokesman of the government. "
    "Mediator Ida Moss left the Tarn valley for good. Zorvakin is the new name on the list of the Tarn Front."
)
CRANE = (
    "A crane fell into the harbour of Velt and two workers were injured. "
    "Director Anna Berg closed the northern pier of Velt until Friday. Ferries leave from the southern pier."
)


@pytest.fixture
async def store(sqlite_url):
    async with open_store(sqlite_url) as opened:
        yield opened


async def come(store, text, *, scope=SHARED, hours=0, name="", outlet="Nordic Wire", feed="fee-1"):
    """Let an article come and be placed; return it as it is kept."""
    at = MONDAY + timedelta(hours=hours)
    one = await asyncio.to_thread(article, text, title=text.split(".")[0], published=at, outlet=outlet)
    link = f"https://news.example/{name or len(text)}"
    one = replace(one, id=derive_id("art", link, *scope.parts), feed_id=feed, scope=scope)
    known = (await store.articles.known([("link", link)], scope)).get(("link", link))
    await store_articles(
        [(ArticleDraft(article=one, link=link, entry_hash=text), known)], store=store, now=at
    )
    await assign_stories(store=store, now=at)
    (kept,) = await store.articles.many([one.id])
    return kept


async def shared(store):
    """Return all rows of shared stories: what they are made of and what is remembered of them."""
    found = []
    async with store.database.reading() as connection:
        for table in (tables.story, tables.story_term):
            rows = await connection.execute(sa.select(table).where(table.c.visibility == "shared"))
            found += [dict(row) for row in rows.mappings()]
        found += [dict(row) for row in (await connection.execute(sa.select(tables.corpus_term))).mappings()]
    return found


async def test_a_channels_article_stands_beside_the_shared_story_and_changes_nothing_of_it(store):
    one = await come(store, TALKS)
    before = await shared(store)
    own = await come(store, PRIVATE, scope=HERE, hours=3)
    placed = await store.stories.of_articles([one.id, own.id])
    assert len(set(placed.values())) == 1
    assert await shared(store) == before


async def test_shared_news_is_placed_as_if_nothing_private_were_there(store):
    await come(store, PRIVATE, scope=HERE)
    one = await come(store, TALKS, hours=3)
    (found,) = await store.stories.recent(MONDAY - timedelta(days=1))
    assert found.id == derive_id("sto", one.id)
    assert found.article_ids == (one.id,)
    async with open_store("sqlite:///") as other:
        await come(other, TALKS, hours=3)
        assert await shared(other) == await shared(store)


async def test_the_ledger_of_a_place_is_folded_from_what_it_may_read(store):
    await come(store, TALKS)
    await come(store, PRIVATE, scope=HERE, hours=3)
    lines = {}
    for name, by in (("here", HERE), ("next door", NEXT_DOOR), ("all", SHARED)):
        stories = await store.stories.recent(MONDAY - timedelta(days=1), by=by)
        found = await story_timelines(stories, store=store, at=MONDAY + timedelta(days=1), by=by)
        lines[name] = [row.value.line for one in found.values() for row in one.rows if row.fact == "status"]
    assert [("collapsed" in line, "suspended" in line) for line in lines["here"]] == [
        (False, True),
        (True, False),
    ]
    assert lines["next door"] == lines["all"] == lines["here"][:1]


async def test_a_briefing_tells_a_place_its_own_and_others_not(store):
    await come(store, TALKS)
    await come(store, PRIVATE, scope=HERE, hours=3)
    now = MONDAY + timedelta(hours=4)
    texts = {}
    for scope in (HERE, NEXT_DOOR):
        made = await brief_channel(
            store=store, channel=scope.channel, scope=scope, settings=SETTINGS, now=now
        )
        texts[scope] = repr(made)
    assert "collapsed" in texts[HERE]
    assert "collapsed" not in texts[NEXT_DOOR]
    assert "suspended" in texts[NEXT_DOOR]


async def test_a_shared_copy_of_a_private_text_is_an_original(store):
    own = await come(store, CRANE, scope=HERE, name="own", outlet="The Insider")
    copy = await come(store, CRANE, hours=2, name="copy", outlet="The Post")
    assert (copy.text_group, copy.originator) == (copy.id, "The Post")
    assert (own.text_group, own.originator) == (own.id, "The Insider")
    private_copy = await come(store, CRANE, scope=NEXT_DOOR, hours=3, name="third", outlet="The Reader")
    assert (private_copy.text_group, private_copy.originator) == (copy.id, "The Post")


async def test_what_a_workspace_reads_rests_on_no_channel_of_it(store):
    await come(store, PRIVATE, scope=HERE)
    team = await come(store, TALKS, scope=TEAM, hours=2, name="team")
    placed = await store.stories.of_articles([team.id])
    (story,) = await store.stories.get(list(placed.values()), by=NEXT_DOOR)
    assert story.article_ids == (team.id,)
    assert story.scope == Scope(workspace="T1", visibility=Visibility.WORKSPACE)


async def test_an_edit_of_an_article_beside_a_story_touches_its_ledger_not_at_all(store):
    await come(store, TALKS)
    await come(store, PRIVATE, scope=HERE, hours=3, name="own")
    before = await shared(store)
    edited = await come(store, PRIVATE.replace("for good", "in anger"), scope=HERE, hours=5, name="own")
    assert edited.revision == 2
    assert await shared(store) == before


async def test_a_link_makes_no_story_move_and_is_part_of_one_that_does(store):
    first = await come(store, TALKS)
    link = await come(store, PRIVATE, scope=HERE, hours=1, name="talks", feed="")
    await come(store, CRANE, scope=HERE, hours=1, name="crane", feed="")

    async def moved(hours):
        at = MONDAY + timedelta(hours=hours)
        request = BriefingRequest(sent={}, since=MONDAY, at=at, settings=SETTINGS, by=HERE)
        inputs = await gather(request, store=store)
        assert inputs.still == ()
        return [{a.id for a in context.articles} for context in inputs.moved]

    assert await moved(2) == []
    later = await come(store, TALKS.replace("closed", "open"), hours=3, name="later")
    assert await moved(4) == [{first.id, link.id, later.id}]


async def test_what_was_told_of_its_own_is_not_repeated_where_less_may_be_read(store):
    await come(store, TALKS)
    await come(store, PRIVATE, scope=HERE, hours=3)
    now = MONDAY + timedelta(hours=4)
    await brief_channel(store=store, channel=HERE.channel, scope=HERE, settings=SETTINGS, now=now)
    told = await store.briefings.sent_stories(HERE.channel)
    assert {t.by for t in told.values()} == {HERE}
    for by, known in ((HERE, set(told)), (SHARED, set())):
        at = now + timedelta(hours=1)
        request = BriefingRequest(sent=told, since=now, at=at, settings=SETTINGS, by=by)
        inputs = await gather(request, store=store)
        assert set(inputs.sent) == known


async def test_the_operator_is_told_what_stands_beside_a_story_and_whose_it_is(store):
    await come(store, TALKS)
    own = await come(store, PRIVATE, scope=HERE, hours=3)
    why = {}
    for by in (None, HERE, NEXT_DOOR):
        (found,) = await ranked_stories(
            store=store, since=MONDAY - timedelta(days=1), now=MONDAY, limit=9, interests=(), by=by
        )
        why[by] = [line for line in found.why if own.id in line]
    assert why[None][0].startswith(f"{own.id} (beside it, of {HERE.channel}): similarity")
    assert why[HERE][0].startswith(f"{own.id}: similarity")
    assert why[NEXT_DOOR] == []


async def test_a_channel_is_briefed_though_an_article_it_was_told_of_is_gone(store):
    first = await come(store, TALKS)
    later = MONDAY + timedelta(hours=2)
    await brief_channel(store=store, channel=HERE.channel, scope=HERE, settings=SETTINGS, now=later)
    second = await come(store, TALKS.replace("closed", "open"), hours=3, name="later")
    async with store.database.writing() as connection:
        await connection.execute(sa.delete(tables.article).where(tables.article.c.id == first.id))
    now = MONDAY + timedelta(hours=4)
    made = await brief_channel(store=store, channel=HERE.channel, scope=HERE, settings=SETTINGS, now=now)
    assert {source.article_id for source in made.sources} <= {second.id}


async def test_a_story_that_slept_is_found_among_many_by_reading_few(store, monkeypatch):
    one = await come(store, TALKS)
    crowd = [
        Story(id=f"sto-{n}", title="T", article_ids=(), first_at=MONDAY, last_at=MONDAY)
        for n in range(2 * MAX_POSTINGS)
    ]
    # All of the common words of the news are in stories that came since; the names are not.
    kept = KeptProfile(data=StoryProfile(story_id="").to_bytes(), terms=["talk", "spokesman", "govern"])
    await store.stories.save(crowd, [], profiles={story.id: kept for story in crowd})
    read = []
    profiles = store.stories.profiles

    async def noted(*given, **more):
        found = await profiles(*given, **more)
        read.extend(found)
        return found

    monkeypatch.setattr(store.stories, "profiles", noted)
    later = await come(store, PRIVATE, hours=24 * 60, name="later")
    placed = await store.stories.of_articles([one.id, later.id])
    assert len(set(placed.values())) == 1
    assert len(read) <= MAX_COMPARED_STORIES

"""Merged, split and renamed stories, on every engine: nothing is sent twice, nobody sees more, and no ingest undoes it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.config import BriefingSettings
from bot.errors import InputError
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.replay import replay, stored_briefing
from bot.flows.ingest.clustering.assign_stories import assign_stories, store_articles
from bot.flows.ingest.reading import ArticleDraft
from bot.flows.maintenance.edit_stories import (
    close_contradiction,
    list_articles,
    list_contradictions,
    merge_stories,
    rename_story,
    split_story,
)
from bot.flows.story_timeline import story_timelines
from bot.model.briefing import SentStory, Statement, Writer
from bot.model.chat import Channel
from bot.model.conversation.reader import StoryChoice, Want
from bot.model.ids import derive_id
from bot.model.news import Citation
from bot.model.scope import SHARED
from bot.model.story import Claim
from bot.model.story_edit import EditVerb
from bot.model.update import Contradiction, Fact, StoryUpdate
from bot.store import open_store, tables
from tests.servers.written import MONDAY, article

pytestmark = pytest.mark.slow
HERE = Channel(platform="slack", workspace="T1", id="C1").scope
SETTINGS = BriefingSettings()
ZONE = "UTC"

CRANE = (
    "A crane fell into the harbour of Velt and two workers were injured. "
    "Director Anna Berg closed the northern pier of Velt until Friday. Ferries leave from the southern pier."
)
CRANE_LATER = (
    "The northern pier of Velt, where a crane fell into the harbour, opens again on Sunday. "
    "Director Anna Berg said the two injured workers left the hospital of Velt."
)
INQUIRY = (
    "Prosecutor Ida Moss opened an inquiry against the builder Norden Lifts. "
    "Norden Lifts had been warned twice by its own engineers about the steel cable that broke."
)
INQUIRY_LATER = (
    "A court in Oster charged two managers of the builder Norden Lifts with neglect. "
    "Prosecutor Ida Moss wants a trial over the steel cable in June."
)


@pytest.fixture
async def store(engine_url):
    async with open_store(engine_url) as opened:
        yield opened


async def come(store, text, *, scope=SHARED, hours=0):
    """Let an article come and be assigned; return its id."""
    at = MONDAY + timedelta(hours=hours)
    one = await asyncio.to_thread(article, text, title=text.split(".")[0], published=at)
    link = f"https://news.example/{text[:40].replace(' ', '-')}"
    one = replace(one, id=derive_id("art", link, *scope.parts), feed_id="fee-1", scope=scope)
    await store_articles([(ArticleDraft(article=one, link=link, entry_hash=text), None)], store=store, now=at)
    await assign_stories(store=store, now=at)
    return one.id


async def story_of(store, article_id):
    return (await store.stories.of_articles([article_id]))[article_id]


async def cited(store, *names):
    """Return the articles (ids) that the timeline of each story rests on."""
    stories = await store.stories.get(names, by=None)
    timelines = await story_timelines(stories, store=store, at=MONDAY + timedelta(days=1), by=None)
    return {
        name: {c.article_id for row in timeline.rows for c in row.citations}
        for name, timeline in timelines.items()
    }


async def two_stories(store, **other):
    crane, inquiry = await come(store, CRANE), await come(store, INQUIRY, hours=1, **other)
    one, two = await story_of(store, crane), await story_of(store, inquiry)
    assert one != two
    return crane, inquiry, one, two


async def merged(store, *names, hours=2):
    return await merge_stories(names, store=store, now=MONDAY + timedelta(hours=hours))


async def parted(store, name, articles, hours=2):
    return await split_story(name, articles, store=store, now=MONDAY + timedelta(hours=hours))


async def briefed(store, *, hours):
    briefing = await brief_channel(
        store=store, channel="c", scope=HERE, settings=SETTINGS, now=MONDAY + timedelta(hours=hours)
    )
    bullets = [bullet.text for story in briefing.stories for bullet in story.bullets]
    return [story.headline.text for story in briefing.stories], bullets


async def test_a_merged_story_has_the_articles_of_all_and_stays_one(store):
    crane, inquiry, one, two = await two_stories(store)
    edit = await merged(store, one, two)
    assert (edit.verb, edit.story_id, edit.others) == (EditVerb.MERGE, one, (two,))
    later = await come(store, INQUIRY_LATER, hours=5)
    assert await store.stories.of_articles([crane, inquiry, later]) == dict.fromkeys(
        (crane, inquiry, later), one
    )
    assert await store.stories.all_ids() == [one]
    (found,) = await store.stories.get([one])
    assert set(found.article_ids) == {crane, inquiry, later}
    assert found.last_at == MONDAY + timedelta(hours=5)
    assert crane in (await cited(store, one))[one]


async def test_the_id_of_a_merged_story_leads_to_the_one_it_is_in(store):
    *_, one, two = await two_stories(store)
    await merged(store, one, two)
    for found in (await store.stories.get([two]), await store.stories.named(two[:9])):
        assert [story.id for story in found] == [one]
    assert await store.story_edits.current([one, two, "sto-x"]) == {one: one, two: one, "sto-x": "sto-x"}
    choice = StoryChoice(destination="c", story_id=two, want=Want.FOLLOW, at=MONDAY)
    await store.readers.choose(choice)  # from a button posted before
    assert set(await store.readers.choices("c")) == {one}


async def test_a_story_merged_twice_is_found_by_each_of_its_ids(store):
    *_, one, two = await two_stories(store)
    third = await story_of(
        store, await come(store, "Rain fell on Oster for nine days. Dikes near Oster held.", hours=2)
    )
    await merged(store, two, third)
    await merged(store, one, two)
    assert await store.story_edits.current([two, third]) == {two: one, third: one}


async def test_no_table_but_the_record_of_edits_knows_a_merged_story_any_more(store):
    _crane, inquiry, one, two = await two_stories(store)
    await store.readers.choose(StoryChoice(destination="c", story_id=two, want=Want.FOLLOW, at=MONDAY))
    await store.updates.keep(update(two, {"f-1": inquiry}))
    await briefed(store, hours=1.5)
    known = {t.name for t in tables.metadata.sorted_tables if "story_id" in t.c}
    records = {"report", "story_edit", "story_tie"}  # what was said and done then
    assert known == records | {"story_article", "sent_story", "story_choice", "story_update"}
    await merged(store, one, two)
    async with store.database.reading() as connection:
        for name in known - records:
            table = tables.metadata.tables[name]
            rows = (await connection.execute(sa.select(table.c.story_id))).scalars().all()
            assert set(rows) == {one}, name


async def test_what_was_sent_of_merged_stories_is_not_sent_again(store):
    *_, one, two = await two_stories(store)
    _, first = await briefed(store, hours=1.5)
    assert len(first) >= 2
    await merged(store, one, two)
    assert await briefed(store, hours=3) == ([], [])
    await come(store, INQUIRY_LATER, hours=5)
    (headline,), later = await briefed(store, hours=6)
    assert any("charged" in text for text in (headline, *later))
    assert not set(later) & set(first)


async def test_a_briefing_from_before_a_merge_is_replayed_with_what_its_channel_knew(store):
    *_, one, two = await two_stories(store)
    await briefed(store, hours=1.5)
    await come(store, CRANE_LATER, hours=2)
    await briefed(store, hours=3)
    await merged(store, one, two, hours=4)
    ((_, last), *_) = await store.briefings.recent(1)
    made = await replay(await stored_briefing(last.id, store=store), store=store)
    bullets = [
        {b.text for story in briefing.stories for b in story.bullets} for briefing in (last, made.briefing)
    ]
    assert bullets[0] == bullets[1]


async def test_what_was_sent_before_a_split_is_not_sent_again(store):
    _crane, inquiry, one, two = await two_stories(store)
    await merged(store, one, two)
    _, first = await briefed(store, hours=3)
    new = (await parted(store, one, [inquiry], hours=4)).others[0]
    assert set(await store.briefings.sent_stories("c")) == {one, new}
    assert await briefed(store, hours=5) == ([], [])
    await come(store, INQUIRY_LATER, hours=6)
    await come(store, CRANE_LATER, hours=6.5)
    headlines, later = await briefed(store, hours=7)
    assert len(headlines) == 2
    assert not set(later) & set(first)


async def test_a_channel_knows_nothing_of_a_new_story_that_it_was_sent_nothing_of(store):
    _crane, _inquiry, one, two = await two_stories(store)
    await briefed(store, hours=0.5)
    await store.briefings.mark_sent("none")
    told = await store.briefings.sent_stories("c")
    await merged(store, one, two)
    later = await come(store, CRANE_LATER, hours=5)
    new = (await parted(store, one, [later], hours=6)).others[0]
    assert told
    assert new not in await store.briefings.sent_stories("c")


async def test_a_briefing_that_was_made_before_a_merge_is_known_after_it(store):
    *_, one, two = await two_stories(store)
    briefing = await brief_channel(
        store=store, channel="other", scope=HERE, settings=SETTINGS, now=MONDAY + timedelta(hours=1.5)
    )
    waiting = [
        SentStory(story_id=one, sent_at=MONDAY, statements=("of one",)),
        SentStory(story_id=two, sent_at=MONDAY, statements=("of two",)),
    ]
    async with store.database.writing() as connection:
        table = tables.briefing
        await connection.execute(
            sa.update(table).where(table.c.id == briefing.id).values(unsent=tuple(waiting), destination="c")
        )
    await merged(store, one, two)
    await store.briefings.mark_sent(briefing.id)
    sent = await store.briefings.sent_stories("c")
    assert set(sent) == {one}
    assert set(sent[one].statements) == {"of one", "of two"}


async def test_a_split_moves_articles_for_good_and_keeps_the_two_apart(store):
    crane, inquiry, one, two = await two_stories(store)
    await merged(store, one, two)
    edit = await parted(store, one, [inquiry[:9]], hours=4)
    (new,) = edit.others
    assert (edit.verb, edit.story_id, edit.articles) == (EditVerb.SPLIT, one, (inquiry,))
    later = await come(store, INQUIRY_LATER, hours=6)
    assert await store.stories.of_articles([crane, inquiry, later]) == {crane: one, inquiry: new, later: new}
    assert await store.story_edits.apart([one, new]) == {frozenset({one, new})}
    found = await cited(store, one, new)
    for story, article_id in ((one, crane), (new, inquiry)):
        assert article_id in found[story]
        assert not found[story] & {crane, inquiry} - {article_id}
    await merged(store, one, new, hours=8)
    assert await store.story_edits.apart([one, new]) == set()


def update(story_id, facts, **more):
    ids = tuple((article_id, 1) for article_id in dict.fromkeys(facts.values()))
    return StoryUpdate(
        id=derive_id("upd", story_id, *facts), story_id=story_id, articles=ids, as_of=MONDAY, made_at=MONDAY,
        written_by=Writer.MODEL,
        facts=tuple(
            Fact(id=key, text=key, citations=(Citation(article_id=a, sentences=(1,)),)) for key, a in facts.items()
        ),
        **more,
    )  # fmt: skip


async def test_facts_go_with_the_sentences_they_cite_and_keep_their_ids(store):
    crane, inquiry, one, two = await two_stories(store)
    await merged(store, one, two)
    headline = Statement(text="A crane fell", citations=(Citation(article_id=crane, sentences=(1,)),))
    await store.updates.keep(update(one, {"f-crane": crane, "f-inquiry": inquiry}, headline=headline))
    (new,) = (await parted(store, one, [inquiry])).others
    found = await store.updates.of([one, new], by=SHARED)
    assert {key: [f.id for u in kept for f in u.facts] for key, kept in found.items()} == {
        one: ["f-crane"],
        new: ["f-inquiry"],
    }
    assert [u.headline for kept in found.values() for u in kept] == [headline, None]
    assert [u.articles for kept in found.values() for u in kept] == [((crane, 1),), ((inquiry, 1),)]
    await merged(store, one, new, hours=5)
    again = (await store.updates.of([one], by=SHARED))[one]
    assert {fact.id for u in again for fact in u.facts} == {"f-crane", "f-inquiry"}


async def test_a_name_stays_whatever_comes_and_names_the_story_everywhere(store):
    _crane, *_, one, _ = await two_stories(store)
    edit = await rename_story(one, "  The crane\nof Velt ", store=store, now=MONDAY)
    assert (edit.was, edit.now) == (CRANE.split(".", maxsplit=1)[0], "The crane of Velt")
    assert await story_of(store, await come(store, CRANE_LATER, hours=5)) == one
    assert [story.title for story in await store.stories.get([one])] == ["The crane of Velt"]
    assert (await store.stories.titles(MONDAY - timedelta(1), by=None, most=9))[one] == "The crane of Velt"
    assert await store.stories.names([one]) == {one: "The crane of Velt"}


async def test_a_name_survives_a_merge(store):
    *_, one, two = await two_stories(store)
    await rename_story(two, "The cable", store=store, now=MONDAY)
    await merged(store, one, two)
    assert await store.stories.names([one]) == {one: "The cable"}


async def test_stories_of_different_readers_are_never_merged(store):
    own, shared = await come(store, INQUIRY, scope=HERE), await come(store, CRANE, hours=1)
    one, two = await story_of(store, shared), await story_of(store, own)
    for names in ((one, two), (two, one)):
        with pytest.raises(InputError, match="of slack:T1/C1"):
            await merged(store, *names)
    assert await store.stories.of_articles([own, shared]) == {own: two, shared: one}
    assert await store.story_edits.recent(9) == []


async def test_a_private_article_that_stands_beside_a_shared_story_becomes_a_private_one(store):
    shared = await come(store, CRANE)
    own = await come(store, CRANE_LATER, scope=HERE, hours=2)
    one = await story_of(store, shared)
    assert await story_of(store, own) == one
    (new,) = (await parted(store, one, [own], hours=3)).others
    assert [s.scope for s in await store.stories.get([new], by=None)] == [HERE]
    assert await store.stories.get([new], by=SHARED) == []


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda s, one, a: merge_stories([one], store=s, now=MONDAY), "only one story"),
        (lambda s, one, a: merge_stories([one, one], store=s, now=MONDAY), "only one story"),
        (lambda s, one, a: merge_stories([one, "sto-none"], store=s, now=MONDAY), "no story 'sto-none'"),
        (lambda s, one, a: merge_stories(["sto-", one], store=s, now=MONDAY), "begin with 'sto-'"),
        (lambda s, one, a: parted(s, one, [a]), "Nothing would be left"),
        (lambda s, one, a: parted(s, one, ["art-none"]), "has no article 'art-none'"),
        (lambda s, one, a: parted(s, "x", [a]), "no story 'x'"),
        (lambda s, one, a: rename_story(one, " ", store=s, now=MONDAY), "needs a name"),
        (lambda s, one, a: rename_story(one, "a" * 201, store=s, now=MONDAY), "more than 200"),
    ],
)  # fmt: skip
async def test_what_cannot_be_done_is_said_in_words_and_changes_nothing(store, call, words):
    crane, _, one, _ = await two_stories(store)
    with pytest.raises(InputError, match=words):
        await call(store, one, crane)
    assert await store.story_edits.recent(9) == []


async def test_each_edit_is_recorded_newest_first(store):
    _crane, inquiry, one, two = await two_stories(store)
    await merged(store, one, two, hours=2)
    await parted(store, one, [inquiry], hours=3)
    await rename_story(one, "Crane", store=store, now=MONDAY + timedelta(hours=4))
    found = await store.story_edits.recent(9)
    assert [edit.verb for edit in found] == [EditVerb.RENAME, EditVerb.SPLIT, EditVerb.MERGE]
    assert [edit.at - MONDAY for edit in found] == [timedelta(hours=h) for h in (4, 3, 2)]


async def test_a_contradiction_that_an_editor_closed_stays_closed_through_merging_and_splitting(store):
    crane, _, one, two = await two_stories(store)
    hurt = [
        Claim(by=by, text=text, citation=Citation(article_id=crane, revision=1, sentences=(number,)))
        for by, text, number in (
            ("Police", "Police said two workers were injured.", 1),
            ("The clinic", "The clinic counted three injured workers.", 2),
        )
    ]
    update = StoryUpdate(
        id="upd-1",
        story_id=one,
        articles=((crane, 1),),
        as_of=MONDAY,
        made_at=MONDAY,
        written_by=Writer.MODEL,
        contradictions=(Contradiction(question="How many were injured?", sides=tuple(hurt)),),
    )
    await store.updates.keep(update)
    story, found = await list_contradictions(one, store=store)
    assert (story.id, [c.question for c in found]) == (one, ["How many were injured?"])
    at = MONDAY + timedelta(hours=2)
    with pytest.raises(InputError, match="no open contradiction 2"):
        await close_contradiction(one, 2, store=store, now=at)
    closed = await close_contradiction(one, 1, store=store, now=at)
    assert closed.sides == tuple(hurt)
    assert (await list_contradictions(one, store=store))[1] == ()
    await merged(store, two, one, hours=3)
    assert (await list_contradictions(two, store=store))[1] == ()
    await parted(store, two, [crane], hours=4)
    assert (await list_contradictions(await story_of(store, crane), store=store))[1] == ()


async def test_follow_wins_and_mute_needs_all_of_the_merged_stories(store):
    *_, one, two = await two_stories(store)
    for place, wants in {
        "f": (Want.MUTE, Want.FOLLOW),
        "m": (Want.MUTE, Want.MUTE),
        "n": (Want.MUTE, None),
    }.items():
        for story, want in zip((one, two), wants, strict=True):
            if want:
                await store.readers.choose(
                    StoryChoice(destination=place, story_id=story, want=want, at=MONDAY)
                )
    await merged(store, one, two)
    found = {place: {k: c.want for k, c in (await store.readers.choices(place)).items()} for place in "fmn"}
    assert found == {"f": {one: Want.FOLLOW}, "m": {one: Want.MUTE}, "n": {}}


async def test_all_that_can_be_split_off_is_listed(store):
    crane, *_, one, _ = await two_stories(store)
    story, there = await list_articles(one[:8], store=store)
    assert (story.id, [a.id for a in there]) == (one, [crane])

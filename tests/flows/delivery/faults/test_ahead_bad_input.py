"""Whatever happens between the reading ahead and the post, the briefing goes out on time, right and labelled."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.briefings.assemble import citations_of
from bot.config import RunSettings
from bot.errors import ModelError, OverBudget
from bot.flows.maintenance.edit_stories import rename_story
from bot.flows.updates.claims import StoryClaims
from bot.model.briefing import Mode, Writer
from bot.model.chat import Length
from bot.model.ids import derive_id
from bot.model.scope import SHARED, Scope, Visibility
from bot.store import tables
from tests.flows.delivery.prepared import MORE, NOW, SLOT, TOPICS, open_prepared

pytestmark = pytest.mark.slow
OWN = Scope(channel="console:b", visibility=Visibility.CHANNEL)


@pytest.fixture
async def bot(engine_url, tmp_path):
    async with open_prepared(engine_url, tmp_path) as opened:
        await opened.subscribe()
        yield opened


async def read_ahead(bot, *topics, **news):
    await bot.news(*topics, **news)
    report = await bot.preparer.round()
    assert (report.read, report.failed) == (len(topics), 0)
    return len(bot.model.requests)


def lines(briefing):
    """Return every line of the stories of ``briefing``, each as often as it is told."""
    return [b.text for story in briefing.stories for b in story.bullets]


async def delivered(bot, name="console:a"):
    """Return what a channel gets at its minute: cited to what stands, and no line twice."""
    briefing = (await bot.deliver())[name]
    assert len(lines(briefing)) == len(set(lines(briefing)))
    cited = {(c.article_id, c.revision) for c in citations_of(briefing.stories)}
    there = await bot.store.articles.revisions(sorted({article_id for article_id, _ in cited}))
    assert cited <= {(a.id, a.revision) for a in there}
    return briefing


async def test_a_story_that_was_merged_meanwhile_is_told_once_with_the_facts_of_both(bot):
    asked = await read_ahead(bot, "crane", "nurses")
    ids = [await bot.story_of(TOPICS[name][0]) for name in ("crane", "nurses")]
    before = [fact.text for update in await bot.updates() for fact in update.facts]
    await bot.app.merge_stories(ids)
    briefing = await delivered(bot)
    assert len(bot.model.requests) == asked
    assert [story.story_id for story in briefing.stories] == [ids[0]]
    assert set(lines(briefing)) <= set(before)
    assert {"Velmar", "Sunde"} <= set(re.findall(r"\w+", " ".join(lines(briefing))))
    assert not briefing.degraded


@pytest.mark.one_engine
async def test_a_story_that_was_split_meanwhile_is_told_as_two_without_a_line_twice(bot):
    await bot.news("crane")
    await bot.news("crane", texts=MORE)
    await bot.preparer.round()
    story_id = await bot.story_of(TOPICS["crane"][0])
    assert await bot.story_of(MORE["crane"][0]) == story_id
    (story,) = await bot.store.stories.get([story_id], by=SHARED)
    later = next(a for a in await bot.store.articles.many(story.article_ids) if a.title == MORE["crane"][0])
    await bot.app.split_story(story_id, [later.id])
    briefing = await delivered(bot)
    assert len(briefing.stories) == 2
    for told in briefing.stories:
        about = {c.article_id for b in told.bullets for c in b.citations}
        assert about == ({later.id} if told.story_id != story_id else about - {later.id})


@pytest.mark.one_engine
async def test_a_story_that_was_renamed_meanwhile_is_told_without_a_call(bot):
    asked = await read_ahead(bot, "crane")
    story_id = await bot.story_of(TOPICS["crane"][0])
    await rename_story(story_id, "The crane of Velmar", store=bot.store, now=bot.clock[0])
    briefing = await delivered(bot)
    assert len(bot.model.requests) == asked
    assert [story.story_id for story in briefing.stories] == [story_id]


@pytest.mark.one_engine
@pytest.mark.parametrize("fails", [False, True])
async def test_of_an_article_that_was_edited_meanwhile_the_old_figure_is_not_told(bot, fails):
    await read_ahead(bot, "crane", "nurses")
    asked = len(bot.model.reads)
    edited = TOPICS["crane"][1].replace("Two workers", "Five workers")
    bot.items["/wire"] = [item.replace(TOPICS["crane"][1], edited) for item in bot.items["/wire"]]
    await bot.news()
    if fails:
        bot.model.fails = lambda _: ModelError("It failed", reason="x")
    briefing = await delivered(bot)
    assert bot.model.reads[asked:] == [await bot.story_of(TOPICS["crane"][0])]
    text = " ".join(lines(briefing))
    assert "Five workers" in text
    assert "Two workers" not in text
    assert (briefing.mode is Mode.DEGRADED) is fails


async def test_an_article_that_is_forgotten_while_it_is_read_leaves_nothing_and_stops_nobody(bot):
    await bot.follow("/own", scope=OWN)
    await bot.subscribe("console:b")
    await bot.news("crane")
    await bot.news("museum", path="/own")

    async def forget(request):
        if "Harn" in request.user:
            await bot.store.forget(channel="console:b")

    bot.model.before = forget
    report = await bot.preparer.round()
    assert (report.read, report.failed) == (1, 1)
    assert all("Harn" not in str(update) for update in await bot.updates(by=OWN))
    briefing = await delivered(bot)
    assert "Velmar" in str(briefing)
    assert "Harn" not in str(briefing)


@pytest.mark.one_engine
async def test_what_was_read_of_an_article_that_was_removed_meanwhile_is_not_told(bot):
    asked = await read_ahead(bot, "crane", "museum")
    story_id = await bot.story_of(TOPICS["museum"][0])
    (story,) = await bot.store.stories.get([story_id], by=SHARED)
    async with bot.store.database.writing() as connection:
        await connection.execute(sa.delete(tables.article).where(tables.article.c.id.in_(story.article_ids)))
    await bot.app.prune()
    briefing = await delivered(bot)
    assert len(bot.model.requests) == asked
    assert "Harn" not in str(briefing)
    assert [story.writer for story in briefing.stories] == [Writer.MODEL]


@pytest.mark.one_engine
async def test_what_a_feed_brought_that_left_the_pack_is_not_told(engine_url, tmp_path):
    async with open_prepared(engine_url, tmp_path) as bot:
        await bot.follow("/one", pack="world")
        await bot.follow("/two", pack="world")
        await bot.subscribe(packs=["world"])
        await bot.news("crane", path="/one")
        asked = await read_ahead_of_two(bot)
        await bot.store.feeds.remove(derive_id("fee", "/two"))
        briefing = await delivered(bot)
        assert len(bot.model.requests) == asked
        assert "Velmar" in str(briefing)
        assert "Sunde" not in " ".join(lines(briefing))


async def read_ahead_of_two(bot):
    await bot.news("nurses", path="/two")
    assert (await bot.preparer.round()).read == 2
    return len(bot.model.requests)


@pytest.mark.one_engine
async def test_a_feed_that_joins_the_pack_meanwhile_is_told_and_read_at_the_minute(engine_url, tmp_path):
    async with open_prepared(engine_url, tmp_path) as bot:
        await bot.follow("/one", pack="world")
        await bot.subscribe(packs=["world"])
        await bot.news("crane", path="/one")
        await bot.preparer.round()
        await bot.follow("/two", pack="world")
        await bot.news("nurses", path="/two")
        briefing = await delivered(bot)
        assert len(briefing.stories) == 2
        assert {story.writer for story in briefing.stories} == {Writer.MODEL}


@pytest.mark.one_engine
async def test_a_model_that_fails_for_half_of_the_stories_costs_only_those_and_is_not_pestered(bot):
    await bot.news(*TOPICS)
    bad = ("Velmar", "Sunde")

    def fails(request):
        return ModelError("It is overloaded", reason="x") if any(w in request.user for w in bad) else None

    bot.model.fails = fails
    report = await bot.preparer.round()
    assert (report.read, report.failed) == (2, 2)
    assert (await bot.preparer.round()).planned == 0
    bot.clock[0] += timedelta(minutes=5)
    assert (await bot.preparer.round()).failed == 2
    briefing = await delivered(bot)
    assert len(briefing.stories) == 4
    quoted = {s.writer for s in briefing.stories if any(word in str(s) for word in bad)}
    assert quoted == {Writer.EXTRACTS}
    assert {s.writer for s in briefing.stories if not any(w in str(s) for w in bad)} == {Writer.MODEL}
    assert briefing.degraded == ("2 of 4: it is overloaded",)


@pytest.mark.one_engine
@pytest.mark.parametrize("topic", ["crane", "museum"])
async def test_what_came_too_late_for_the_model_is_told_as_its_own_sentence(engine_url, tmp_path, topic):
    late = MORE if topic in MORE else TOPICS
    hurry = RunSettings(prepare_minutes=60, http="", write_seconds=1.0)
    async with open_prepared(engine_url, tmp_path, run=hurry) as bot:
        await bot.subscribe()
        await read_ahead(bot, "crane", "nurses")
        await bot.news(topic, texts=late)
        bot.model.before = never
        briefing = await delivered(bot)
    sentences = late[topic][1].split(". ")
    told = next(story for story in briefing.stories if any(one in str(story) for one in sentences))
    assert told.writer is (Writer.MODEL if topic in MORE else Writer.EXTRACTS)
    rest = [story for story in briefing.stories if story is not told]
    assert {story.writer for story in rest} == {Writer.MODEL}
    assert briefing.mode is Mode.DEGRADED
    assert briefing.degraded == (f"1 of {len(briefing.stories)}: the model did not answer in time",)


async def never(_request):
    await asyncio.Event().wait()


@pytest.mark.one_engine
async def test_a_model_that_answers_again_after_it_failed_is_used_at_the_minute(bot):
    await bot.news("crane")
    bot.model.fails = lambda _: ModelError("It is overloaded", reason="x")
    await bot.preparer.round()
    bot.model.fails = None
    briefing = await delivered(bot)
    assert [story.writer for story in briefing.stories] == [Writer.MODEL]


@pytest.mark.one_engine
@pytest.mark.parametrize("jump", [timedelta(days=3), timedelta(hours=-30)])
async def test_a_clock_that_jumps_between_the_two_costs_no_call_and_no_briefing(bot, jump):
    asked = await read_ahead(bot, *TOPICS)
    bot.clock[0] += jump
    assert (await bot.another().round()).failed == 0
    if jump < timedelta():
        bot.clock[0] = SLOT - timedelta(minutes=1)
        assert (await bot.another().round()).planned == 0
    found = await bot.deliver()
    assert len(bot.model.requests) == asked
    if jump < timedelta():
        assert len(found["console:a"].stories) == 4
        assert not found["console:a"].degraded


@pytest.mark.one_engine
async def test_a_clock_that_jumps_while_a_story_is_read_loses_nothing(bot):
    await bot.news(*TOPICS)

    async def jump(_request):
        bot.clock[0] = SLOT - timedelta(minutes=1)
        bot.model.before = None

    bot.model.before = jump
    await bot.preparer.round()
    briefing = await delivered(bot)
    assert len(briefing.stories) == 4
    assert sorted(bot.model.reads) == sorted(set(bot.model.reads))


@pytest.mark.one_engine
async def test_at_the_ceiling_of_the_budget_nothing_is_read_and_the_briefing_says_so(bot):
    await bot.news(*TOPICS)
    bot.model.fails = lambda _: OverBudget("The daily ceiling is reached", reason="over_budget")
    report = await bot.preparer.round()
    assert (report.read, report.failed) == (0, 4)
    briefing = await delivered(bot)
    assert len(briefing.stories) == 4
    assert briefing.mode is Mode.DEGRADED
    assert {story.writer for story in briefing.stories} == {Writer.EXTRACTS}


@pytest.mark.one_engine
async def test_near_the_ceiling_half_of_the_stories_are_read_ahead_and_told(bot):
    await bot.subscribe("console:b", length=Length.SHORT)
    await bot.store.subscriptions.remove((await bot.store.subscriptions.all(destination="console:a"))[0].id)
    await bot.news(*TOPICS)

    async def most_is_used():
        return replace(await bot.app.session(), used=0.9)

    composer = replace(bot.deliverer.composer, session=most_is_used)
    assert (await bot.another(composer=composer).round()).read == 2
    briefing = await delivered(bot, "console:b")
    assert len(briefing.stories) == 3


async def test_rule_8_what_was_answered_and_not_kept_is_asked_for_again_and_stands_once(bot):
    await bot.news(*TOPICS)
    keep, kept = bot.store.updates.keep, []

    async def fails_twice(update, **more):
        if len(kept) < 2:
            kept.append(update)
            raise RuntimeError("killed")  # between reading and keeping
        return await keep(update, **more)

    bot.store.updates.keep = fails_twice
    report = await bot.preparer.round()
    assert (report.read, report.failed) == (2, 2)
    # Another process, which knows nothing of the first one.
    claims = StoryClaims(bot.store.leases, now=lambda: bot.clock[0])

    async def session():
        return replace(await bot.app.session(), claims=claims)

    assert (await bot.another(composer=replace(bot.deliverer.composer, session=session)).round()).read == 2
    read = [key for update in await bot.updates() for key in update.articles]
    assert len(read) == len(set(read)) == 4
    assert not (await delivered(bot)).degraded


async def test_rule_8_two_that_read_a_story_because_a_clock_was_set_keep_each_article_once(bot):
    await bot.news("crane")
    both = asyncio.Event()
    waiting = []

    async def before(request):
        waiting.append(request)
        if len(waiting) == 1:
            # More comes, and the first one's claim runs out on a clock that was set forward and back.
            await bot.news("crane", texts=MORE)
            bot.clock[0] += timedelta(minutes=2)
            await both.wait()
        both.set()

    bot.model.before = before
    other = StoryClaims(bot.store.leases, now=lambda: bot.clock[0])

    async def session():
        return replace(await bot.app.session(), claims=other)

    async with asyncio.timeout(300):
        first = asyncio.create_task(bot.preparer.round())
        while not waiting or bot.clock[0] < NOW + timedelta(minutes=4):  # noqa: ASYNC110
            await asyncio.sleep(0)
        await bot.another(composer=replace(bot.deliverer.composer, session=session)).round()
        await first
    read = [key for update in await bot.updates() for key in update.articles]
    assert len(read) == len(set(read)) == 2
    briefing = await delivered(bot)
    assert {story.writer for story in briefing.stories} == {Writer.MODEL}

"""Briefings told from what a model read: once for all channels, each told only what it was not sent, none more than it may read."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.config import BriefingSettings
from bot.errors import ModelError
from bot.flows.briefing.brief import brief_channel, make_briefing
from bot.flows.briefing.gather import gather
from bot.flows.briefing.replay import replay, stored_briefing
from bot.flows.briefing.request import BriefingRequest
from bot.flows.briefing.session import ModelSession
from bot.flows.maintenance.evaluate import keep
from bot.flows.updates.claims import StoryClaims
from bot.language.cleaning.clean import cleaned
from bot.language.sentences.split import split_sentences
from bot.llm.offline.scripted_replies import scripted_answer
from bot.model.briefing import Section, SentStory, Writer
from bot.model.record_key import fence_of
from bot.model.scope import SHARED, Scope, Visibility
from bot.model.story import StorySupport
from tests.flows.ferry import (
    AGREED,
    ARTICLES,
    KINDS,
    MONDAY,
    OFFERED,
    TEXTS,
    WANTED,
    Answers,
    article,
    fact,
    reply,
)

pytestmark = pytest.mark.slow
NOON = MONDAY + timedelta(hours=4)
NEXT = NOON + timedelta(days=1)
C1 = Scope(workspace="T1", channel="slack:T1/C1", visibility=Visibility.CHANNEL)
C2 = replace(C1, channel="slack:T1/C2")
SETTINGS = BriefingSettings(window_hours=48)
DEAL = "Orsund Line and the seafarers' union agreed in Brekk on Tuesday on a rise in pay of 5 percent for the ferry crews."
LATER = article("art-2", DEAL, hours=23)


async def brief(store, model, channel="slack:T1/C1", *, scope=SHARED, at=NOON, settings=SETTINGS, **session):
    chosen = ModelSession(model=model, kinds=KINDS, fence=fence_of, **session)
    return await brief_channel(
        store=store, channel=channel, scope=scope, settings=settings, now=at, session=chosen
    )


async def arrive(store, *articles, at=NOON):
    await keep(articles, store=store, at=at)


def updates_asked(model):
    return [request for request in model.requests if request.schema_name == "update"]


async def test_two_channels_of_one_pack_cost_the_calls_of_one(store):
    await arrive(store, *ARTICLES)
    model = Answers(reply())
    first = await brief(store, model)
    asked = len(model.requests)
    second = await brief(store, model, "slack:T1/C2")
    assert len(model.requests) == asked == 1
    assert [s.bullets for s in first.stories] == [s.bullets for s in second.stories]
    assert {s.writer for s in second.stories} == {Writer.MODEL}


@pytest.mark.one_engine
@pytest.mark.parametrize("days", [1, 40])
async def test_a_channel_is_told_what_is_new_beside_the_line_that_it_replaces(store, days):
    await arrive(store, *ARTICLES)
    model = Answers(reply(), AGREED)
    await brief(store, model)
    at = NOON + timedelta(days=days)
    await arrive(store, article("art-2", DEAL, hours=24 * days - 1), at=at)
    (story,) = (await brief(store, model, at=at)).stories
    assert len(updates_asked(model)) == 2
    assert story.section is Section.CHANGED
    assert story.previous_status.line == "Wage talks opened in Brekk on Monday"
    assert story.status.line == "Orsund Line and the union agreed on a rise in pay"
    assert [b.text for b in story.bullets] == [AGREED["facts"][0]["text"]]
    assert ("it returns after 3 March 2025" in story.why) is (days > 14)


@pytest.mark.one_engine
async def test_the_same_news_again_is_no_news(archive):
    await arrive(archive, *ARTICLES)
    model = Answers(
        reply(), reply(facts=[WANTED | {"relation": "restates", "known": "F1", "cite": [1]}], actors=[])
    )
    await brief(archive, model)
    again = article(
        "art-3",
        "The seafarers' union wants 8 percent more pay for its members, Tove Lind said again.",
        hours=20,
    )
    await arrive(archive, again, at=NEXT)
    later = await brief(archive, model, at=NEXT)
    assert later.stories == ()
    assert len(later.unchanged) == 1


@pytest.mark.one_engine
async def test_rule_9_what_was_quoted_is_not_told_again_once_a_model_can_read(archive):
    await arrive(archive, *ARTICLES)
    down = Answers(ModelError("The model is down", reason="down"))
    (quoted,) = (await brief(archive, down)).stories
    assert quoted.writer is Writer.EXTRACTS
    told = {(c.article_id, n) for b in quoted.bullets for c in b.citations for n in c.sentences}
    await arrive(archive, LATER, at=NEXT)
    (story,) = (await brief(archive, Answers(scripted_answer), at=NEXT)).stories
    for bullet in story.bullets:
        assert not {(c.article_id, n) for c in bullet.citations for n in c.sentences} <= told


@pytest.mark.one_engine
async def test_a_story_the_model_fails_on_is_quoted_with_the_reason(archive):
    await arrive(archive, *ARTICLES)
    briefing = await brief(archive, Answers(ModelError("The model is down", reason="down")))
    (story,) = briefing.stories
    assert story.writer is Writer.EXTRACTS
    assert story.bullets
    assert briefing.degraded == ("1 of 1: the model is down",)
    # What rules would guess beside the sentences is not shown in the place of what a model was to read.
    assert (story.status, story.actors, story.figures, story.next, story.unknown) == (None, (), (), (), ())


@pytest.mark.one_engine
async def test_what_a_model_read_before_stands_beside_what_is_quoted_today(archive):
    await arrive(archive, *ARTICLES)
    await brief(archive, Answers(reply()))
    await arrive(archive, LATER, at=NEXT)
    down = Answers(ModelError("The model is down", reason="down"))
    (story,) = (await brief(archive, down, at=NEXT)).stories
    assert story.writer is Writer.EXTRACTS
    assert story.status.line == "Wage talks opened in Brekk on Monday"


TOPICS = (
    "The lighthouse of Velt was sold to a bakery chain on Monday for 4 million crowns.",
    "A wolf was seen near the school of Tarn, and hunters searched the forest until dark.",
    "Parliament in Orm passed the water law with 61 votes after a long night of debate.",
    "Doctors in Selin warned that the measles outbreak had reached three more villages.",
    "The chess final in Marenga ended in a draw, and the players meet again for a decider.",
    "A dam near Holt leaked after heavy rain, and engineers lowered the lake by two metres.",
    "The museum of Norden returned eleven bronze statues to the island they were taken from.",
)


@pytest.mark.one_engine
async def test_at_most_twice_as_many_stories_are_read_as_are_told(archive):
    await arrive(archive, *(article(f"t-{i}", text, title=text[:30]) for i, text in enumerate(TOPICS)))
    silent = Answers(
        reply(
            facts=[],
            headline={"text": "", "cite": []},
            status={"text": "", "cite": []},
            actors=[],
            questions=[],
            elsewhere=[1],
        )
    )
    # What a model finds nothing in is passed over for the next of the ranking.
    await brief(archive, silent, settings=BriefingSettings(window_hours=48, stories=2))
    assert len({request.subject for request in updates_asked(silent)}) <= 4
    honest = Answers(scripted_answer)
    briefing = await brief(
        archive, honest, "slack:T1/C9", settings=BriefingSettings(window_hours=48, stories=2)
    )
    assert len(briefing.stories) <= 2


async def test_a_private_feeds_update_sees_what_is_shared_and_never_the_other_way(store):
    await arrive(store, *ARTICLES)
    letter = "Orsund Line told the crews in a letter that it will sell the ferry Zyzzogeton if the wage talks in Brekk fail."
    own = article("own", letter, hours=2, scope=C1)
    await arrive(store, own)
    sale = fact(
        "The ferry Zyzzogeton will be sold if the wage talks in Brekk fail.", 1, claimant="Orsund Line"
    )
    empty = {"text": "", "cite": []}

    def answers(request):
        material = request.user.partition("New articles:")[2]
        private = reply(facts=[sale], headline=empty, status=empty, actors=[], questions=[])
        return private if "Zyzzogeton" in material else scripted_answer(request)

    model = Answers(answers)
    (told, *_) = (await brief(store, model, scope=C1)).stories
    assert sale["text"] in [b.text for b in told.bullets]
    ours = [r for r in updates_asked(model) if "Zyzzogeton" in r.user.partition("New articles:")[2]]
    (request,) = ours
    assert "nothing yet" not in request.user
    model.requests.clear()
    later = article(
        "art-3",
        "Talks about pay between the ferry crews and Orsund Line in Brekk were adjourned on Tuesday evening.",
        hours=22,
    )
    await arrive(store, later, at=NEXT)
    others = await brief(store, model, "slack:T1/C2", scope=C2, at=NEXT)
    assert "Zyzzogeton" not in str(others)
    assert model.requests
    assert not [r for r in model.requests if "Zyzzogeton" in r.user]


async def test_what_a_briefing_keeps_can_be_read_again_without_the_model(archive):
    await arrive(archive, *ARTICLES)
    await brief(archive, Answers(reply()))
    (story_id,) = set((await archive.stories.of_articles([a.id for a in ARTICLES])).values())
    (update,) = (await archive.updates.of([story_id], by=SHARED))[story_id]
    assert [f.text for f in update.facts] == [WANTED["text"], OFFERED["text"]]
    (exchange,) = await archive.updates.exchanges(update.id)
    assert "New articles" in exchange.request
    assert cleaned(exchange.reply) == exchange.reply
    assert re.fullmatch(r"upd-\w+", update.id)
    assert update.made_at == NOON.astimezone(UTC) == datetime(2025, 3, 3, 12, tzinfo=UTC)


async def test_a_replay_tells_what_was_read_for_another_channel_as_it_was_and_keeps_nothing(archive):
    await arrive(archive, *ARTICLES)
    await brief(archive, Answers(reply()))
    shared = await brief(archive, Answers(ModelError("nobody should ask", reason="x")), "slack:T1/C2")
    past = await stored_briefing(shared.id, store=archive)
    assert (await replay(past, store=archive)).differences == ()
    other = Answers(reply(facts=[OFFERED]))
    again = await replay(past, store=archive, session=ModelSession(model=other, kinds=KINDS, fence=fence_of))
    assert len(updates_asked(other)) == 1
    assert [b.text for s in again.briefing.stories for b in s.bullets] == [OFFERED["text"]]
    (story_id,) = set((await archive.stories.of_articles([a.id for a in ARTICLES])).values())
    (update,) = (await archive.updates.of([story_id], by=SHARED))[story_id]
    assert len(update.facts) == 2


@pytest.mark.one_engine
async def test_two_briefings_at_the_same_time_read_a_story_once(store):
    await arrive(store, *ARTICLES)
    both = asyncio.Event()

    class Watched(StoryClaims):
        held = 0

        def hold(self, story_id, scope):
            self.held += 1
            if self.held == 2:
                both.set()
            return super().hold(story_id, scope)

    class Patient(Answers):
        async def complete(self, request):
            await both.wait()  # answers only when the second briefing wants the story too
            return await super().complete(request)

    model, claims = Patient(reply()), Watched()
    async with asyncio.timeout(300):
        first, second = await asyncio.gather(
            *(brief(store, model, f"slack:T1/C{n}", claims=claims) for n in (1, 2))
        )
    assert len(model.requests) == 1
    assert [s.bullets for s in first.stories] == [s.bullets for s in second.stories]
    assert first.stories[0].writer is Writer.MODEL


@pytest.mark.one_engine
async def test_of_an_edited_article_only_what_is_new_is_read_and_told(store):
    await arrive(store, *ARTICLES)
    model = Answers(reply(), reply(facts=[fact("The talks end on Friday.", 1)], actors=[], questions=[]))
    await brief(store, model)
    said = split_sentences(f"{TEXTS[0]} The talks end on Friday, Karin Moe wrote.")
    edited = replace(ARTICLES[0], revision=2, fetched_at=NEXT - timedelta(hours=1), sentences=said)
    await arrive(store, edited, at=NEXT)
    briefing = await brief(store, model, at=NEXT)
    material = [r.user.partition("New articles:")[2] for r in updates_asked(model)][1:]
    assert len(material) == 1
    assert "The talks end on Friday" in material[0]
    assert "1,250" not in material[0]
    assert WANTED["text"] not in [b.text for s in briefing.stories for b in s.bullets]


@pytest.mark.one_engine
async def test_what_an_earlier_release_sent_does_not_come_back_as_news_once_a_model_reads(archive):
    await arrive(archive, *ARTICLES)
    (story_id,) = set((await archive.stories.of_articles([a.id for a in ARTICLES])).values())
    await arrive(archive, LATER, at=NEXT)
    then = SentStory(story_id=story_id, sent_at=NOON, headline="Ferry talks")  # no sentences were recorded
    request = BriefingRequest(sent={story_id: then}, since=NOON, at=NEXT, settings=SETTINGS, by=SHARED)
    inputs = await gather(request, store=archive)
    agreed = fact(
        "Orsund Line and the seafarers' union agreed on a rise in pay of 5 percent.", 7, importance=3
    )
    session = ModelSession(model=Answers(reply(facts=[WANTED, OFFERED, agreed])), kinds=KINDS, fence=fence_of)
    made = await make_briefing(inputs, store=archive, channel="c", settings=SETTINGS, session=session)
    assert [b.text for s in made.briefing.stories for b in s.bullets] == [agreed["text"]]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("facts", "support"),
    [
        ([WANTED, OFFERED], StorySupport.SINGLE),
        ([WANTED], StorySupport.ONE_PARTY),
    ],
)
async def test_whose_claim_a_line_is_stands_on_the_line_and_not_on_the_story(archive, facts, support):
    await arrive(archive, ARTICLES[0])
    opened = {"text": "Wage talks opened in Brekk on Monday", "said_by": "", "day": "2025-03-03", "cite": [1]}
    briefing = await brief(archive, Answers(reply(facts=facts, status=opened, actors=[])))
    (story,) = briefing.stories
    assert story.corroboration.support is support
    assert [b.said_by.partition(", ")[0] for b in story.bullets] == [f["claimant"] for f in facts]
    await arrive(archive, ARTICLES[1])
    (both,) = (await brief(archive, Answers(reply(facts=facts, actors=[])), "slack:T1/C2")).stories
    assert both.corroboration.support is StorySupport.CONFIRMED


@pytest.mark.one_engine
async def test_quoted_sentences_of_one_outlet_are_a_single_source_whoever_speaks(archive):
    await arrive(archive, ARTICLES[0])
    (story,) = (await brief(archive, Answers(ModelError("The model is down", reason="down")))).stories
    assert story.corroboration.support is StorySupport.SINGLE

"""An article that is edited corrects what channels were sent of it: in the post, in its thread and in what they know."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.concurrency import DONE
from bot.config import BriefingSettings
from bot.errors import PostUnclear
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.session import ModelSession
from bot.flows.delivery.deliver import Deliverer
from bot.flows.delivery.outcomes import Step
from bot.flows.delivery.slots import create_due_deliveries
from bot.flows.maintenance.edit_stories import merge_stories
from bot.flows.maintenance.evaluate import keep
from bot.flows.notify import notifier
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
from bot.language.sentences.split import split_sentences
from bot.model.briefing import TranslatedLine
from bot.model.record_key import fence_of
from bot.model.scope import SHARED
from bot.model.update import UpdateTranslation
from bot.runtime.corrections import Corrections, CorrectionStep
from bot.store import open_store
from tests.flows.ferry import (
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
from tests.flows.outside import item, rss
from tests.flows.talk import NEWS, TalkChat

pytestmark = pytest.mark.slow
NOON = MONDAY + timedelta(hours=4)
LESS = fact("The seafarers' union wants 6 percent more pay.", 1, claimant="Tove Lind", importance=3)
EMPTY = {"text": "", "cite": []}
AGAIN = reply(
    headline=EMPTY,
    status=EMPTY,
    facts=[WANTED | {"relation": "restates", "known": "F1", "cite": [1]}],
    actors=[],
    questions=[],
)
NOTHING = reply(headline=EMPTY, status=EMPTY, facts=[], actors=[], questions=[])


class Queue:
    """A queue that tells what was put into it."""

    def __init__(self):
        self.asked = []
        self.epochs = []

    async def start(self, chain, subject, epoch, place):
        self.asked.append((chain, subject))
        self.epochs.append(epoch)


class BriefedChannel:
    """A channel with a daily briefing by a model, and what corrects it."""

    def __init__(self, store, *answers):
        self.store, self.clock, self.chat = store, NOON, TalkChat()
        self.model = Answers(*answers)
        self.corrections = Corrections(
            store=store, chats={"talk": self.chat}, now=lambda: self.clock, looked=NOON - timedelta(days=1)
        )

    async def session(self):
        return ModelSession(model=self.model, kinds=KINDS, fence=fence_of)

    async def subscribe(self, **requested):
        wanted = {"channel": NEWS.name, "times": "daily 12:01", "zone": "UTC"} | requested
        await subscribe(
            SubscriptionRequest(**wanted),
            store=self.store,
            chats={"talk": self.chat},
            now=self.clock,
            zone="UTC",
        )

    async def deliver(self, *, days=0):
        """Let the briefing of the ``days``-th day be posted; return it."""
        self.clock = NOON + timedelta(days=days, minutes=1)
        deliverer = Deliverer(
            store=self.store,
            chats={"talk": self.chat},
            settings=BriefingSettings(window_hours=48),
            now=lambda: self.clock,
            session=self.session,
            notify=notifier(store=self.store, now=lambda: self.clock),
            count_delivery=lambda _outcome, _late: None,
        )
        await create_due_deliveries(store=self.store, now=self.clock, grace=timedelta(days=1))
        for one in await self.store.deliveries.claim(self.clock):
            step = Step.GATHER
            while step:
                step = (await deliverer.step(step, one.id, one.epoch)).step
        (_, briefing), *_ = await self.store.briefings.recent(1)
        return briefing

    async def edit(self, text, *, which=0, revision=2, **changes):
        """Let a revision of an article come."""
        self.clock += timedelta(hours=1)
        revised = replace(
            ARTICLES[which],
            revision=revision,
            fetched_at=self.clock,
            sentences=split_sentences(text),
            **changes,
        )
        await keep([revised], store=self.store, at=self.clock)

    async def correct(self):
        """Do what follows an ingest, up to the end; return the briefings it was about."""
        queue = Queue()
        self.clock += timedelta(minutes=1)
        await self.corrections.start(queue)
        for _, briefing_id in queue.asked:
            after = await self.corrections.step(CorrectionStep.WITHDRAW, briefing_id, 0)
            while after != DONE:
                self.clock += timedelta(seconds=after.wait)
                after = await self.corrections.step(after.step, briefing_id, 0)
        return [briefing_id for _, briefing_id in queue.asked]

    @property
    def notes(self):
        """What stands in threads."""
        return [post.payload for post, _ in self.chat.posted.values() if post.parent]

    async def sent(self):
        (one,) = (await self.store.briefings.sent_stories(NEWS.name)).values()
        return one


@asynccontextmanager
async def opened(url):
    async with open_store(url) as store:
        await keep(ARTICLES, store=store, at=NOON)
        yield store


@pytest.fixture
async def on_each_engine(database_url):
    async with opened(database_url) as store:
        yield store


@pytest.fixture
async def store(sqlite_url):
    async with opened(sqlite_url) as store:
        yield store


async def no_model():
    return None


async def briefed(store, *answers):
    channel = BriefedChannel(store, reply(), *answers)
    await channel.subscribe()
    return channel, await channel.deliver()


async def test_rule_13_a_channel_that_was_sent_a_withdrawn_fact_gets_a_correction_in_post_and_thread(
    on_each_engine,
):
    channel, briefing = await briefed(on_each_engine)
    await channel.edit(TEXTS[0].replace("8 percent", "6 percent"))
    assert await channel.correct() == [briefing.id]
    ((root, payload),) = channel.chat.amended
    assert not channel.chat.posted[root][0].parent
    why = "The art-0 has edited its article, which no longer says so"
    assert f"“{WANTED['text']}” is withdrawn ({why})" in payload
    (note,) = channel.notes
    assert f"“{WANTED['text']}” is withdrawn ({why})" in note
    kept = await on_each_engine.briefings.get(briefing.id)
    assert [b.text for b in kept.stories[0].bullets] == [OFFERED["text"]]
    sent = await channel.sent()
    assert WANTED["text"] not in sent.statements
    assert briefing.stories[0].bullets[0].fact not in sent.facts
    assert briefing.stories[0].bullets[1].fact in sent.facts


async def test_rule_13_an_edit_has_one_name_whichever_process_sees_it_and_when(store):
    channel, briefing = await briefed(store)
    await channel.edit(TEXTS[0].replace("8 percent", "6 percent"))
    queue, looked = Queue(), channel.corrections.looked
    for _ in range(2):
        channel.corrections.looked = looked
        channel.clock += timedelta(minutes=7)
        await channel.corrections.start(queue)
    assert queue.asked == [("correct", briefing.id)] * 2
    assert len(set(queue.epochs)) == 1
    await channel.edit(TEXTS[0].replace("8 percent", "5 percent"), revision=3)
    await channel.corrections.start(queue)
    assert len(set(queue.epochs)) == 2


async def test_rule_13_a_correction_is_made_once(store):
    channel, briefing = await briefed(store)
    await channel.edit(TEXTS[0].replace("8 percent", "6 percent"))
    await channel.correct()
    await channel.edit("Orsund Line is not named here.", which=1)
    channel.corrections.looked -= timedelta(days=1)  # as after a restart
    channel.clock += timedelta(hours=2)
    await channel.correct()
    kept = await store.briefings.get(briefing.id)
    assert [c.was for c in kept.corrections].count(WANTED["text"]) == 1
    assert "".join(channel.notes).count(WANTED["text"]) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"{TEXTS[0]} The talks go on until Friday.",
        " ".join(reversed([s.text for s in ARTICLES[0].sentences])),
        TEXTS[0].replace("for 1,250 crew members", "for 1,260 crew members"),
        TEXTS[0].replace("Company spokesman", "The company's spokesman"),
    ],
    ids=["more", "moved", "another number, which the fact does not have", "reworded"],
)
async def test_rule_13_an_edit_that_leaves_what_was_sent_as_true_as_it_was_corrects_nothing(store, text):
    channel, briefing = await briefed(store)
    await channel.edit(text)
    await channel.correct()
    assert (await store.briefings.get(briefing.id)).corrections == ()
    assert (channel.chat.amended, channel.notes) == ([], [])


async def test_rule_13_what_another_article_says_as_well_is_not_corrected(store):
    said = fact("Orsund Line had offered 3 percent.", 3, 7, claimant="Arne Holt")
    again = article("art-9", "Orsund Line had offered 3 percent, Arne Holt told the Post.", hours=2)
    await keep([again], store=store, at=NOON)
    channel = BriefedChannel(store, reply(facts=[WANTED, said]))
    await channel.subscribe()
    briefing = await channel.deliver()
    await channel.edit(TEXTS[0].replace("had offered 3 percent", "had offered nothing"))
    await channel.correct()
    assert OFFERED["text"] not in [c.was for c in (await store.briefings.get(briefing.id)).corrections]


async def test_rule_13_an_article_that_says_what_it_corrected_is_named_as_corrected(store):
    channel, briefing = await briefed(store)
    note = "Correction: an earlier version of this article gave a wrong demand."
    await channel.edit(TEXTS[0].replace("8 percent", "6 percent"), correction=note)
    await channel.correct()
    (one,) = (await store.briefings.get(briefing.id)).corrections
    assert "The art-0 has corrected its article" in one.reason


@pytest.mark.parametrize("note", ["", "Correction: an earlier version of this article gave a wrong demand."])
async def test_rule_13_a_quoted_line_is_withdrawn_where_its_article_says_that_it_was_corrected(store, note):
    channel = BriefedChannel(store)
    channel.session = no_model
    await channel.subscribe()
    briefing = await channel.deliver()
    asked = next(b.text for story in briefing.stories for b in story.bullets if "8 percent" in b.text)
    await channel.edit(TEXTS[0].replace("8 percent", "6 percent"), correction=note)
    await channel.correct()
    corrections = (await store.briefings.get(briefing.id)).corrections
    assert (asked in {one.was for one in corrections}) is bool(note)
    assert bool(channel.notes) is bool(note)
    assert (asked in (await channel.sent()).statements) is not bool(note)


async def test_rule_13_a_note_of_correction_alone_withdraws_nothing(store):
    channel, briefing = await briefed(store)
    await channel.edit(TEXTS[0], correction="Correction: the name of the union was misspelt.")
    await channel.correct()
    assert (await store.briefings.get(briefing.id)).corrections == ()


async def test_rule_13_a_headline_and_a_status_that_fall_leave_the_story_with_what_stands(store):
    channel, briefing = await briefed(store)
    await channel.edit(
        "The seafarers' union wants 8 percent more pay for 1,250 crew members, its leader Tove Lind said."
    )
    await channel.edit("State mediator Karin Moe is leading the negotiations.", which=1)
    await channel.correct()
    (story,) = (await store.briefings.get(briefing.id)).stories
    assert story.status is None
    assert story.headline.text == WANTED["text"]
    assert [b.text for b in story.bullets] == [WANTED["text"]]
    (note,) = channel.notes  # one note for all of it
    assert OFFERED["text"] in note
    assert (await channel.sent()).status is None


async def test_rule_13_what_comes_in_the_place_of_a_headline_is_shown_as_it_is_kept_translated(store):
    channel, briefing = await briefed(store)
    by = await store.briefings.scope(briefing.id)
    story_id = briefing.stories[0].story_id
    (made,) = (await store.updates.of([story_id], by=by))[story_id]
    line = TranslatedLine(original=WANTED["text"], text="Die Seeleute wollen mehr.", language="es")
    await store.translations.keep(
        UpdateTranslation(
            update_id=made.id,
            language=briefing.language,
            scope=made.scope,
            made_at=made.made_at,
            lines=(line,),
        )
    )
    await channel.edit(
        "The seafarers' union wants 8 percent more pay for 1,250 crew members, its leader Tove Lind said."
    )
    await channel.edit("State mediator Karin Moe is leading the negotiations.", which=1)
    await channel.correct()
    amended = await store.briefings.get(briefing.id)
    assert amended.stories[0].headline.text == WANTED["text"]
    assert amended.translations == (line,)


async def test_rule_13_what_was_withdrawn_and_is_said_again_is_told_again(store):
    channel, _ = await briefed(store, NOTHING)
    await channel.edit(TEXTS[0].replace("8 percent", "6 percent"))
    await channel.correct()
    await channel.edit(TEXTS[0], revision=3)
    briefing = await channel.deliver(days=1)
    assert [b.text for s in briefing.stories for b in s.bullets] == [WANTED["text"]]


async def test_rule_13_what_another_article_restates_is_not_corrected_also_where_the_story_was_merged_since(
    store,
):
    channel, briefing = await briefed(store, AGAIN)
    said = article(
        "art-9",
        "The seafarers' union wants 8 percent more pay for its members, Tove Lind said again.",
        hours=20,
    )
    await keep([said], store=store, at=NOON + timedelta(days=1))
    await channel.deliver(days=1)
    (story_id,) = set((await store.stories.of_articles(["art-0"])).values())
    (known,) = (await store.updates.of([story_id], by=SHARED)).values()
    assert [f.restates != "" for update in known for f in update.facts] == [False, False, True]
    other = article(
        "far",
        "A wolf was seen near the school of Tarn, and hunters searched the forest until dark.",
        hours=21,
        title="A wolf near Tarn",
    )
    await keep([other], store=store, at=NOON + timedelta(days=1))
    (far,) = set((await store.stories.of_articles(["far"])).values())
    await merge_stories([far, story_id], store=store, now=channel.clock)
    await channel.edit(TEXTS[0].replace("8 percent", "6 percent"))
    assert briefing.id in await channel.correct()
    assert (await store.briefings.get(briefing.id)).corrections == ()


async def test_rule_13_a_draft_that_waits_for_its_editors_is_posted_as_corrected(store):
    channel = BriefedChannel(store, reply())
    await channel.subscribe(approval="talk:W1/other")
    briefing = await channel.deliver()
    await channel.edit(TEXTS[0].replace("8 percent", "6 percent"))
    await channel.correct()
    kept = await store.briefings.get(briefing.id)
    assert [b.text for b in kept.stories[0].bullets] == [OFFERED["text"]]
    await store.briefings.mark_sent(briefing.id)
    assert WANTED["text"] not in (await channel.sent()).statements


async def test_rule_13_a_post_whose_edit_is_of_unknown_outcome_is_brought_up_to_it_later(store, monkeypatch):
    channel, _ = await briefed(store)
    tries = []
    done = TalkChat.amend

    async def lost(chat, post, message_id):
        tries.append(message_id)
        if len(tries) <= 3:
            raise PostUnclear("No answer came", reason="timeout")
        await done(chat, post, message_id)

    monkeypatch.setattr(TalkChat, "amend", lost)
    await channel.edit(TEXTS[0].replace("8 percent", "6 percent"))
    await channel.correct()
    assert len(channel.chat.amended) == 1
    assert len(channel.notes) == 1


async def test_rule_13_a_correction_that_was_cut_off_before_the_post_was_edited_is_finished(store):
    channel, briefing = await briefed(store)
    await channel.edit(TEXTS[0].replace("8 percent", "6 percent"))
    channel.clock += timedelta(minutes=1)
    await channel.corrections.step(CorrectionStep.WITHDRAW, briefing.id, 0)  # the process ends here
    assert channel.chat.amended == []
    await channel.correct()
    assert len(channel.chat.amended) == 1
    assert len(channel.notes) == 1


def dated(path, text):
    return rss(
        item(
            1,
            title="Ferry talks",
            text=text,
            link=f"https://{path}.example/1",
            date="Tue, 08 Jul 2025 05:00:00 GMT",
        ),
        title=path,
    )


@pytest.mark.parametrize("note", ["", "Correction: An earlier version of this article gave a wrong demand."])
async def test_rule_13_an_edit_that_an_ingest_finds_corrects_what_was_sent(world, note):
    """From the feed over the loopback to the channel's memory, with and without a note of correction."""
    for path, text in zip(("union", "line"), TEXTS, strict=True):
        world.server.page(f"/{path}", dated(path, text), Content_Type="application/rss+xml")
    await world.follow("/union", "/line")
    await world.app.ingest(everything=True)
    briefing = await brief_channel(
        store=world.store,
        channel=NEWS.name,
        scope=SHARED,
        settings=BriefingSettings(window_hours=48),
        now=world.clock[0],
        session=ModelSession(model=Answers(scripted), kinds=KINDS, fence=fence_of),
    )
    assert WANTED["text"] in [b.text for s in briefing.stories for b in s.bullets]
    edited = f"{TEXTS[0].replace('8 percent', '6 percent')} {note}".strip()
    world.server.page("/union", dated("union", edited), Content_Type="application/rss+xml")
    world.later(hours=1)
    await world.app.ingest(everything=True)
    queue = Queue()
    corrections = Corrections(
        store=world.store, chats={}, now=lambda: world.clock[0], looked=world.clock[0] - timedelta(hours=2)
    )
    await corrections.start(queue)
    assert queue.asked == [("correct", briefing.id)]
    await corrections.step(CorrectionStep.WITHDRAW, briefing.id, 0)
    kept = await world.store.briefings.get(briefing.id)
    assert WANTED["text"] in [c.was for c in kept.corrections]
    assert OFFERED["text"] in [b.text for s in kept.stories for b in s.bullets]


def scripted(request):
    """Return a reply that cites the sentences wherever they stand."""
    lines = request.user.splitlines()

    def of(words):
        return next(
            (int(line[1 : line.index("]")]) for line in lines if line.startswith("[") and words in line), 99
        )

    status = {
        "text": "Wage talks opened in Brekk on Monday",
        "said_by": "",
        "day": "",
        "cite": [of("opened in Brekk")],
    }
    return reply(
        headline={"text": "Ferry crews and Orsund Line open wage talks", "cite": status["cite"]},
        status=status,
        facts=[WANTED | {"cite": [of("8 percent")]}, OFFERED | {"cite": [of("3 percent")]}],
        actors=[],
        questions=[],
    )


async def test_an_edit_that_comes_after_the_clock_was_set_back_is_followed(store):
    channel, briefing = await briefed(store)
    channel.clock += timedelta(hours=9)
    assert await channel.correct() == []
    channel.clock -= timedelta(hours=9)
    await channel.edit(TEXTS[0].replace("8 percent", "6 percent"))
    assert await channel.correct() == [briefing.id]

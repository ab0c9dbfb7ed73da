"""What the store promises of talk and readers, over every database it runs on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model.briefing import Briefing, Coverage, SentStory
from bot.model.chat import Channel
from bot.model.conversation.reader import Report, StoryChoice, Thread, ThreadTurn, Topic, Want
from bot.model.news import Citation
from bot.model.scope import SHARED
from bot.model.story import Status
from bot.model.talk import Replies
from bot.store import open_store

pytestmark = pytest.mark.slow
NOW = datetime(2025, 7, 8, 5, 30, tzinfo=UTC)
HERE, THERE = (Channel(platform="talk", workspace="W1", id=name) for name in ("news", "other"))
STATUS = Status(
    kind="negotiation",
    state="stalled",
    line="The talks ended with no breakthrough",
    as_of=NOW,
    since=NOW,
    citation=Citation(article_id="art-1", sentences=(1,)),
)


@pytest.fixture
async def store(database_url):
    async with open_store(database_url) as opened:
        yield opened


def turn(name, **changed):
    values = {
        "id": name,
        "destination": HERE.name,
        "root": "m1",
        "at": NOW,
        "asker": "U1",
        "topic": Topic.ANSWER,
        "question": f"Question {name} 🚀?",
        "answer": "An answer.",
        "stories": ("sto-1", "sto-2"),
        "subject": f"ans-{name}",
        "document": {"id": f"ans-{name}", "statements": []},
        "scope": HERE.scope,
    }
    return ThreadTurn(**values | changed)


async def test_a_request_begins_once_however_many_ask_at_the_same_time(store):
    begun = await asyncio.gather(
        *(store.conversations.begin("r1", at=NOW, scope=HERE.scope) for _ in range(8))
    )
    assert sorted(begun) == [False] * 7 + [True]


async def test_requests_are_counted_by_workspace_and_time(store):
    for n in range(3):
        await store.conversations.begin(f"r{n}", at=NOW + timedelta(hours=n), scope=HERE.scope)
    await store.conversations.begin("other", at=NOW, scope=replace(HERE.scope, workspace="W2"))
    assert await store.conversations.begun("W1", since=NOW + timedelta(hours=1)) == 2


async def test_a_thread_is_known_in_its_channel_alone_and_takes_a_later_subject(store):
    thread = Thread(
        destination=HERE.name,
        root="m1",
        topic=Topic.STORY,
        subject="sto-1",
        stories=("sto-1",),
        kept_under="m1",
        at=NOW,
        scope=HERE.scope,
    )
    await store.conversations.open(thread)
    assert await store.conversations.thread(HERE.name, "m1") == thread
    assert await store.conversations.thread(THERE.name, "m1") is None
    later = replace(thread, topic=Topic.ANSWER, subject="ans-1")
    await store.conversations.open(later)
    assert await store.conversations.thread(HERE.name, "m1") == later


async def test_the_newest_turns_of_a_thread_come_back_oldest_first(store):
    turns = [turn(f"t{n}", at=NOW + timedelta(minutes=n)) for n in range(5)]
    for one in reversed(turns):
        await store.conversations.keep(one)
    await store.conversations.keep(turn("elsewhere", destination=THERE.name))
    assert await store.conversations.turns(HERE.name, "m1", most=3) == turns[2:]


async def test_a_document_is_found_only_where_it_may_be_read(store):
    await store.conversations.keep(turn("t1"))
    assert await store.conversations.document("ans-t1", by=HERE.scope) == turn("t1")
    for scope in (THERE.scope, SHARED, replace(HERE.scope, workspace="W2")):
        assert await store.conversations.document("ans-t1", by=scope) is None


async def test_a_look_returns_the_one_before(store):
    for at, before in ((NOW, None), (NOW + timedelta(1), NOW)):
        assert await store.conversations.look(HERE.name, "U1", at=at, scope=HERE.scope) == before
    assert await store.conversations.look(HERE.name, "U2", at=NOW, scope=HERE.scope) is None


async def test_a_choice_replaces_the_earlier_one_and_ends_by_its_own_kind(store):
    mute = StoryChoice(
        destination=HERE.name, story_id="sto-1", want=Want.MUTE, at=NOW, status=STATUS, scope=HERE.scope
    )
    await store.readers.choose(replace(mute, want=Want.FOLLOW, status=None))
    await store.readers.choose(mute)
    assert await store.readers.choices(HERE.name) == {"sto-1": mute}
    assert not await store.readers.remove_choice(HERE.name, "sto-1", Want.FOLLOW)
    assert await store.readers.remove_choice(HERE.name, "sto-1", Want.MUTE)
    assert await store.readers.choices(HERE.name) == {}


async def test_a_channel_sets_its_replies_for_itself(store):
    assert await store.readers.replies(HERE.name) is None
    for setting in (Replies.ALL, Replies.MENTIONS):
        await store.readers.set_replies(HERE.name, setting, at=NOW, scope=HERE.scope)
    assert await store.readers.replies(HERE.name) is Replies.MENTIONS
    assert await store.readers.replies(THERE.name) is None


async def test_a_report_is_kept_once_and_listed_by_kind(store):
    wrong = Report(
        id="rep-1",
        at=NOW,
        destination=HERE.name,
        asker="U1",
        briefing_id="bri-1",
        statement="Nine died.",
        text="It was ten.",
        scope=HERE.scope,
    )
    useful = Report(id="rep-2", at=NOW, destination=HERE.name, asker="U1", briefing_id="bri-1", useful=True)
    for one in (wrong, wrong, useful):
        await store.readers.report(one)
    assert await store.readers.reports(limit=9, useful=False) == [wrong]
    assert len(await store.readers.reports(limit=9)) == 2


@pytest.mark.parametrize("delivered", [True, False])
async def test_an_amended_briefing_takes_what_was_or_will_be_told_with_it(store, delivered):
    briefing = Briefing(id="bri-1", title="T", made_at=NOW, coverage=Coverage(until=NOW))
    told = [SentStory(story_id=s, sent_at=NOW, statements=("wrong", "right")) for s in ("sto-1", "sto-2")]
    await store.briefings.save(
        briefing,
        destination=HERE.name,
        slot="s1",
        scope=HERE.scope,
        sent=told if delivered else None,
    )
    if not delivered:  # nothing is known, and nothing comes of it
        await store.briefings.mark_sent(briefing.id)
    await store.briefings.amend(
        replace(briefing, title="Amended"),
        story_id="sto-1",
        repair=lambda t: replace(t, statements=("right",)),
    )
    assert (await store.briefings.get("bri-1")).title == "Amended"
    known = await store.briefings.sent_stories(HERE.name)
    wanted = {"sto-1": ("right",), "sto-2": ("wrong", "right")} if delivered else {}
    assert {key: t.statements for key, t in known.items()} == wanted

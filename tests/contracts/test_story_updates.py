"""What the store promises of story updates, over every database it runs on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.codec import to_plain
from bot.config import Keep
from bot.model.record import Exchange
from bot.model.scope import SHARED, Scope, Visibility
from bot.model.story import Claim
from bot.model.update import ActorNature, AnnouncementOutcome, ChangeKind, Contradiction, SettledAnnouncement
from bot.store import StoredDraft, open_store
from tests.flows.ferry import ARTICLES, article
from tests.store.filled import everything
from tests.updates.made import (
    MONDAY,
    STORY,
    actor,
    announcement,
    cite,
    fact,
    figure,
    headline,
    status,
    update,
)

pytestmark = pytest.mark.slow
CANARY = "zyzzogeton"
C1 = Scope(workspace="T1", channel="slack:T1/C1", visibility=Visibility.CHANNEL)
C2 = replace(C1, channel="slack:T1/C2")
GIVEN = Scope(
    workspace="T1", channel="slack:T1/C1", visibility=Visibility.WORKSPACE
)  # by one channel to all of T1
ANSWERED = (Exchange(model="m", request="What is new?", reply=f'{{"facts": "{CANARY}"}}'),)


@pytest.fixture
async def store(database_url):
    async with open_store(database_url) as opened:
        await save(opened, *ARTICLES)
        yield opened


async def save(store, *articles):
    await store.articles.save(
        [StoredDraft(article=a, keys=(("hash", a.id),), entry_hash=a.id, fingerprint=b"") for a in articles]
    )


async def ids(store, by=SHARED, story=STORY):
    return [one.id for one in (await store.updates.of([story], by=by))[story]]


async def test_an_update_comes_back_as_it_was_kept_in_every_field(store):
    claim = Claim(by="Tove Lind", text="They want more.", citation=cite())
    full = update(
        "u1",
        articles=("art-0", "art-1"),
        headline=headline("Talks open 🚀 عنوان"),
        state="talking",
        state_citations=(cite(),),
        status=status("Talks have opened", said_by="Lind"),
        change=ChangeKind.ACT,
        facts=(fact("f1", claimant="Lind", restates="f0", happened_on=MONDAY.date()),),
        actors=(actor("Karin Moe", "leads", role="mediator", nature=ActorNature.BODY, aliases=("Moe",)),),
        figures=(figure("27", unit="people", claimant="police", series="hurt"),),
        announcements=(announcement("a1", "a vote", due=MONDAY.date(), due_end=MONDAY.date(), when="today"),),
        settled=(
            SettledAnnouncement(
                announcement="a0", outcome=AnnouncementOutcome.MOVED, due=MONDAY.date(), citations=(cite(),)
            ),
        ),
        contradictions=(Contradiction(question="How many?", sides=(claim, claim)),),
        background=(headline("It is an old quarrel."),),
        questions=("Why?",),
        elsewhere=(cite("art-1", 2),),
        roundups=("art-1",),
    )
    assert await store.updates.keep(full, exchanges=ANSWERED) == full
    assert (await store.updates.of([STORY, "sto-unknown"], by=SHARED)) == {STORY: (full,), "sto-unknown": ()}
    assert await store.updates.exchanges("u1") == ANSWERED


async def test_the_first_accepted_update_stays_and_is_what_the_second_gets(store):
    first, second = update("u1", facts=(fact("f1", "One."),)), update("u1", facts=(fact("f1", "Other."),))
    assert await store.updates.keep(first, exchanges=ANSWERED) == first
    assert await store.updates.keep(second, exchanges=()) == first
    assert (await store.updates.of([STORY], by=SHARED))[STORY] == (first,)
    assert await store.updates.exchanges("u1") == ANSWERED


async def test_updates_come_oldest_first(store):
    for name, made in (("u3", 3), ("u1", 1), ("u2", 2)):
        await store.updates.keep(update(name, made=made))
    assert await ids(store) == ["u1", "u2", "u3"]


async def test_a_private_update_is_invisible_to_others(store):
    await store.updates.keep(update("u1"))
    await store.updates.keep(update("u2", scope=C1))
    assert await ids(store) == ["u1"]
    assert await ids(store, by=C1) == ["u1", "u2"]
    assert await ids(store, by=C2) == ["u1"]


async def test_rule_8_an_article_is_read_once_in_a_scope_whoever_else_reads_it_meanwhile(store):
    first = update("u1", articles=("art-0",))
    both = update("u2", articles=("art-0", "art-1"))
    kept = await asyncio.gather(store.updates.keep(first, known=()), store.updates.keep(both, known=()))
    assert sorted(one is None for one in kept) == [False, True]
    (stands,) = await ids(store)
    again = {"u1": first, "u2": both}[stands]
    assert await store.updates.keep(again, known=()) == again  # its own answer comes a second time
    # What is too large for a call is read in parts; another scope and another revision are read by themselves.
    assert await store.updates.keep(update("part", articles=("art-0",)), known=[stands])
    assert await store.updates.keep(update("own", articles=("art-0",), scope=C1), known=())
    edited = replace(update("edited", articles=("art-0",)), articles=(("art-0", 2),))
    assert await store.updates.keep(edited, known=())


async def test_an_update_of_an_article_that_was_removed_meanwhile_is_not_kept(store):
    assert await store.updates.keep(update("u1", articles=("art-0", "art-gone"))) is None
    assert await store.updates.keep(update("u2"), read=["art-gone"]) is None
    assert await ids(store) == []


async def test_forgetting_an_article_deletes_what_was_read_of_it_also_as_a_known_fact_and_the_raw_reply(
    store,
):
    await save(store, article("given", f"The {CANARY} talks opened.", scope=GIVEN))
    told = (fact("f1", f"The {CANARY} talks opened.", article="given"),)
    await store.updates.keep(update("u1", articles=("given",), scope=C2, facts=told), exchanges=ANSWERED)
    # It read another article, and was shown what the first had given.
    known = update("u2", scope=C2, facts=(fact("f2", f"After {CANARY}, they met."),))
    await store.updates.keep(known, read=["given"], exchanges=ANSWERED)
    await store.updates.keep(update("u3", scope=C2))
    assert await ids(store, by=C2) == ["u1", "u2", "u3"]
    counts = await store.forget(channel="slack:T1/C1")
    assert counts["story_update"] == 2
    assert await ids(store, by=C2) == ["u3"]
    assert await store.updates.exchanges("u2") == ()
    assert CANARY not in await everything(store)


async def test_no_byte_of_it_is_left_in_the_database_file(tmp_path):
    async with open_store(f"sqlite:///{tmp_path / 'wire.db'}") as store:
        await save(store, *ARTICLES, article("given", f"The {CANARY} talks opened.", scope=GIVEN))
        told = (fact("f1", f"The {CANARY} talks opened.", article="given"),)
        await store.updates.keep(update("u1", articles=("given",), scope=C2, facts=told), exchanges=ANSWERED)
        assert any(CANARY.encode() in file.read_bytes() for file in tmp_path.iterdir())
        await store.forget(channel="slack:T1/C1")
        assert not [f.name for f in tmp_path.iterdir() if CANARY.encode() in f.read_bytes()]


async def test_raw_replies_go_at_their_age_and_updates_stay_with_their_articles(store):
    await store.updates.keep(update("u1"), exchanges=ANSWERED)
    keep = Keep(replies_days=30, articles_days=0)
    made = update("u1").made_at
    await store.prune(keep=keep, now=made + timedelta(days=30))
    assert await store.updates.exchanges("u1") == ANSWERED
    await store.prune(keep=keep, now=made + timedelta(days=30, seconds=1))
    assert await store.updates.exchanges("u1") == ()
    assert await ids(store) == ["u1"]
    gone = await store.prune(keep=Keep(articles_days=1), now=made + timedelta(days=400))
    assert gone["story_update"] == 1
    assert await ids(store) == []


def test_every_update_can_be_written_as_plain_values():
    assert to_plain(update("u1"))["schema"] == "wirebrief.update/1"

"""The store's promises, over every database it runs on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.config import Keep
from bot.language.cleaning.clean import cleaned
from bot.model.briefing import Briefing, Checks, Coverage, FeedFailure, SentStory, Source
from bot.model.chat import Channel, Subscription
from bot.model.conversation.link import LinkBrief
from bot.model.ids import derive_id
from bot.model.news import Article, DateSource, Feed, FeedHealth, Sentence, TextSource
from bot.model.record import Exchange, ModelUsage, Record, Writing
from bot.model.scope import SHARED, Scope, Visibility, readable
from bot.model.story import Story
from bot.posting_lists import read_postings, story_key
from bot.store import IngestRun, KeptProfile, StoredDraft, StoredLink, StoryMembership, open_store
from bot.store.running.notices import Notice
from tests.support.hostile import HUGE, TEXTS, UNCLEAN

pytestmark = pytest.mark.slow
NOW = datetime(2025, 7, 8, 5, 30, tzinfo=UTC)


@pytest.fixture
async def store(database_url):
    async with open_store(database_url) as opened:
        yield opened


def article(name="a", *, revision=1, text="The talks ended. They resume on Monday.", hours=0, scope=SHARED):
    parts = [p if p.endswith(".") else p + "." for p in text.split(". ")]
    return Article(
        id=derive_id("art", name),
        revision=revision,
        title=f"Title {name} 🚀 عنوان",
        published_at=NOW - timedelta(hours=hours),
        fetched_at=NOW,
        sentences=tuple(Sentence(number=i, text=p) for i, p in enumerate(parts, 1)),
        scope=scope,
    )


def draft(one: Article, *keys, entry_hash="h"):
    return StoredDraft(
        article=one, keys=keys or (("link", one.id),), entry_hash=entry_hash, fingerprint=b"\x00" * 8
    )


async def test_an_article_comes_back_as_it_was_kept(store):
    kept = article()
    await store.articles.save([draft(kept)])
    assert await store.articles.many([kept.id, "art-unknown"]) == [kept]
    assert await store.articles.count() == 1


@pytest.mark.parametrize("form", ["plain", "joined"])
async def test_any_text_that_was_cleaned_is_kept_as_it_is_in_every_field(store, form):
    texts = [cleaned(text) for text in (*TEXTS, *HUGE, *UNCLEAN)]
    texts = texts if form == "plain" else ["\n".join(texts)]
    drafts, feeds = [], []
    for i, text in enumerate(texts):
        kept = replace(
            article(f"h{i}"), url=text, outlet=text, title=text, author=text, language=text[:8], text_note=text,
            originator=text, feed_id=f"fee-{i}", sentences=(Sentence(number=1, text=text),),
        )  # fmt: skip
        drafts.append(draft(kept, ("guid", f"{i} {text[:500]}")))
        feeds.append(Feed(id=f"fee-{i}", url=f"https://a.example/{i}", title=text, site=text, pack=text))
    await store.articles.save(drafts)
    await store.feeds.add(feeds)
    kept = await store.articles.many([d.article.id for d in drafts])
    assert {a.id: a for a in kept} == {d.article.id: d.article for d in drafts}
    keys = [key for d in drafts for key in d.keys]
    assert set(await store.articles.known(keys, SHARED)) == set(keys)
    assert {f.id: f for f in await store.feeds.all()} == {f.id: f for f in feeds}


async def test_an_edit_keeps_the_earlier_revision_readable(store):
    first = article()
    second = replace(article(text="The talks go on."), revision=2)
    await store.articles.save([draft(first)])
    await store.articles.save([draft(second, entry_hash="h2")])
    assert await store.articles.many([first.id]) == [second]
    assert await store.articles.revision(first.id, 1) == first
    assert await store.articles.count() == 1
    known = await store.articles.known([("link", first.id)], SHARED)
    assert known["link", first.id].entry_hash == "h2"
    assert known["link", first.id].revision == 2


async def test_an_article_is_known_by_each_of_its_keys_but_only_in_its_scope(store):
    private = Scope(workspace="w", channel="c", visibility=Visibility.CHANNEL)
    one = article(scope=private)
    await store.articles.save([draft(one, ("guid", "g"), ("link", "l"), ("hash", "h"))])
    keys = [("guid", "g"), ("link", "l"), ("hash", "h"), ("guid", "other")]
    assert set(await store.articles.known(keys, private)) == set(keys[:3])
    assert await store.articles.known(keys, SHARED) == {}
    assert (await store.articles.many([one.id]))[0].scope == private


async def test_many_articles_pass_every_bound_on_parameters(store):
    drafts = [draft(article(f"n{i}", hours=i % 50)) for i in range(950)]
    await store.articles.save(drafts)
    ids = [d.article.id for d in drafts]
    assert len(await store.articles.many(ids)) == 950
    assert len(await store.articles.known([("link", i) for i in ids], SHARED)) == 950
    assert len(await store.articles.came_between(NOW - timedelta(1), NOW)) == 950
    assert await store.articles.came_between(NOW, NOW + timedelta(1)) == []


async def test_a_story_holds_its_articles_in_order_and_says_why(store):
    late, early = article("late"), article("early", hours=5)
    await store.articles.save([draft(late), draft(early)])
    assert set(await store.articles.unassigned()) == {late.id, early.id}
    story = Story(
        id="sto-1", title="T", article_ids=(), first_at=early.published_at, last_at=late.published_at
    )
    placements = [
        StoryMembership(article_id=a.id, story_id="sto-1", score=0.5, why=("alike",)) for a in (late, early)
    ]
    await store.stories.save([story], placements, profiles={"sto-1": KeptProfile(data=b"p")})
    (kept,) = await store.stories.recent(NOW - timedelta(1))
    assert kept.article_ids == (early.id, late.id)
    assert await store.stories.get(["sto-1"]) == [kept]
    (profile,) = await store.stories.profiles([story_key("sto-1")], since=NOW - timedelta(1))
    assert (profile.story_id, profile.scope, profile.data) == ("sto-1", SHARED, b"p")
    assert not await store.articles.unassigned()
    assert await store.stories.of_articles([late.id]) == {late.id: "sto-1"}
    assert {p.why for p in await store.stories.why("sto-1")} == {("alike",)}


async def test_a_feed_is_followed_once_and_its_health_is_kept(store):
    feed = Feed(id="fee-1", url="https://a.example/rss", title="A")
    assert await store.feeds.add([feed, feed]) == 1
    assert await store.feeds.add([feed]) == 0
    health = FeedHealth(feed_id="fee-1", etag="x", last_polled=NOW, failures=2, reason="It did not answer")
    await store.feeds.save_polls([(replace(feed, moved_to="https://b.example/rss"), health)])
    assert await store.feeds.health() == {"fee-1": health}
    (kept,) = await store.feeds.all()
    assert kept.address == "https://b.example/rss"
    await store.feeds.rename("fee-1", "Ours")
    await store.feeds.save_polls([(feed, health)])  # read before it was renamed
    assert [f.title for f in await store.feeds.all()] == ["Ours"]
    await store.feeds.remove("fee-1")
    assert await store.feeds.all() == []
    assert await store.feeds.health() == {}


async def test_a_poll_of_a_feed_removed_meanwhile_brings_nothing_back(store):
    feed = Feed(id="fee-1", url="https://a.example/rss")
    await store.feeds.save_polls([(feed, FeedHealth(feed_id="fee-1"))])
    assert await store.feeds.all() == []


async def test_ingests_are_logged_and_found_by_time(store):
    run = IngestRun(
        id="ing-1", started_at=NOW, finished_at=NOW, feeds_due=2, feeds_read=1, articles_new=3, articles_edited=0,
        failures=(FeedFailure(feed="A", reason="gone"),),
    )  # fmt: skip
    await store.feeds.log(run)
    assert await store.feeds.runs(NOW - timedelta(1), NOW) == [run]
    assert await store.feeds.runs(NOW, NOW + timedelta(1)) == []


async def test_a_briefing_and_what_was_told_are_kept_for_their_destination_alone(store):
    briefing = Briefing(id="bri-1", title="T", made_at=NOW, coverage=Coverage(until=NOW))
    told = SentStory(story_id="sto-1", sent_at=NOW, headline="H", statements=("one", "two"))
    await store.briefings.save(briefing, destination="here", slot="1", scope=SHARED, sent=[told])
    assert await store.briefings.get("bri-1") == briefing
    assert await store.briefings.sent_stories("here") == {"sto-1": told}
    assert await store.briefings.last_made("here") == NOW
    assert await store.briefings.sent_stories("elsewhere") == {}
    assert await store.briefings.last_made("elsewhere") is None


async def test_a_briefing_keeps_how_it_came_about(store):
    briefing = Briefing(
        id="bri-aaaa", title="t", made_at=NOW, coverage=Coverage(until=NOW), checks=Checks(statements=3)
    )
    exchange = Exchange(
        model="m", request="[1] …", reply="{}", usage=ModelUsage(calls=1, input_tokens=7, cost=9)
    )
    writing = Writing(story_id="sto-a", writer="model", exchanges=(exchange,), prompt_hash="abc")
    record = Record(briefing_id="bri-aaaa", made_at=NOW, since=NOW, writings=(writing,))
    await store.briefings.save(
        briefing,
        destination="c",
        slot="s",
        scope=SHARED,
        sent=[SentStory(story_id="sto-a", sent_at=NOW)],
        record=record,
    )
    assert await store.briefings.record("bri-aaaa") == record
    assert await store.briefings.record("bri-bbbb") is None
    assert await store.briefings.named("bri-a") == [("c", briefing)]
    assert await store.briefings.named("bri-%") == []
    assert await store.briefings.recent(5) == [("c", briefing)]


async def test_an_article_is_known_as_it_was_then(store):
    first = article()
    second = replace(article(text="The talks go on."), revision=2, fetched_at=NOW + timedelta(hours=3))
    await store.articles.save([draft(first)])
    await store.articles.save([draft(second, entry_hash="h2")])
    assert await store.articles.as_of([first.id], NOW) == [first]
    assert await store.articles.as_of([first.id], NOW + timedelta(hours=3)) == [second]
    assert await store.articles.as_of([first.id], NOW - timedelta(hours=1)) == []
    assert await store.articles.revisions([first.id]) == [first, second]


SCOPES = [
    SHARED,
    *(
        Scope(workspace=w, channel=c, visibility=v)
        for w in ("", "w1", "w2")
        for c in ("", "c1", "c2")
        for v in (Visibility.WORKSPACE, Visibility.CHANNEL)
    ),
]


def of(scope):
    return replace(article(f"of {scope}", scope=scope), feed_id="fee-1")


async def test_every_destination_reads_exactly_what_the_rule_says(store):
    await store.articles.save([draft(of(scope)) for scope in SCOPES])
    stories = [
        Story(id=f"sto-{i}", title="T", article_ids=(), first_at=NOW, last_at=NOW, scope=scope)
        for i, scope in enumerate(SCOPES)
    ]
    placed = [StoryMembership(article_id=of(s.scope).id, story_id=s.id, score=1.0, why=()) for s in stories]
    profiles = {s.id: KeptProfile(data=b"", terms=["dam", f"dam{i}"]) for i, s in enumerate(stories)}
    await store.stories.save(stories, placed, profiles=profiles)
    await store.feeds.add(
        [Feed(id=f"fee-{i}", url=f"https://{i}.example/", scope=s) for i, s in enumerate(SCOPES)]
    )
    since, until = NOW - timedelta(1), NOW
    all_keys = [story_key(s.id) for s in stories]
    for by in SCOPES:
        wanted = {of(scope).id for scope in SCOPES if readable(scope, by=by)}
        ids = {s.id for s in stories if readable(s.scope, by=by)}
        assert set(await store.articles.came_between(since, until, by=by)) == wanted
        assert {t.article_id for t in await store.texts.near(all_keys, since, by=by)} == wanted
        postings = await store.stories.postings(["dam"], by=by)
        keys = {key for data in postings["dam"] for key in read_postings(data)}
        assert keys == {story_key(one) for one in ids}
        assert {p.story_id for p in await store.stories.profiles(all_keys, since=since, by=by)} == ids
        for found in (
            await store.stories.recent(since, by=by),
            await store.stories.get([s.id for s in stories], by=by),
        ):
            assert {s.id for s in found} == ids
            assert {i for s in found for i in s.article_ids} == wanted
        assert {f.scope for f in await store.feeds.all(by=by)} == {s for s in SCOPES if readable(s, by=by)}
        assert await store.holds_own(by) == (len(wanted) > 1)
    everything = await store.stories.recent(since, by=None)
    assert len(everything) == len(SCOPES)


async def test_an_article_beside_a_story_is_seen_where_it_may_be_read_and_nowhere_else(store):
    own = Scope(workspace="w1", channel="c1", visibility=Visibility.CHANNEL)
    await store.articles.save([draft(of(SHARED)), draft(of(own))])
    story = Story(id="sto-1", title="T", article_ids=(), first_at=NOW, last_at=NOW)
    placed = [
        StoryMembership(article_id=of(s).id, story_id="sto-1", score=1.0, why=()) for s in (SHARED, own)
    ]
    await store.stories.save([story], placed[:1], profiles={"sto-1": KeptProfile(data=b"p")})
    await store.stories.save([], placed[1:], profiles={})
    for by, seen in (
        (own, {SHARED, own}),
        (SHARED, {SHARED}),
        (None, {SHARED}),
        (replace(own, channel="c2"), {SHARED}),
    ):
        for (found,) in (await store.stories.named("sto-", by=by), await store.stories.get(["sto-1"], by=by)):
            assert set(found.article_ids) == {of(scope).id for scope in seen}


async def test_one_link_in_two_scopes_is_two_articles(store):
    own = Scope(workspace="w1", channel="c1", visibility=Visibility.CHANNEL)
    await store.articles.save([draft(of(s), ("link", "l")) for s in (SHARED, own)])
    for scope in (SHARED, own):
        assert (await store.articles.known([("link", "l")], scope))["link", "l"].article_id == of(scope).id


async def test_a_lease_is_taken_once_however_many_ask_and_a_notice_is_new_once(store):
    leases, lasting = store.leases, timedelta(seconds=30)
    taken = [await leases.acquire("ingest", holder=str(n), now=NOW, lasting=lasting) for n in range(3)]
    assert taken == [True, False, False]
    assert await leases.acquire("ingest", holder="3", now=NOW + 2 * lasting, lasting=lasting)
    notice = Notice(key="k", text="t", at=NOW)
    assert [await store.notices.add(notice) for _ in range(2)] == [True, False]


async def test_a_page_behind_a_link_did_not_come(store):
    own = Scope(workspace="w1", channel="c1", visibility=Visibility.CHANNEL)
    linked, fed = article("linked", scope=own), replace(article("fed", scope=own), feed_id="fee-1")
    await store.articles.save([draft(one) for one in (linked, fed)])
    assert await store.articles.came_between(NOW - timedelta(1), NOW, by=own) == [fed.id]


async def test_a_link_is_kept_with_when_it_was_asked_for(store):
    own = Scope(workspace="w1", channel="c1", visibility=Visibility.CHANNEL)
    brief = LinkBrief(id="lnk-1", url="https://a.example/", asked_at=NOW, read_at=NOW, scope=own)
    link = StoredLink(brief=brief, article_id="art-1", revision=2)
    await store.links.save(link)
    assert await store.links.get("lnk-1") == link
    assert await store.links.get("lnk-2") is None
    await store.links.asked_again("lnk-1", NOW + timedelta(days=2))
    await store.prune(keep=Keep(links_days=1), now=NOW + timedelta(days=3))
    assert await store.links.get("lnk-1") == link
    await store.prune(keep=Keep(links_days=1), now=NOW + timedelta(days=4))
    assert await store.links.get("lnk-1") is None


async def test_the_first_briefing_that_cites_an_article_is_found(store):
    for days, names in ((3, "a"), (2, "ab"), (1, "b")):
        made = NOW - timedelta(days=days)
        briefing = Briefing(
            id=f"bri-{days}",
            title="B",
            made_at=made,
            coverage=Coverage(until=made),
            sources=tuple(map(source, names)),
        )
        told = () if days != 3 else None
        await store.briefings.save(briefing, destination="c1", slot=str(days), scope=SHARED, sent=told)
    assert await store.briefings.first_citing("c1", {"b"}) == NOW - timedelta(days=2)
    assert await store.briefings.first_citing("c1", {"a"}) == NOW - timedelta(
        days=2
    )  # the older was shown to one person
    assert await store.briefings.first_citing("c2", {"a"}) is None


def source(name):
    return Source(
        number=1,
        article_id=name,
        revision=1,
        outlet="O",
        title="T",
        url="",
        published_at=NOW,
        date_source=DateSource.FEED,
        text_source=TextSource.FEED,
        sentences=(),
    )


async def test_leases_are_cleared_by_the_beginning_of_their_name(store):
    leases, lasting = store.leases, timedelta(seconds=30)
    for name in ("reading a", "reading b", "ingest"):
        await leases.acquire(name, holder="dead", now=NOW, lasting=lasting)
    await leases.clear("reading ")
    free = [
        await leases.acquire(name, holder="x", now=NOW, lasting=lasting) for name in ("reading a", "ingest")
    ]
    assert free == [True, False]


async def test_the_next_slots_of_those_that_run_are_found_soonest_first(store):
    channel = Channel(platform="console", id="a")
    one = Subscription(
        id="", channel=channel, times="07:00", zone="UTC", lines=("0 7 * * *",), created_at=NOW
    )
    for name, minutes, paused in (("later", 20, ""), ("now", 0, ""), ("soon", 5, ""), ("off", 5, "by a person"), ("far", 21, "")):  # fmt: skip
        due = NOW + timedelta(minutes=minutes)
        await store.subscriptions.save(replace(one, id=name, paused=paused), next_due=due, enumerated=NOW)
    until = NOW + timedelta(minutes=20)
    found = await store.subscriptions.due_between(NOW, until)
    assert [(s.id, due - NOW) for s, due in found] == [
        ("soon", timedelta(minutes=5)),
        ("later", timedelta(minutes=20)),
    ]
    (soonest,) = await store.subscriptions.due_between(NOW, until, limit=1)
    assert soonest[0].id == "soon"
    assert await store.subscriptions.first_due_after(NOW) == NOW + timedelta(minutes=5)
    assert await store.subscriptions.first_due_after(until) == NOW + timedelta(minutes=21)
    assert await store.subscriptions.first_due_after(NOW + timedelta(minutes=21)) is None

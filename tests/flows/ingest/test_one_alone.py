"""One feed, entry or article that cannot be processed costs only itself, on both engines, at every ingest."""

from __future__ import annotations

import importlib
import json
import random
import re
import string
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.errors import StoreError
from bot.model.conversation.answer import Question
from bot.model.ids import derive_id
from tests.flows.outside import HEALTHY, Broken, failing, item, rss

pytestmark = pytest.mark.slow
RSS = {"Content_Type": "application/rss+xml"}
LONG = "".join(random.Random(7).choices(string.ascii_letters, k=20_000))  # does not compress


@pytest.fixture
async def world(world):
    await world.follow(HEALTHY)
    return world


def json_feed(**entry):
    entry = {"id": "1", "content_text": "The council of Velt met.", "title": "Council"} | entry
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [entry]})


HOSTILE = {
    "a word that a stemmer takes apart forever": (rss(item(900, title="A word", text="y" * 985 + "eed")), {}),
    "half a character": (json_feed(title="Moon \ud83d", id="\ud83d"), {}),
    "a NUL": (json_feed(title="Nul \x00 title", id="nul \x00", url="https://a.example/\x00"), {}),
    "an identifier no index holds": (rss(item(901, title="Long", guid=LONG)), {}),
    "an address no index holds": (rss(item(902, title="Far", link=f"https://a.example/{LONG}")), {}),
    "a year no engine holds": (json_feed(date_published="0001-01-01T00:00:00+14:00"), {}),
    "a redirect that is no address": ("", {"status": 302, "Location": "http://["}),
    "a redirect to half an address": ("", {"status": 301, "Location": "//]"}),
    "a redirect to a name that is none": ("", {"status": 302, "Location": "http://℀.com/"}),
    "a redirect to a bracketed host": ("", {"status": 302, "Location": "http://[127.0.0.1]/"}),
    "an encoding that is a trick": ("M+AGEAYQ-", {"Content_Type": "text/plain; charset=unicode_escape"}),
    "a validator that is no text": (rss(item(903, title="Tagged")), {"ETag": '"\udcff\udcfe"'}),
    "nothing": ("", {}),
}


@pytest.mark.one_engine
async def test_what_comes_in_costs_only_itself(world, server):
    paths = [f"/hostile/{number}" for number in range(len(HOSTILE))]
    for path, (body, given) in zip(paths, HOSTILE.values(), strict=True):
        headers = {"Content_Type": "text/xml"} | given
        server.page(path, body.encode("utf-8", "surrogatepass"), **headers)
    await world.follow(*paths)
    for _ in range(2):
        report = await world.ingest()
        assert report.feeds_due == len(HOSTILE) + 1
        await world.healthy_is_read()
    health = await world.store.feeds.health()
    assert {derive_id("fee", path) for path in paths} < health.keys()
    assert all(one.last_polled == world.clock[0] for one in health.values())


@pytest.mark.one_engine
async def test_an_article_that_cannot_be_placed_is_set_aside_and_stops_nobody(world, server):
    world = failing(world, "named_features")
    server.page("/bad", rss(item(50, title="A poison"), item(51, title="Beside it")), **RSS)
    await world.follow("/bad")
    for _ in range(3):
        report = await world.ingest()
        assert report.set_aside == 1
        await world.healthy_is_read()
    assert "Beside it" in await world.titles()
    (one,) = await world.store.set_aside.newest(10)
    assert (one.title, one.kind) == ("A poison", "article")
    assert "RecursionError" in one.reason
    assert "(error " in one.reason
    health = (await world.store.feeds.health())[derive_id("fee", "/bad")]
    assert health.reason == f"1 article is set aside. {one.reason}."
    assert world.app.workers.calls == 2, "it was tried again by the same version"
    (notice,) = await world.store.notices.recent(10)
    assert notice.text.count("(error ") == 1


@pytest.mark.one_engine
@pytest.mark.parametrize("how", ["on demand", "after an upgrade"])
async def test_what_is_set_aside_is_tried_again(world, server, how):
    world = failing(world, "named_features")
    server.page("/bad", rss(item(50, title="A poison")), **RSS)
    await world.follow("/bad")
    await world.ingest()
    world.app.workers.word = ""
    await world.ingest()
    assert "A poison" not in await world.titles()
    if how == "after an upgrade":
        world.store.database.version = "99"
    report = await world.ingest(retry=how == "on demand")
    assert report.set_aside == 0
    assert "A poison" in await world.titles()
    await world.ingest()
    assert (await world.store.feeds.health())[derive_id("fee", "/bad")].reason == ""


RULES = "ledger_by_rules", "known_by_rules", "against", "read_each"  # what workers are asked to read by rules


async def test_an_article_that_cannot_be_named_is_set_aside_when_it_comes(world, server):
    server.page("/bad", rss(item(50, title="A poison")), **RSS)
    await world.follow("/bad")
    world = failing(world, "named_features")
    await world.ingest()
    await world.healthy_is_read()
    assert len((await world.app.brief_channel("here")).stories) == 1


async def test_an_article_that_rules_cannot_read_is_set_aside_when_its_story_is_told(world, server):
    world = failing(world, *RULES)
    text = "Selin repairs bridge 1, said Mayor Anna Berg of Selin. The council of Selin met on the bridge."
    server.page("/bad", rss(item(50, title="Selin repairs bridge poison", text=text)), **RSS)
    await world.follow("/bad")
    await world.ingest()
    assert "Selin repairs bridge poison" in await world.titles()
    told = await world.app.brief_channel("here")
    assert [story.headline.text for story in told.stories] == ["Selin repairs bridge 1"]
    assert "poison" not in repr(told)
    assert [one.title for one in await world.store.set_aside.newest(10)] == ["Selin repairs bridge poison"]
    calls = world.app.workers.calls
    world.later(minutes=5)
    assert "poison" not in repr(await world.app.brief_channel("here"))
    await world.ingest()
    assert world.app.workers.calls == calls
    assert "Selin repairs bridge poison" not in await world.titles()
    assert "set aside" in (await world.store.feeds.health())[derive_id("fee", "/bad")].reason
    (notice,) = [one for one in await world.store.notices.unsent() if one.key.startswith("fault ")]
    assert "wirebrief check lists what is set aside" in notice.text


@pytest.mark.one_engine
async def test_a_story_of_one_article_that_rules_cannot_read_keeps_no_other_from_its_channel(world, server):
    world = failing(world, *RULES, word="Zorvakin")
    server.page("/bad", rss(item(60, title="Omar Zorvakin", text="A ship of Zorvakin sank off Velt.")), **RSS)
    await world.follow("/bad")
    await world.ingest()
    told = await world.app.brief_channel("here")
    assert [story.headline.text for story in told.stories] == ["Selin repairs bridge 1"]
    assert [one.title for one in await world.store.set_aside.newest(10)] == ["Omar Zorvakin"]
    assert await world.titles() == ["Selin repairs bridge 1"]


@pytest.mark.one_engine
async def test_an_article_that_rules_cannot_read_stops_no_question_about_its_story(world, server):
    world = failing(world, *RULES)
    text = "Mayor Anna Berg of Selin said that the bridge of Selin is closed. A poison was found."
    server.page("/bad", rss(item(50, title="Selin repairs bridge 1", text=text)), **RSS)
    await world.follow("/bad")
    await world.ingest()
    question = Question(text="What did Anna Berg say?", asked_at=world.clock[0], timezone="UTC")
    answer = await world.app.ask(question)
    assert "before the winter" in repr(answer.statements)
    assert len(await world.store.set_aside.newest(10)) == 1


@pytest.mark.one_engine
async def test_a_pasted_page_that_rules_cannot_read_is_named_and_set_aside(world, server):
    world = failing(world, *RULES)
    text = (
        "<p>The council of Selin met on Monday and spoke of the poison in the river for most of the day.</p>"
        * 4
    )
    server.page(
        "/page", f"<html lang=en><title>A river</title><article><h1>A river of Selin</h1>{text}</article>"
    )
    await world.ingest()
    for _ in range(2):
        (brief,) = await world.app.link([server.url("/page")])
        assert "It could not be read" in brief.failure
        assert [one.title for one in await world.store.set_aside.newest(10)] == ["A river of Selin"]


async def test_an_entry_that_cannot_be_read_is_set_aside_and_tried_again_when_it_is_edited(world, server):
    feed = rss(item(50, title="Fine"), item(51, text="A poison of words"))
    server.page("/bad", feed, **RSS)
    await world.follow("/bad")
    workers = Broken(world.app.workers, "A poison of words")
    world = replace(world, app=replace(world.app, workers=workers))
    for _ in range(2):
        await world.ingest()
        await world.healthy_is_read()
    assert "Fine" in await world.titles()
    (one,) = await world.store.set_aside.newest(10)
    assert one.kind == "entry"
    server.page("/bad", feed.replace("A poison of words", "Words of the council"), **RSS)
    assert (await world.ingest()).set_aside == 0


@pytest.mark.parametrize(
    ("table", "column"), [("article", "title"), ("sentence", "text"), ("passage", "stems")]
)
async def test_a_row_that_the_database_refuses_costs_only_itself(world, server, table, column):
    await world.refuse(table, column, "zorvakin")
    many = [item(50 + n, title=f"Number {n}") for n in range(4)]
    server.page("/bad", rss(*many, item(60, title="A zorvakin", text="Of zorvakin they spoke.")), **RSS)
    await world.follow("/bad")
    for _ in range(2):
        report = await world.ingest()
        await world.healthy_is_read()
        assert report.set_aside == 1
    assert {f"Number {n}" for n in range(4)} < set(await world.titles())
    health = (await world.store.feeds.health())[derive_id("fee", "/bad")]
    assert "set aside" in health.reason
    assert "(error " in health.reason


async def test_a_story_that_the_database_refuses_costs_only_itself(world, server):
    await world.refuse("story", "title", "Zorvakin")
    text = "Two were killed in Zorvakin on Sunday, said Omar Zorvakin, the spokesman of the police."
    server.page("/bad", rss(item(60, title="Omar Zorvakin", text=text)), **RSS)
    await world.follow("/bad")
    for _ in range(2):
        await world.ingest()
        await world.healthy_is_read()


async def test_a_story_whose_memory_cannot_be_read_stops_no_placing(world, server):
    server.page("/bad", rss(item(60, title="Omar Zorvakin")), **RSS)
    await world.follow("/bad")
    await world.ingest()
    async with world.store.database.writing() as connection:
        broken = "'broken'::bytea" if connection.dialect.name == "postgresql" else "x'00'"
        for column in ("story SET profile", "story_term SET stories", "article SET fingerprint"):
            await connection.execute(sa.text(f"UPDATE {column} = {broken}"))
    for _ in range(2):
        await world.ingest()
        await world.healthy_is_read()


async def test_a_poison_kept_by_an_earlier_version_is_survived(world, server):
    server.page("/bad", rss(item(60, title="A poison of old")), **RSS)
    await world.follow("/bad")
    await world.ingest()
    kept = await world.store.articles.many(
        (await world.store.stories.recent(world.clock[0].replace(year=2000)))[0].article_ids
    )
    assert kept
    async with world.store.database.writing() as connection:
        await connection.execute(sa.text("INSERT INTO story_backlog SELECT article_id FROM story_article"))
        await connection.execute(sa.text("DELETE FROM story_article"))
        await connection.execute(sa.text("DELETE FROM story"))
    world = failing(world, "named_features")
    await world.ingest()
    await world.healthy_is_read()
    assert [one.title for one in await world.store.set_aside.newest(10)] == ["A poison of old"]


async def test_a_database_that_is_away_ends_the_ingest(world):
    async def away(_polls):
        raise StoreError("The database server cannot be reached")

    world.store.feeds.save_polls = away
    with pytest.raises(StoreError):
        await world.ingest()


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "step", ["bot.flows.briefing.gather.story_context", "bot.flows.briefing.write.brief_of"]
)
async def test_a_story_that_cannot_be_read_keeps_no_other_from_its_channel(world, server, monkeypatch, step):
    module, _, name = step.rpartition(".")
    real = getattr(importlib.import_module(module), name)

    def breaking(*args, **kwargs):
        if "Zorvakin" in repr(args):
            raise RecursionError
        return real(*args, **kwargs)

    monkeypatch.setattr(step, breaking)
    server.page("/bad", rss(item(60, title="Omar Zorvakin", text="A ship of Zorvakin sank off Velt.")), **RSS)
    await world.follow("/bad")
    await world.ingest()
    first = await world.app.brief_channel("here")
    world.later(minutes=5)
    assert [story.headline.text for story in first.stories] == ["Selin repairs bridge 1"]
    assert "Zorvakin" not in repr((first, await world.app.brief_channel("here")))
    (told,) = [n for n in await world.store.notices.unsent() if n.key.startswith("left out ")]
    assert "The story is left out of its briefings and the others are sent" in told.text
    assert re.search(r"\(error (\w+)\).* a line with \1", told.text)
    assert "Zorvakin" not in told.text

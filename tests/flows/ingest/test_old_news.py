"""Old news that comes late is background, and a channel is told when nothing was read, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from bot.chat.document.message import to_message
from bot.chat.document.notices import notice
from bot.feeds.judge.sentences import OLD_COPY_NOTE
from bot.model.briefing import Mode
from bot.model.news import PageKind
from tests.flows.outside import HEALTHY, NOW, item, rss

pytestmark = pytest.mark.slow
RSS = {"Content_Type": "application/rss+xml"}
OSBY = "A dam near {place} overflowed and {n} people were told to leave, the regional government said."


def ago(world, title, *, number, text="", **delta):
    date = format_datetime(world.clock[0] - timedelta(**delta), usegmt=True)
    text = text or OSBY.format(place=title, n=number * 100)
    return item(number, title=title, text=text, date=date)


async def brief(world):
    briefing = await world.app.brief_channel("here")
    return briefing, {story.headline.text for story in briefing.stories}


async def test_a_first_briefing_tells_what_was_published_in_its_window(world, server):
    entries = [
        ago(world, "Osby 2018", number=1, days=2500),
        ago(world, "Halden of yesterday", number=2, hours=30),
        ago(world, "Velmar of today", number=3, hours=20),
    ]
    server.page("/feed", rss(*entries), **RSS)
    await world.follow("/feed")
    await world.app.ingest(everything=True)
    briefing, told = await brief(world)
    assert told == {"Velmar of today"}
    assert briefing.unchanged == ()
    assert len(await world.titles()) == 3


async def test_old_entries_of_a_new_feed_are_background(world, server):
    server.page("/feed", rss(ago(world, "Velmar dam", number=3, hours=2)), **RSS)
    await world.follow("/feed")
    await world.app.ingest(everything=True)
    await brief(world)
    world.later(hours=20)
    server.page("/new", rss(ago(world, "Osby of old", number=1, days=1201), title="New"), **RSS)
    await world.follow("/new")
    await world.app.ingest(everything=True)
    briefing, told = await brief(world)
    assert told == set()
    assert "Osby of old" not in repr(briefing)
    assert briefing.mode is Mode.QUIET
    world.later(hours=20)
    text = "Engineers now say that the sluice at Osby of old had rusted through. " + OSBY.format(
        place="Osby of old", n=100
    )
    server.page(
        "/new", rss(ago(world, "Osby of old again", number=2, text=text, hours=1), title="New"), **RSS
    )
    await world.app.ingest(everything=True)
    briefing, told = await brief(world)
    assert told == {"Osby of old again"}
    (story,) = briefing.stories
    assert "overflowed" not in repr(story.bullets)


@pytest.mark.one_engine
async def test_what_was_published_before_a_briefing_and_read_after_it_is_told(world, server):
    server.page("/feed", rss(), **RSS)
    await world.follow("/feed")
    await world.app.ingest(everything=True)
    await brief(world)
    server.page("/feed", rss(ago(world, "Velmar dam", number=3, hours=1)), **RSS)
    world.later(minutes=30)
    await world.app.ingest(everything=True)
    _, told = await brief(world)
    assert told == {"Velmar dam"}


@pytest.mark.one_engine
async def test_a_feed_that_was_away_for_weeks_brings_no_old_news(world, server):
    server.page("/feed", rss(ago(world, "Velmar dam", number=3, hours=1)), **RSS)
    await world.follow("/feed")
    await world.app.ingest(everything=True)
    await brief(world)
    server.page("/feed", status=503)
    world.later(days=25)
    await world.app.ingest(everything=True)
    await brief(world)
    world.later(hours=24)
    entries = [
        ago(world, "Osby of weeks ago", number=4, days=20),
        ago(world, "Halden now", number=5, hours=3),
    ]
    server.page("/feed", rss(*entries), **RSS)
    await world.app.ingest(everything=True)
    _, told = await brief(world)
    assert told == {"Halden now"}


@pytest.mark.one_engine
async def test_a_briefing_after_all_feeds_failed_says_that_nothing_was_read(world, server):
    server.page("/feed", rss(ago(world, "Velmar dam", number=3, hours=1)), **RSS)
    await world.follow("/feed", "/gone")
    await world.app.ingest(everything=True)
    briefing, _ = await brief(world)
    assert briefing.mode is Mode.INCOMPLETE
    server.page("/feed", status=503)
    world.later(hours=24)
    await world.app.ingest(everything=True)
    briefing, _ = await brief(world)
    assert (briefing.mode, briefing.coverage.nothing_read) == (Mode.NOTHING_READ, True)
    assert notice(briefing).startswith("Nothing was read: none of 2 feeds could be read: ")
    assert "Quiet" not in to_message(briefing).notice
    words = {
        language: notice(replace(briefing, language=language)).split(":")[0]
        for language in ("de", "fr", "es")
    }
    assert words == {"de": "Nichts gelesen", "fr": "Rien n'a été lu ", "es": "No se leyó nada"}


@pytest.mark.one_engine
async def test_a_briefing_before_any_feed_was_read_again_says_so(world, server):
    server.page(HEALTHY, rss(ago(world, "Velmar dam", number=3, hours=1)), **RSS)
    await world.follow(HEALTHY)
    await world.app.ingest(everything=True)
    await brief(world)
    world.later(hours=24)
    briefing, _ = await brief(world)
    assert briefing.mode is Mode.NOTHING_READ
    assert (
        notice(briefing)
        == f"No feed was read since Tue 8 July {NOW:%H:%M}: what has happened since is not known."
    )
    world.later(minutes=5)
    await world.app.ingest(everything=True)
    briefing, _ = await brief(world)
    assert briefing.mode is Mode.QUIET, "an unchanged document was read"


@pytest.mark.one_engine
async def test_a_briefing_without_any_feed_says_so_and_what_to_do(world):
    briefing, _ = await brief(world)
    assert briefing.mode is Mode.NOTHING_READ
    says = to_message(briefing).notice
    assert says.startswith("Nothing was read: this briefing has no feed.")
    assert "wirebrief feeds add ADDRESS" in says
    assert "Quiet" not in says
    for language in ("de", "fr", "es"):
        assert "wirebrief feeds add" in notice(replace(briefing, language=language))


@pytest.mark.one_engine
async def test_a_briefing_whose_feeds_were_all_removed_says_so_too(world, server):
    server.page(HEALTHY, rss(ago(world, "Velmar dam", number=3, hours=1)), **RSS)
    await world.follow(HEALTHY)
    await world.app.ingest(everything=True)
    await brief(world)
    for feed in await world.store.feeds.all():
        await world.store.feeds.remove(feed.id)
    world.later(hours=20)
    briefing, _ = await brief(world)
    assert briefing.coverage.no_feeds
    assert "this briefing has no feed" in notice(briefing)


@pytest.mark.one_engine
async def test_a_briefing_as_of_before_an_ingest_ended_says_that_nothing_was_read(world, server):
    # Due while the first ingest runs: its feeds have answered, and what they brought is not known yet.
    server.page(HEALTHY, rss(ago(world, "Velmar dam", number=3, hours=1)), **RSS)
    await world.follow(HEALTHY)
    await world.app.ingest(everything=True)
    world.later(minutes=-1)
    briefing, _ = await brief(world)
    assert briefing.mode is Mode.NOTHING_READ
    world.later(minutes=2)
    briefing, told = await brief(world)
    assert (briefing.mode, told) == (Mode.NORMAL, {"Velmar dam"})


FIRE = (
    "A fire at the grain silo of Osby killed three workers and closed the harbour road, the fire service said. "
    "Fire chief Arne Holt said the blaze began in a conveyor belt shortly before midnight and spread within minutes. "
    "About 200 people left their homes because of the smoke, and the school next door stayed closed. "
    "The operator Nordkorn said the belt had been replaced in spring and promised to help the families. "
    "Investigators of the labour inspectorate are to look at the silo once it has cooled down."
)
RETOLD = FIRE.replace("shortly before midnight", "late in the evening")
TRIAL = (
    "A court in Osby sentenced the manager of the grain silo to two years in prison over the fire that killed three workers. "
    "Judge Tora Lie said he had known that the belt was damaged and let the silo run all the same. "
    "His lawyer said he would appeal within a month. "
    + FIRE[FIRE.index("About 200") : FIRE.index("Investigators")]
)


@pytest.mark.parametrize("days", [30, 800])
@pytest.mark.parametrize("again", [FIRE, RETOLD], ids=["word for word", "with other words in a place"])
async def test_a_text_that_comes_again_long_after_is_no_news(world, server, days, again):
    """No time passes after which a copy under a new address is news: of a story that sleeps, or one that is long over."""
    server.page("/feed", rss(ago(world, "Three killed in silo fire", number=1, text=FIRE, hours=2)), **RSS)
    await world.follow("/feed")
    await world.app.ingest(everything=True)
    _, told = await brief(world)
    assert told == {"Three killed in silo fire"}
    world.later(days=days)
    entries = [
        ago(world, "Silo fire kills three in Osby", number=2, text=again, hours=2),
        ago(world, "Velmar dam", number=3, hours=1),
    ]
    server.page("/feed", rss(*entries), **RSS)
    await world.app.ingest(everything=True)
    _, told = await brief(world)
    assert told == {"Velmar dam"}
    assert await world.titles() == ["Three killed in silo fire", "Velmar dam"]
    kept = await world.store.articles.came_between(NOW, NOW + timedelta(days=999))
    kinds = {a.title: (a.page_kind, a.text_note) for a in await world.store.articles.many(kept)}
    assert kinds["Silo fire kills three in Osby"] == (PageKind.OLD, OLD_COPY_NOTE)


@pytest.mark.parametrize("days", [30, 300])
async def test_news_that_carries_much_of_an_old_text_is_told(world, server, days):
    server.page("/feed", rss(ago(world, "Three killed in silo fire", number=1, text=FIRE, hours=2)), **RSS)
    await world.follow("/feed")
    await world.app.ingest(everything=True)
    await brief(world)
    world.later(days=days)
    entry = ago(world, "Manager sentenced over silo fire", number=2, text=TRIAL, hours=2)
    server.page("/feed", rss(entry), **RSS)
    await world.app.ingest(everything=True)
    briefing, _ = await brief(world)
    assert "sentenced the manager" in repr(briefing.stories)

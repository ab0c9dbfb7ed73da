"""An undated text is shown as undated and resolves no relative day; a bumped date of change has its page read again."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from email.utils import format_datetime

import pytest

from bot.chat.document.message import to_message
from bot.chat.replies.link import link_message
from bot.codec import to_text
from bot.language.dates.find import find_dates
from bot.model.news import DateSource
from bot.model.talk import Verb
from bot.web.page import render_page
from tests.flows.outside import NOW, item, open_outside, rss
from tests.flows.talk import TalkChat, World

pytestmark = pytest.mark.slow
RSS = {"Content_Type": "application/rss+xml"}
TEXT = (
    "The council of Selin will vote on the bridge on Monday, said Mayor Anna Berg. "
    "A crane fell on Tuesday and two workers were injured, the police said."
)


def dated(**ahead):
    return format_datetime(NOW + timedelta(**ahead), usegmt=True)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("stated", "source"),
    [
        ("", DateSource.FETCHED),
        ("Mon, 01 Jan 0001 00:00:00 GMT", DateSource.FETCHED),
        ("Tue, 02 Jan 1973 00:00:00 GMT", DateSource.FETCHED),
        (dated(days=5), DateSource.FETCHED),
        (dated(hours=20), DateSource.AHEAD),
        (dated(minutes=-5), DateSource.FEED),
    ],
)
async def test_a_date_that_cannot_be_is_never_shown_as_now(world, server, stated, source):
    server.page("/feed", rss(item(1, title="Selin votes", text=TEXT, date=stated)), **RSS)
    await world.follow("/feed")
    await world.app.ingest(everything=True)
    briefing = await world.app.brief_channel("here")
    (kept,) = briefing.sources
    assert kept.date_source is source
    message = to_message(briefing)
    words = {
        DateSource.FETCHED: "undated, first seen ",
        DateSource.AHEAD: "dated in the future, first seen ",
    }.get(source, "")
    page = await asyncio.to_thread(render_page, [message], title="x")
    assert ("first seen" in page) == bool(words)
    assert words in page
    assert f'"date_source":"{source}"' in to_text(briefing).replace(": ", ":").replace(" ", "")
    due = [e.due for story in briefing.stories for e in story.next]
    assert due == ([] if source is DateSource.FETCHED else [date(2025, 7, 14)])


async def test_an_undated_article_stays_as_old_as_it_was(world, server):
    server.page("/feed", rss(item(1, title="Selin votes", text=TEXT, date="")), **RSS)
    await world.follow("/feed")
    await world.app.ingest(everything=True)
    world.later(days=3)
    server.page("/feed", rss(item(1, title="Selin votes", text=f"{TEXT} It rained.", date="")), **RSS)
    assert (await world.app.ingest(everything=True)).articles_edited == 1
    (story,) = await world.store.stories.recent(NOW - timedelta(days=9))
    (kept,) = await world.store.articles.many(story.article_ids)
    assert (kept.published_at, kept.revision) == (NOW, 2)


@pytest.mark.one_engine
async def test_a_file_is_undated_unless_its_name_or_the_person_says_otherwise(world, tmp_path):
    plain, named = tmp_path / "selin.txt", tmp_path / "selin-2025-07-01.txt"
    for path in (plain, named):
        path.write_text(f"Selin votes\n\n{TEXT}\n", "utf-8")
    undated = await world.app.brief_adhoc_articles([str(plain)])
    assert [s.date_source for s in undated.sources] == [DateSource.FETCHED]
    assert [story.next for story in undated.stories] == [()]
    by_name = await world.app.brief_adhoc_articles([str(named)])
    assert [e.due for story in by_name.stories for e in story.next] == [date(2025, 7, 7)]
    said = await world.app.brief_adhoc_articles([str(plain)], day=date(2031, 5, 3))
    assert [e.due for story in said.stories for e in story.next] == [date(2031, 5, 5)]
    assert [s.published_at.date() for s in said.sources] == [date(2031, 5, 3)]


@pytest.mark.one_engine
async def test_a_pasted_page_without_a_date_is_told_as_undated(world, server):
    server.page(
        "/page",
        f"<html lang='en'><body><article><h1>Selin votes</h1><p>{TEXT}</p><p>{TEXT}</p></article></body></html>",
    )
    (brief,) = await world.app.link([server.url("/page")])
    assert brief.published_at is None
    assert "undated" in link_message(brief).dateline


@pytest.mark.one_engine
async def test_catching_up_tells_nothing_that_rules_would_read_in_an_undated_text(world, server):
    strike = (
        "Drivers of the Osby ferries walked out on Tuesday, the union said. The talks with the port failed."
    )
    server.page("/dated", rss(item(2, title="Osby strike", text=strike, date=dated(minutes=-5))), **RSS)
    berg = "Mayor Anna Berg of Selin said the bridge was unsafe for lorries, and she closed it. The mayor blamed 14 cracks in its pillars."
    server.page("/feed", rss(item(1, title="Selin closes bridge to lorries", text=berg, date="")), **RSS)
    await world.follow("/feed", "/dated")
    await world.app.ingest(everything=True)
    talk = World(app=world.app, news=None, chat=TalkChat(), clock=world.clock)
    message = (await talk.ask(Verb.CATCHUP, "since yesterday")).message
    lines = {
        story.headline.text: [line.lead for line in (*story.status, *story.bullets)]
        for part in message.parts
        for story in part.stories
    }
    # Rules read no state, figure or announcement in a text without a day: there is nothing to catch up on.
    assert set(lines) == {"Osby strike"}
    assert lines["Osby strike"]
    assert not [lead for lead in lines["Osby strike"] if "undated" in lead]


@pytest.mark.one_engine
async def test_a_bumped_date_of_change_has_the_page_read_again(server, tmp_path):
    def atom(updated):
        return (
            "<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title><entry><id>a1</id><title>Selin votes</title>"
            f"<link href='{server.url('/page')}'/><published>2025-07-07T10:00:00Z</published>"
            f"<updated>{updated}</updated><summary>Teaser</summary></entry></feed>"
        )

    def page(more=""):
        return f"<html lang='en'><body><article><h1>Selin votes</h1><p>{TEXT}</p><p>{TEXT} {more}</p></article></body></html>"

    async with open_outside(f"sqlite:///{tmp_path / 'w.db'}", server=server, full_text=True) as world:
        server.page("/feed", atom("2025-07-07T10:00:00Z"), Content_Type="application/atom+xml")
        server.page("/page", page())
        await world.follow("/feed")
        await world.app.ingest(everything=True)
        world.later(hours=1)
        server.page("/feed", atom("2025-07-07T11:00:00Z"), Content_Type="application/atom+xml")
        assert (await world.app.ingest(everything=True)).articles_edited == 0, "its text is the same"
        world.later(hours=1)
        server.page("/feed", atom("2025-07-07T12:00:00Z"), Content_Type="application/atom+xml")
        server.page("/page", page("The bridge is open again, the mayor said on Tuesday."))
        assert (await world.app.ingest(everything=True)).articles_edited == 1
        assert sum(request.path == "/page" for request in server.requests) == 3


def test_without_a_date_only_days_with_their_year_are_resolved():
    text = "On Monday, next week, on 3 May, in June and yesterday; but on 3 May 2031 and since 2024."
    found = [(span.text, span.first) for span in find_dates(text, published=None)]
    assert found == [("3 May 2031", date(2031, 5, 3)), ("since 2024", date(2024, 1, 1))]

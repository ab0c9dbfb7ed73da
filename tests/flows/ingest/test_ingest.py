"""Ingest: real feeds and pages over a loopback server; whatever one does, the others are kept whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.chat.document.notices import notice
from bot.config import Config, DatabaseSettings, Fetch
from bot.model.ids import derive_id
from bot.model.news import DateSource, Feed, TextSource
from bot.runtime.compose import open_app
from bot.store import tables

pytestmark = pytest.mark.slow
NOW = datetime(2025, 7, 8, 6, tzinfo=UTC)
TEXT = [
    f"The council of Selin met again and spoke of bridge number {i} for most of the day." for i in range(9)
]


def entry(
    link="",
    *,
    title="Council meets in Selin",
    guid="g1",
    date="Mon, 07 Jul 2025 10:00:00 +0200",
    text="Teaser",
):
    return f"<item><title>{title}</title><link>{link}</link><guid>{guid}</guid><pubDate>{date}</pubDate><description>{text}</description></item>"


def feed(*entries):
    return f"<rss version='2.0'><channel><title>Post</title><language>en</language>{''.join(entries)}</channel></rss>"


def page(sentences=TEXT):
    return f"<html lang='en'><body><article><h1>Council</h1>{''.join(f'<p>{s}</p>' for s in sentences)}</article></body></html>"


@pytest.fixture
async def app(request, server, sqlite_url):
    clock = [NOW]
    config = Config(
        database=DatabaseSettings(url=sqlite_url),
        fetch=Fetch(
            allow=(f"127.0.0.1:{server.port}",), first_poll_entries=3, workers=getattr(request, "param", 2)
        ),
    )
    async with open_app(config, now=lambda: clock[0]) as opened:
        yield opened, clock


async def follow(app, server, *paths):
    await app.store.feeds.add([Feed(id=derive_id("fee", p), url=server.url(p)) for p in paths])


async def articles(app):
    return await app.store.articles.many(
        await app.store.articles.came_between(NOW - timedelta(days=1), NOW + timedelta(days=9))
    )


async def test_a_dead_feed_does_not_stop_the_others_and_is_named(app, server):
    opened, _ = app
    server.page("/good", feed(entry(server.url("/a"))), Content_Type="application/rss+xml")
    server.page("/a", page(), Content_Type="text/html")
    server.page("/html", "<html><body>Not a feed</body></html>")
    server.page("/broken", b"\x00\x01\x02")
    await follow(opened, server, "/good", "/html", "/broken", "/missing")
    report = await opened.ingest()
    assert (report.feeds_due, report.feeds_read, report.articles_new) == (4, 1, 1)
    assert {f.reason for f in report.failures} >= {
        "The address gives a web page, not a feed",
        "There is nothing at the address",
    }
    (kept,) = await articles(opened)
    assert (kept.text_source, len(kept.sentences)) == (TextSource.PAGE, 9)
    health = await opened.store.feeds.health()
    assert sorted(h.failures for h in health.values()) == [0, 1, 1, 1]
    briefing = await opened.brief_channel("here")
    assert "Incomplete: " in notice(briefing)


@pytest.mark.usefixtures("own_workers")  # what is forked has loaded more than what is started
@pytest.mark.parametrize("app", [1], indirect=True, ids=["one worker"])
async def test_the_processes_that_read_stories_load_no_database(app, server):
    opened, _ = app
    server.page("/feed", feed(entry(server.url("/a"))))
    server.page("/a", page())
    await follow(opened, server, "/feed")
    await opened.ingest()
    look = (
        "[name for name in ('sqlalchemy', 'bot.updates.by_rules.read') if name in __import__('sys').modules]"
    )
    assert await opened.workers.run(eval, look) == ["bot.updates.by_rules.read"]


async def test_a_page_that_is_split_otherwise_by_now_is_no_new_version(server, engine_url):
    clock = [NOW]
    config = Config(
        database=DatabaseSettings(url=engine_url), fetch=Fetch(allow=(f"127.0.0.1:{server.port}",))
    )
    async with open_app(config, now=lambda: clock[0]) as opened:
        server.page("/feed", feed(entry(server.url("/a"))))
        server.page("/a", page())
        await follow(opened, server, "/feed")
        await opened.ingest()
        (first,) = await articles(opened)
        # As an earlier release split it: every sentence in two.
        halves = [half for s in first.sentences for half in (s.text[:20], s.text[20:])]
        async with opened.store.database.writing() as connection:
            await connection.execute(sa.delete(tables.sentence))
            await connection.execute(
                sa.insert(tables.sentence),
                [
                    {"article_id": first.id, "revision": 1, "number": n, "paragraph": 0, "text": text}
                    for n, text in enumerate(halves, 1)
                ],
            )
        server.page("/feed", feed(entry(server.url("/a"), text="Teaser, touched")))
        clock[0] = NOW + timedelta(days=1)
        report = await opened.ingest()
        assert (report.articles_new, report.articles_edited) == (0, 0)
        (second,) = await articles(opened)
        assert (second.id, second.revision) == (first.id, 1)
        assert [s.text for s in second.sentences] == halves


async def test_an_edited_entry_updates_its_article_and_keeps_the_earlier_version(app, server):
    opened, clock = app
    server.page("/feed", feed(entry(server.url("/a"))))
    server.page("/a", page())
    await follow(opened, server, "/feed")
    await opened.ingest()
    (first,) = await articles(opened)
    server.page("/feed", feed(entry(server.url("/a"), text="Teaser, corrected")))
    server.page("/a", page([*TEXT, "The mayor corrected the sum to 40 million."]))
    clock[0] = NOW + timedelta(days=1)
    report = await opened.ingest()
    assert (report.articles_new, report.articles_edited) == (0, 1)
    (second,) = await articles(opened)
    assert (second.id, second.revision, len(second.sentences)) == (first.id, 2, 10)
    assert await opened.store.articles.revision(first.id, 1) == first


async def test_an_unchanged_feed_reads_no_page_again(app, server):
    opened, clock = app
    server.page("/feed", feed(entry(server.url("/a"))), ETag='"1"')
    server.page("/a", page())
    await follow(opened, server, "/feed")
    await opened.ingest()
    clock[0] = NOW + timedelta(days=1)
    before = len(server.requests)
    report = await opened.ingest()
    assert (report.feeds_read, report.articles_new) == (1, 0)
    assert len(server.requests) == before + 1
    assert (await opened.ingest()).feeds_due == 0


async def test_one_article_in_two_feeds_is_one(app, server):
    opened, _ = app
    server.page("/a", page())
    server.page("/one", feed(entry(server.url("/a?utm_source=rss"), guid="x")))
    server.page("/two", feed(entry(server.url("/a"), guid="y")))
    await follow(opened, server, "/one", "/two")
    assert (await opened.ingest()).articles_new == 1


async def test_the_first_poll_of_a_feed_does_not_flood(app, server):
    opened, _ = app
    items = [
        entry(server.url(f"/{i}"), guid=str(i), title=f"Story {i}", date=f"{i:02d} Jun 2025 10:00:00 GMT")
        for i in range(1, 29)
    ]
    server.page("/feed", feed(*items))
    await follow(opened, server, "/feed")
    assert (await opened.ingest()).articles_new == 3
    assert {a.title for a in await articles(opened)} == {"Story 26", "Story 27", "Story 28"}


@pytest.mark.parametrize(
    ("date", "source"),
    [
        ("", DateSource.FETCHED),
        ("Tue, 08 Jul 2031 10:00:00 GMT", DateSource.FETCHED),
        ("Mon, 07 Jul 2025 10:00:00 GMT", DateSource.FEED),
    ],
)
async def test_undated_and_wrongly_dated_entries_are_dated_when_seen(app, server, date, source):
    opened, _ = app
    server.page("/feed", feed(entry(server.url("/a"), date=date)))
    server.page("/a", page())
    await follow(opened, server, "/feed")
    await opened.ingest()
    (kept,) = await articles(opened)
    assert kept.date_source is source
    assert kept.published_at <= NOW


async def test_a_page_that_fails_falls_back_to_the_feeds_words_and_says_so(app, server):
    opened, _ = app
    server.page("/feed", feed(entry(server.url("/gone"), text="The council met. It spoke of bridges.")))
    await follow(opened, server, "/feed")
    await opened.ingest()
    (kept,) = await articles(opened)
    assert kept.text_source is TextSource.FEED_ONLY
    assert kept.text_note == "The page could not be read: There is nothing at the address."
    assert [s.text for s in kept.sentences] == ["The council met.", "It spoke of bridges."]


async def test_a_reprint_is_tied_to_its_originator(app, server):
    opened, _ = app
    wire = ["SELIN (Reuters) - " + TEXT[0], *TEXT[1:]]
    for name, guid in (("/wire", "1"), ("/copy", "2")):
        server.page(name + ".html", page(wire))
        server.page(name, feed(entry(server.url(name + ".html"), guid=guid)))
    await follow(opened, server, "/wire", "/copy")
    await opened.ingest()
    first, second = await articles(opened)
    assert first.text_group == second.text_group
    assert {first.originator, second.originator} == {"Reuters"}
    (story,) = await opened.store.stories.recent(NOW - timedelta(days=9))
    assert len(story.article_ids) == 2

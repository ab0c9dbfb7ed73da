"""Pasted links over a loopback server: what a page says, and why one could not be read."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.chat.replies.link import link_message
from bot.config import Config, DatabaseSettings, Fetch
from bot.feeds.fetch.allow_list import AllowList
from bot.feeds.fetch.fetch import HttpFetcher
from bot.model.chat import Channel
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.model.scope import SHARED
from bot.runtime.compose import open_app
from bot.store import tables
from tests.feeds.page.pdf_files import pdf_of
from tests.flows.talk import text_of

pytestmark = pytest.mark.slow
NOW = datetime(2025, 7, 8, 6, tzinfo=UTC)
DESK = Channel(platform="slack", workspace="T1", id="C1").scope
TEXT = [
    "The harbour authority of Selin closed the northern pier on Monday after a crane fell into the water.",
    "Two workers were injured, the authority said in a statement.",
    "Director Anna Berg said the pier would stay closed until Friday.",
    "The crane was built in 1974 and had been inspected in March, according to the authority.",
    "Ferries to the islands leave from the southern pier until then.",
]


def page(sentences=TEXT, *, title="Crane falls at Selin harbour", date="2025-07-07T10:00:00+02:00", more=""):
    paragraphs = "".join(f"<p>{s}</p>" for s in sentences)
    return (
        f"<html lang='en'><head><title>{title}</title><meta property='og:site_name' content='Post'>"
        f"<meta property='article:published_time' content='{date}'></head>"
        f"<body>{more}<article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


@pytest.fixture
async def app(server, sqlite_url):
    clock = [NOW]
    config = Config(
        database=DatabaseSettings(url=sqlite_url),
        fetch=Fetch(allow=(f"127.0.0.1:{server.port}", f"localhost:{server.port}")),
    )
    async with open_app(config, now=lambda: clock[0]) as opened:
        yield opened, clock


async def test_a_page_is_briefed_as_a_story_is(app, server):
    opened, _ = app
    server.page("/a", page())
    (brief,) = await opened.link([server.url("/a")], scope=DESK)
    assert brief.failure == ""
    assert (brief.outlet, brief.published_at) == ("Post (127.0.0.1)", datetime(2025, 7, 7, 8, tzinfo=UTC))
    assert brief.brief.headline.text
    assert 1 <= len(brief.brief.bullets) <= 4
    assert {s.url for s in brief.sources} == {server.url("/a")}


async def test_one_bad_link_is_a_value_and_stops_no_other(app, server):
    opened, _ = app
    server.page("/a", page())
    given = [server.url("/missing"), server.url("/a"), "ftp://127.0.0.1/a", "not a link"]
    missing, good, other, none = await opened.link(given, scope=DESK)
    assert missing.failure == "There is nothing at the address."
    assert good.brief
    assert other.failure == none.failure == "This is not a web address."


async def test_more_links_than_fit_are_named(app, server):
    opened, _ = app
    for i in range(7):
        server.page(f"/{i}", page([f"Pier number {i} of Selin closed. " + TEXT[0], *TEXT[1:]]))
    briefs = await opened.link([server.url(f"/{i}") for i in range(7)], scope=DESK)
    assert [b.failure for b in briefs][:5] == [""] * 5
    assert all("paste this one again" in b.failure for b in briefs[5:])


WIRE = [
    "SELIN (Reuters) - Fighting in the Tarn valley left 14 people dead, the interior ministry said on Monday.",
    "Omar Haddad, the spokesman of the government, said talks with the Tarn Front were suspended.",
    "The two sides had met in the harbour town of Selin for three days without an agreement.",
    "Mediator Ida Moss said she would travel to the valley on Thursday to see what can be saved.",
    "The road to the north is closed, and the hospital of Tarn asked for blood donors.",
]
OTHERS = [
    "Fighting in the Tarn valley left 20 people dead, the Tarn Front said on Monday.",
    "Talks with the Tarn Front were suspended on Monday, said Omar Haddad, the spokesman of the government.",
    "The school of Tarn burned down during the night, and 300 children cannot return.",
    "Mediator Ida Moss leaves for the valley on Thursday.",
    "A convoy of the Red Cross waits at the border for a permit, according to its director Paul Ernst.",
]


def feed(*links):
    items = "".join(
        f"<item><title>Fighting in the Tarn valley</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>Mon, 07 Jul 2025 09:00:00 +0200</pubDate><description>Teaser</description></item>"
        for link in links
    )
    return f"<rss version='2.0'><channel><title>Wire</title><language>en</language>{items}</channel></rss>"


async def follow(opened, server, path, *, scope=SHARED):
    await opened.store.feeds.add(
        [Feed(id=derive_id("fee", path, *scope.parts), url=server.url(path), scope=scope)]
    )


def war(sentences, title="Fighting in the Tarn valley"):
    return page(sentences, title=title)


@pytest.fixture
async def archive(app, server):
    """Return an app that read a wire's article from a shared feed and briefed the channel on it."""
    opened, clock = app
    server.page("/wire.html", war(WIRE))
    server.page("/wire", feed(server.url("/wire.html")), Content_Type="application/rss+xml")
    await follow(opened, server, "/wire")
    await opened.ingest()
    clock[0] = NOW + timedelta(minutes=30)
    await opened.brief_channel(DESK.channel)
    clock[0] = NOW + timedelta(hours=1)
    return opened, clock


async def story_of(opened):
    (story,) = await opened.store.stories.recent(NOW - timedelta(days=9))
    return story


async def test_a_page_is_set_into_its_story(archive, server):
    opened, _ = archive
    story = await story_of(opened)
    server.page("/b", war(OTHERS, title="Tarn: talks suspended"))
    (brief,) = await opened.link([server.url("/b")], scope=DESK)
    assert (brief.story_id, brief.story_headline) == (story.id, story.title)
    assert brief.story_status.citation.article_id == story.article_ids[0]
    added = " ".join(s.text for s in brief.adds)
    assert "school of Tarn burned" in added
    assert "Ida Moss" not in added
    (differs,) = brief.contradicts
    assert {(c.by, c.text.split()[0]) for c in differs.claims} == {
        ("the interior ministry", "14"),
        ("the Tarn Front", "20"),
    }
    assert brief.story_sent_at == NOW + timedelta(minutes=30)
    assert brief.briefed_at is None
    assert brief.reprint_of == ""
    assert {s.url for s in brief.sources} == {server.url("/b"), server.url("/wire.html")}


async def test_what_is_shared_learns_nothing_of_a_link(archive, server):
    opened, clock = archive
    before = await everything_shared(opened)
    server.page("/b", war(OTHERS, title="Tarn: talks suspended"))
    server.page("/c", page())
    await opened.link([server.url("/b"), server.url("/c")], scope=DESK)
    assert await everything_shared(opened) == before
    clock[0] += timedelta(hours=2)
    await opened.ingest(everything=True)
    await opened.rebuild(await opened.store.stories.all_ids())
    assert await everything_shared(opened) == before


async def everything_shared(opened):
    """Return what is kept for everybody, row by row, the polls and the log of ingests aside."""
    async with opened.store.database.reading() as connection:
        rows = {}
        for name in (
            "article",
            "sentence",
            "story",
            "story_article",
            "corpus_term",
            "story_term",
            "article_key",
        ):
            table = tables.metadata.tables[name]
            found = [dict(r) for r in (await connection.execute(sa.select(table))).mappings()]
            rows[name] = [r for r in found if r.get("visibility", "shared") == "shared"]
    own = {r["article_id"] for r in rows["sentence"]} - {r["id"] for r in rows["article"]}
    for name in ("sentence", "story_article"):
        rows[name] = [r for r in rows[name] if r["article_id"] not in own]
    return rows


async def test_a_reprint_names_who_wrote_it_first_and_when_it_was_told(archive, server):
    opened, _ = archive
    server.page("/copy", page([s.replace("SELIN (Reuters) - ", "") for s in WIRE], title="Dead in Tarn"))
    elsewhere = server.url("/copy").replace("127.0.0.1", "localhost")  # a site of its own
    (brief,) = await opened.link([elsewhere], scope=DESK)
    assert brief.reprint_of == "Reuters"
    assert brief.briefed_at == NOW + timedelta(minutes=30)
    assert brief.adds == ()


async def test_a_page_that_a_feed_brought_is_no_reprint_of_itself(archive, server):
    opened, _ = archive
    (brief,) = await opened.link([server.url("/wire.html?utm_source=x")], scope=DESK)
    assert brief.known_since == NOW
    assert brief.briefed_at == NOW + timedelta(minutes=30)
    assert (brief.reprint_of, brief.credits) == ("", "Reuters")  # its own dateline says so
    assert "The page credits Reuters." in link_message(brief).notice
    server.page("/own.html", page())
    server.page("/wire", feed(server.url("/own.html")), Content_Type="application/rss+xml")
    await opened.ingest(everything=True)
    (own,) = await opened.link([server.url("/own.html")], scope=DESK)
    assert own.known_since
    assert own.reprint_of == ""


async def test_the_same_link_is_answered_from_the_store_with_its_age(app, server):
    opened, clock = app
    server.page("/a", page())
    (first,) = await opened.link([server.url("/a")], scope=DESK)
    asked = len(server.requests)
    clock[0] = NOW + timedelta(hours=3)
    (second,) = await opened.link([server.url("/a?utm_source=chat")], scope=DESK)
    assert len(server.requests) == asked
    assert (second.stored, second.read_at, second.brief) == (True, NOW, first.brief)
    assert "3 hours ago" in link_message(second).notice
    other = replace(DESK, channel="slack:T1/C2")
    (elsewhere,) = await opened.link([server.url("/a")], scope=other)
    assert not elsewhere.stored
    assert elsewhere.id != first.id


async def test_read_again_it_says_what_changed_on_the_page(app, server):
    opened, clock = app
    server.page("/a", page())
    await opened.link([server.url("/a")], scope=DESK)
    clock[0] = NOW + timedelta(hours=3)
    (same,) = await opened.link([server.url("/a")], scope=DESK, fresh=True)
    assert (same.reread, same.page_changes, same.page_dropped) == (True, (), ())
    assert "nothing since it was last read" in printed(same)
    now = [
        "Three workers were injured, one of them badly, the authority said." if "Two workers" in s else s
        for s in TEXT
    ]
    server.page(
        "/a", page([*now, "The public prosecutor opened an inquiry against the operator Norden Cranes."])
    )
    (changed,) = await opened.link([server.url("/a")], scope=DESK, fresh=True)
    assert [s.text.split()[0] for s in changed.page_changes] == ["Three", "The"]
    assert [text.split()[0] for text in changed.page_dropped] == ["Two"]
    assert changed.sources[0].revision == 2
    (stored,) = await opened.link([server.url("/a")], scope=DESK)
    assert (stored.stored, stored.reread, stored.page_changes) == (True, False, ())
    assert stored.brief == changed.brief


async def test_a_page_that_is_gone_is_told_from_the_store_and_says_so(app, server):
    opened, clock = app
    server.page("/a", page())
    (first,) = await opened.link([server.url("/a")], scope=DESK)
    server.page("/a", status=404)
    clock[0] = NOW + timedelta(days=2)
    (brief,) = await opened.link([server.url("/a")], scope=DESK, fresh=True)
    assert brief.brief == first.brief
    assert brief.note == "The page could not be read again: There is nothing at the address."
    assert "2 days ago" in link_message(brief).notice


async def test_two_links_about_one_event_find_each_other(app, server):
    opened, _ = app
    server.page("/a", page())
    server.page(
        "/b",
        page(
            [*TEXT[1:4], "Seven ships wait outside the harbour of Selin.", TEXT[0]], title="Selin pier closed"
        ),
    )
    one, two = await opened.link([server.url("/a"), server.url("/b")], scope=DESK)
    assert one.story_id == two.story_id
    assert "" in (headlines := {one.story_headline, two.story_headline})  # of whichever came first
    assert headlines <= {"", "Crane falls at Selin harbour", "Selin pier closed"}
    assert len(headlines) == 2
    (story,) = await opened.store.stories.recent(NOW - timedelta(days=9), by=DESK)
    assert (story.scope, len(story.article_ids)) == (DESK, 2)
    assert await opened.store.stories.recent(NOW - timedelta(days=9), by=SHARED) == []


@pytest.mark.parametrize(
    ("body", "content_type", "sentence"),
    [
        ("<html><body><video src='x'></video></body></html>", "text/html", "The page holds a video or sound and no article text."),
        ("<html><body><form><input type=password></form></body></html>", "text/html", "The page asks for a login."),
        ("<html><body><p>Subscribe to read the full story</p></body></html>", "text/html", "The page shows its article to subscribers only."),
        (" ", "text/html", "The page is empty."),
        ("x", "video/mp4", "The address gives a video, not a text."),
        ("x", "audio/mpeg", "The address gives a sound recording, not a text."),
        (pdf_of([], picture=True), "application/pdf", "The PDF holds only pictures of pages."),
    ],
)  # fmt: skip
async def test_what_is_no_article_is_named_in_one_sentence(app, server, body, content_type, sentence):
    opened, _ = app
    server.page("/x", body, Content_Type=content_type)
    (brief,) = await opened.link([server.url("/x")], scope=DESK)
    assert brief.failure == sentence
    message = link_message(brief)
    assert (message.title, message.notice, message.sources) == ("Link: 127.0.0.1", sentence, ())


async def test_a_login_that_the_server_asks_for_is_named(app, server):
    opened, _ = app
    server.page("/x", status=401)
    (brief,) = await opened.link([server.url("/x")], scope=DESK)
    assert brief.failure == "The address asks for a login."


async def test_a_pdf_and_a_plain_text_are_briefed_like_a_page(app, server):
    opened, _ = app
    server.page(
        "/report.pdf", pdf_of(["Crane falls at Selin harbour", "", *TEXT]), Content_Type="application/pdf"
    )
    server.page("/report.txt", "\n\n".join(WIRE), Content_Type="text/plain")
    pdf, text = await opened.link([server.url("/report.pdf"), server.url("/report.txt")], scope=DESK)
    assert "crane" in pdf.brief.headline.text.lower()
    assert (text.reprint_of, text.credits) == ("", "Reuters")
    assert len(text.brief.bullets) >= 2


async def test_a_refused_address_tells_nothing_of_the_network_behind(app, server):
    opened, _ = app
    for url in ("http://127.0.0.1:1/", "http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest"):
        (brief,) = await opened.link([url], scope=DESK)
        assert brief.failure.count(".") == 1
        assert not any(c.isdigit() for c in brief.failure)


class OneName:
    """A name server that knows one address, or none."""

    def __init__(self, address):
        self.address = address

    async def resolve(self, host, port=0, family=0):
        if not self.address:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            {
                "hostname": host,
                "host": self.address,
                "port": port,
                "family": socket.AF_INET,
                "proto": 0,
                "flags": 0,
            }
        ]

    async def close(self):
        pass


@pytest.mark.parametrize(
    "url", ["https://git.corporation.example/", "http://git.corporation.example/team/news"]
)
async def test_who_pastes_a_link_is_not_told_whether_its_name_exists_inside(app, url):
    opened, _ = app
    told = []
    for address in ("", "10.0.0.7", "127.0.0.1", "169.254.169.254"):
        async with HttpFetcher(user_agent="x", allow=AllowList(), resolver=OneName(address)) as fetcher:
            (brief,) = await replace(opened, fetcher=fetcher).link([url], scope=DESK)
        assert brief.failure == "There is no public web server of that name."
        told.append(text_of(link_message(brief)))
    assert len(set(told)) == 1


async def test_a_link_is_forgotten_in_time_with_all_that_was_made_of_it(archive, server):
    opened, clock = archive
    shared = await everything_shared(opened)
    for name, sentences in (
        ("b", OTHERS),
        ("c", TEXT),
        ("d", [*TEXT[1:], "Seven ships wait outside of Selin."]),
    ):
        server.page(f"/{name}", page(sentences, title=f"Page {name}"))
    await opened.link([server.url("/b"), server.url("/c")], scope=DESK)
    clock[0] += timedelta(days=60)
    await opened.link([server.url("/d")], scope=DESK)
    clock[0] += timedelta(days=60)
    await opened.prune()
    assert await everything_shared(opened) == shared
    (left,) = [
        s for s in await opened.store.stories.recent(NOW - timedelta(days=9), by=DESK) if s.scope == DESK
    ]
    assert left.title == "Page d"
    assert len(left.article_ids) == 1
    clock[0] += timedelta(days=60)
    await opened.prune()
    async with opened.store.database.reading() as connection:
        for table in tables.metadata.sorted_tables:
            if {"visibility", "channel"} <= set(table.c.keys()) and table.name not in {
                "briefing",
                "briefing_record",
                "sent_story",
            }:
                rows = await connection.execute(sa.select(table).where(table.c.channel == DESK.channel))
                assert rows.all() == [], table.name


def printed(brief):
    message = link_message(brief)
    return " ".join(line.text for part in message.parts for line in part.lines)


async def test_a_link_without_an_owner_is_refused(app):
    opened, _ = app
    with pytest.raises(ValueError, match="belongs to somebody"):
        await opened.link(["https://post.example/"], scope=SHARED)

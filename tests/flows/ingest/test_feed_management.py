"""Feeds that move, hold a key, share a host or come from a site's page: through ingest and the commands, on every engine."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from typer.testing import CliRunner

from bot.chat.document.markdown import to_markdown
from bot.chat.document.message import to_message
from bot.chat.replies.feeds import feed_names
from bot.cli import app as cli
from bot.codec import to_text
from bot.errors import FetchError, InputError
from bot.feeds.fetch.allow_list import AllowList
from bot.flows.briefing.subscription_filter import filter_for
from bot.flows.ingest.feed_discovery import find_feed, listed_feeds, resolve_guessed
from bot.flows.ingest.named_feed import feeds_named, named_feed
from bot.model.chat import Channel, Subscription
from bot.model.news import Feed
from bot.model.scope import SHARED
from bot.web.page import render_page
from tests.flows.outside import NOW, item, open_outside, rss
from tests.servers.news import NewsServer

pytestmark = pytest.mark.slow
UUID = "7d1f3c52-0b7e-4a53-9d7e-2f6a1c9b8e04"
RSS = "application/rss+xml"


@pytest.fixture
async def world(engine_url):
    async with NewsServer() as server, open_outside(engine_url, server=server) as opened:
        yield opened


def feed_at(world, path, *items, title="Post", **headers):
    world.server.page(path, rss(*items, title=title), Content_Type=RSS, **headers)


def moves(world, old, new):
    world.server.page(old, status=301, Location=world.server.url(new))


async def notices(world):
    return [notice.text for notice in await world.store.notices.unsent()]


def asked(world):
    """Return the paths that were asked since the last time."""
    paths = [
        request.path for request in world.server.requests if request.path not in {"/healthy", "/robots.txt"}
    ]
    world.server.requests.clear()
    return paths


@pytest.mark.one_engine
async def test_one_day_of_a_redirect_binds_nothing(world):
    feed_at(world, "/site", item(50, title="Site news"), title="Site")
    feed_at(world, "/category", item(1, title="Category news one"), title="Category", ETag='"c1"')
    await world.follow("/category")
    await world.ingest()
    moves(world, "/category", "/site")
    for _ in range(4):
        world.later(hours=3)
        await world.ingest()
    feed_at(
        world,
        "/category",
        item(1, title="Category news one"),
        item(2, title="Category news two"),
        title="Category",
        ETag='"c2"',
    )
    world.later(days=1)
    await world.ingest()
    (feed,) = await world.store.feeds.all()
    assert (feed.moved_to, feed.address) == ("", world.server.url("/category"))
    assert "Category news two" in await world.titles()
    assert await notices(world) == []


async def test_three_days_of_it_are_lasting_and_told_and_end_when_the_old_address_answers(world):
    feed_at(world, "/new", item(1), title="Post")
    moves(world, "/old", "/new")
    await world.follow("/old")
    for _ in range(3):
        await world.ingest()
        assert asked(world) == ["/old", "/new"]
        world.later(days=1)
    (feed,) = await world.store.feeds.all()
    assert feed.moved_to == world.server.url("/new")
    (told,) = await notices(world)
    assert "“Post” has moved permanently" in told
    # The old address is gone: the new one is read, and the old one asked once a day.
    world.server.page("/old", status=404)
    feed_at(world, "/new", item(1), item(2, title="Read at the new address"), title="Post")
    await world.ingest()
    assert asked(world) == ["/old", "/new"]
    await world.ingest()
    assert asked(world) == ["/new"]
    assert "Read at the new address" in await world.titles()
    (health,) = [h for h in (await world.store.feeds.health()).values() if h.feed_id == feed.id]
    assert (health.failures, health.reason) == (0, "")
    feed_at(world, "/old", item(3, title="Read at the old address"), title="Post")
    world.later(days=1)
    await world.ingest()
    (feed,) = await world.store.feeds.all()
    assert feed.moved_to == ""
    assert "Read at the old address" in await world.titles()
    assert any("answers at its old address again" in text for text in await notices(world))


@pytest.mark.one_engine
async def test_nothing_new_is_believed_of_the_address_alone_that_said_so(world):
    # The old address takes the date of the other's document for its own, and says that nothing changed.
    feed_at(world, "/other", item(1, title="Of the other"), Last_Modified="Tue, 08 Jul 2025 00:00:00 GMT")
    moves(world, "/old", "/other")
    await world.follow("/old")
    await world.ingest()

    async def answer(request):
        if "If-Modified-Since" in request.headers:
            return web.Response(status=304)
        return web.Response(text=rss(item(2, title="Of the old one")), content_type=RSS)

    world.server.answers["/old"] = answer
    await world.ingest()
    assert "Of the old one" in await world.titles()


def private_feed(own):
    """Return a feed without a title that repeats its key in all that it says."""
    items = (
        f"<item><title>Bridge {i} in Selin is repaired, {own}.rss</title><link>{own}/page{i}</link><guid>{own}/{i}</guid>"
        f"<author>{own}</author><enclosure url='{own}/{i}.mp3' type='audio/mpeg' length='1'/><pubDate>Mon, 07 Jul 2025 10:00:00 GMT</pubDate>"
        f"<description>Bridge {i} in Selin was repaired on Monday. Subscribe at {own}.rss today.</description></item>"
        for i in range(3)
    )
    return f"<rss version='2.0'><channel><link>{own}</link>{''.join(items)}</channel></rss>"


async def everything_said(world):
    """Return all that anybody is shown or told, in the words of every medium."""
    report = await world.ingest()
    briefing = await world.app.brief_channel("console:here")
    message = to_message(briefing)
    shown = [
        to_text(briefing),
        to_text(report),
        *to_markdown(message, limit=9000),
        await asyncio.to_thread(render_page, [message], title="T"),
    ]
    shown += await notices(world)
    shown += [to_text(article) for article in await world.store.articles.many(await articles(world))]
    shown += list(feed_names(await world.store.feeds.all()).values())
    shown += [health.reason for health in (await world.store.feeds.health()).values()]
    return "\n".join(shown)


async def articles(world):
    stories = await world.store.stories.recent(world.clock[0].replace(year=2000), by=None)
    return [article_id for story in stories for article_id in story.article_ids]


PRIVATE = {
    f"/private/{UUID}": UUID,
    "/private-8c1f0e9a7b6d5c4e/basic": "8c1f0e9a7b6d5c4e",
    "/secret_hunter22/rss": "hunter22",
    "/u/aB3-xY_9kLm0pQr7StUv": "aB3-xY_9kLm0pQr7StUv",
}


@pytest.mark.one_engine
async def test_a_key_in_the_path_of_a_feed_is_shown_nowhere(world, capfd):
    for path in PRIVATE:
        world.server.page(f"{path}.rss", private_feed(world.server.url(path)), Content_Type=RSS)
    await world.follow(*(f"{path}.rss" for path in PRIVATE))
    said = await everything_said(world)
    assert "Bridge 1 in Selin was repaired" in said
    for path in PRIVATE:
        moves(world, f"{path}.rss", f"/moved{path}")  # where nothing is yet: it fails
    world.later(days=1)
    said += await everything_said(world)
    for path in PRIVATE:
        world.server.page(f"/moved{path}", private_feed(world.server.url(f"{path}/moved")), Content_Type=RSS)
    for _ in range(3):
        world.later(days=1)
        await world.ingest()
    said += await everything_said(world)
    assert "has moved permanently" in said
    said += "".join(capfd.readouterr())
    assert [secret for secret in PRIVATE.values() if secret in said] == []
    names = feed_names(await world.store.feeds.all())
    assert sorted(names.values()) == ["127.0.0.1", "127.0.0.1 (2)", "127.0.0.1 (3)", "127.0.0.1 (4)"]


async def find(world, path, number=0):
    app = world.app
    return await find_feed(
        world.server.url(path) if path.startswith("/") else path,
        scope=SHARED,
        services=app.reading,
        number=number,
    )


@pytest.mark.one_engine
async def test_a_valid_feed_without_entries_is_followed_and_read_when_it_has_some(world):
    feed_at(world, "/empty", title="Quiet office")
    found = await find(world, "/empty")
    assert (found.problem, found.entries, found.title) == ("", 0, "Quiet office")
    await world.store.feeds.add([found.feed])
    await world.ingest()
    feed_at(world, "/empty", item(7, title="The office speaks"), title="Quiet office")
    await world.ingest()
    assert "The office speaks" in await world.titles()


@pytest.mark.one_engine
@pytest.mark.parametrize("written", ["{host}/bare", "feed://{host}/bare", "feed:{host}/bare"])
async def test_an_address_without_a_scheme_is_read_by_http_where_the_host_has_no_https(world, written):
    feed_at(world, "/bare", item(1, title="Read without encryption"), title="Post")
    host = world.server.url("").removeprefix("http://")
    found = await find(world, written.format(host=host))
    assert (found.problem, found.entries, found.feed.url) == ("", 1, world.server.url("/bare"))
    assert "read by http" in found.note
    await world.store.feeds.add([found.feed])
    await world.ingest()
    assert "Read without encryption" in await world.titles()
    # Whoever wrote https means it.
    assert (await find(world, f"https://{host}/bare")).problem


@pytest.mark.one_engine
async def test_a_guessed_scheme_leads_nowhere_that_the_guard_refuses(world):
    for address in ("10.0.0.1/feed", "feed://192.168.1.1/feed", "127.0.0.2:9/feed"):
        with pytest.raises(FetchError) as refused:
            await find(world, address)
        assert refused.value.reason == "blocked"


@pytest.mark.one_engine
async def test_a_list_names_what_it_leaves_out_and_tries_http_for_what_has_no_scheme(world, tmp_path):
    feed_at(world, "/bare", item(1), title="Post")
    host = world.server.url("").removeprefix("http://")
    await asyncio.to_thread(
        (tmp_path / "mine.opml").write_text,
        f"<opml version='2.0'><body><outline text='Bare' xmlUrl='{host}/bare'/><outline text='Odd' xmlUrl='http://['/>"
        "<outline text='File' xmlUrl='file:///etc/hosts'/></body></opml>",
    )
    listing = await asyncio.to_thread(
        listed_feeds, str(tmp_path / "mine.opml"), packs=tmp_path / "none", allow=AllowList.parse([host])
    )
    app = world.app
    feeds = await resolve_guessed(
        listing.feeds,
        listing.guessed,
        services=app.reading,
    )
    assert [(f.title, f.url) for f in feeds] == [("Bare", world.server.url("/bare"))]
    assert [line.split()[0].rstrip(":") for line in listing.left_out] == ["Odd", "File"]


@pytest.mark.one_engine
async def test_a_page_leads_to_its_feed_and_of_several_one_is_chosen(world):
    feed_at(world, "/one.xml", item(1), title="One")
    feed_at(world, "/two.xml", item(2), item(3), title="Two")
    link = "<link rel=alternate type=application/rss+xml href={} title={}>"
    world.server.page("/", f"<html>{link.format('/one.xml', 'One')}</html>")
    assert (await find(world, "/")).title == "One"
    world.server.page(
        "/",
        f"<html>{link.format('/one.xml', 'One')}{link.format('/two.xml', 'Two')}{link.format('/gone.xml', 'Gone')}</html>",
    )
    with pytest.raises(InputError) as refused:
        await find(world, "/")
    assert "The page names 2 feeds" in refused.value.message
    assert "2. Two" in refused.value.message
    assert (await find(world, "/", number=2)).title == "Two"
    world.server.page("/", "<html><p>No feed.</p></html>")
    assert "names no feed" in (await find(world, "/")).problem


def feed(n, **values):
    return Feed(**{"id": f"fee-{n}", "url": f"https://host{n}.example/rss"} | values)


FEEDS = [
    feed(1, title="World News"),
    feed(2, title="World News"),
    feed(3, url="https://a.example/private/hunter22hunter22.rss"),
    feed(4, url="https://a.example/other"),
    feed(5, title="Sports", url="https://s.example/feed?section=all"),
]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("World News", 1), ("world news (2)", 2), ("a.example", 3), ("a.example (2)", 4), ("fee-5", 5), ("sports", 5),
        ("https://a.example/private/hunter22hunter22.rss", 3), ("https://a.example/private/•••", 3), ("http://a.example/other/", 4),
        ("feed://s.example/feed?section=all", 5), ("“Sports”", 5), ("https://s.example/feed", 5),
    ],
)  # fmt: skip
def test_a_feed_is_found_by_what_the_list_shows_of_it(name, found):
    assert named_feed(name, FEEDS, lists="list").id == f"fee-{found}"


def test_a_name_that_is_none_is_answered_with_near_ones():
    with pytest.raises(InputError) as refused:
        named_feed("Wrold News", FEEDS, lists="wirebrief feeds list")
    assert refused.value.message == "No feed is called “Wrold News”"
    assert "“World News”" in refused.value.hint
    with pytest.raises(InputError) as refused:
        named_feed("https://x.example/private/hunter22hunter22.rss", FEEDS, lists="list")
    assert "hunter22" not in str(refused.value)


def test_a_title_that_several_share_names_them_all():
    two = [feed(1, title="A"), feed(2, title="A"), feed(3, title="A (2)")]
    assert feed_names(two) == {"fee-1": "A", "fee-2": "A (3)", "fee-3": "A (2)"}
    same = [feed(1, url="https://a.example/x?key=1"), feed(2, url="https://a.example/x?key=2")]
    assert len(feeds_named("https://a.example/x", same)) == 2
    with pytest.raises(InputError, match="2 feeds are called"):
        named_feed("https://a.example/x", same, lists="list")


async def wirebrief(*arguments):
    return await asyncio.to_thread(CliRunner().invoke, cli, list(arguments))


@pytest.mark.one_engine
async def test_the_commands_from_following_to_leaving(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with NewsServer() as server:
        monkeypatch.setenv("WIREBRIEF_FETCH_ALLOW", f"127.0.0.1:{server.port}")
        server.page(f"/private/{UUID}.rss", private_feed(server.url("/a")), Content_Type=RSS)
        server.page("/plain.xml", rss(item(1), title="Plain"), Content_Type=RSS)
        server.page(
            "/",
            "<html><link rel=alternate type=application/rss+xml href=/plain.xml><link rel=alternate type=application/rss+xml href=/second.xml title=Second>",
        )
        server.page("/second.xml", rss(title="Second"), Content_Type=RSS)
        said = []

        async def says(*arguments, code=0):
            done = await wirebrief("feeds", *arguments)
            said.append(done.output + str(done.exception or ""))
            assert done.exit_code == code, said[-1]
            return said[-1]

        assert "Added" in await says("add", server.url(f"/private/{UUID}.rss"))
        assert "choose one" in await says("add", server.url("/"), code=1)
        assert "Added" in await says("add", server.url("/"), "--number", "2")
        assert "0 entries" in said[-1]
        listed = await says("list")
        assert "127.0.0.1  http://127.0.0.1" in listed
        assert "Second" in listed
        await says("check")
        assert "Renamed: 127.0.0.1 is now Ours" in await says("rename", "127.0.0.1", "Ours")
        assert "Another feed" in await says("rename", "Second", "ours", code=1)
        assert "No feed is called" in await says("remove", "Our", code=1)
        assert "“Ours”" in said[-1]
        assert all(UUID not in text for text in said)
        assert UUID in (await wirebrief("feeds", "list", "--addresses")).output
        exported = (await wirebrief("feeds", "export")).output
        assert f"/private/{UUID}.rss" in exported
        assert "Removed: Ours" in await says("remove", "ours")
        assert UUID not in await says("list")
        assert all(UUID not in text for text in said)


@pytest.mark.one_engine
async def test_folders_come_back_from_an_export(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    body = """<opml version="2.0"><body><outline text="News"><outline text="Europe"><outline text="A" xmlUrl="https://a.example/rss"/>
    </outline><outline text="B" xmlUrl="https://b.example/rss"/></outline></body></opml>"""
    (tmp_path / "in.opml").write_text(body)
    assert "2 feeds added" in (await wirebrief("feeds", "import", "in.opml")).output
    assert "[News/Europe]" in (await wirebrief("feeds", "list")).output
    await wirebrief("feeds", "export", "out.opml")
    await wirebrief("feeds", "remove", "A")
    await wirebrief("feeds", "remove", "B")
    assert "2 feeds added" in (await wirebrief("feeds", "import", "out.opml")).output
    assert "[News/Europe]" in (await wirebrief("feeds", "list")).output


@pytest.mark.parametrize(
    ("packs", "read"), [(("News",), {"fee-1", "fee-2"}), (("News/Europe",), {"fee-1"}), (("New",), set())]
)
def test_a_pack_reads_the_folders_within_it(packs, read):
    feeds = [feed(1, pack="News/Europe"), feed(2, pack="News"), feed(3, pack="Newsletters"), feed(4)]
    subscription = Subscription(
        id="s",
        channel=Channel.read("console:here"),
        times="daily 07:30",
        zone="UTC",
        lines=("30 7 * * *",),
        packs=packs,
        created_at=NOW,
    )
    assert filter_for(subscription, feeds).feeds == read

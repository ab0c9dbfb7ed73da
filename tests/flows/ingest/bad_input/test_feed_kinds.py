"""What feeds of every kind and fault say, and the articles that come of it: through ingest, on every engine."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.config import Config, DatabaseSettings, Fetch
from bot.model.ids import derive_id
from bot.model.news import DateSource, Feed
from bot.runtime.compose import open_app
from tests.servers.news import NewsServer

pytestmark = pytest.mark.slow
NOW = datetime(2025, 7, 8, 6, tzinfo=UTC)
AT = datetime(2025, 7, 7, 7, 30, tzinfo=UTC)
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


@dataclass(frozen=True)
class RequestContext:
    """A feed of one entry, and the article that it is; ``{B}`` is the server's address."""

    body: str
    title: str
    path: str
    text: str
    at: datetime | None = AT
    language: str = ""
    packed: bool = False


def rss(item: str, *, language: str = "en", spaces: str = SPACES) -> str:
    return f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel><title>Daily</title><link>{{B}}/</link><language>{language}</language><item>{item}</item></channel></rss>'


def atom(entry: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{{B}}/"><title>Daily</title><entry>{entry}</entry></feed>'


CASES = {
    "bare ampersands": RequestContext(
        rss("<title>R&D cut at AT&T</title><link>{B}/amp?a=1&b=2&lang=en</link><pubDate>Mon, 07 Jul 2025 09:30:00 +0200</pubDate><description>Research & development is cut by half.</description>"),
        "R&D cut at AT&T", "/amp?a=1&b=2&lang=en", "Research & development is cut by half.",
    ),
    "escaped twice": RequestContext(
        rss("<title>It&amp;#8217;s &amp;amp; it&#146;s</title><link>{B}/twice</link><dc:date>2025-07-07T09:30:00+02:00</dc:date><description>&amp;lt;p&amp;gt;The vote is over.&amp;lt;/p&amp;gt;</description>"),
        "It’s & it’s", "/twice", "The vote is over.",
    ),
    "inline markup and media first": RequestContext(
        rss("<media:content url='/x.jpg' medium='image'><media:title>Photo: a crane</media:title></media:content><atom:link rel='self' href='{B}/self'/><title>The <i>Nordkran</i> falls</title><link>{B}/crane</link><dcterms:created>2025-07-07T07:30:00Z</dcterms:created><media:description>A crane fell into the harbour.</media:description>"),
        "The Nordkran falls", "/crane", "A crane fell into the harbour.",
    ),
    "podcast": RequestContext(
        rss("<itunes:title>Episode of the day</itunes:title><guid isPermaLink='false'>e1</guid><link>{B}/episode</link><pubDate>Mon, 07 Jul 2025 02:30 AM EST</pubDate><itunes:summary>Ida Renn speaks about harbours.</itunes:summary><enclosure url='{B}/e.mp3' type='audio/mpeg'/>"),
        "Episode of the day", "/episode", "Ida Renn speaks about harbours.",
    ),
    "unescaped markup, sections without end": RequestContext(
        rss("<title>Markup <b>everywhere</title><link>{B}/markup</link><pubDate>Mon Jul 07 2025 16:30:00 GMT+0900 (JST)</pubDate><description><![CDATA[<p>The dam near Osby is safe.<br>Nobody left.</description>"),
        "Markup <b>everywhere", "/markup", "The dam near Osby is safe.",
    ),
    "space in the link": RequestContext(
        rss("<title>Port closes</title><link> {B}/port of velmar.html </link><pubDate>2025/07/07 07:30:00</pubDate><description>The port is closed.</description>"),
        "Port closes", "/port%20of%20velmar.html", "The port is closed.",
    ),
    "German": RequestContext(
        rss("<title>Hafen zu</title><link>{B}/hafen</link><pubDate>Mo., 7. Juli 2025, 09:30 MESZ</pubDate><description>Der Hafen bleibt heute geschlossen.</description>", language="de"),
        "Hafen zu", "/hafen", "Der Hafen bleibt heute geschlossen.", language="de",
    ),
    "French": RequestContext(
        rss("<title>Port fermé</title><link>{B}/port</link><pubDate>lun., 07 juil. 2025 09:30:00 +0200</pubDate><description>Le port reste fermé aujourd’hui.</description>", language="fr"),
        "Port fermé", "/port", "Le port reste fermé aujourd’hui.", language="fr",
    ),
    "Spanish": RequestContext(
        rss("<title>Puerto cerrado</title><link>{B}/puerto</link><pubDate>lunes, 7 de julio de 2025 07:30</pubDate><description>El puerto sigue cerrado hoy.</description>", language="es"),
        "Puerto cerrado", "/puerto", "El puerto sigue cerrado hoy.", language="es",
    ),
    "slash date, American": RequestContext(
        rss("<title>American date</title><link>{B}/us</link><pubDate>07/07/2025 3:30 AM EDT</pubDate><description>The council met on a Monday.</description>", language="en-US"),
        "American date", "/us", "The council met on a Monday.",
    ),
    "slash date, nobody knows": RequestContext(
        rss("<title>Unclear date</title><link>{B}/unclear</link><pubDate>06/07/2025 07:30</pubDate><description>The council met some day.</description>"),
        "Unclear date", "/unclear", "The council met some day.", at=None,
    ),
    "zero date": RequestContext(
        rss("<title>No date</title><link>{B}/zero</link><pubDate>0001-01-01T00:00:00Z</pubDate><description>The clock of this server is wrong.</description>"),
        "No date", "/zero", "The clock of this server is wrong.", at=None,
    ),
    "half a date": RequestContext(
        rss("<title>Half a date</title><link>{B}/half</link><pubDate>Mon, 07 Jul 2025 07:30:00 XYZT</pubDate><description>Nobody knows this zone of time.</description>"),
        "Half a date", "/half", "Nobody knows this zone of time.", at=None,
    ),
    "Atom in XHTML": RequestContext(
        atom('<id>x1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Court <em>fines</em> Brask &lt;3</div></title><link rel="self" href="self"/><link href="court"/><published>2025-07-07T07:30:00Z</published><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>A court fined Brask Telecom.</p></div></content>'),
        "Court fines Brask <3", "/court", "A court fined Brask Telecom.",
    ),
    "Atom text and html": RequestContext(
        atom('<id>x2</id><title type="text">Use &lt;b&gt; &amp; win</title><link href="//{H}/use"/><updated>2025-07-07T07:30:00Z</updated><summary type="html">&lt;p&gt;It&amp;#8217;s won &amp;amp; done.&lt;/p&gt;</summary>'),
        "Use <b> & win", "/use", "It’s won & done.",
    ),
    "undeclared name spaces": RequestContext(
        rss("<title>Undeclared</title><link>{B}/undeclared</link><dc:date>2025-07-07T07:30Z</dc:date><content:encoded><![CDATA[<p>The prefix has no name space.</p>]]></content:encoded>", spaces=""),
        "Undeclared", "/undeclared", "The prefix has no name space.",
    ),
    "mislabelled gzip": RequestContext(
        rss("<title>Packed</title><link>{B}/packed</link><pubDate>Mon, 07 Jul 2025 07:30:00 UT</pubDate><description>This feed was packed twice over.</description>"),
        "Packed", "/packed", "This feed was packed twice over.", packed=True,
    ),
    "JSON": RequestContext(
        '{"version":"https://jsonfeed.org/version/1.1","title":"Daily","items":[{"id":4711,"url":"/json","title":"Two &amp; three \\ud83d","date_published":"2025-07-07T09:30:00+02:00","content_text":"Five < six & seven.","authors":null,"tags":"x"},"garbage",null]}',
        "Two & three", "/json", "Five < six & seven.",
    ),
    "junk around it": RequestContext(
        "<br />\n<b>Warning</b>: x in /x.php on line 3<br />\n" + rss("<title>Junk</title><link>{B}/junk</link><pubDate>20250707T073000Z</pubDate><description>The feed is fine in between.</description>") + "<script>x()</script>",
        "Junk", "/junk", "The feed is fine in between.",
    ),
}  # fmt: skip


async def test_each_feed_gives_the_article_that_its_writer_meant(engine_url):
    async with NewsServer() as server:
        here = server.url("")
        names = {f"/feeds/{number}": name for number, name in enumerate(CASES)}
        for path, name in names.items():
            text = CASES[name].body.replace("{B}", here).replace("{H}", here.partition("//")[2])
            body = text.encode("utf-8")
            server.page(
                path, gzip.compress(body) if CASES[name].packed else body, Content_Type="application/xml"
            )
        feeds = {path: Feed(id=derive_id("fee", path), url=server.url(path)) for path in names}
        config = Config(
            database=DatabaseSettings(url=engine_url),
            fetch=Fetch(allow=(f"127.0.0.1:{server.port}",), full_text=False),
        )
        async with open_app(config, now=lambda: NOW) as app:
            await app.store.feeds.add(list(feeds.values()))
            report = await app.ingest()
            ids = await app.store.articles.came_between(NOW - timedelta(days=1), NOW + timedelta(days=1))
            kept = {article.feed_id: article for article in await app.store.articles.many(ids)}
        assert report.failures == ()
        for path, name in names.items():
            case, article = CASES[name], kept[feeds[path].id]
            got = (article.title, article.url, article.sentences[0].text)
            assert got == (case.title, here + case.path, case.text), name
            if case.at:
                assert (article.published_at, article.date_source) == (case.at, DateSource.FEED), name
            else:
                assert article.date_source is DateSource.FETCHED, name
            if case.language:
                assert article.language == case.language, name


async def test_no_entry_of_a_feed_is_lost_for_its_guid_or_link(engine_url):
    async with NewsServer() as server:
        items = "".join(
            f"<item><title>{title}</title><link>{link}</link>{guid}<description>{title} in {title}.</description></item>"
            for title, link, guid in (
                ("Crane falls", server.url("/"), ""),
                ("Nurses strike", server.url("/"), ""),
                ("Court fines Brask", server.url("/"), ""),
                ("Dam overflows", server.url("/d1"), "<guid isPermaLink='false'>http://dup/?p=</guid>"),
                ("Mayor opens market", server.url("/d2"), "<guid isPermaLink='false'>http://dup/?p=</guid>"),
            )
        )
        server.page("/feed", rss("").replace("<item></item>", items).replace("{B}", server.url("")))
        config = Config(
            database=DatabaseSettings(url=engine_url),
            fetch=Fetch(allow=(f"127.0.0.1:{server.port}",), full_text=False),
        )
        clock = [NOW]
        async with open_app(config, now=lambda: clock[0]) as app:
            await app.store.feeds.add([Feed(id=derive_id("fee", "f"), url=server.url("/feed"))])
            for _ in range(2):
                await app.ingest(everything=True)
                clock[0] += timedelta(hours=1)
                ids = await app.store.articles.came_between(NOW - timedelta(days=1), NOW + timedelta(days=1))
                titles = sorted(article.title for article in await app.store.articles.many(ids))
                assert titles == [
                    "Court fines Brask",
                    "Crane falls",
                    "Dam overflows",
                    "Mayor opens market",
                    "Nurses strike",
                ]

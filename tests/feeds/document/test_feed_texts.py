"""What a feed says is read right: one fault of real feeds a line, with the entry that must come out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import ParseError
from bot.feeds.document.markup import MarkupKind, as_markup, plain_text
from bot.feeds.document.parse import absolute_link, parse_feed
from bot.feeds.document.repair import repaired
from bot.feeds.page.extract import html_to_text
from tests.support.running.rows import each_row

URL = "https://news.example/feed.xml"
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def rss(item: str, spaces: str = SPACES, channel: str = "") -> bytes:
    head = '<?xml version="1.0" encoding="utf-8"?>'
    return f'{head}<rss version="2.0" {spaces}><channel><title>Daily</title>{channel}<item>{item}</item></channel></rss>'.encode()


def atom(entry: str, root: str = "") -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {root}><title>Daily</title><entry>{entry}</entry></feed>'.encode()


def only(body: bytes, **more):
    (entry,) = parse_feed(body, url=URL, **more).entries
    return entry


TITLES = {
    "bare ampersand": (rss("<title>R&D at AT&T: cuts & gains</title>"), "R&D at AT&T: cuts & gains"),
    "escaped once": (rss("<title>R&amp;D cut</title>"), "R&D cut"),
    "escaped twice": (rss("<title>R&amp;amp;D: it&amp;#8217;s cut</title>"), "R&D: it’s cut"),
    "escaped three times": (rss("<title>it&amp;amp;#8217;s cut</title>"), "it’s cut"),
    "reference": (rss("<title>It&#8217;s cut</title>"), "It’s cut"),
    "reference of Windows": (rss("<title>It&#146;s &#x93;cut&#x94; &#150; soon</title>"), "It’s “cut” – soon"),
    "reference of Windows, escaped twice": (rss("<title>It&amp;#146;s cut</title>"), "It’s cut"),
    "reference in CDATA": (rss("<title><![CDATA[It&#8217;s &eacute;t&eacute; &amp; cut]]></title>"), "It’s été & cut"),
    "entity of HTML": (rss("<title>Caf&eacute;&nbsp;cut &hellip;</title>"), "Café cut …"),
    "entity nobody knows": (rss("<title>A &nosuch; b</title>"), "A &nosuch; b"),
    "inline markup": (rss("<title>The <em>New</em> Yorker<br/>wins</title>"), "The New Yorker wins"),
    "inline markup, escaped": (rss("<title>&lt;i&gt;Lohengrin&lt;/i&gt; returns</title>"), "Lohengrin returns"),
    "inline markup, escaped twice": (rss("<title>&amp;lt;i&amp;gt;Lohengrin&amp;lt;/i&amp;gt; returns</title>"), "Lohengrin returns"),
    "a section, escaped": (rss("<title>&lt;![CDATA[Port closes]]&gt;</title>"), "Port closes"),
    "a section in a section": (rss("<title><![CDATA[<![CDATA[Port closes]]]]><![CDATA[>]]></title>"), "Port closes"),
    "less than": (rss("<title>5 &lt; 6 and a &lt;b</title>"), "5 < 6 and a <b"),
    "bare less than": (rss("<title>5 < 6 & 7</title>"), "5 < 6 & 7"),
    "no tag of HTML": (rss("<title>Why List&lt;String&gt; matters</title>"), "Why List<String> matters"),
    "a tag it is about": (rss("<title>What &lt;video&gt; and &lt;p&gt; do</title>"), "What <video> and <p> do"),
    "media first": (rss("<media:title>Picture</media:title><title>Port closes</title>"), "Port closes"),
    "media grouped first": (
        rss("<media:group><media:content><media:title>Picture</media:title></media:content></media:group><title>Port closes</title>"),
        "Port closes",
    ),
    "media alone": (rss("<media:content url='a.mp4'><media:title>Port closes</media:title></media:content>"), "Port closes"),
    "of a picture's type": (rss("<media:content type='image/png'><media:title>Ann</media:title></media:content><dc:title>Port closes</dc:title>"), "Port closes"),
    "Dublin Core": (rss("<dc:title>Port closes</dc:title><link>https://a.example/</link>"), "Port closes"),
    "podcast": (rss("<itunes:title>Port closes</itunes:title><guid>1</guid>"), "Port closes"),
    "empty, then another": (rss("<title/><dc:title>Port closes</dc:title>"), "Port closes"),
    "capitals": (rss("<TITLE>Port closes</TITLE>"), "Port closes"),
    "atom text": (atom('<title type="text">Use &lt;b&gt; &amp;amp; more</title><id>1</id>'), "Use <b> &amp; more"),
    "atom html": (atom('<title type="html">It&amp;#8217;s &lt;b&gt;cut&lt;/b&gt; at AT&amp;amp;T</title>'), "It’s cut at AT&T"),
    "atom html in CDATA": (atom('<title type="html"><![CDATA[<b>Cut</b> at AT&amp;T &#146;]]></title>'), "Cut at AT&T ’"),
    "atom html, escaped once too often": (atom('<title type="html">It&amp;amp;#8217;s cut</title>'), "It’s cut"),
    "atom xhtml": (
        atom('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">The <b>New</b> Yorker &lt;3</div></title>'),
        "The New Yorker <3",
    ),
    "atom of no type": (atom("<title>It&amp;#8217;s cut &amp; dried</title>"), "It’s cut & dried"),
    "atom 0.3": (
        b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped" type="text/html">'
        b"&lt;b&gt;Port&lt;/b&gt; closes</title></entry></feed>",
        "Port closes",
    ),
    "undeclared name space": (rss("<media:title>Picture</media:title><title>Port closes</title>", spaces=""), "Port closes"),
    "bytes of Windows in UTF-8": (rss("<title>It\u2019s caf\u00e9</title>").replace("\u2019".encode(), b"\x92"), "It’s café"),
    "controls of Windows": (rss("<title>It\u0092s cut</title>"), "It’s cut"),
    "a control": (rss("<title>Port\x0c\x00 closes</title>"), "Port closes"),
    "unknown characters": (rss("<title>Port&#0;closes&#xFFFF;&#x1F600;</title>"), "Port closes 😀"),
    "half a character": (rss("<title>Port&#xD83D; closes</title>"), "Port closes"),
}  # fmt: skip


@each_row("name", TITLES)
def test_a_title_is_what_a_reader_should_see(name):
    body, title = TITLES[name]
    assert only(body).title == title


A = "https://a.example/story"
LINKS = {
    "bare ampersands": (rss(f"<link>{A}?sec=news&id=71&lang=en</link>"), f"{A}?sec=news&id=71&lang=en"),
    "a parameter like an entity": (rss(f"<link>{A}?a=1&copy=2&lt=3</link>"), f"{A}?a=1&copy=2&lt=3"),
    "self before link": (rss(f'<atom:link rel="self" href="{URL}"/><link>{A}</link>'), A),
    "self and an empty link": (rss(f'<link/><atom:link rel="self" href="{URL}"/><guid>{A}</guid>'), A),
    "alternate of Atom": (rss(f'<atom:link rel="self" href="{URL}"/><atom:link href="{A}"/>'), A),
    "Atom, self first": (atom(f'<id>1</id><link rel="self" href="{URL}"/><link rel="alternate" href="{A}"/>'), A),
    "Atom, JSON first": (atom(f'<link type="application/json" href="{A}.json"/><link type="text/html" href="{A}"/>'), A),
    "Atom, edit and replies": (atom(f'<link rel="replies" href="{A}#c"/><link rel="edit" href="/e"/><link href="{A}"/>'), A),
    "Atom, long name of the relation": (atom(f'<link rel="http://www.iana.org/assignments/relation/alternate" href="{A}"/>'), A),
    "GUID that is a link": (rss(f"<guid>{A}</guid>"), A),
    "GUID that is none": (rss(f'<guid isPermaLink="false">{A}</guid><title>t</title>'), ""),
    "GUID that is none, in a damaged feed": (rss("<title>a & b</title><guid>1</guid>"), ""),
    "a link in a link": (rss(f"<link>&lt;a href='{A}'&gt;x&lt;/a&gt;</link>"), A),
    "a link in a link, not escaped": (rss(f"<link><a href='{A}'>x</a></link><title>t & u</title>"), A),
    "spaces inside": (rss("<link>https://a.example/port of velmar.html</link>"), "https://a.example/port%20of%20velmar.html"),
    "space around": (rss(f"<link>\n   {A}\n </link>"), A),
    "a line break inside": (rss("<link>https://a.example/\n    story</link>"), A),
    "relative": (rss("<link>/story</link>", channel="<link>https://a.example/</link>"), A),
    "www": (rss("<link>www.a.example/story</link>"), "https://www.a.example/story"),
    "no scheme": (rss("<link>//a.example/story</link>"), A),
    "feed scheme": (rss("<link>feed://a.example/story</link>"), A),
    "feed scheme before another": (rss(f"<link>feed:{A}</link>"), A),
    "base": (atom('<link href="story"/>', root='xml:base="https://a.example/x"'), A),
    "bases in one another": (
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/x/"><entry xml:base="/y/"><link href="../story"/></entry></feed>',
        A,
    ),
    "where FeedBurner had it from": (rss(f"<link>https://feeds.example/~r/1</link><feedburner:origLink>{A}</feedburner:origLink>"), A),
    "in CDATA": (rss(f"<link><![CDATA[{A}?a=1&b=2]]></link>"), f"{A}?a=1&b=2"),
    "RDF": (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        b'<item rdf:about="https://a.example/story"><title>t</title></item></rdf:RDF>',
        A,
    ),
}  # fmt: skip


@each_row("name", LINKS)
def test_a_link_leads_to_the_article(name):
    body, link = LINKS[name]
    assert only(body).link == link


LONG = "Two workers were killed when a crane collapsed. " * 3
TEXTS = {
    "description": (rss(f"<description>{LONG}</description>"), LONG),
    "bare ampersand": (rss("<description>Research & development is cut, AT&T said.</description>"), "Research & development is cut, AT&T said."),
    "tags that are not escaped": (rss("<description><p>One<br>two & <b>three</p></description><guid>1</guid>"), "One\ntwo & three"),
    "tags that are escaped twice": (rss("<description>&amp;lt;p&amp;gt;One&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;Two&amp;lt;/p&amp;gt;</description>"), "One\nTwo"),
    "code about tags": (rss("<description>&lt;p&gt;Write &lt;code&gt;&amp;lt;/p&amp;gt;&lt;/code&gt;.&lt;/p&gt;</description>"), "Write </p>."),
    "a section that is not ended": (rss("<description><![CDATA[One & two</description><title>t</title>"), "One & two"),
    "an element that is not ended": (rss("<description>One & two<link>https://a.example/</link>"), "One & two"),
    "full text": (rss(f"<description>Short.</description><content:encoded><![CDATA[<p>{LONG}</p>]]></content:encoded>"), LONG),
    "podcast": (rss(f"<title>t</title><itunes:summary>{LONG}</itunes:summary>"), LONG),
    "podcast, longer than its description": (rss(f"<description>Short.</description><itunes:summary>{LONG}</itunes:summary>"), LONG),
    "media": (rss(f"<media:group><media:description>{LONG}</media:description></media:group>"), LONG),
    "Dublin Core": (rss(f"<dc:description>{LONG}</dc:description>"), LONG),
    "Atom text": (atom("<summary type='text'>Use &lt;b&gt; &amp; more</summary>"), "Use <b> & more"),
    "Atom html": (atom("<content type='html'>&lt;p&gt;One &amp;amp; two&lt;/p&gt;</content>"), "One & two"),
    "Atom xhtml": (
        atom("<content type='xhtml'><x:div xmlns:x='http://www.w3.org/1999/xhtml'><x:p>One<x:br/>two</x:p> &lt;3</x:div></content>"),
        "One\ntwo\n<3",
    ),
    "Atom xhtml that is not well-formed": (
        atom("<content type='xhtml'><div><p>One & two<br>three</div></content><title>t</title>"),
        "One & two\nthree",
    ),
    "Atom 0.3 in base64": (
        b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><content type="text/html" mode="base64">PHA+T25lPC9wPg==</content></entry></feed>',
        "One",
    ),
    "a picture in Atom": (atom("<content type='image/png'>iVBORw0KGgo=</content><title>t</title>"), ""),
}  # fmt: skip


@each_row("name", TEXTS)
def test_a_text_is_whole(name):
    body, text = TEXTS[name]
    entry = only(body)
    assert html_to_text(max(entry.content, entry.summary, key=len)) == text.strip()


def test_dates_come_from_every_element_that_states_them():
    at = datetime(2025, 7, 7, 9, 0, tzinfo=UTC)
    for name in ("pubDate", "dc:date", "dcterms:created", "dcterms:issued", "atom:published", "PUBDATE"):
        assert only(rss(f"<title>t</title><{name}>2025-07-07T09:00:00Z</{name}>")).published == at, name
    for name in ("dcterms:modified", "atom:updated"):
        assert only(rss(f"<title>t</title><{name}>2025-07-07T09:00:00Z</{name}>")).updated == at, name


@pytest.mark.parametrize(
    ("language", "month"),
    [("en-US", 7), ("en-GB", 8), ("de", 8), ("en", None), ("", None)],
)
def test_a_date_of_numbers_is_read_as_the_country_of_its_feed_writes_it(language, month):
    entry = only(
        rss("<title>t</title><pubDate>07/08/2025 09:00</pubDate>", channel=f"<language>{language}</language>")
    )
    assert entry.published == (month and datetime(2025, month, 15 - month, 9, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("<author>lawyer@boyer.example (Lawyer Boyer)</author>", "Lawyer Boyer"),
        ("<author>Lawyer Boyer &lt;lawyer@boyer.example&gt;</author>", "Lawyer Boyer"),
        ("<author>lawyer@boyer.example</author>", ""),
        ("<dc:creator>Ida Renn</dc:creator><dc:creator>Tora Lie</dc:creator>", "Ida Renn, Tora Lie"),
        ("<dc:creator><![CDATA[Ida R&eacute;nn]]></dc:creator>", "Ida Rénn"),
        (
            "<atom:author><atom:name>Ida Renn</atom:name><atom:email>i@r.example</atom:email></atom:author>",
            "Ida Renn",
        ),
        ("<itunes:author>Ida Renn</itunes:author>", "Ida Renn"),
    ],
)
def test_an_author_is_a_name_and_no_address(stated, name):
    assert only(rss(f"<title>t</title>{stated}")).author == name


def test_the_source_of_an_entry_is_kept():
    entry = only(rss('<title>t</title><source url="https://wire.example/rss">Wire &amp; Co</source>'))
    assert (entry.source_name, entry.source_url) == ("Wire & Co", "https://wire.example/rss")
    entry = only(
        atom(
            '<title>t</title><link href="/x"/><source><title>Wire</title><id>1</id><link rel="self" href="https://wire.example/a"/>'
            '<link href="https://wire.example/"/><updated>2025-07-07T09:00:00Z</updated></source>'
        )
    )
    assert (entry.title, entry.source_name, entry.source_url, entry.updated) == (
        "t",
        "Wire",
        "https://wire.example/",
        None,
    )


@pytest.mark.parametrize(
    ("stated", "file"),
    [
        ('<enclosure url="https://a.example/e.mp3" type="audio/mpeg" length="1"/>', "https://a.example/e.mp3"),
        ('<enclosure url="/e.jpg" type="image/jpeg"/><enclosure url="/e.mp3" type="audio/mpeg"/>', "https://news.example/e.mp3"),
        ('<enclosure url="/e.jpg" type="image/jpeg"/>', ""),
        ('<media:group><media:content url="/e.png" medium="image"/><media:content url="/e.mp4" type="video/mp4"/></media:group>', "https://news.example/e.mp4"),
        ('<atom:link rel="enclosure" type="audio/mpeg" href="/e.mp3"/>', "https://news.example/e.mp3"),
        ('<enclosure url="javascript:alert(1)" type="audio/mpeg"/>', ""),
    ],
)  # fmt: skip
def test_the_file_of_an_entry_is_its_sound_or_film(stated, file):
    assert only(rss(f"<title>t</title>{stated}")).enclosure == file


def test_entries_without_guid_and_with_one_link_are_all_kept():
    items = "</item><item>".join(
        f"<title>{t}</title><link>https://a.example/</link>" for t in ("One", "Two", "Three")
    )
    assert [e.title for e in parse_feed(rss(items), url=URL).entries] == ["One", "Two", "Three"]


def test_a_guid_that_identifies_nothing_is_none():
    def guids(*items: str) -> list[str]:
        return [e.guid for e in parse_feed(rss("</item><item>".join(items)), url=URL).entries]

    one = "<title>One</title><link>/1</link><guid isPermaLink='false'>0</guid><description>One.</description>"
    assert guids(one, one.replace("/1", "/2")) == ["", ""]
    assert guids(one, one.replace("One", "Two")) == ["", ""]
    assert guids(one, one.replace("One.", "Two.")) == ["0", "0"]  # the same article, edited


@pytest.mark.parametrize(
    "head", ["<br />\n<b>Warning</b>: x in /x.php<br />\n", "\n\n  ", "\ufeff\ufeff", "<!-- cached -->"]
)
@pytest.mark.parametrize("tail", ["", "\n<!-- 0.1 s -->", "<script>x()</script>", "\n</html>", "\x00"])
def test_junk_around_a_feed_is_none_of_its_faults(head, tail):
    document = parse_feed(head.encode() + rss("<title>R&D</title><guid>1</guid>") + tail.encode(), url=URL)
    assert [e.title for e in document.entries] == ["R&D"]


def test_one_damaged_entry_leaves_the_others_as_they_are():
    items = [
        f"<title>{n} & more</title><link>https://a.example/{n}?a=1&b=2</link><guid>{n}</guid><description>Text {n} & on.</description>"
        for n in "abcdef"
    ]
    items[2] = items[2].replace("</title>", "<")
    items[4] = items[4].replace("</description>", "")
    document = parse_feed(rss("</item><item>".join(items)), url=URL)
    for n in "abdf":
        entry = next(e for e in document.entries if e.guid == n)
        assert (entry.title, entry.link) == (f"{n} & more", f"https://a.example/{n}?a=1&b=2")
        assert entry.summary in {f"Text {n} & on.", f"Text {n} &amp; on."}


@pytest.mark.slow
@pytest.mark.parametrize("times", [20_000])
@pytest.mark.parametrize(
    "piece",
    ["<title>", "<![CDATA[", "<!--", "<a b='", "&", "<item>", "<description>x & ", "]]>", "<a:b>", "<?x "],
)
def test_damage_that_repeats_is_read_in_linear_time(piece, times):
    body = "<rss><channel><item>" + piece * times
    assert len(repaired(body)) < 12 * len(body) + 1000


JSON = b'{"version":"https://jsonfeed.org/version/1.1","title":"Daily &amp; more","language":"en-GB","items":[%s]}'


@each_row(
    ("item", "expected"),
    [
        (b'{"id":4711,"url":"/one","title":null,"content_text":"One & <two>"}', {"guid": "4711", "link": "https://news.example/one", "content": "One &amp; &lt;two&gt;"}),
        (b'{"id":47.5,"title":"Two &amp; three","authors":null,"tags":"a,b"}', {"guid": "47.5", "title": "Two & three", "tags": ()}),
        (b'{"id":"https://a.example/x","title":"T"}', {"link": "https://a.example/x"}),
        (b'{"title":["no"],"content_html":"<p>x</p>","summary":{}}', {"title": "", "content": "<p>x</p>", "summary": ""}),
        (b'{"title":"It\\u0092s \\ud83d half","id":1}', {"guid": "1"}),
        (b'{"title":"T","date_published":"07/08/2025"}', {"published": datetime(2025, 8, 7, tzinfo=UTC)}),
        (b'{"title":"T","date_published":1751878800}', {"published": datetime(2025, 7, 7, 9, 0, tzinfo=UTC)}),
        (b'{"title":"T","date_published":"not a date"}', {"published": None}),
        (b'{"title":"T","authors":[{"name":"Ida"},"Tora",null,{"name":7}],"author":{"name":"x"}}', {"author": "Ida, Tora, 7"}),
        (b'{"title":"T","attachments":[{"url":"/a.jpg","mime_type":"image/jpeg"},{"url":"/a.mp3","mime_type":"audio/mpeg"},7]}', {"enclosure": "https://news.example/a.mp3"}),
        (b'{"title":"T\\nline","content_text":"a\tb"}', {"title": "T line"}),
    ],
)  # fmt: skip
def test_an_odd_json_feed_is_read(item, expected):
    entry = only(JSON % item)
    assert {name: getattr(entry, name) for name in expected} == expected


def test_what_stands_behind_a_json_feed_is_no_part_of_it():
    document = parse_feed(JSON % b'{"id":"1","title":"T"}, "garbage", null' + b"\n<!-- cached -->", url=URL)
    assert [e.title for e in document.entries] == ["T"]
    assert "no objects" in document.note
    assert document.title == "Daily & more"
    assert parse_feed(rss("<title>T</title>"), url=URL, content_type="application/json").entries
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"):
        assert parse_feed((JSON % b'{"title":"T"}').decode().encode(encoding), url=URL).entries


@pytest.mark.parametrize(
    "body",
    [
        b'{"items":' + b"[" * 100_000,
        JSON % (b'{"title":"T","id":' + b"9" * 100_000 + b"}"),
        b"[1, 2]",
        b'{"items": 7}',
    ],
)
def test_json_that_is_no_feed_is_refused_or_read(body):
    try:
        assert parse_feed(body, url=URL).entries
    except ParseError as error:
        assert "JSON" in error.message


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("WWW.a.example/x y", "https://WWW.a.example/x%20y"),
        ("feed:http://a.example/x", "http://a.example/x"),
        ("feed:javascript:alert(1)", ""),
        ("http://[", ""),
        ("//]", ""),
        ("http://℀.com/", ""),
    ],
)
def test_no_address_that_is_none_gets_through(link, address):
    assert absolute_link(link, URL) == address


def test_a_text_of_declared_type_is_taken_at_its_word():
    assert plain_text("a &amp; <b>b</b>", kind=MarkupKind.TEXT) == "a &amp; <b>b</b>"
    assert plain_text("a &amp; <b>b</b>", kind=MarkupKind.HTML) == "a & b"
    assert as_markup("a & <b>", kind=MarkupKind.TEXT) == "a &amp; &lt;b&gt;"
    assert as_markup("a & <b>", kind=MarkupKind.HTML) == "a & <b>"

"""Feeds: every format gives entries, every kind of damage gives what was whole or one clear reason."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.feeds.document.parse import absolute_link, parse_feed

URL = "https://news.example/feed.xml"


def rss(items: str, channel: str = "", head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    text = f'{head}<rss version="2.0"><channel><title>Daily</title><link>https://news.example/</link>{channel}{items}</channel></rss>'
    return text.encode()


def item(
    title="Talks resume",
    link="https://news.example/a",
    guid="1",
    date="Mon, 07 Jul 2025 09:00:00 +0200",
    extra="",
):
    return f"<item><title>{title}</title><link>{link}</link><guid>{guid}</guid><pubDate>{date}</pubDate>{extra}</item>"


FORMATS = {
    "rss 2.0": rss(item()),
    "rss 0.91": rss(item()).replace(b'version="2.0"', b'version="0.91"'),
    "rdf": b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Daily</title>
        <link>https://news.example/</link></channel><item rdf:about="1"><title>Talks resume</title>
        <link>https://news.example/a</link><dc:date>2025-07-07T09:00:00+02:00</dc:date></item></rdf:RDF>""",
    "atom": b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Daily</title><link href="https://news.example/"/>
        <entry><id>1</id><title>Talks resume</title><link href="https://news.example/a"/>
        <published>2025-07-07T09:00:00+02:00</published><updated>2025-07-07T09:00:00+02:00</updated></entry></feed>""",
    "json feed": b"""{"version":"https://jsonfeed.org/version/1.1","title":"Daily","items":[{"id":"1",
        "title":"Talks resume","url":"https://news.example/a","date_published":"2025-07-07T09:00:00+02:00"}]}""",
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_entry(name):
    document = parse_feed(FORMATS[name], url=URL)
    (entry,) = document.entries
    assert document.format == name
    assert document.title == "Daily"
    assert entry.title == "Talks resume"
    assert entry.link == "https://news.example/a"
    assert entry.published == datetime(2025, 7, 7, 7, 0, tzinfo=UTC)
    assert entry.utc_offset == 120


BAD = {
    "empty": (b"  \n", "The feed is empty"),
    "text": (b"Service unavailable", "neither XML nor JSON"),
    "html": (b"<!doctype html><html><body>Hello</body></html>", "a web page, not a feed"),
    "other xml": (b"<?xml version='1.0'?><note><to>You</to></note>", "XML, but no feed"),
    "other json": (b'{"error": "no"}', "JSON, but no JSON Feed"),
    "cut json": (b'{"version": "1", "items": [', "JSON but damaged"),
    "entity bomb": (
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss version="2.0"><channel>'
        b"<item><title>&b;</title></item></channel></rss>",
        "refused as unsafe",
    ),
    "50 MB": (b"<rss>" + b" " * (50 * 2**20), "larger than 8 MiB"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_feed_is_refused_with_its_reason(name):
    body, reason = BAD[name]
    with pytest.raises(ParseError, match=reason):
        parse_feed(body, url=URL)


def test_a_web_page_names_the_feed_it_offers():
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml"></head></html>'
    with pytest.raises(ParseError) as caught:
        parse_feed(page, url="https://news.example/home")
    assert [feed.url for feed in caught.value.feeds] == ["https://news.example/rss.xml"]


def test_a_cut_document_gives_its_whole_entries_and_says_so():
    body = rss(item() + item(title="Second", link="https://news.example/b", guid="2") + item(title="Third"))
    document = parse_feed(body[: body.index(b"Third")], url=URL)
    assert [e.title for e in document.entries][:2] == ["Talks resume", "Second"]
    assert "cut off" in document.note


@pytest.mark.slow
def test_a_huge_feed_gives_its_newest_entries_and_says_so():
    days = [f"{day:02d} {month} 2024 10:00:00 GMT" for month in ("Jan", "Feb", "Mar") for day in range(1, 29)]
    items = "".join(
        item(title=f"n{i}", link=f"https://news.example/{i}", guid=str(i), date=days[i % 84])
        for i in range(10_000)
    )
    document = parse_feed(rss(items), url=URL, max_entries=50)
    assert len(document.entries) == 50
    assert min(e.published for e in document.entries if e.published) >= datetime(2024, 3, 27, tzinfo=UTC)
    assert "10,000 entries" in document.note


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<?xml version="1.0" encoding="utf-8"?>', "utf-8"),
        ('<?xml version="1.0" encoding="iso-8859-1"?>', "iso-8859-1"),
        ('<?xml version="1.0" encoding="utf-8"?>', "cp1252"),
        ('<?xml version="1.0" encoding="iso-8859-1"?>', "utf-8"),
        ('<?xml version="1.0"?>', "utf-16"),
        ('<?xml version="1.0" encoding="no-such"?>', "utf-8"),
        ("", "utf-8"),
    ],
)
def test_wrong_and_missing_encodings_still_read_right(head, encoding):
    text = f"{head}<rss version='2.0'><channel><title>x</title>{item(title='Überfüllt: Straße “zu”' if encoding != 'iso-8859-1' else 'Überfüllt: Straße')}</channel></rss>"
    (entry,) = parse_feed(text.encode(encoding), url=URL).entries
    assert entry.title.startswith("Überfüllt: Straße")


@pytest.mark.parametrize("encoding", ["koi8-r", "windows-1251"])
def test_a_declared_cyrillic_encoding_is_followed(encoding):
    text = f"<?xml version='1.0' encoding='{encoding}'?><rss version='2.0'><channel>{item(title='Новости дня')}</channel></rss>"
    assert parse_feed(text.encode(encoding), url=URL).entries[0].title == "Новости дня"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "JaVaScRiPt:x", "http://"]
)
def test_a_link_that_is_no_web_address_is_dropped(link):
    (entry,) = parse_feed(rss(item(link=link, guid="7")), url=URL).entries
    assert entry.link == ""


def test_relative_links_become_absolute_against_the_feed():
    (entry,) = parse_feed(rss(item(link="/world/a?x=1&amp;y=2")), url=URL).entries
    assert entry.link == "https://news.example/world/a?x=1&y=2"


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("<b>Bold</b> &amp; brave", "Bold & brave"),
        ("<script>alert(1)</script>Safe", "Safe"),
        ("5 < 6", "5 < 6"),
        ("عنوان \u202eمقلوب", "عنوان مقلوب"),
        ("Rocket 🚀 lands", "Rocket 🚀 lands"),
        ("a\u200bb\tc\nd", "ab c d"),
        ("<!channel> hello", "hello"),
    ],
)
def test_titles_are_one_line_of_plain_text(markup, plain):
    assert parse_feed(rss(item(title=f"<![CDATA[{markup}]]>")), url=URL).entries[0].title == plain


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Jul 2025", "0001-01-01", "9999-12-31T23:59:59Z"])
def test_an_impossible_date_is_no_date(date):
    assert parse_feed(rss(item(date=date)), url=URL).entries[0].published is None


def test_one_guid_on_two_articles_identifies_neither():
    body = rss(item(guid="same") + item(guid="same", link="https://news.example/b", title="Other"))
    first, second = parse_feed(body, url=URL).entries
    assert (first.guid, second.guid) == ("", "")


def test_rhythm_and_language_are_read():
    document = parse_feed(rss(item(), channel="<ttl>90</ttl><language>de-AT</language>"), url=URL)
    assert (document.ttl, document.language) == (5400, "de")


@pytest.mark.slow
def test_deep_nesting_is_bounded():
    check(b"<rss>" * 20_000)


@pytest.mark.parametrize("before", ["", f"<!--{'x' * 70_000}-->"], ids=["at the top", "far down"])
@pytest.mark.parametrize(
    "form", ["<!ENTITY x SYSTEM 'file://{0}'>", "<!ENTITY % p SYSTEM 'file://{0}'> %p; <!ENTITY x '1'>"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_entity_reads_a_file(tmp_path, before, form, encoding):
    file = tmp_path / "secret"
    file.write_text("canary")
    body = (
        f"<?xml version='1.0' encoding='{encoding}'?>{before}<!DOCTYPE rss [{form.format(file)}]>"
        + rss("<item><title>one &x;</title><guid>1</guid></item>").decode()
    )
    with contextlib.suppress(ParseError):
        assert "canary" not in str(parse_feed(body.encode(encoding), url=URL))


def test_an_empty_feed_is_no_error_but_says_so():
    document = parse_feed(rss(""), url=URL)
    assert document.entries == ()
    assert "no entries" in document.note


@given(st.binary(max_size=400))
def test_any_bytes_give_a_document_or_a_reason(body):
    check(body)


@given(st.sampled_from(sorted(FORMATS)), st.integers(0, 700), st.binary(max_size=12), st.integers(0, 30))
def test_any_damage_gives_a_document_or_a_reason(name, place, noise, cut):
    body = FORMATS[name]
    check(body[:place] + noise + body[place + cut :])


def check(body: bytes) -> None:
    try:
        document = parse_feed(body, url=URL)
    except ParseError as error:
        assert error.message
        return
    for entry in document.entries:
        assert entry.link == "" or entry.link.startswith(("http://", "https://"))
        assert entry.published is None or entry.published.tzinfo is UTC


@given(st.text(max_size=80))
def test_an_absolute_link_is_empty_or_http(link):
    assert absolute_link(link, URL) == "" or absolute_link(link, URL).startswith(("http://", "https://"))


def test_a_giant_tag_in_a_feed_costs_neither_the_feed_nor_its_entry():
    thumbnail = f'<media:thumbnail xmlns:media="http://search.yahoo.com/mrss/" url="data:image/png;base64,{"A" * 200_000}"/>'
    body = f"<rss version='2.0'><channel><title>Post</title><item><title>Port closes</title>{thumbnail}<link>http://a.example/1</link></item></channel></rss>"
    (entry,) = parse_feed(body.encode(), url="http://a.example/feed").entries
    assert (entry.title, entry.link) == ("Port closes", "http://a.example/1")

"""Feed lists: what goes out comes back in, and no list can harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import packaged
from bot.errors import ParseError
from bot.feeds.opml import OpmlFeed, read_opml, write_opml
from bot.language.cleaning.clean import clean_text

WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=30).map(
    clean_text
)

# Some programs write an address where they know no title: it is read as none.
TITLES = WORDS.filter(lambda title: title and "://" not in title)


@given(
    st.lists(
        st.tuples(st.integers(0, 99), TITLES, st.lists(WORDS.filter(bool), max_size=4)),
        min_size=1,
        max_size=12,
        unique_by=lambda t: t[0],
    )
)
def test_a_list_comes_back_as_it_was(rows):
    feeds = [
        OpmlFeed(
            url=f"https://a.example/{n}",
            title=title,
            category="/".join(folder.replace("/", "\u2215") for folder in folders),
        )
        for n, title, folders in rows
    ]
    assert set(read_opml(write_opml(feeds, title="Mine")).feeds) == set(feeds)


def test_nested_outlines_give_categories_and_bad_addresses_are_left_out():
    body = b"""<opml version="1.0"><body><outline text="World"><outline text="A" xmlUrl="https://a.example/rss"/>
    <outline text="B" xmlUrl="javascript:x"/></outline><outline title="C" xmlUrl="http://c.example/"/></body></opml>"""
    assert [(f.title, f.category) for f in read_opml(body).feeds] == [("A", "World"), ("C", "")]


@pytest.mark.parametrize("address", ["http://[", "file:///etc/hosts", "javascript:alert(1)", "", "x" * 9000])
def test_an_entry_without_a_usable_address_is_named_as_left_out(address):
    body = f"""<opml version="2.0"><body><outline type="rss" text="Odd one" xmlUrl="{address}"/>
    <outline text="A" xmlUrl="https://a.example/rss"/><outline text="Folder"/></body></opml>"""
    found = read_opml(body.encode())
    assert [f.title for f in found.feeds] == ["A"]
    assert [f.title for f in found.left_out] == ["Odd one"]


def test_a_list_says_which_https_is_ours():
    body = b"""<opml version="2.0"><body><outline xmlUrl="a.example/rss"/><outline xmlUrl="feed://b.example/rss"/>
    <outline xmlUrl="https://c.example/rss"/><outline xmlUrl="feed:https://d.example/rss"/></body></opml>"""
    assert [(f.url, f.guessed) for f in read_opml(body).feeds] == [
        ("https://a.example/rss", True),
        ("https://b.example/rss", True),
        ("https://c.example/rss", False),
        ("https://d.example/rss", False),
    ]


def test_folders_are_kept_however_deep():
    body = b"""<opml version="2.0"><body><outline text="News"><outline title="Europe/Asia"><outline text="A" xmlUrl="https://a.example/rss"/>
    </outline><outline text="B" xmlUrl="feed://b.example/rss"/></outline>
    <outline text="https://c.example/private/secret" xmlUrl="https://c.example/private/secret" category="/Tech/Chips,/Daily"/></body></opml>"""
    feeds = read_opml(body).feeds
    assert [(f.url, f.title, f.category) for f in feeds] == [
        ("https://a.example/rss", "A", "News/Europe\u2215Asia"),
        ("https://b.example/rss", "B", "News"),
        ("https://c.example/private/secret", "", "Tech/Chips"),
    ]
    written = write_opml(feeds, title="Mine")
    assert b'<outline text="Europe/Asia" title="Europe/Asia">' in written
    assert [(f.url, f.category) for f in read_opml(written).feeds] == [(f.url, f.category) for f in feeds]


def test_what_a_list_shows_of_a_feed_never_holds_its_key():
    written = write_opml([OpmlFeed(url="https://a.example/private/hunter22hunter22.rss")], title="Mine")
    assert b'text="a.example"' in written
    assert b'xmlUrl="https://a.example/private/hunter22hunter22.rss"' in written


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no xml",
        b"<html/>",
        b"<opml><body/></opml>",
        b"<!DOCTYPE o [<!ENTITY a 'x'>]><opml/>",
        b" " * (5 * 2**20),
    ],
)
def test_what_is_no_list_is_named(body):
    with pytest.raises(ParseError):
        read_opml(body)


def test_every_pack_reads_and_names_each_address_once():
    packs = sorted(packaged("feeds").glob("*.opml"))
    assert {"world", "business", "tech", "science", "security", "ai"} <= {p.stem for p in packs}
    for pack in packs:
        urls = [f.url for f in read_opml(pack.read_bytes()).feeds]
        assert len(urls) == len(set(urls)) > 0
        assert not any(name in url for url in urls for name in ("reddit.", "news.google.", "bing."))

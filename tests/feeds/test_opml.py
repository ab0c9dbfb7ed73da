"""Feed lists: what goes out comes back in, and no list can harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import packaged
from bot.errors import ParseError
from bot.feeds.opml import OpmlFeed, read_opml, write_opml
from bot.text.clean import clean_text

WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=30).map(
    clean_text
)


@given(
    st.lists(
        st.tuples(st.integers(0, 99), WORDS.filter(bool), WORDS),
        min_size=1,
        max_size=12,
        unique_by=lambda t: t[0],
    )
)
def test_a_list_comes_back_as_it_was(rows):
    feeds = [
        OpmlFeed(url=f"https://a.example/{n}", title=title, category=category) for n, title, category in rows
    ]
    assert set(read_opml(write_opml(feeds, title="Mine"))) == set(feeds)


def test_nested_outlines_give_categories_and_bad_addresses_are_left_out():
    body = b"""<opml version="1.0"><body><outline text="World"><outline text="A" xmlUrl="https://a.example/rss"/>
    <outline text="B" xmlUrl="javascript:x"/></outline><outline title="C" xmlUrl="http://c.example/"/></body></opml>"""
    assert [(f.title, f.category) for f in read_opml(body)] == [("A", "World"), ("C", "")]


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
        urls = [f.url for f in read_opml(pack.read_bytes())]
        assert len(urls) == len(set(urls)) > 0
        assert not any(name in url for url in urls for name in ("reddit.", "news.google.", "bing."))

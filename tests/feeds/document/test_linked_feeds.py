"""What feeds a page names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.document.linked_feeds import MAX_LINKED_FEEDS, feeds_of_page
from tests.support.running.rows import each_row

URL = "https://news.example/world/"


def named(body):
    return [(feed.url, feed.title) for feed in feeds_of_page(body.encode(), url=URL)]


@each_row(
    ("body", "feeds"),
    [
        (
            "<link rel=alternate type=application/rss+xml title=World href=rss.xml>",
            [("https://news.example/world/rss.xml", "World")],
        ),
        (
            "<base href='https://feeds.example/'><LINK TYPE='application/atom+xml; charset=utf-8' REL='home Alternate' HREF='/a'>",
            [("https://feeds.example/a", "")],
        ),
        (
            "<link rel=alternate type=application/rss+xml title='Site' href=/feed>"
            "<link rel=alternate type=application/rss+xml title='Site Comments' href=/comments/feed>"
            "<link rel=alternate type=application/feed+json title='JSON' href=/feed.json>"
            "<link rel=alternate type='application/json+oembed' href=/oembed><link rel=alternate hreflang=de href=/de>",
            [("https://news.example/feed", "Site"), ("https://news.example/feed.json", "JSON")],
        ),
        (
            "<p><a href='/politics/rss.xml'>Politics</a> <a href='/about'>About rss</a>",
            [("https://news.example/politics/rss.xml", "Politics")],
        ),
        ("<link rel=alternate type=application/rss+xml href='javascript:alert(1)'>", []),
        ("<link rel=alternate type=application/rss+xml href='http://['>", []),
        ("<p>No feed here", []),
        ("", []),
    ],
)
def test_a_page_names_its_feeds_and_nothing_is_guessed(body, feeds):
    assert named(body) == feeds


def test_of_many_a_bounded_number_is_given():
    body = "".join(f"<link rel=alternate type=application/rss+xml href=/{n}>" for n in range(500))
    assert len(named(body)) == MAX_LINKED_FEEDS


@given(st.binary(max_size=300))
def test_no_page_raises(body):
    feeds_of_page(b"<html><link rel=alternate type=application/rss+xml href=" + body, url=URL)

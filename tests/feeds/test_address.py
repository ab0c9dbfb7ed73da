"""Addresses: one article gives one, two articles give two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.address import canonical_url, same_site, without_credentials
from tests.support.running.rows import each_row

ONE = [
    ("http://www.a.example/x", "https://a.example/x/"),
    ("https://a.example/x?utm_source=rss&id=3", "https://a.example/x?id=3"),
    ("https://a.example/x#comments", "https://a.example/x"),
    ("https://m.a.example/x", "https://a.example/x"),
    ("https://a.example/x/amp", "https://a.example/x"),
    ("https://a.example/amp/x", "https://a.example/x"),
    ("https://www.m.a.example/news/amp/x?outputType=amp", "https://a.example/news/x"),
    ("https://mobile.a.example/x?amp", "https://amp.a.example/x.amp"),
    ("https://en.m.a.example/x", "https://en.a.example/x"),
    ("https://A.Example:443/%7Ex", "https://a.example/~x"),
    ("https://a.example/x?fbclid=1", "https://a.example/x"),
]
TWO = [
    ("https://a.example/x?id=1", "https://a.example/x?id=2"),
    ("https://a.example/x?page=2", "https://a.example/x"),
    ("https://a.example/X", "https://a.example/x"),
    ("https://a.example/x", "https://b.example/x"),
    ("https://a.example:8080/x", "https://a.example/x"),
    ("https://m.example/x", "https://example/x"),
    ("https://m.co.uk/x", "https://co.uk/x"),
    ("https://amp.com.au/x", "https://com.au/x"),
    ("https://m.blogspot.com/x", "https://blogspot.com/x"),
    ("https://a.example/gear?type=amp", "https://a.example/gear"),
]


@each_row(("one", "other"), ONE)
def test_forms_of_one_address_merge(one, other):
    assert canonical_url(one) == canonical_url(other) != ""


@each_row(("one", "other"), TWO)
def test_different_articles_stay_apart(one, other):
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize("url", ["", "javascript:x", "mailto:a@b", "http://[", "/relative", "x" * 9000])
def test_what_is_no_web_address_has_no_identity(url):
    assert canonical_url(url) == ""


@given(st.text(max_size=80))
def test_the_identity_of_an_identity_is_itself(text):
    once = canonical_url("https://a.example/" + text)
    assert canonical_url(once) == once


def test_hosts_of_one_domain_are_one_site():
    assert same_site("https://news.a.co.uk/x", "https://www.a.co.uk/y")
    assert not same_site("https://a.co.uk/", "https://b.co.uk/")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/2031/talks?page=2", "https://a.example/2031/talks?page=2"),
        ("https://a.example/talks?id=7&key=0123456789", "https://a.example/talks?id=7"),
        ("https://other.example/?k=0123456789", "https://other.example/"),
        ("https://me:pw@a.example/talks", "https://a.example/talks"),
        ("https://a.example/feed?format=rss&token=0123456789#one", ""),
        ("https://a.example/feed?id=7", "https://a.example/feed?id=7"),
        ("https://[::1/", ""),
    ],
)
def test_an_articles_address_never_carries_the_key_of_its_feed(url, shown):
    assert without_credentials(url, feed="https://a.example/feed?format=rss&token=0123456789") == shown

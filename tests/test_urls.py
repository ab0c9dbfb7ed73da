"""Addresses are taken apart and joined without an error, whatever they are."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import urls
from bot.errors import FetchError
from bot.feeds.address import canonical_url, same_site, without_credentials
from bot.feeds.document.parse import absolute_link
from bot.feeds.fetch.allow_list import AllowList
from bot.feeds.fetch.guard import check_url
from bot.language.cleaning.links import link_target, links_in, safe_link
from bot.language.cleaning.public import public_address
from tests.support.hostile import BROKEN_ADDRESSES
from tests.support.running.rows import each_row

BASE = "https://a.example/b/c"
PIECES = (
    "http://", "https:", "//", "[", "]", "::1", "[::1]", "@", ":", "99999", "-1", "℀", "／", "．", "。", "ß", "xn--", "a.example", "..", "./", "?", "#", "%",
    "%00", "\\", "\x00", " ", "\ud83d", "\u202e", "\t", "０", "٣", "v1.", "fe80::1%25eth0",
)  # fmt: skip
anything = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=8).map("".join)


@given(anything, anything)
@example("http://[", "//]")
@example("http://a:٣", "?\udc00")
def test_any_address_is_read_or_is_none(one, other):
    for url in (one, f"http://{one}", f"//{one}", f"https://a.example/{one}"):
        parts = urls.split(url)
        if parts:
            assert parts.port is None or 0 <= parts.port <= 65535
        joined = urls.join(BASE, url)
        assert not joined or urls.split(joined)
        urls.join(url, other)
        for read in (canonical_url, safe_link, link_target, public_address, urls.web_host):
            read(url)
        without_credentials(url, feed=other)
        same_site(url, other)
        absolute_link(url, other)
        links_in(url, most=3)
        try:
            check_url(url, allow=AllowList())
        except FetchError:
            continue


@each_row("url", BROKEN_ADDRESSES)
def test_what_is_no_address_is_refused_and_joined_without_an_error(url):
    urls.join(BASE, url)
    with pytest.raises(FetchError):
        check_url(url, allow=AllowList())


@pytest.mark.parametrize(
    ("target", "joined"),
    [
        ("/x", "https://a.example/x"),
        ("x?y", "https://a.example/b/x?y"),
        ("//b.example", "https://b.example"),
        ("", BASE),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("x" * 10_001, ""),
    ],
)
def test_a_target_is_seen_from_its_base(target, joined):
    assert urls.join(BASE, target) == joined


def sources():
    """Yield the path and the text of each module of the program."""
    for path in sorted(Path(urls.__file__).parent.rglob("*.py")):
        yield path, path.read_text("utf-8")


def test_nothing_else_takes_addresses_apart():
    raising = {"urljoin", "urlsplit", "urlparse", "urldefrag"}
    found = []
    for path, text in sources():
        for node in ast.walk(ast.parse(text)) if "urllib.parse" in text else ():
            if isinstance(node, ast.ImportFrom) and node.module == "urllib.parse":
                found += [path.name for alias in node.names if alias.name in raising]
    assert found == ["urls.py"] * 2, "use bot.urls: these raise for many shapes of addresses"


def test_one_function_says_what_link_may_be_followed():
    found = [
        path.name
        for path, text in sources()
        if "def safe_link" in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name == "safe_link"
    ]
    assert found == ["links.py"]
    for link in (
        "javascript:alert(1)",
        "https://a.example/x",
        "//b.example",
        "mailto:a@b.example",
        "ftp://c",
    ):
        assert safe_link(absolute_link(link, BASE)) == absolute_link(link, BASE)


@pytest.mark.parametrize(
    "place",
    "|a.example|a-1.example.|:80|a:|a:0|a:08|a:1|a:8080|a:9999|a:65535|a:65536|a:x|A.example:1|u@a|[::1]:8|[a|a]|a_b|é.example|a:8:9".split(
        "|"
    ),
)
def test_an_address_that_is_taken_apart_at_once_is_what_the_library_makes_of_it(place, monkeypatch):
    quick = urls.split(f"http://{place}/path?query")
    monkeypatch.setattr(urls, "_PLAIN_PLACE", re.compile(r"(?!)"))
    assert urls.split(f"http://{place}/path?query") == quick

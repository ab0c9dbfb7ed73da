"""Whatever comes from outside, the parsers give a document or their own refusal, never another error."""

from __future__ import annotations

import contextlib
from datetime import UTC

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import ConfigError, FetchError, ParseError
from bot.feeds.address import canonical_url, same_site, without_credentials
from bot.feeds.document.dates import read_moment
from bot.feeds.document.parse import parse_feed
from bot.feeds.fetch.allow_list import AllowList
from bot.feeds.fetch.answers import caching_seconds, media_type, seconds_until, validator
from bot.feeds.fetch.decoding import decoder_for
from bot.feeds.opml import read_opml
from bot.feeds.page.documents import extract_document
from bot.feeds.page.extract import extract_page, html_to_text
from bot.language.outlets import outlet_title, outlets
from bot.model.news import PageKind
from tests.feeds.page.pdf_files import pdf_of
from tests.support.hostile import TEXTS

pytestmark = pytest.mark.slow

URL = "https://a.example/x"
TAGS = (
    "<", ">", "</", "/>", "<a", "<a href='", "<p>", "</p>", "<div class=x>", "<script>", "</script>", "<!--", "-->", "<![CDATA[", "]]>", "&amp;",
    "&#0;", "&#x110000;", "&lt;", "&nope;", "\x00", "\ud7ff", "<meta charset='utf-7'>", "<meta http-equiv=refresh content='0;url=x'>",
    "<base href='//x'>", "<link rel=canonical href='http://['>", "<html lang=", "<article>", "<time datetime='9999-99-99'>", "<title>",
    "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"author\":[[[]]],\"headline\":{}}</script>",
    "<rss version='2.0'>", "<channel>", "<item>", "</item>", "<link>", "</link>", "<guid>x</guid>", "<pubDate>Mon, 99 Foo", "<ttl>99999999999",
    "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "</entry>", "<updated>", "<opml>", "<body>", "<outline xmlUrl='http://x'>",
    "<?xml version='1.0' encoding='", "utf-16'?>", "<!DOCTYPE rss [", "<!ENTITY a 'b'>", "xml:base='http://['", "The talks in Geneva went on. " * 9,
)  # fmt: skip
markup = st.lists(st.one_of(st.sampled_from((*TAGS, *TEXTS)), st.text(max_size=8)), max_size=25).map("".join)
encodings = st.sampled_from(("utf-8", "utf-16", "utf-16-be", "latin-1", "utf-7"))
charsets = st.one_of(
    st.text(max_size=12),
    st.sampled_from(("idna", "punycode", "unicode_escape", "undefined", "zip", "utf-7", "mbcs")),
)
PDF = pdf_of(
    ["The talks in Geneva went on for a second day."] * 9, title="Talks", date="D:20250707100000+02'00'"
)


@given(markup, encodings, charsets)
def test_any_markup_gives_a_feed_or_a_reason(text, encoding, charset):
    body = text.encode(encoding, "replace")
    with contextlib.suppress(ParseError):
        feed = parse_feed(body, url=URL, charset=charset)
        assert all(e.published is None or e.published.tzinfo is UTC for e in feed.entries)


@given(markup, encodings, charsets)
@example("<style>*{display:none}</style>\x1f", "utf-8", "")
@example("<p>&#31;</p>&#x1f;<br>\x0b", "utf-8", "")
def test_any_markup_gives_a_page_or_a_reason(text, encoding, charset):
    body = text.encode(encoding, "replace")
    for content_type in ("text/html", "text/plain", ""):
        with contextlib.suppress(ParseError):
            page = extract_document(body, url=URL, content_type=content_type, charset=charset)
            assert page.text or page.kind is not PageKind.ARTICLE
    with contextlib.suppress(ParseError):
        extract_page(body, url="")
    with contextlib.suppress(ParseError):
        html_to_text(text)
    with contextlib.suppress(ParseError):
        read_opml(body)


@given(st.integers(0, len(PDF)), st.binary(max_size=20), st.integers(0, 60))
def test_any_damage_gives_a_pdf_or_a_reason(place, noise, cut):
    with contextlib.suppress(ParseError):
        extract_document(PDF[:place] + noise + PDF[place + cut :], url=URL, content_type="application/pdf")


@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_allow_list_is_read_or_named(entries):
    with contextlib.suppress(ConfigError):
        AllowList.parse(entries)


@given(st.one_of(st.text(max_size=80), st.sampled_from(TEXTS)), st.text(max_size=60))
@example("\ud83d half", "\udc00")
def test_any_header_or_address_is_read(text, other):
    for url in (text, f"http://{text}", f"https://a.example/{text}?k={other}"):
        canonical = canonical_url(url)
        assert canonical_url(canonical) == canonical
        without_credentials(url, feed=f"https://a.example/feed?token={other}")
        same_site(url, other)
        outlets().shown(url, own=outlet_title(text, site=url), given=other)
    seconds_until(text)
    caching_seconds({"Cache-Control": text, "Expires": other, "Date": text})
    media_type(text)
    validator(text)
    read_moment(text)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", ""])
@given(st.binary(max_size=200))
def test_any_packing_is_undone_or_named(encoding, body):
    with contextlib.suppress(FetchError):
        decoder = decoder_for([encoding])
        b"".join(decoder.feed(body))
        decoder.whole()

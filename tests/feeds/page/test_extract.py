"""Extraction: the article and what the page says of itself, or what the page is instead."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.feeds.page.main_text  # noqa: F401 - loaded once, before the tests are divided among processes
from bot.errors import ParseError
from bot.feeds.page.extract import extract_page, html_to_text
from bot.model.news import PageKind

BODY = "".join(
    f"<p>Paragraph {i} tells how the harbour council met in Selin and talked about the new bridge at length.</p>"
    for i in range(8)
)
PAGE = f"""<!doctype html><html lang="en-GB"><head><title>Bridge | Post</title><meta property="og:site_name" content="Harbour Post">
<link rel="canonical" href="/news/bridge"><script type="application/ld+json">{{"@type":"NewsArticle","headline":"Council debates the bridge",
"datePublished":"2025-07-07T09:00:00+02:00","author":{{"name":"Ada Kestrel"}}}}</script></head><body><nav><a href="/">Home</a></nav>
<article><h1>Council debates the bridge</h1>{BODY}</article><footer>© Post</footer></body></html>"""


def test_a_page_gives_its_article_and_its_facts():
    page = extract_page(PAGE.encode(), url="https://www.post.example/news/bridge?utm_source=x")
    assert page.text.count("\n") == 7
    assert "Home" not in page.text
    assert (page.title, page.author, page.site, page.language) == (
        "Council debates the bridge", "Ada Kestrel", "Harbour Post", "en",
    )  # fmt: skip
    assert (page.published, page.utc_offset) == (datetime(2025, 7, 7, 7, tzinfo=UTC), 120)
    assert page.canonical_url == "https://www.post.example/news/bridge"
    assert page.kind is PageKind.ARTICLE


def test_a_page_cannot_pose_as_anothers():
    posing = PAGE.replace('href="/news/bridge"', 'href="https://bank.example/news"')
    assert extract_page(posing.encode(), url="https://www.post.example/x").canonical_url == ""


def test_a_paywalled_page_is_marked():
    walled = PAGE.replace('"author"', '"isAccessibleForFree":false,"author"')
    page = extract_page(walled.encode(), url="https://www.post.example/x")
    assert page.kind is PageKind.ARTICLE
    assert page.note == "The page is behind a paywall; this is what is free to read."


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 x", "a file, not a page"),
        (b"<p>" * 30_000, "too large"),
        (b"x" * (4 * 2**20), "larger than 3 MiB"),
    ],
)
def test_what_cannot_be_read_is_named(body, words):
    with pytest.raises(ParseError, match=words):
        extract_page(body, url="https://a.example/")


@pytest.mark.parametrize(
    "giant",
    [
        '<img alt="a" src="data:image/png;base64,' + "A" * 200_000 + '">',
        "<div data-state='" + '{"a":"<b>x</b>"} ' * 10_000 + "'></div>",
        "<div " + "a=b " * 30_000 + ">x</div>",
        '<img srcset="' + "https://a.example/x.jpg 640w, " * 5_000 + '">',
    ],
)
def test_a_giant_tag_does_not_cost_the_page(giant):
    assert extract_page(PAGE.replace("<h1>", giant + "<h1>").encode(), url="").text.count("\n") == 7
    assert html_to_text(f"{giant}{BODY}").count("Paragraph") == 8


def test_a_page_that_begins_as_xml_is_read():
    assert extract_page(b'\n<?xml version="1.0" encoding="utf-8"?>\n' + PAGE.encode(), url="").text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html><body><form><input type=password></form></body></html>", PageKind.LOGIN),
        (b"<html><body><video src=x></video></body></html>", PageKind.VIDEO),
        (b"<html><body><audio src=x></audio></body></html>", PageKind.VIDEO),
        (b"<html><body><p>Hi</p></body></html>", PageKind.EMPTY),
    ],
)
def test_what_is_no_article_has_its_kind_and_no_text(body, kind):
    page = extract_page(body, url="https://a.example/")
    assert (page.kind, page.text) == (kind, "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_text_is_read_in_its_encoding(encoding):
    body = f"<html><head><meta charset='{encoding}'></head><body><article>{BODY.replace('bridge', 'Brücke')}</article></body></html>"
    assert "Brücke" in extract_page(body.encode(encoding), url="https://a.example/").text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One &amp; two</p><p>Three</p>", "One & two\nThree"),
        ("plain\n text", "plain\ntext"),
        ("a<br>b<script>alert(1)</script>", "a\nb"),
        ("<figure>caption</figure>text", "text"),
    ],
)
def test_a_feeds_own_markup_becomes_paragraphs(markup, text):
    assert html_to_text(markup) == text


@given(st.binary(max_size=300))
def test_any_bytes_give_a_page_or_a_reason(body):
    try:
        extract_page(body, url="https://a.example/")
    except ParseError as error:
        assert error.message

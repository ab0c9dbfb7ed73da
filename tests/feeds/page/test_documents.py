"""Documents besides pages: PDFs and plain texts, broken lines made whole, or what they are instead."""

from __future__ import annotations

import textwrap
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError, WirebriefError, WorkerKilled
from bot.feeds.page.documents import extract_document
from bot.feeds.page.pdf import MAX_PAGES
from bot.feeds.page.plain_text import reflow
from bot.feeds.workers.pool import WorkerPool
from tests.feeds.page.pdf_files import pdf_of

pytestmark = pytest.mark.slow
PARAGRAPHS = [
    "The harbour authority of Selin closed the northern pier on Monday after a crane fell into the water, and two workers were injured.",
    "Director Anna Berg said the pier would stay closed until Friday. The crane had been inspected in March, according to the authority, which gave no cause.",
]
WRAPPED = [line for p in PARAGRAPHS for line in (*textwrap.wrap(p, 72), "")]
URL = "https://post.example/report"


def read(body, content_type="", charset=""):
    return extract_document(body, url=URL, content_type=content_type, charset=charset)


def test_the_text_layer_of_a_pdf_is_read_with_what_it_says_of_itself():
    body = pdf_of(
        WRAPPED, title="Report on the pier", author="Harbour Authority", date="D:20250707100000+02'00'"
    )
    page = read(body, "application/pdf")
    assert page.text.split() == " ".join(PARAGRAPHS).split()
    assert (page.title, page.author) == ("Report on the pier", "Harbour Authority")
    assert page.published == datetime(2025, 7, 7, 8, tzinfo=UTC)
    assert page.note == ""


def test_running_heads_and_page_numbers_are_left_out():
    pages = [
        ["Harbour Authority, July 2025", *textwrap.wrap(f"{PARAGRAPHS[i % 2]}", 72), str(i)] for i in range(5)
    ]
    page = read(pdf_of(*pages, title="Report"))
    assert "July 2025" not in page.text
    assert not any(line.isdigit() for line in page.text.split())


def test_a_long_pdf_is_read_in_part_and_says_so():
    page = read(pdf_of(*(textwrap.wrap(PARAGRAPHS[i % 2], 72) for i in range(MAX_PAGES + 5)), title="Report"))
    assert page.note == f"Of the PDF's {MAX_PAGES + 5} pages, {MAX_PAGES} were read."


def test_a_name_of_a_file_is_no_title():
    page = read(pdf_of(["Pier stays closed", "", *WRAPPED], title="Microsoft Word - final2.docx"))
    assert page.title == "Pier stays closed"


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (b" \n", "text/html", "The page is empty"),
        (pdf_of([]), "application/pdf", "The PDF holds no text"),
        (pdf_of([], picture=True), "application/pdf", "The PDF holds only pictures of pages"),
        (pdf_of(["Hello."]), "application/pdf", "The PDF is too short"),
        (b"%PDF-1.7\n" + b"\xff" * 200, "application/pdf", "The PDF is damaged"),
        (b"no pdf at all", "application/pdf", "a PDF that is damaged"),
        (b"Hi.", "text/plain", "The text is too short"),
        (bytes(range(32)) * 9, "text/plain", "not text"),
        (b"{}" * 200, "application/json", "application/json, not a page"),
    ],
)
def test_what_is_no_article_is_named(body, content_type, words):
    with pytest.raises(ParseError, match=words):
        read(body, content_type)


def test_a_plain_text_gives_its_paragraphs_and_a_title():
    page = read("\n".join(["Pier stays closed", "", *WRAPPED]).encode(), "text/plain")
    assert page.title == "Pier stays closed"
    assert page.text.splitlines() == PARAGRAPHS


def test_what_calls_itself_plain_and_is_a_page_is_read_as_a_page():
    page = read(
        f"<html><body><article><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></article></body></html>".encode(),
        "text/plain",
    )
    assert page.text.splitlines() == PARAGRAPHS


@given(st.lists(st.sampled_from(PARAGRAPHS), min_size=2, max_size=5), st.integers(60, 110))
def test_broken_lines_are_made_whole_whatever_their_width(paragraphs, width):
    lines = [line for p in paragraphs for line in (*textwrap.wrap(p, width), "")]
    assert list(reflow(lines)) == paragraphs


@given(st.lists(st.text(alphabet="ab .-\n", max_size=90), max_size=30))
def test_no_word_is_lost_between_lines(lines):
    def letters(parts):
        return "".join(c for c in "".join(parts) if c in "ab.")

    assert letters(reflow(lines)) == letters(lines)


def test_a_word_parted_at_the_end_of_a_line_is_made_whole():
    first = "The mediators of the three countries announced on Monday that the cease-"
    assert list(reflow([first, "fire holds in the whole of the north and in the harbour of Selin too."])) == [
        first[:-1] + "fire holds in the whole of the north and in the harbour of Selin too."
    ]


@given(st.binary(max_size=400))
def test_any_bytes_give_a_page_or_a_sentence(body):
    for head in (b"", b"%PDF-1.7\n"):
        try:
            read(head + body)
        except WirebriefError as error:
            assert error.message


async def test_a_bomb_in_a_pdf_costs_its_own_deadline_and_no_more():
    bomb = zlib.compress(b"(a) Tj " * 40_000_000, 9)
    whole = pdf_of(["x"])
    start = whole.index(b"<< /Length", whole.index(b"/Contents"))
    end = whole.index(b"endstream", start)
    body = (
        whole[:start]
        + b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\n" % (len(bomb), bomb)
        + whole[end:]
    )
    async with WorkerPool(1) as workers:
        with pytest.raises((ParseError, WorkerKilled)):
            await workers.run(extract_document, body, url=URL, deadline=5.0)
        page = await workers.run(extract_document, pdf_of(WRAPPED), url=URL, deadline=300.0)
        assert page.text.split() == " ".join(PARAGRAPHS).split()


@pytest.mark.parametrize(
    "body",
    [
        b"<?xml version='1.0'?>\n<!-- made by a tool -->\n<rss version='2.0'><channel><item><title>A</title></item></channel></rss>",
        b"\xef\xbb\xbf<?xml version='1.0'?><?xml-stylesheet href='a.xsl'?><feed xmlns='http://www.w3.org/2005/Atom'></feed>",
        b"<rdf:RDF xmlns='http://purl.org/rss/1.0/'></rdf:RDF>",
    ],
)
@pytest.mark.parametrize("content_type", ["text/html", "application/xml", "application/rss+xml", ""])
def test_a_feed_is_no_article_whatever_it_is_called(body, content_type):
    with pytest.raises(ParseError, match="a feed, not an article"):
        read(body, content_type)

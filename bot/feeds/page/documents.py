"""Extract the article from a page, a PDF or a plain text; classify it if there is none.

Runs inside a killable worker: the function is picklable by name and keeps nothing between calls.
"""

from __future__ import annotations

import re

from bot.errors import ParseError
from bot.feeds.page.extract import Page, extract_page
from bot.feeds.page.pdf import extract_pdf
from bot.feeds.page.plain_text import extract_text

_PAGES = ("text/html", "application/xhtml", "application/xml", "text/xml")
_VAGUE = (
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/x-download",
    "application/download",
)
_FEED = re.compile(
    rb"[\s\xef\xbb\xbf]{0,100}(?:(?:<\?[^>]{0,500}>|<!--.{0,1000}?-->)\s{0,100}){0,8}<(?:rss|feed|rdf:rdf)[\s>]",
    re.IGNORECASE | re.DOTALL,
)


def extract_document(
    body: bytes, *, url: str, content_type: str = "", charset: str = "", asked: str = ""
) -> Page:
    """Return the article in ``body``, or the class of the page; raises ``ParseError`` if it cannot be read.

    ``url`` is the final address and ``asked`` the one that led there.
    """
    if not body.strip():
        raise ParseError("The page is empty", hint="Open the address in a browser")
    if body.lstrip()[:5] == b"%PDF-":
        return extract_pdf(body)
    if content_type == "application/pdf":
        raise ParseError("The address gives a PDF that is damaged", hint="Open the address in a browser")
    if _FEED.match(body[:8192]):
        raise ParseError(
            "The address gives a feed, not an article",
            hint="Give the address of an article, or add the feed",
        )
    if content_type.startswith(_PAGES) or looks_like_html(body) or (not content_type and b"</" in body):
        return extract_page(body, url=url, charset=charset, asked=asked)
    if content_type.startswith("text/") or content_type in _VAGUE:
        return extract_text(body, charset=charset)
    raise ParseError(
        f"The address gives {content_type[:60]}, not a page", hint="Give the address of an article"
    )


def looks_like_html(body: bytes) -> bool:
    """Tell whether ``body`` begins as an HTML document does, whatever it is called."""
    head = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in head

"""Read the page behind a link, and decide which of its text is used for an entry.

A page that is no article leaves the feed's own text. So does one that does not speak of what the feed announced: walls
have endlessly many wordings, but none of them contains the news.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.errors import ParseError, WorkerKilled
from bot.feeds.judge.roundup import content
from bot.feeds.judge.sentences import NOTES, WHAT_IT_IS
from bot.feeds.page.documents import extract_document
from bot.feeds.page.entry_text import EntryMarkup, entry_texts
from bot.feeds.page.extract import OwnText, Page
from bot.flows.ingest.services import ReadingServices
from bot.model.news import Entry, PageKind, TextSource
from bot.ports import FetchRequest

PAGE_ACCEPT = "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.8, application/pdf;q=0.8, */*;q=0.1"
MAX_FETCHED_PAGE_BYTES = 4 * 1024 * 1024
OTHER_TEXT = "The page's text does not speak of what the feed announces."
MAX_WALL_TEXT_CHARS = 2000  # characters up to which a text is compared with the feed's words: walls are short
MAX_CHARS_PER_CALL = 200_000  # of the texts of entries that one call of a worker reads: a tenth of a second
FIRST_PAGE_CHARS = 300  # of a page, which mostly hold a word of its title
MIN_CONTENT_TITLE_WORDS = 3  # of a title with content, fewer say nothing of its text

FeedText = tuple[OwnText, PageKind]
"""What a feed's own text of an entry tells, and what that is."""

_LATIN = re.compile(r"[A-Za-z]")


async def read_page(url: str, *, services: ReadingServices) -> Page:
    """Return the page at ``url`` with its kind; raises ``FetchError``, ``ParseError`` or ``WorkerKilled``."""
    request = FetchRequest(
        url=url,
        accept=PAGE_ACCEPT,
        max_bytes=MAX_FETCHED_PAGE_BYTES,
        deadline=services.settings.page_deadline,
    )
    answer = await services.fetcher.fetch(request)
    page: Page = await services.workers.run(
        extract_document,
        answer.body,
        url=answer.url,
        content_type=answer.content_type,
        charset=answer.charset,
        asked=url,
        deadline=services.settings.parse_deadline,
    )
    return replace(page, url=answer.url)


async def feed_texts(entries: Sequence[EntryMarkup], *, services: ReadingServices) -> list[FeedText]:
    """Return the text of each of ``entries`` of a feed as paragraphs, and its class, in as few calls of a worker as their length allows.

    A text that cannot be read counts as none, and so does the text of a wall. Where a call is killed, each text of it is read by itself.
    """
    found: list[FeedText | None] = []
    said = [entry for entry in entries if entry.markup]
    for some in _portions(said):
        try:
            found += await services.workers.run(entry_texts, some, deadline=services.settings.parse_deadline)
        except (ParseError, WorkerKilled):
            found += [await _alone(entry, services=services) for entry in some] if some[1:] else [None]
    texts = iter(found)
    return [_of_article(next(texts) if entry.markup else None) for entry in entries]


def markup_of(entry: Entry, *, language: str) -> EntryMarkup:
    """Return the longer of the two texts of ``entry``, of a feed in ``language``."""
    markup = entry.content if len(entry.content) >= len(entry.summary) else entry.summary
    return EntryMarkup(markup=markup, title=entry.title, language=entry.language or language)


def _portions(entries: Sequence[EntryMarkup]) -> Iterator[list[EntryMarkup]]:
    """Yield ``entries`` in portions of at most ``MAX_CHARS_PER_CALL``, a longer one by itself."""
    portion: list[EntryMarkup] = []
    for entry in entries:
        if portion and sum(len(one.markup) for one in (*portion, entry)) > MAX_CHARS_PER_CALL:
            yield portion
            portion = []
        portion.append(entry)
    if portion:
        yield portion


async def _alone(entry: EntryMarkup, *, services: ReadingServices) -> FeedText | None:
    try:
        (text,) = await services.workers.run(entry_texts, [entry], deadline=services.settings.parse_deadline)
    except (ParseError, WorkerKilled):
        return None
    return text


def _of_article(text: FeedText | None) -> FeedText:
    return text if text and text[1] in {PageKind.ARTICLE, PageKind.ROUNDUP} else (OwnText(), PageKind.ARTICLE)


def about(page: Page, *, title: str, own: str) -> Page:
    """Return ``page``, without its text if that shares no word with the feed's ``title`` and ``own`` text."""
    if page.kind is not PageKind.ARTICLE or len(page.text) > MAX_WALL_TEXT_CHARS:
        return page
    named = content(title, language=page.language)
    if len(named) < MIN_CONTENT_TITLE_WORDS or _latin(title) != _latin(page.text):
        return page
    # Most titles share a word with the first lines of their page: the rest, and the feed's own text, are read where one does not.
    first = page.text[:FIRST_PAGE_CHARS].rpartition(" ")[0]
    if content(first, language=page.language) & named:
        return page
    said = content(page.text, language=page.language)
    if said & named or said & content(f"{title} {own[:MAX_WALL_TEXT_CHARS]}", language=page.language):
        return page
    return replace(page, kind=PageKind.NOT_FOUND, text="", note=OTHER_TEXT)


def source_of(page: Page) -> tuple[TextSource, str]:
    """Return the source of the text of an article with this page, and a note on the page."""
    if page.kind in {PageKind.ARTICLE, PageKind.LIVE_BLOG}:
        return TextSource.PAGE, NOTES.get(page.kind, page.note)
    if page.text and page.kind in NOTES:
        return TextSource.FEED_ONLY, NOTES[page.kind]
    return TextSource.FEED_ONLY, page.note or f"{WHAT_IT_IS[page.kind]}."


def page_fingerprint(text: str, *, site: str) -> str:
    """Return the fingerprint by which the text of a page is recognised within its ``site``."""
    return hashlib.sha256(f"{site}\0{' '.join(text.split())}".encode()).hexdigest()


def _latin(text: str) -> bool:
    if text.isascii():
        return _LATIN.search(text) is not None
    latin = 2 * len(_LATIN.findall(text))
    return latin > len(text) or latin > sum(c.isalpha() for c in text)

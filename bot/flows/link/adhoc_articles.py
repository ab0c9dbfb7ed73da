"""Read articles that a person gives: text files, HTML files, links."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from bot.blocking import run_blocking
from bot.errors import InputError, ParseError
from bot.feeds.address import canonical_url, site_of
from bot.feeds.article_date import EARLIEST_DATE
from bot.feeds.judge.sentences import NOTES, what_it_is
from bot.feeds.page.documents import extract_document, looks_like_html
from bot.feeds.page.extract import Page
from bot.feeds.page.plain_text import MAX_TITLE_LINE_CHARS, is_title
from bot.feeds.workers.pool import WorkerPool
from bot.flows.ingest.pages import read_page
from bot.flows.ingest.reading import sentences_of
from bot.flows.ingest.services import ReadingServices
from bot.language.cleaning.clean import clean_text
from bot.language.cleaning.links import typed_address
from bot.language.detect import detect_language
from bot.language.furniture import clean_paragraphs
from bot.language.outlets import Outlets, outlet_title
from bot.model.ids import derive_id
from bot.model.news import Article, DateSource, PageKind, TextSource
from bot.model.scope import SHARED, Scope

STANDARD_INPUT = "-"
MAX_ARTICLE_FILE_BYTES = 4 * 1024 * 1024
_DATE_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


async def read_adhoc_article(
    what: str,
    *,
    services: ReadingServices,
    now: datetime,
    known: Outlets,
    day: date | None = None,
) -> Article:
    """Return the article of ``what``, a file, a link or ``-`` for standard input; raises a ``WirebriefError`` worded for a person.

    ``known`` are the configured names of outlets; ``day`` is the day of publication that the person gave.
    """
    article = await _read_article(what, services=services, now=now, known=known)
    if day is None:
        return article
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    return replace(article, published_at=noon, date_source=DateSource.PAGE, utc_offset=0)


async def _read_article(what: str, *, services: ReadingServices, now: datetime, known: Outlets) -> Article:
    if re.match(r"[a-z][a-z0-9+.-]*://|www\.", what, re.IGNORECASE):
        what = typed_address(what)
        page = await read_page(what, services=services)
        return await page_article(page, url=what, services=services, now=now, known=known)
    piped = what == STANDARD_INPUT
    path = Path("standard input" if piped else what)
    body = await (run_blocking(_read_input) if piped else run_blocking(_read_file, path))
    if looks_like_html(body) or body.startswith(b"%PDF-"):
        page = await services.workers.run(
            extract_document, body, url="", deadline=services.settings.parse_deadline
        )
        return await page_article(page, name=clean_text(path.name), services=services, now=now, known=known)
    return await _from_text(clean_text(_decode(body, path)), path, workers=services.workers, now=now)


async def page_article(
    page: Page,
    *,
    url: str = "",
    name: str = "",
    services: ReadingServices,
    now: datetime,
    known: Outlets,
    scope: Scope = SHARED,
) -> Article:
    """Return the article of ``page``, read at ``url`` or from the file ``name``; raises ``ParseError`` without a text."""
    if not page.text.strip() or page.kind is PageKind.ROUNDUP:
        raise ParseError(what_it_is(page.kind, preview=page.preview), hint="Give the address of an article")
    stated = page.published if page.published and EARLIEST_DATE <= page.published <= now else None
    # A file says whose it is only for itself: it is named by its own name.
    address = (page.canonical_url or page.url or url) if url else ""
    site = site_of(page.url or url)
    language = page.language or await services.workers.run(
        detect_language, page.text[:2000], deadline=max(10.0, services.settings.parse_deadline)
    )
    language = language.split("-")[0].lower()
    return Article(
        id=derive_id("art", canonical_url(address) if address else f"{name}\0{page.text}", *scope.parts),
        url=url or page.canonical_url,
        site=site or name,
        outlet=known.shown(site or name, given=outlet_title(page.site, site=site)),
        title=page.title or page.text.partition("\n")[0][:MAX_TITLE_LINE_CHARS],
        author=page.author,
        published_at=stated or now,
        date_source=DateSource.PAGE if stated else DateSource.FETCHED,
        utc_offset=page.utc_offset if stated else 0,
        language=language,
        sentences=await sentences_of(page.text, language=language, workers=services.workers),
        text_source=TextSource.PAGE if url else TextSource.FILE,
        text_note=NOTES.get(page.kind, page.note),
        page_kind=page.kind,
        correction=page.correction,
        fetched_at=now,
        scope=scope,
    )


async def _from_text(text: str, path: Path, *, workers: WorkerPool, now: datetime) -> Article:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    if not lines:
        raise InputError(f"{str(path)!r} is empty", hint="Give a file with an article in it")
    title, name = "", clean_text(path.name)
    if len(lines) > 1 and is_title(lines[0]):
        title = lines.pop(0)
    cleaned = await workers.run(clean_paragraphs, lines, deadline=10.0)
    text = "\n".join(cleaned.paragraphs)
    if not text:
        raise InputError(f"{str(path)!r} has no article in it", hint="Give a file with an article in it")
    language = await workers.run(detect_language, text[:2000], deadline=10.0)
    stated = _date_of(path, now=now)
    return Article(
        id=derive_id("art", name, "\n".join(lines)),
        outlet=name,
        title=title,
        published_at=stated or now,
        date_source=DateSource.PAGE if stated else DateSource.FETCHED,
        language=language,
        sentences=await sentences_of(text, language=language, workers=workers),
        correction=cleaned.correction,
        text_source=TextSource.FILE,
        fetched_at=now,
    )


def _date_of(path: Path, *, now: datetime) -> datetime | None:
    """Return the day a file's name states, at noon UTC; when it was last changed says nothing of its text."""
    found = _DATE_IN_NAME.search(path.name)
    if found:
        try:
            year, month, day = (int(part) for part in found.groups())
            stated = datetime(year, month, day, 12, tzinfo=UTC)
        except ValueError:
            stated = None
        if stated and stated <= now:
            return stated
    return None


def _read_input() -> bytes:
    return _bounded(sys.stdin.buffer.read(MAX_ARTICLE_FILE_BYTES + 1), "'standard input'")


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(MAX_ARTICLE_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError(f"There is no file {str(path)!r}", hint="Check the name, or give a link") from error
    except IsADirectoryError as error:
        raise InputError(f"{str(path)!r} is a folder", hint="Name the files in it") from error
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror or error}") from error
    return _bounded(body, repr(str(path)))


def _bounded(body: bytes, name: str) -> bytes:
    if len(body) > MAX_ARTICLE_FILE_BYTES:
        raise InputError(
            f"{name} is larger than {MAX_ARTICLE_FILE_BYTES // 2**20} MiB", hint="Give one article a file"
        )
    return body


def _decode(body: bytes, path: Path) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in body:
        encodings = ()
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = sum(1 for c in text[:4096] if ord(c) < 32 and c not in "\n\r\t\f")
        if strange * 50 <= len(text[:4096]):
            return text
    raise InputError(
        f"{str(path)!r} is not a text or HTML file", hint="Give an article as text, HTML or a link"
    )

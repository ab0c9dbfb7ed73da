"""Extract the article from a PDF: the text layer of its first pages; scanned text is not read.

Runs inside a killable worker: the functions are picklable by name and keep nothing between calls.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.errors import ParseError
from bot.feeds.page.extract import Page
from bot.feeds.page.plain_text import MAX_PLAIN_TEXT_CHARS, page_of

if TYPE_CHECKING:
    import pypdf

MAX_PAGES = 40
MAX_PDF_TITLE_CHARS = 200

# Of one compressed part in bytes, a tenth of the library's own; and nothing is run to decode pictures.
BOUNDS: dict[str, Any] = {
    **dict.fromkeys(
        (
            "zlib_maximum_output_length",
            "lzw_maximum_output_length",
            "run_length_maximum_output_length",
            "brotli_maximum_output_length",
            "array_based_stream_maximum_output_length",
        ),
        8 * 1024 * 1024,
    ),
    "jbig2dec_binary": None,
}
_NUMBER = re.compile(r"\d+")
_FILE_NAME = re.compile(
    r"\.(?:docx?|pdf|indd|odt|rtf|tex|pptx?|xlsx?)$|^(?:microsoft word|untitled)\b", re.IGNORECASE
)


def extract_pdf(body: bytes) -> Page:
    """Return the article in a PDF; raises ``ParseError`` that says what it is instead."""
    # Imported where it is needed: few programs and workers ever see a PDF.
    import pypdf  # noqa: PLC0415

    try:
        with pypdf.apply_configuration(**BOUNDS):
            reader = pypdf.PdfReader(io.BytesIO(body))
            open_to_all = not reader.is_encrypted or bool(reader.decrypt(""))
            pages, pictures = _read(reader) if open_to_all else ([], False)
            title, author, published = _facts(reader) if open_to_all else ("", "", None)
            count = len(reader.pages) if open_to_all else 0
    except MemoryError:
        raise
    except Exception as error:
        # For a damaged file the library can raise any exception.
        raise ParseError(
            "The PDF is damaged or too large to read", hint="Open the address in a browser"
        ) from error
    if not open_to_all:
        raise ParseError("The PDF is locked with a password", hint="Give an address that is open to all")
    if not any(pages):
        empty = "only pictures of pages" if pictures else "no text"
        raise ParseError(f"The PDF holds {empty}", hint="Give the address of an article")
    lines = [line for page in _without_running_heads(pages) for line in page]
    read = page_of(lines, what="The PDF", title=title)
    note = "" if len(pages) == count else f"Of the PDF's {count} pages, {len(pages)} were read."
    return replace(read, author=author, published=published, note=note)


def _read(reader: pypdf.PdfReader) -> tuple[list[list[str]], bool]:
    """Return the lines of each of the first pages, and whether one of them holds a picture."""
    pages: list[list[str]] = []
    pictures, characters = False, 0
    for page in reader.pages[:MAX_PAGES]:
        text = page.extract_text()[:MAX_PLAIN_TEXT_CHARS]
        resources = page.get("/Resources")
        pictures = pictures or (resources is not None and "/XObject" in resources.get_object())
        pages.append([line.strip() for line in text.splitlines()])
        characters += len(text)
        if characters >= MAX_PLAIN_TEXT_CHARS:
            break
    return [page if any(page) else [] for page in pages], pictures


def _without_running_heads(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return ``pages`` without the lines at the top or bottom of most of them, whatever their numbers."""
    edges = Counter(
        _NUMBER.sub("#", line)
        for page in pages
        for line in {*page[:2], *page[-2:]}
        if line and len(pages) > 2
    )
    heads = {line for line, count in edges.items() if count * 2 > len(pages)}
    return [[line for line in page if _NUMBER.sub("#", line) not in heads | {"#"}] for page in pages]


def _facts(reader: pypdf.PdfReader) -> tuple[str, str, datetime | None]:
    """Return the title, author and date that the document states of itself."""
    stated = reader.metadata
    if stated is None:
        return "", "", None
    title, author = (
        " ".join(str(text or "").split())[:MAX_PDF_TITLE_CHARS] for text in (stated.title, stated.author)
    )
    try:
        made = stated.creation_date
    except ValueError:
        made = None
    if made and made.tzinfo is None:
        made = made.replace(tzinfo=UTC)
    return "" if _FILE_NAME.search(title) else title, author, made.astimezone(UTC) if made else None

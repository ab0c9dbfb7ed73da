"""Extract the article from plain text; hard-wrapped paragraphs are joined again.

Runs inside a killable worker: the functions are picklable by name and keep nothing between calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.errors import ParseError
from bot.feeds.judge.look import MIN_ARTICLE_CHARS
from bot.feeds.page.extract import Page, decode
from bot.language.furniture import clean_paragraphs

MAX_PLAIN_TEXT_CHARS = 400_000
MAX_FILE_LINES = 20_000
MAX_TITLE_LINE_CHARS = 140  # characters up to which a first line without a full stop counts as a title
MIN_WRAPPED_CHARS = 50  # characters from which a line may have been broken because it was full
FULL_LINE_SHARE = 0.75  # share of the usual length of a line from which it counts as full

_ENDS = (".", "!", "?", "…", ":", "”", '"', "。", "！", "？", "۔")
_BROKEN_WORD = re.compile(r"[^\W\d_]-$")


def extract_text(body: bytes, *, charset: str = "") -> Page:
    """Return the article in plain text; raises ``ParseError`` that says what it is instead."""
    text = decode(body, charset=charset)[:MAX_PLAIN_TEXT_CHARS]
    strange = sum(1 for c in text[:4096] if ord(c) < 32 and c not in "\n\r\t\f")
    if strange * 50 > len(text[:4096]):
        raise ParseError("The address gives a file that is not text", hint="Give the address of an article")
    return page_of(text.splitlines()[:MAX_FILE_LINES], what="The text")


def page_of(lines: Iterable[str], *, what: str, title: str = "") -> Page:
    """Return the page of ``lines``; its title is a first line that reads like one where none is given."""
    paragraphs = list(reflow(lines))
    if not title and len(paragraphs) > 1 and is_title(paragraphs[0]):
        title = paragraphs.pop(0)
    cleaned = clean_paragraphs(paragraphs)
    text = "\n".join(cleaned.paragraphs)
    if not text:
        raise ParseError(f"{what} is empty", hint="Give the address of an article")
    if len(text) < MIN_ARTICLE_CHARS:
        raise ParseError(f"{what} is too short for an article", hint="Give the address of an article")
    return Page(title=title[:300], text=text, correction=cleaned.correction)


def is_title(line: str) -> bool:
    """Tell whether a first ``line`` reads like a title: short, and no sentence."""
    return len(line) <= MAX_TITLE_LINE_CHARS and not line.endswith((".", "!", "?", "”", '"'))


def reflow(lines: Iterable[str]) -> Iterator[str]:
    """Yield the paragraphs of ``lines``: an empty line ends one, and so does a line that was not full.

    A word that was parted by a hyphen at the end of a line is made whole.
    """
    folded = [" ".join(line.split()) for line in lines]
    lengths = sorted(len(line) for line in folded if len(line) >= MIN_WRAPPED_CHARS)
    usual = lengths[len(lengths) // 2] if lengths else 0
    # Where lines are as long as paragraphs, nothing was broken.
    full = usual * FULL_LINE_SHARE if MIN_WRAPPED_CHARS <= usual <= 200 else 0
    paragraph = ""
    for line in folded:
        if not line:
            if paragraph:
                yield paragraph
            paragraph = ""
            continue
        paragraph = _joined(paragraph, line)
        if not full or (len(line) < full and (line.endswith(_ENDS) or len(line) < MIN_WRAPPED_CHARS)):
            yield paragraph
            paragraph = ""
    if paragraph:
        yield paragraph


def _joined(paragraph: str, line: str) -> str:
    if not paragraph:
        return line
    if _BROKEN_WORD.search(paragraph) and line[0].islower():
        return paragraph[:-1] + line
    return f"{paragraph} {line}"

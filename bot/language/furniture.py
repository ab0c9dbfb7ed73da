"""Recognise text that belongs to a page and not to its report: teasers, posts, forms, credits, editorial notes.

The words are data (``bot/language/rules/<language>/pages/furniture.toml``), read under these senses:

    line         a paragraph that is furniture as a whole; the pattern describes it from its first character
    related      a heading under which other stories are listed; the titles below it go with it
    caption      the credit at the end of a picture's caption
    tail         what a true paragraph ends with and does not need: who wrote and edited it
    embed        marks of a post of a network that stands in the text
    attribution  the line under such a post; what stands above it is the post
    correction   a note on what the article had wrong
    heading      the heading of such a note; the note stands below it
    update       a note that the article was or will be changed
    share        words of a share bar
    cut          words with which a feed ends a text that goes on elsewhere

Paragraphs of every language are tried with every language's rules: pages mix them, and say their own wrongly.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.language.outlets import outlets
from bot.language.rules import languages_with, load_rules, words_of_all
from bot.language.sentences.split import split_sentences
from bot.language.speech import any_of
from bot.language.text_cache import text_cached
from bot.literals.beginnings import Beginnings
from bot.literals.prefilter import SievedPatterns, lowered, sieves

MAX_PARAGRAPH_CHARS = 3000  # characters of a paragraph that may be furniture as a whole
MAX_CAPTION_PARAGRAPH_CHARS = 600
MAX_CAPTION_CREDIT_CHARS = 180  # at the end of a caption
MAX_POST_CHARS = 700
MAX_CORRECTION_CHARS = 1000  # of all notes of an article together
MAX_LINES_AFTER_CREDIT = 4  # lines of furniture that may follow the name of an agency
MAX_CAPTION_SENTENCES = 3  # sentences of a picture's caption
MAX_LISTED_TITLES = 8  # listed under one heading
MAX_REPEATED_TITLE_CHARS = 160

_NAME = "furniture"
_AROUND_CREDIT = re.compile(
    rf"^[\s(\[—–-]{{0,4}}(?:©\s?(?:\d{{4}}\s)?|\(c\)\s?|(?:{any_of(words_of_all('credits', 'source'))})\s?:\s?|(?:{any_of(words_of_all('credits', 'by'))})\s)?(?:the\s)?|[\s)\].]{{1,4}}$",
    re.IGNORECASE,
)
_CUT_MARKS = ("…", "...", "[…]", "[...]")
_WORD = re.compile(r"[\w-]+")
_STOP = re.compile(r"(?<=[.!?…。！？؟])[\"'”’»)\]]{0,3}\s*(?=\S)")
_CLOSED = re.compile(r"[.!?…。！？؟:][\"'”’»)\]]{0,3}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """The paragraphs of a text without its page's furniture, and what the text says it corrected."""

    paragraphs: tuple[str, ...]
    correction: str = ""


def read_rules() -> None:
    """Load the rules now, so that the first text does not wait for it."""
    _matches("line", "")
    _begins_as_furniture("")


def clean_paragraphs(paragraphs: Sequence[str]) -> Cleaned:
    """Return ``paragraphs`` without page furniture; each is one line."""
    kept: list[str] = []
    notes: list[str] = []
    titles = 0  # that may still follow a heading of related stories
    note_follows = False
    for whole in paragraphs:
        suspect = _begins_as_furniture(whole)
        if suspect and _is(whole, "heading"):
            note_follows = True
            continue
        paragraph, note = _without_note(whole)
        suspect = suspect or paragraph != whole
        if note_follows and paragraph:
            note_follows, note, paragraph = False, f"{paragraph} {note}".strip(), ""
        if note:
            notes.append(note)
        if not paragraph:
            continue
        if titles and _is_title(paragraph):
            titles -= 1
            continue
        titles = 0
        if suspect and _is(paragraph, "related"):
            titles = MAX_LISTED_TITLES
        elif suspect and _is(paragraph, "attribution"):
            del kept[max(1, len(kept) - 1) :]
        elif not ((suspect and _is_whole_furniture(paragraph)) or _is_post_or_share_bar(paragraph)):
            kept += _without_credits(paragraph, alone=len(paragraphs) == 1)
    kept += _credited(paragraphs, kept)
    return Cleaned(paragraphs=tuple(kept), correction=" ".join(notes)[:MAX_CORRECTION_CHARS].strip())


def _credited(paragraphs: Sequence[str], kept: Sequence[str]) -> list[str]:
    """Return the agency's name that stood alone at the end of a text: it says who wrote it, and two sources are one."""
    for paragraph in reversed(paragraphs[-MAX_LINES_AFTER_CREDIT:]):
        if not kept or paragraph == kept[-1]:
            return []
        name = _AROUND_CREDIT.sub("", paragraph[:MAX_CAPTION_CREDIT_CHARS]).casefold()
        if name in {agency.casefold() for agency in outlets().agencies}:
            return [paragraph]
    return []


def correction_in(lines: Iterable[str]) -> str:
    """Return the notes of correction among ``lines`` outside the article's text."""
    notes: list[str] = []
    follows = False
    for line in lines:
        if _is(line, "heading"):
            follows = True
            continue
        note = line if follows and len(line) <= MAX_CORRECTION_CHARS else _without_note(line)[1]
        follows = False
        if note and note not in notes:
            notes.append(note)
    return " ".join(notes)[:MAX_CORRECTION_CHARS].strip()


def is_page_line(paragraph: str) -> bool:
    """Tell whether ``paragraph`` as a whole belongs to the page."""
    return _is_whole_furniture(paragraph) or _is_post_or_share_bar(paragraph)


def _is_whole_furniture(paragraph: str) -> bool:
    return _is(paragraph, "line") or _is(paragraph, "update")


def _is_post_or_share_bar(paragraph: str) -> bool:
    return (len(paragraph) <= MAX_POST_CHARS and _search("embed", paragraph) is not None) or _is_share_bar(
        paragraph
    )


def _begins_as_furniture(paragraph: str) -> bool:
    """Tell whether ``paragraph`` begins as a pattern of any sense does that describes it from its first character: few do."""
    return len(paragraph) <= MAX_PARAGRAPH_CHARS and _any_beginning().match(
        paragraph, small=lowered(paragraph)
    )


def is_cut(text: str) -> bool:
    """Return whether ``text`` (one paragraph on each line) ends like a feed's shortened text."""
    last = [line.rstrip(" →»>").lower() for line in text.rstrip().splitlines()[-3:]]
    marks = tuple(_words("cut"))
    return any(line.startswith(marks) and len(line) <= MAX_REPEATED_TITLE_CHARS for line in last) or any(
        line.endswith((*_CUT_MARKS, *marks)) for line in last[-1:]
    )


def _without_credits(paragraph: str, *, alone: bool) -> tuple[str, ...]:
    """Return what ``paragraph`` tells beside its credits: nothing for the caption of a picture."""
    if tail := _search("tail", paragraph[-500:]):
        paragraph = paragraph[: max(0, len(paragraph) - 500) + tail.start()]
    if len(paragraph) > MAX_CAPTION_PARAGRAPH_CHARS:
        return (paragraph,)
    start = max(0, len(paragraph) - MAX_CAPTION_CREDIT_CHARS)
    credit = _search("caption", paragraph[start:])
    if credit is None:
        return (paragraph,)
    before = paragraph[: start + credit.start()].strip()
    # A text of one paragraph is kept, even if it ends with a credit.
    if before and (alone or len(split_sentences(before)) > MAX_CAPTION_SENTENCES):
        return (before,)
    return ()


@text_cached(maxsize=512)  # a paragraph is read in the text, and again among all that the page shows
def _without_note(paragraph: str) -> tuple[str, str]:
    """Return ``paragraph`` without its note of correction, and that note; a note may end a true paragraph."""
    if len(paragraph) > 2 * MAX_CORRECTION_CHARS:
        return paragraph, ""
    small, notes = lowered(paragraph), _any_of("correction")
    starts = [0, *(found.end() for found in _STOP.finditer(paragraph))]
    for start in starts[:40]:
        if notes.match_from(paragraph, start, small=small):
            return paragraph[:start].strip(), paragraph[start:].strip(" *")
    return paragraph, ""


def _is(paragraph: str, sense: str) -> bool:
    return len(paragraph) <= MAX_PARAGRAPH_CHARS and _matches(sense, paragraph)


def _is_title(paragraph: str) -> bool:
    return len(paragraph) <= MAX_REPEATED_TITLE_CHARS and not _CLOSED.search(paragraph)


def _is_share_bar(paragraph: str) -> bool:
    if len(paragraph) > MAX_REPEATED_TITLE_CHARS:
        return False
    said, of_bars = False, _words("share")
    for found in _WORD.finditer(paragraph.lower()):  # the first word of most paragraphs is none of them
        said, word = True, found[0]
        if word not in of_bars and not word.isdigit():
            return False
    return said


@functools.cache
def _words(sense: str) -> frozenset[str]:
    rules = (load_rules(language, _NAME) for language in languages_with(_NAME))
    return frozenset().union(*(rule.words.get(sense, frozenset()) for rule in rules))


def _matches(sense: str, text: str) -> bool:
    return _any_of(sense).match(text, small=lowered(text))


def _search(sense: str, text: str) -> re.Match[str] | None:
    found = (pattern.search(text) for pattern in _sieved(sense).possible(text))
    return next((match for match in found if match), None)


@functools.cache
def _any_of(sense: str) -> Beginnings:
    """Return the patterns of ``sense`` for who asks whether a text begins with any."""
    return Beginnings(_patterns(sense))


@functools.cache
def _any_beginning() -> Beginnings:
    return Beginnings(
        pattern
        for sense in ("heading", "related", "attribution", "line", "update")
        for pattern in _patterns(sense)
    )


@functools.cache
def _sieved(sense: str) -> SievedPatterns:
    return SievedPatterns(sieves(_patterns(sense)))


def _patterns(sense: str) -> Iterator[re.Pattern[str]]:
    rules = (rule for language in languages_with(_NAME) for rule in load_rules(language, _NAME).patterns)
    return (rule.match for rule in rules if rule.sense == sense)

"""Recognise a roundup: one text on several unrelated events."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import pairwise

from bot.feeds.judge.words import COMMON_WORDS_NAME, has_any, sentences
from bot.language.rules import MAX_CACHED_LANGUAGES, load_rules
from bot.language.stems import stems

MAX_NOTE_LINES = 8  # paragraphs of a text that may be the note of a broadcast
MIN_ITEM_CHARS = 40  # characters of a paragraph that may be an item; 18 where writing has no blanks
MIN_ITEMS = 3
TITLED_SHARED_WORD_SHARE = 0.5  # share of neighbours that may share a word where the title says "roundup"
GREETED_SHARED_WORD_SHARE = 0.34  # and where only the text does
STEM_CHARS = 6  # characters by which words of languages without a stemmer are alike


def is_roundup(title: str, lines: Sequence[str], *, languages: Sequence[str]) -> bool:
    """Tell whether the paragraphs ``lines`` under ``title`` are items of different events.

    Both are needed: words that announce a roundup, and items that share no words with each other. The note of a broadcast is
    sufficient alone.
    """
    if len(lines) <= MAX_NOTE_LINES and any(has_any(languages, "broadcast", line[:2000]) for line in lines):
        return True
    titled = has_any(languages, "roundup", title)
    greeting = any(has_any(languages, "greeting", line) for line in [title, *lines[:4]])
    if not (titled or greeting):
        return False
    said = (_without_greeting(line, languages) for line in lines[:60])
    items = [_without_link_on(line) for line in said if len(line) >= _least(line)][:40]
    if len(items) < MIN_ITEMS:
        return False
    return shared_word_share(items, language=languages[0]) <= (
        TITLED_SHARED_WORD_SHARE if titled else GREETED_SHARED_WORD_SHARE
    )


def shared_word_share(items: Sequence[str], *, language: str) -> float:
    """Return the share of neighbouring ``items`` that share a word of content."""
    said = [content(item, language=language) for item in items]
    return sum(bool(a & b) for a, b in pairwise(said)) / (len(said) - 1)


def content(text: str, *, language: str) -> frozenset[str]:
    """Return the words of ``text`` that carry content, by their stems; numbers are none."""
    small = _small(language or "en")
    return frozenset(
        s[:STEM_CHARS]
        for s in stems(text[:2000], language=language or "en")
        if len(s) > 1 and not s.isdigit() and s not in small
    )


@functools.lru_cache(maxsize=MAX_CACHED_LANGUAGES)
def _small(language: str) -> frozenset[str]:
    """Return the small words of ``language`` as stems."""
    words = load_rules(language, COMMON_WORDS_NAME).words.get("common", frozenset())
    return words | frozenset(stems(" ".join(sorted(words)), language=language))


def _without_greeting(line: str, languages: Sequence[str]) -> str:
    return " ".join(s for s in sentences(line[:2000]) if not has_any(languages, "greeting", s[:200]))


def _without_link_on(line: str) -> str:
    """Return ``line`` without what leads on at its end: "Read more"."""
    *said, last = sentences(line) or [line]
    return " ".join(said) if said and len(last) < MIN_ITEM_CHARS // 2 else line


def _least(line: str) -> int:
    return MIN_ITEM_CHARS if " " in line[:30] else MIN_ITEM_CHARS // 2 - 2

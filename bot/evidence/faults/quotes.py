"""Checks quotations, which must be in the cited sentences word for word."""

from __future__ import annotations

import re

from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground
from bot.language.rules import load_rules

MIN_QUOTED_WORDS = 2  # words of a quotation that must be found inside quotation marks
_WORDS = load_rules("en", "evidence").words
_SMALL = _WORDS["small"]  # in the name of a work
MAX_PREFIX_CHARS = 9  # of a prefix with its hyphen
# Prefixes that change the meaning of the word after the hyphen. Dashes are hyphens here: other words before one are separate.
_PREFIXES = _WORDS["prefix"]


def misquoted(statement: Facts, ground: Ground, *, field: str) -> tuple[str, ...]:
    """Return the quotations of ``statement`` that no cited sentence has; a ``field`` "quote" is a quotation as a whole."""
    quotes = statement.quotes
    if field == "quote":
        quotes = (statement.plain.strip("\"' ").rstrip(".,;:!?").strip(),)
    marked = [theirs for facts in ground.facts for theirs in facts.quotes]
    return tuple(
        quote
        for quote in quotes
        if not (field != "quote" and is_work(quote, ground))
        and (
            not any(_said(quote, running) for running in ground.running)
            # One or two words occur in any sentence: they must be in quotation marks there, too, if it has any quotation.
            or (
                marked
                and len(quote.split()) <= MIN_QUOTED_WORDS
                and not any(verbatim(quote, theirs) for theirs in marked)
            )
        )
    )


def is_work(quote: str, ground: Ground) -> bool:
    """Return whether ``quote`` is the title of a work that a cited article has, in any of its sentences."""
    return _is_title(quote) and any(_said(quote, facts.plain) for facts in ground.whole())


def _is_title(quote: str) -> bool:
    """Tell whether ``quote`` is written as the name of a work: several words, those of meaning each with a capital."""
    parts = re.findall(r"[^\W\d_][\w'’-]*", quote)
    named = [part for part in parts if part.casefold() not in _SMALL]
    return len(named) > 1 and quote[:1].isupper() and all(part[0].isupper() for part in named)


def _said(quote: str, running: str) -> bool:
    """Tell whether ``running`` has ``quote`` word for word; marks between its sentences and a first capital may differ."""
    bare, held = _unmarked(quote), _unmarked(running)
    return any(
        verbatim(form, held)
        for form in (bare, bare[:1].upper() + bare[1:], bare[:1].lower() + bare[1:])
        if form
    )


def _unmarked(text: str) -> str:
    return (
        re.sub(r"\s+", " ", re.sub(r"(?<!\w)'|'(?!\w)|\"", " ", text))
        .replace(" ,", ",")
        .replace(" .", ".")
        .strip(" .,;:")
    )


def parts_of(word: str) -> list[str]:
    """Return the words of a compound; none if its first part changes the meaning ("ex-minister")."""
    parts = word.split("-")
    return [] if parts[0] in _PREFIXES else parts


def verbatim(quote: str, running: str) -> bool:
    """Return whether ``quote`` is in ``running`` as whole words."""
    at = running.find(quote)
    while at >= 0:
        before, after = (
            running[max(0, at - MAX_PREFIX_CHARS) : at],
            running[at + len(quote) : at + len(quote) + 1],
        )
        within = (before[-1:].isalnum() and quote[0].isalnum()) or (after.isalnum() and quote[-1].isalnum())
        if not within and _last_word(before) not in _PREFIXES:
            return True
        at = running.find(quote, at + 1)
    return False


def _last_word(before: str) -> str:
    """Return what a hyphen at the end of ``before`` ties to the next word: "re" of "they re-", else nothing."""
    return re.split(r"\W", before[:-1])[-1].casefold() if before.endswith("-") else ""

"""Checks what must stand in the cited sentences word for word: quotations, and roles beside their names."""

from __future__ import annotations

import re

from bot.evidence.faults.subjects import nearer_name
from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground
from bot.language.words import words

MIN_QUOTED_WORDS = 2  # words of a quotation that must be found inside quotation marks
MAX_PREFIX_CHARS = 9  # of a prefix with its hyphen
# What makes another word of the one behind its hyphen. A dash stands as a hyphen here: other words before one are apart.
_PREFIXES = frozenset(
    {"ex", "non", "anti", "vice", "co", "sub", "re", "pre", "post", "un", "pro", "mis", "counter", "quasi"}
)
_JOINING = frozenset({"the", "a", "an", "of", "and", "in", "at", "for", "with", "who", "from", "to", "s"})


def misquoted(statement: Facts, ground: Ground, *, field: str) -> tuple[str, ...]:
    """Return the quotations of ``statement`` that no cited sentence has; a quote ``field`` is one as a whole."""
    quotes = statement.quotes
    if field == "quote":
        quotes = (statement.plain.strip("\"' ").rstrip(".,;:!?").strip(),)
    marked = [theirs for facts in ground.facts for theirs in facts.quotes]
    return tuple(
        quote
        for quote in quotes
        if not any(_said(quote, running) for running in ground.running)
        # A word or two stand in any sentence: they have to be quoted there, too, if it quotes anything.
        or (
            marked
            and len(quote.split()) <= MIN_QUOTED_WORDS
            and not any(_verbatim(quote, theirs) for theirs in marked)
        )
    )


def _said(quote: str, running: str) -> bool:
    """Tell whether ``running`` has ``quote`` word for word; marks between its sentences and a first capital may differ."""
    bare, held = _unmarked(quote), _unmarked(running)
    return any(
        _verbatim(form, held)
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


def unprinted_role(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the role of "NAME: ROLE" (or a role alone) where no sentence with the name has its words, as his own.

    A role may stand in any sentence of a cited article that names whose it is, in other order than it is told.
    """
    name, _, printed = statement.plain.rpartition(": ")
    role = re.sub(r"^(?:the|an?) ", "", printed.strip(" ."), flags=re.IGNORECASE).casefold()
    last = (words(name) or [""])[-1]
    wanted = {w for w in words(role) if w not in _JOINING}
    head = role.split(" of ")[0].split(" at ")[0].split(",")[0].split()[-1:]
    for facts in (*ground.facts, *ground.whole()):
        if last and last not in facts.folded:
            continue
        whole = _verbatim(role, facts.plain.casefold())
        if not whole and not (last and wanted <= {p for w in facts.folded for p in (w, *_parts(w))}):
            continue
        if last and nearer_name(name, role if whole else " ".join(head), facts):
            continue
        return ()
    return (role or statement.plain,)


def _parts(word: str) -> list[str]:
    """Return the words of a compound; none of one whose first part turns its meaning ("ex-minister")."""
    parts = word.split("-")
    return [] if parts[0] in _PREFIXES else parts


def _verbatim(quote: str, running: str) -> bool:
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

"""Checks what must stand in the cited sentences word for word: quotations, and roles beside their names."""

from __future__ import annotations

import re

from bot.evidence.faults.subjects import nearer_name
from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground

MIN_QUOTED_WORDS = 2  # words of a quotation that must be found inside quotation marks
ROLE_DISTANCE_CHARS = 80  # characters between a role and the name it belongs to


def misquoted(statement: Facts, ground: Ground, *, field: str) -> tuple[str, ...]:
    """Return the quotations of ``statement`` that no cited sentence has; a quote ``field`` is one as a whole."""
    quotes = statement.quotes
    if field == "quote":
        quotes = (statement.plain.strip("\"' ").rstrip(".,;:!?").strip(),)
    marked = [theirs for facts in ground.facts for theirs in facts.quotes]
    return tuple(
        quote
        for quote in quotes
        if not any(_verbatim(quote, running) for running in ground.running)
        # A word or two stand in any sentence: they have to be quoted there, too, if it quotes anything.
        or (
            marked
            and len(quote.split()) <= MIN_QUOTED_WORDS
            and not any(_verbatim(quote, theirs) for theirs in marked)
        )
    )


def unprinted_role(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the role of "NAME: ROLE" (or a role alone) where no cited sentence prints it near the name."""
    name, _, role = statement.plain.rpartition(": ")
    printed = re.sub(r"^(?:the|an?) ", "", role.strip(" ."), flags=re.IGNORECASE)
    role = re.sub(r"^(?:the|an?) ", "", role.strip(" ."), flags=re.IGNORECASE).casefold()
    last = name.split()[-1].casefold() if name.split() else ""
    for facts in ground.facts:
        text = facts.plain.casefold()
        if _verbatim(role, text):
            at = text.find(role)
            near = text[max(0, at - ROLE_DISTANCE_CHARS) : at + len(role) + ROLE_DISTANCE_CHARS]
            if not last or (last in near and not nearer_name(name, printed, facts)):
                return ()
    return (role or statement.plain,)


def _verbatim(quote: str, running: str) -> bool:
    at = running.find(quote)
    while at >= 0:
        before, after = running[at - 1 : at], running[at + len(quote) : at + len(quote) + 1]
        if not (before.isalnum() and quote[0].isalnum()) and not (after.isalnum() and quote[-1].isalnum()):
            return True
        at = running.find(quote, at + 1)
    return False

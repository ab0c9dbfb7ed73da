"""Understand a question with the help of earlier questions in its thread. Pure.

"How many people died in the crash?" · "And the family from Florida?" ──▶ the second, with the words of the first
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.entities.names import find_names
from bot.language.rules import load_rules
from bot.model.conversation.answer import Turn

MAX_EARLIER_QUESTIONS = 3  # earlier questions that may say what is meant
MAX_FOLLOW_UP_WORDS = 6  # words up to which a question that begins with "and" goes on with the one before

# Read when the module is: questions are read in the loop, where no file may be opened.
_RULES = load_rules("en", "asked")
_GOES_ON, _REFERS = _RULES.pattern("goes on"), _RULES.pattern("refers")
_ELLIPTIC, _ASKS_ITSELF = _RULES.pattern("elliptic"), _RULES.pattern("asks itself")


def goes_on(text: str, turns: Sequence[Turn]) -> bool:
    """Tell whether ``text`` can be understood only by the ``turns`` before it."""
    if not turns:
        return False
    short = len(text.split()) <= MAX_FOLLOW_UP_WORDS
    if _GOES_ON.match(text) and short:
        return True
    return bool(_REFERS.search(text)) and not names_in(text)


def context(turns: Sequence[Turn]) -> tuple[str, ...]:
    """Return the earlier questions that say what is meant, the nearest first.

    A question that itself follows another includes that one.
    """
    found: list[str] = []
    for place in range(len(turns) - 1, max(-1, len(turns) - 1 - MAX_EARLIER_QUESTIONS), -1):
        found.append(turns[place].question)
        if not goes_on(turns[place].question, turns[:place]):
            break
    return tuple(found)


def elliptic(text: str) -> bool:
    """Tell whether ``text`` repeats the earlier question about something else: "And in Britain?"."""
    return bool(_ELLIPTIC.search(text)) and not _ASKS_ITSELF.search(text)


def names_in(text: str) -> tuple[str, ...]:
    """Return the names in ``text``; a question word at the beginning is none."""
    first, blank, rest = text.strip().partition(" ")
    lowered = f"{first.lower()}{blank}{rest}"
    return tuple(name.text for name in find_names(lowered))

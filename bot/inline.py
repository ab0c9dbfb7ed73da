"""Values inside sentences that every platform displays in its own way: a channel by its name, a time in the reader's zone.

"Next briefing: ⟦at 1751869800 Mon 7 July 07:30 Europe/Berlin⟧."     "… is posted in ⟦channel slack:T1/C1⟧."

The marks are noncharacters, which no text from outside keeps: it is made visible where it enters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

OPEN, CLOSE = "\ufdd0", "\ufdd1"
_MARKED = re.compile(
    rf"{OPEN}(?:channel (?P<channel>[^{OPEN}{CLOSE} ]+)|at (?P<at>-?\d+) (?P<when>[^{OPEN}{CLOSE}]*)){CLOSE}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencePart:
    """A piece of a sentence: plain text, or a channel by the name that ``Channel.read`` takes, or a moment in words."""

    text: str
    channel: str = ""
    at: datetime | None = None


def channel_in_text(name: str) -> str:
    """Return the channel ``name`` as it stands in a sentence."""
    return f"{OPEN}channel {name}{CLOSE}"


def moment_in_text(moment: datetime, words: str) -> str:
    """Return ``moment`` as it stands in a sentence; ``words`` are shown where a platform shows none of its own."""
    return f"{OPEN}at {int(moment.timestamp())} {words}{CLOSE}"


def pieces(text: str) -> Iterator[SentencePart]:
    """Yield ``text`` cut at the values in it."""
    at = 0
    for found in _MARKED.finditer(text):
        if found.start() > at:
            yield SentencePart(text=text[at : found.start()])
        if found["channel"]:
            yield SentencePart(text=found["channel"], channel=found["channel"])
        else:
            yield SentencePart(text=found["when"], at=datetime.fromtimestamp(int(found["at"]), UTC))
        at = found.end()
    if at < len(text):
        yield SentencePart(text=text[at:])


def in_words(text: str) -> str:
    """Return ``text`` with its values in words: a channel by its full name, as commands take it."""
    return "".join(piece.text for piece in pieces(text)) if OPEN in text else text

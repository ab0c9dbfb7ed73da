"""The words of a text: position, folded form and stem of each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language.words import fold, stem, stop_words

_WORD = re.compile(r"[^\W_]+(?:['’.&-]?[^\W_]+)*['’]?")
BREAK = re.compile(r"[;:()“”\"—–]|\s-\s|,\s|[.!?](?=\s|$)")  # where a phrase ends


@dataclass(frozen=True, slots=True)
class Word:
    """One word: position, folded form and stem."""

    start: int
    end: int
    text: str
    folded: str
    stem: str
    stop: bool

    @property
    def head(self) -> str:
        """Return the stem of its first part, as marks have it: "front" of "front-page"."""
        first, hyphen, _ = self.folded.partition("-")
        return stem(first) if hyphen else self.stem


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of ``text`` in order."""
    stop = stop_words("en")
    found = []
    for match in _WORD.finditer(text):
        folded = re.sub(r"['’](?:s)?$", "", fold(match[0]))
        if folded:
            found.append(
                Word(
                    match.start(),
                    match.end(),
                    match[0],
                    folded,
                    stem(folded.replace("'", "")),
                    folded in stop,
                )
            )
    return tuple(found)

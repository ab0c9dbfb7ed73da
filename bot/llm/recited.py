"""Empty the texts of a reply that repeat the instructions, which are not for readers. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

RECITED_WORDS = 6  # consecutive words of the instructions that no statement has by chance
_WORD = re.compile(r"\w+")
# One that does not end is matched too: looking for its end from every quotation mark would take for ever.
_JSON_TEXT = re.compile(r'"(?:[^"\\]|\\[\s\S])*+(?P<end>"?)')


class Instructions:
    """The instructions of a model; a text with consecutive words of them that are not in ``material`` is a recital.

    The evidence check compares words with articles on the same subject, so that plain words of the instructions
    inside a true statement could pass it.
    """

    def __init__(self, instructions: str, *, material: str) -> None:
        self._word_sequences = _word_sequences(instructions) - _word_sequences(material)
        self._known: dict[str, bool] = {}

    def cleared(self, value: Any) -> Any:
        """Return ``value`` with every text emptied that recites them."""
        if isinstance(value, str):
            return "" if self._recited(value) else value
        if isinstance(value, dict):
            return {key: self.cleared(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.cleared(inner) for inner in value]
        return value

    def cleared_text(self, text: str) -> str:
        """Return ``text``, the beginning of an object in JSON, with every complete text in it emptied that recites them."""
        return _JSON_TEXT.sub(
            lambda found: '""' if found["end"] and self._recites_json(found[0]) else found[0], text
        )

    def _recites_json(self, literal: str) -> bool:
        # A reply arrives in pieces: each text is checked once.
        if literal not in self._known:
            try:
                self._known[literal] = self._recited(str(json.loads(literal)))
            except ValueError:
                self._known[literal] = False
        return self._known[literal]

    def _recited(self, text: str) -> bool:
        return not self._word_sequences.isdisjoint(_word_sequences(text))


def without_instructions(data: Any, *, instructions: str, material: str) -> Any:
    """Return ``data`` with every text emptied that recites ``instructions``."""
    return Instructions(instructions, material=material).cleared(data)


def _word_sequences(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return frozenset(tuple(words[i : i + RECITED_WORDS]) for i in range(len(words) - RECITED_WORDS + 1))

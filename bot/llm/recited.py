"""Empty the texts of a reply that recite the instructions: they are for the model, not for readers. Pure."""

from __future__ import annotations

import re
from typing import Any

RECITED_WORDS = 6  # words of the instructions in a row that no statement on the news has by chance
_WORD = re.compile(r"\w+")


def without_instructions(data: Any, *, instructions: str, material: str) -> Any:
    """Return ``data`` with every text emptied that holds words of ``instructions`` in a row, as ``material`` does not.

    The evidence check compares words with articles about the same things, so that a run of plain instructions
    inside a true statement could pass it.
    """
    ours = _runs(instructions) - _runs(material)

    def cleared(value: Any) -> Any:
        if isinstance(value, str):
            return "" if not ours.isdisjoint(_runs(value)) else value
        if isinstance(value, dict):
            return {key: cleared(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [cleared(inner) for inner in value]
        return value

    return cleared(data)


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return frozenset(tuple(words[i : i + RECITED_WORDS]) for i in range(len(words) - RECITED_WORDS + 1))

"""Synonyms between news and questions about it. English; pure."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from bot.language.rules import load_rules
from bot.language.stems import stems

# Other lists of the file, which are no groups of synonyms.
_NO_SENSES = frozenset({"unit", "loaded", "frame"})
MAX_SENSE_WORDS = 16  # words of one sense; a longer list has words of another purpose


@functools.cache
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for alike in senses():
        for stem in alike:
            table.setdefault(stem, set()).update(alike - {stem})
    return {stem: frozenset(alike) for stem, alike in table.items()}


def senses() -> Iterator[frozenset[str]]:
    """Yield the stems of each list of words that may say the same; those of questions with their irregular forms."""
    irregular = [_stems(words) for words in load_rules("en", "irregular").words.values()]
    yield from irregular
    for sense, words in load_rules("en", "synonyms").words.items():
        if sense not in _NO_SENSES and len(words) <= MAX_SENSE_WORDS:
            yield _stems(words)
    for words in load_rules("en", "question_synonyms").words.values():
        own = _stems(words)
        yield own.union(*(forms for forms in irregular if forms & own))


def _stems(words: frozenset[str]) -> frozenset[str]:
    return frozenset(stem for word in words for stem in stems(word))


def synonyms_of(stem: str) -> frozenset[str]:
    """Return the stems of synonyms of ``stem``."""
    return _table().get(stem, frozenset())

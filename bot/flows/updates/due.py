"""Decide whether a story that was read lately is read again now. Pure.

unread sentences ── a number, a word of a state or a second source that what was read has not ──▶ now          else ──▶ later
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.evidence.labels import new_numbers
from bot.kinds.load import Kind
from bot.language.words import content_terms
from bot.model.briefing import Writer
from bot.model.news import Article
from bot.model.update import StoryUpdate
from bot.stories.sources import independent_sources
from bot.updates.material import batches_of

CORROBORATING_SOURCES = 2  # independent sources from which a story is corroborated


def is_due(
    unread: Sequence[Article],
    *,
    read: Sequence[Article],
    updates: Sequence[StoryUpdate],
    kinds: Mapping[str, Kind],
    followed: bool,
    at: datetime,
    every: timedelta,
) -> bool:
    """Return whether ``unread`` articles are read at ``at`` (aware), or only ``every`` so long after the last call.

    ``read`` are the articles that ``updates`` read. A followed story is always due. Another is due if a new
    sentence has a number or a word of a state that no sentence of ``read`` has, or if it gets its second source.
    """
    asked = [update.made_at for update in updates if update.written_by is Writer.MODEL]
    if followed or not asked:
        return True
    since = at - max(asked)
    # If a clock was set back, the elapsed time is unknown.
    if since >= every or since < timedelta(0):
        return True
    if len(independent_sources(read)) < CORROBORATING_SOURCES <= len(independent_sources([*read, *unread])):
        return True
    new = [one.text for batch in batches_of(unread, read=read) for one in batch.sentences]
    old = [sentence.text for article in read for sentence in article.sentences]
    language = next((a.language for a in unread if a.language), "en")
    own = max(updates, key=lambda update: update.made_at).kind
    words = _state_words(kinds, own=own)
    return bool(words & (_terms(new, language) - _terms(old, language)) or new_numbers(" ".join(new), old))


def _state_words(kinds: Mapping[str, Kind], *, own: str) -> frozenset[str]:
    """Return the words of the names of all states, and of the sentences of those of the story's ``own`` kind."""
    texts = [
        f"{state.name}. {state.sentence}" if kind.name == own else state.name
        for kind in kinds.values()
        for state in kind.states
    ]
    return _terms(texts, "en")


def _terms(texts: Sequence[str], language: str) -> frozenset[str]:
    return frozenset(term for text in texts for term in content_terms(text, language=language))

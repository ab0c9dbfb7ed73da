"""One batch of a story during its reading, and after it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.model.ids import derive_id
from bot.model.ledger import StoryLedger
from bot.model.news import Article
from bot.model.record import Checked, Exchange
from bot.model.scope import Scope
from bot.model.update import StoryUpdate
from bot.updates.material import Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBatch:
    """One batch after its reading: its update, or why there is none, and the record of it."""

    batch: Batch
    update: StoryUpdate | None = None
    read: tuple[str, ...] = ()  # ids of the articles whose known facts were shown
    known: tuple[str, ...] = ()  # ids of the story's updates that were known when it was read
    why: str = ""  # why there is no update, one clause
    exchanges: tuple[Exchange, ...] = ()
    checked: tuple[Checked, ...] = ()


@dataclass(slots=True, kw_only=True)
class BatchAtWork:
    """One batch during its reading; its exchanges are stored even if it fails."""

    story_id: str
    scope: Scope
    batch: Batch
    ledger: StoryLedger
    at: datetime
    articles: tuple[Article, ...]
    known: tuple[str, ...] = ()  # ids of the updates that ``ledger`` is folded from
    exchanges: list[Exchange] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)

    def done(self, update: StoryUpdate | None, *, why: str = "") -> ReadBatch:
        """Return the batch as it was read."""
        return ReadBatch(
            batch=self.batch,
            update=update,
            read=tuple(sorted({article_id for article_id, _ in self.ledger.articles})),
            known=self.known,
            why=why,
            exchanges=tuple(self.exchanges),
            checked=tuple(self.checked),
        )


Keep = Callable[[ReadBatch], Awaitable[StoryUpdate | None]]
"""Keeps what was read; returns the update that stands, another's where that was first, None where none may or another has read its articles."""


def hash_of(article: Article, batch: Batch) -> str:
    """Return the hash of an article's shown sentences with their numbers."""
    said = [f"{one.number} {one.text}" for one in batch.sentences if one.article.id == article.id]
    return derive_id("txt", article.title, f"{article.published_at:%Y-%m-%d}", *said)

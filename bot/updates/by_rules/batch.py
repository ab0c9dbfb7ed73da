"""The new articles of a story and those before them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from bot.model.news import Article, Citation
from bot.model.story import Actor, Announcement

MAX_NEWS_AGE = timedelta(
    days=3
)  # before the newest article that comes with it: nobody was told of either before
# Newest articles that a batch is read beside, and newest ones of a batch: they bound the work of a year-long story.
MAX_EARLIER_ARTICLES, MAX_BATCH_ARTICLES = 30, 60
Cited = TypeVar("Cited", Actor, Announcement)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryBatch:
    """New articles, newest first, and those of the story that came before them."""

    new: tuple[Article, ...]
    earlier: tuple[Article, ...]

    @classmethod
    def of(cls, articles: Sequence[Article], earlier: Sequence[Article]) -> StoryBatch:
        """Return ``articles``, in their newest revisions, beside the ``earlier`` ones: the newest of each."""
        newest = {a.id: a for a in sorted(articles, key=lambda a: a.revision)}
        new = sorted(newest.values(), key=lambda a: a.sort_key)[-MAX_BATCH_ARTICLES:]
        before = sorted(earlier, key=lambda a: a.sort_key)[-MAX_EARLIER_ARTICLES:]
        return cls(new=tuple(reversed(new)), earlier=tuple(before))

    @property
    def all(self) -> list[Article]:
        """Every article once, by its newest revision, oldest first."""
        newest = {a.id: a for a in sorted((*self.earlier, *self.new), key=lambda a: a.revision)}
        return sorted(newest.values(), key=lambda a: a.sort_key)

    @property
    def fresh(self) -> tuple[list[Article], list[Article]]:
        """The new articles, divided into those that are news and those that are too old."""
        newest = max(a.published_at for a in self.new)
        old = [a for a in self.new if newest - a.published_at > MAX_NEWS_AGE]
        return [a for a in self.new if a not in old], old

    @property
    def begins(self) -> bool:
        """Whether there was no article of the story in the days before."""
        newest = max((a.published_at for a in self.earlier), default=None)
        return newest is None or max(a.published_at for a in self.new) - newest > MAX_NEWS_AGE

    def has(self, citation: Citation) -> bool:
        """Return whether ``citation`` is of a new article."""
        return any((a.id, a.revision) == (citation.article_id, citation.revision) for a in self.new)

    def ours(self, found: Iterable[Cited]) -> Iterator[Cited]:
        """Yield those of ``found`` that cite a new article."""
        return (one for one in found if self.has(one.citation))

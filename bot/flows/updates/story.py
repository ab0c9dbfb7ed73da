"""Read one story for whoever needs it: ahead of a briefing or while one is due, by the same steps.

articles ──unread, shared ones first──▶ claim ──▶ read ──▶ keep            what another has kept by then is not read again
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.blocking import run_blocking
from bot.flows.updates.due import is_due
from bot.flows.updates.read import UpdateReader
from bot.flows.updates.work import Keep, ReadBatch
from bot.model.news import Article
from bot.model.scope import SHARED, Scope
from bot.model.update import StoryUpdate

Claim = Callable[[str, Scope], AbstractAsyncContextManager[Sequence[StoryUpdate]]]
"""Holds a story (id) for one reading in a scope; gives what is kept of it by then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMaterial:
    """What may be read of a story, and what was read of it."""

    story_id: str
    articles: tuple[Article, ...]
    updates: tuple[StoryUpdate, ...] = ()  # kept ones, that the reader may see
    older: tuple[Article, ...] = ()  # earlier revisions of the articles, among them all that the updates read
    scope: Scope = SHARED  # of whom it is read for
    followed: bool = False  # read whenever an article comes

    @property
    def unread(self) -> tuple[Article, ...]:
        """The articles that no kept update has read: shared ones by a shared update."""
        own, shared = _by_scope(self.articles)
        return (*unread(shared, _visible(self.updates, SHARED)), *unread(own, self.updates))


@dataclass(slots=True, kw_only=True)
class StoryReading:
    """What was read of one story so far."""

    updates: list[StoryUpdate]
    batches: list[ReadBatch] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryReader:
    """Reads stories as of ``at`` (aware); each batch goes to ``keep`` before the next is read, while ``claim`` holds the story."""

    reader: UpdateReader
    at: datetime
    keep: Keep | None = None
    claim: Claim | None = None
    every: timedelta = timedelta()  # between two readings of a story of which nothing decisive came

    async def read(self, story: StoryMaterial, into: StoryReading) -> str:
        """Read what no kept update has read: shared articles by themselves, others with all that may be read.

        What came too soon after the last reading waits. Return why the reading ended early, else an empty text.
        """
        own, shared = _by_scope(story.articles)
        for scope, articles in ((SHARED, shared), (story.scope, own)):
            if not unread(articles, _visible(into.updates, scope)):
                continue
            async with self.claim(story.story_id, scope) if self.claim else nullcontext(()) as kept:
                had = {update.id for update in into.updates}
                into.updates += [update for update in kept if update.id not in had]
                why = await self._read_in_scope(
                    story, into, articles, seen=shared if scope == SHARED else story.articles, scope=scope
                )
            if why:
                return why
        return ""

    async def _read_in_scope(
        self,
        story: StoryMaterial,
        into: StoryReading,
        articles: Sequence[Article],
        *,
        seen: Sequence[Article],
        scope: Scope,
    ) -> str:
        """Read those of ``articles`` that are unread; ``seen`` are all that the scope may read."""
        known = _visible(into.updates, scope)
        new = unread(articles, known)
        if not new:
            return ""
        left = {(a.id, a.revision) for a in unread(seen, known)}
        old = [a for a in seen if (a.id, a.revision) not in left]
        # Of an edited article only the sentences are new that the revisions which were read did not have.
        done = {key for update in known for key in update.articles}
        old += [a for a in story.older if (a.id, a.revision) in done]
        if not await self._is_due(story, new, read=old, known=known):
            return ""
        async for batch in self.reader.read(
            story.story_id, new, known=known, old=old, scope=scope, at=self.at, keep=self.keep
        ):
            into.batches.append(batch)
            if batch.update is None:
                return batch.why
            into.updates.append(batch.update)
        return ""

    async def _is_due(
        self,
        story: StoryMaterial,
        new: Sequence[Article],
        *,
        read: Sequence[Article],
        known: Sequence[StoryUpdate],
    ) -> bool:
        return await run_blocking(
            is_due,
            new,
            read=read,
            updates=known,
            kinds=self.reader.kinds,
            followed=story.followed,
            at=self.at,
            every=self.every,
        )


def unread(articles: Sequence[Article], known: Sequence[StoryUpdate]) -> list[Article]:
    """Return the articles that none of the ``known`` updates has read."""
    done = {key for update in known for key in update.articles}
    return [a for a in articles if (a.id, a.revision) not in done]


def _visible(updates: Sequence[StoryUpdate], scope: Scope) -> list[StoryUpdate]:
    """Return those of ``updates`` that a reading in ``scope`` may see: one of shared articles sees shared ones only."""
    return [update for update in updates if scope != SHARED or update.scope == SHARED]


def _by_scope(articles: Sequence[Article]) -> tuple[list[Article], list[Article]]:
    """Return the articles that only some may read, and the shared ones."""
    return [a for a in articles if a.scope != SHARED], [a for a in articles if a.scope == SHARED]

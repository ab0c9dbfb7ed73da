"""Read one story, ahead of a briefing or while one is due, by the same steps.

articles ──unread, shared ones first──▶ claim ──▶ read ──▶ keep            what another has kept by then is not read again
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.blocking import run_blocking
from bot.flows.updates.claims import StoryClaims
from bot.flows.updates.due import is_due
from bot.flows.updates.read import UpdateReader
from bot.flows.updates.work import Keep, ReadBatch
from bot.kinds import Kind
from bot.model.news import Article
from bot.model.scope import SHARED, Scope
from bot.model.update import StoryUpdate
from bot.store import Store

Claim = Callable[[str, Scope], AbstractAsyncContextManager[Sequence[StoryUpdate]]]
"""Holds a story (id) for one reading in a scope; gives what is kept of it by then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMaterial:
    """The readable articles of a story, and its updates."""

    story_id: str
    articles: tuple[Article, ...]
    updates: tuple[StoryUpdate, ...] = ()  # kept ones, that the reader may see
    older: tuple[Article, ...] = ()  # earlier revisions of the articles, among them all that the updates read
    scope: Scope = SHARED  # of whom it is read for
    followed: bool = False  # read whenever an article comes

    @property
    def unread(self) -> tuple[Article, ...]:
        """The articles that no stored update has read; for shared articles only shared updates count."""
        own, shared = _by_scope(self.articles)
        return (*unread(shared, _visible(self.updates, SHARED)), *unread(own, self.updates))


@dataclass(slots=True, kw_only=True)
class StoryReading:
    """The result of reading one story so far."""

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
        """Read the articles that no stored update has read: shared articles separately, private ones with all that may be read.

        Articles that arrive too soon after the last reading wait. Return why the reading ended early, else an empty text.
        """
        own, shared = _by_scope(story.articles)
        for scope, articles in ((SHARED, shared), (story.scope, own)):
            if not unread(articles, _visible(into.updates, scope)):
                continue
            async with self.claim(story.story_id, scope) if self.claim else nullcontext(()) as kept:
                had = {update.id for update in into.updates}
                into.updates += [update for update in kept if update.id not in had]
                why = await self._read_in_scope(story, into, scope)
            if why:
                return why
        return ""

    async def _read_in_scope(self, story: StoryMaterial, into: StoryReading, scope: Scope) -> str:
        """Read what is unread of the articles of ``scope``."""
        part = _part(story, into.updates, scope)
        if not part.new or not await run_blocking(
            part.is_due, kinds=self.reader.kinds, followed=story.followed, at=self.at, every=self.every
        ):
            return ""
        async for batch in self.reader.read(
            story.story_id,
            part.new,
            known=part.known,
            old=part.old,
            scope=scope,
            at=self.at,
            keep=self.keep,
        ):
            into.batches.append(batch)
            if batch.update is None:
                return batch.why
            into.updates.append(batch.update)
        return ""


def needs_reading(story: StoryMaterial, *, kinds: Mapping[str, Kind], at: datetime, every: timedelta) -> bool:
    """Return whether a reading of ``story`` at ``at`` would ask a model: something is unread and need not wait."""
    parts = [_part(story, story.updates, scope) for scope in dict.fromkeys((SHARED, story.scope))]
    return any(
        part.new and part.is_due(kinds=kinds, followed=story.followed, at=at, every=every) for part in parts
    )


def keep_in(store: Store) -> Keep:
    """Return a function that stores an update in ``store``, with request and reply."""

    async def keep(batch: ReadBatch) -> StoryUpdate | None:
        assert batch.update  # noqa: S101 - only what was read is kept
        return await store.updates.keep(
            batch.update, read=batch.read, known=batch.known, exchanges=batch.exchanges
        )

    return keep


def claim_in(store: Store, claims: StoryClaims, *, by: Scope) -> Claim:
    """Return a function that claims a story for a reading, and gives the stored updates that ``by`` may read."""

    @asynccontextmanager
    async def claim(story_id: str, scope: Scope) -> AsyncIterator[Sequence[StoryUpdate]]:
        async with claims.hold(story_id, scope):
            yield (await store.updates.of([story_id], by=by))[story_id]

    return claim


def unread(articles: Sequence[Article], known: Sequence[StoryUpdate]) -> list[Article]:
    """Return the articles that none of the ``known`` updates has read."""
    done = {key for update in known for key in update.articles}
    return [a for a in articles if (a.id, a.revision) not in done]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """The material of a reading in one scope: new articles, those that were read, and known updates."""

    new: list[Article]
    old: list[Article]
    known: list[StoryUpdate]

    def is_due(self, *, kinds: Mapping[str, Kind], followed: bool, at: datetime, every: timedelta) -> bool:
        return is_due(
            self.new,
            read=self.old,
            updates=self.known,
            kinds=kinds,
            followed=followed,
            at=at,
            every=every,
        )


def _part(story: StoryMaterial, updates: Sequence[StoryUpdate], scope: Scope) -> _Part:
    """Return the part of ``story`` that a reading in ``scope`` sees, where ``updates`` are kept of it."""
    own, shared = _by_scope(story.articles)
    known = _visible(updates, scope)
    seen = shared if scope == SHARED else story.articles
    left = {(a.id, a.revision) for a in unread(seen, known)}
    # Of an edited article only the sentences are new that the revisions which were read did not have.
    done = {key for update in known for key in update.articles}
    older = [a for a in story.older if (a.id, a.revision) in done]
    return _Part(
        new=unread(shared if scope == SHARED else own, known),
        old=[*(a for a in seen if (a.id, a.revision) not in left), *older],
        known=known,
    )


def _visible(updates: Sequence[StoryUpdate], scope: Scope) -> list[StoryUpdate]:
    """Return those of ``updates`` that a reading in ``scope`` may see: one of shared articles sees shared ones only."""
    return [update for update in updates if scope != SHARED or update.scope == SHARED]


def _by_scope(articles: Sequence[Article]) -> tuple[list[Article], list[Article]]:
    """Return the articles that only some may read, and the shared ones."""
    return [a for a in articles if a.scope != SHARED], [a for a in articles if a.scope == SHARED]

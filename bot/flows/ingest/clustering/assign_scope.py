"""Assign the articles of one scope to stories, one after another; an article that fails is set aside.

articles ──features, in a worker──▶ most similar story ──▶ placed │ set aside with the reason
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.blocking import run_blocking
from bot.faults import Fault, Faults, ends_all
from bot.feeds.judge.sentences import OLD_COPY_NOTE
from bot.feeds.workers.pool import WorkerPool
from bot.flows.ingest.clustering.near_stories import ASSIGNING, NearStories, features_of_each, find_near
from bot.flows.ingest.clustering.reprints import REPRINT_WINDOW, find_old_copies, find_originals
from bot.flows.set_aside import set_aside_article
from bot.model.news import Article, PageKind
from bot.model.scope import SHARED, Scope
from bot.model.story import Story
from bot.posting_lists import story_key
from bot.store import (
    ALL_ARTICLES,
    KeptProfile,
    SetAside,
    SetAsideKind,
    Store,
    StoredProfile,
    StoryMembership,
)
from bot.stories.clustering.candidates import indexed_terms
from bot.stories.clustering.cluster import Assignment, Clusterer
from bot.stories.clustering.features import ArticleFeatures
from bot.stories.clustering.profiles import StoryProfile

MAX_STORY_SILENCE = timedelta(days=365)  # a story silent for longer is not compared with new articles
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class ScopeAssigner:
    """Assigns the articles of ``scope``, a batch at a time, with bounded memory, however many stories there are.

    Articles are compared with similar stories that the index finds: shared articles with shared stories, private
    articles also with those of their own scope.
    """

    scope: Scope
    store: Store
    now: datetime
    faults: Faults
    workers: WorkerPool | None = None
    leave_out_copies: bool = True  # of texts of long ago
    _own: set[str] = field(default_factory=set)

    async def assign_ids(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Assign the articles ``ids``; return the ids of the stories that got an article."""
        articles = await self.faults.guard(self.store.articles.many(ids), doing="reading articles")
        if not isinstance(articles, Fault):
            return await self.assign(articles)
        found: list[Article] = []
        for article_id in ids:
            one = await self.faults.guard(self.store.articles.many([article_id]), doing="reading an article")
            if isinstance(one, Fault):
                await self.store.set_aside.add([self._unread(article_id, one)])
            else:
                found += one
        return await self.assign(found)

    async def assign(self, articles: Sequence[Article]) -> tuple[str, ...]:
        """Assign ``articles``, in order; return the ids of the stories that got an article."""
        found = await features_of_each(articles, workers=self.workers, faults=self.faults)
        known = [features for features in found.values() if not isinstance(features, Fault)]
        near = await find_near(known, store=self.store, by=self.scope)
        articles = await find_originals(
            articles, near=near.keys, scope=self.scope, store=self.store, now=self.now, faults=self.faults
        )
        if self.leave_out_copies:
            articles = await self._without_old_copies(articles)
        found = {a.id: _in_group(found[a.id], a.text_group) for a in articles}
        again = await self.store.set_aside.among([article.id for article in articles])
        clusterer = await self._open(articles, near)
        # Comparing one article with many stories takes longer than the loop may wait.
        placements, failed = await run_blocking(self._assign_each, clusterer, found)
        failed |= await self._save(clusterer, articles, placements, found)
        await self.store.set_aside.add(
            [
                set_aside_article(a, failed[a.id], at=self.now, doing=ASSIGNING)
                for a in articles
                if a.id in failed
            ]
        )
        healed = [article for article in articles if article.id in again and article.id not in failed]
        await self.store.search.index(healed, faults=self.faults)
        await self.store.set_aside.remove([article.id for article in healed])
        return tuple(sorted({p.story_id for p in placements if p.article_id not in failed} & self._own))

    async def _without_old_copies(self, articles: Sequence[Article]) -> list[Article]:
        """Return ``articles`` without copies of texts of long ago, which are kept and are part of no story."""
        old = await find_old_copies(articles, scope=self.scope, store=self.store, faults=self.faults)
        if old:
            await self.store.articles.set_kind(sorted(old), PageKind.OLD, note=OLD_COPY_NOTE)
        return [article for article in articles if article.id not in old]

    def _unread(self, article_id: str, fault: Fault) -> SetAside:
        return SetAside(
            id=article_id,
            kind=SetAsideKind.ARTICLE,
            title="",
            feed_id="",
            reason=fault.sentence("reading an article"),
            at=self.now,
            scope=self.scope,
        )

    async def _open(self, articles: Sequence[Article], near: NearStories) -> Clusterer:
        """Return what clusters ``articles``: it knows the stories ``near``, and those of texts that they copy."""
        groups = await self._groups(articles)
        keys = near.keys | {story_key(story_id) for story_id in groups.values()}
        stored = await self.store.stories.profiles(keys, since=self.now - MAX_STORY_SILENCE, by=self.scope)
        self._own = {profile.story_id for profile in stored if profile.scope == self.scope}
        clusterer = await run_blocking(self._opened, near, stored)
        for text_group, story_id in groups.items():
            clusterer.know_group(text_group, story_id)
        return clusterer

    def _opened(self, near: NearStories, stored: Sequence[StoredProfile]) -> Clusterer:
        profiles = [self._tried(partial(StoryProfile.from_bytes, p.story_id, p.data)) for p in stored]
        return Clusterer(near.corpus, [profile for profile in profiles if profile], asked=near.asked)

    def _tried(self, read: Callable[[], T]) -> T | None:
        """Return what ``read`` gives; of a story that cannot be read, nothing: no article is compared with it."""
        found = self.faults.guarded(read, doing="reading what clustering remembers")
        return None if isinstance(found, Fault) else found

    async def _groups(self, articles: Sequence[Article]) -> dict[str, str]:
        """Return the stories of the texts that ``articles`` are copies of, by text group."""
        groups = sorted({a.text_group for a in articles if a.text_group})
        since = self.now - REPRINT_WINDOW
        texts = await self.store.texts.of_groups(groups, since=since, by=self.scope)
        story_of = await self.store.stories.of_articles([t.article_id for t in texts])
        # The oldest comes last and holds: where an editor split a story, copies go with the original.
        ordered = sorted(texts, key=lambda t: (t.published_at, t.article_id), reverse=True)
        return {t.text_group: story_of[t.article_id] for t in ordered if t.article_id in story_of}

    def _assign_each(
        self, clusterer: Clusterer, found: Mapping[str, ArticleFeatures | Fault]
    ) -> tuple[list[StoryMembership], dict[str, Fault]]:
        """Assign the articles whose features were ``found``; return their stories, and what failed, by article id."""
        placements: list[StoryMembership] = []
        failed: dict[str, Fault] = {}
        for article_id, features in found.items():
            assigned = (
                features
                if isinstance(features, Fault)
                else self.faults.guarded(partial(self._assign, clusterer, features), doing=ASSIGNING)
            )
            if isinstance(assigned, Fault):
                failed[article_id] = assigned
            else:
                placements.append(
                    StoryMembership(
                        article_id=article_id,
                        story_id=assigned.story_id,
                        score=assigned.score,
                        why=assigned.why,
                    )
                )
        return placements, failed

    def _assign(self, clusterer: Clusterer, features: ArticleFeatures) -> Assignment:
        if self.scope == SHARED:
            assigned = clusterer.assign(features)
        else:
            assigned = clusterer.assign_beside(features, own=self._own)
        if assigned.created:
            self._own.add(assigned.story_id)
        return assigned

    async def _save(
        self,
        clusterer: Clusterer,
        articles: Sequence[Article],
        placements: Sequence[StoryMembership],
        found: Mapping[str, ArticleFeatures | Fault],
    ) -> dict[str, Fault]:
        """Keep ``placements``, all together, else story by story; return what could not be, by article id."""
        try:
            await self._save_some(clusterer, articles, placements, found)
        except Exception as error:
            if ends_all(error):
                raise
        else:
            return {}
        failed: dict[str, Fault] = {}
        for story_id in dict.fromkeys(p.story_id for p in placements):
            some = [p for p in placements if p.story_id == story_id]
            done = await self.faults.guard(self._save_some(clusterer, articles, some, found), doing=ASSIGNING)
            if isinstance(done, Fault):
                failed |= {p.article_id: done for p in some}
        return failed

    async def _save_some(
        self,
        clusterer: Clusterer,
        articles: Sequence[Article],
        placements: Sequence[StoryMembership],
        found: Mapping[str, ArticleFeatures | Fault],
    ) -> None:
        touched = sorted({p.story_id for p in placements} & self._own)
        known = {story.id: story for story in await self.store.stories.get(touched, by=None)}

        def written() -> tuple[list[Story], dict[str, KeptProfile], Counter[str]]:
            grown = [_grown(sid, known.get(sid), articles, placements, scope=self.scope) for sid in touched]
            profiles = {sid: _kept(clusterer.profiles[sid]) for sid in touched}
            counted = _counted(placements, found) if self.scope == SHARED else Counter[str]()
            return grown, profiles, counted

        # Packing what clustering remembers of hundreds of stories takes a tenth of a second: not in the loop.
        grown, profiles, counted = await run_blocking(written)
        await self.store.stories.save(grown, placements, profiles=profiles, counted=counted)


def _in_group(features: ArticleFeatures | Fault, text_group: str) -> ArticleFeatures | Fault:
    return features if isinstance(features, Fault) else replace(features, text_group=text_group)


def _kept(profile: StoryProfile) -> KeptProfile:
    return KeptProfile(data=profile.to_bytes(), terms=indexed_terms(profile))


def _counted(
    placements: Sequence[StoryMembership], found: Mapping[str, ArticleFeatures | Fault]
) -> Counter[str]:
    """Return how many of the articles that were placed hold each term, and how many they are."""
    counted: Counter[str] = Counter()
    for one in placements:
        features = found[one.article_id]
        if not isinstance(features, Fault):
            counted.update({ALL_ARTICLES, *features.terms})
    return counted


def _grown(
    story_id: str,
    known: Story | None,
    articles: Sequence[Article],
    placements: Sequence[StoryMembership],
    *,
    scope: Scope,
) -> Story:
    members = {p.article_id for p in placements if p.story_id == story_id}
    new = [a for a in articles if a.id in members]
    dates = [a.published_at for a in new] + ([known.first_at, known.last_at] if known else [])
    return Story(
        id=story_id,
        title=known.title if known else new[0].title,
        article_ids=(),
        first_at=min(dates),
        last_at=max(dates),
        scope=scope,
    )

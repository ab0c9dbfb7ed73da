"""Store articles, match reprints with their originals, and assign articles to stories, scope by scope.

    shared drafts ──▶ shared articles ──▶ shared stories
    a channel's drafts ──▶ its articles ──▶ beside a shared story │ in a story of its own

What is narrower sees what is wider and never the other way round: shared reprint groups, profiles, document
frequencies, titles and dates are made of shared articles alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from bot.blocking import run_blocking
from bot.faults import Fault, Faults
from bot.feeds.workers.pool import WorkerPool
from bot.flows.ingest.clustering.assign_scope import ScopeAssigner
from bot.flows.ingest.clustering.near_stories import ASSIGNING
from bot.flows.ingest.clustering.reprints import COMPARING
from bot.flows.ingest.identity import resolve_drafts
from bot.flows.ingest.reading import ArticleDraft
from bot.flows.set_aside import set_aside_article
from bot.language.cleaning.invisible import unjoined
from bot.language.sentences.split import same_text
from bot.model.news import Article
from bot.model.scope import Scope, Visibility, audience
from bot.store import KnownText, Store, StoredDraft
from bot.stories.dedupe import fingerprint, originator, pack_fingerprint

ARTICLES_PER_WRITE = 100  # articles assigned between two writes
_WIDEST_FIRST = tuple(Visibility)  # the widest first


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticles:
    """The result of storing; ``unkept`` are drafts that the database refuses, by article id."""

    new: int = 0
    edited: tuple[str, ...] = ()
    unkept: Mapping[str, Fault] = field(default_factory=dict)
    folded: int = 0  # drafts that only led to an article we have

    def __add__(self, other: StoredArticles) -> StoredArticles:
        """Return both."""
        return StoredArticles(
            new=self.new + other.new,
            edited=(*self.edited, *other.edited),
            unkept={**self.unkept, **other.unkept},
            folded=self.folded + other.folded,
        )


async def store_articles(
    drafts: Iterable[tuple[ArticleDraft, KnownText | None]],
    *,
    store: Store,
    now: datetime,
    faults: Faults | None = None,
) -> StoredArticles:
    """Store new articles and new revisions; each draft is paired with the article it may revise.

    An article in two feeds of one scope is stored once. One that cannot be compared with other texts is stored and set aside.
    Reprints are found when articles are assigned.
    """
    by_scope: defaultdict[Scope, list[tuple[ArticleDraft, KnownText | None]]] = defaultdict(list)
    for draft, known in drafts:
        by_scope[audience(draft.article.scope)].append((draft, known))
    kept, faults = StoredArticles(), faults or Faults()
    for scope in wider_first(by_scope):
        kept += await _keep_in(by_scope[scope], store=store, now=now, faults=faults)
    return kept


async def assign_stories(
    *, store: Store, now: datetime, workers: WorkerPool | None = None, faults: Faults | None = None
) -> tuple[str, ...]:
    """Assign every article without a story; return the ids of the stories that got an article.

    An article that cannot be assigned is set aside, and the others are assigned without it.
    """
    by_scope: defaultdict[Scope, list[str]] = defaultdict(list)
    for article_id, scope in (await store.articles.unassigned()).items():
        by_scope[audience(scope)].append(article_id)
    faults = faults or Faults()
    touched: set[str] = set()
    for scope in wider_first(by_scope):
        assigner = ScopeAssigner(scope=scope, store=store, now=now, faults=faults, workers=workers)
        for start in range(0, len(by_scope[scope]), ARTICLES_PER_WRITE):
            some = by_scope[scope][start : start + ARTICLES_PER_WRITE]
            found = await faults.guard(assigner.assign_ids(some), doing=ASSIGNING)
            touched |= set() if isinstance(found, Fault) else set(found)
    return tuple(sorted(touched))


async def assign_in_scope(
    scope: Scope,
    articles: Sequence[Article],
    *,
    store: Store,
    now: datetime,
    workers: WorkerPool | None = None,
    faults: Faults | None = None,
) -> tuple[str, ...]:
    """Assign ``articles`` of one scope; return the ids of the stories that got an article."""
    assigner = ScopeAssigner(
        scope=scope,
        store=store,
        now=now,
        faults=faults or Faults(),
        workers=workers,
        leave_out_copies=False,  # who names an article asks for the story it is of
    )
    return await assigner.assign(articles)


def wider_first(scopes: Iterable[Scope]) -> list[Scope]:
    """Return ``scopes``, the widest first."""
    return sorted(scopes, key=lambda s: (_WIDEST_FIRST.index(s.visibility), s.workspace, s.channel))


def _same(before: Article, after: Article) -> bool:
    """Tell whether a page says the same as it did, however its text is split by now."""
    titles = unjoined(before.title).split(), unjoined(after.title).split()
    return titles[0] == titles[1] and same_text(before.sentences, after.sentences)


async def _keep_in(
    drafts: Sequence[tuple[ArticleDraft, KnownText | None]],
    *,
    store: Store,
    now: datetime,
    faults: Faults,
) -> StoredArticles:
    resolved = await resolve_drafts(drafts, store=store, now=now)
    drafts = resolved.kept
    articles: list[Article] = []
    new: list[str] = []
    edited: list[str] = []
    for draft, known in drafts:
        article, changed = (
            await _as_kept(draft.article, known, store=store) if known else (draft.article, False)
        )
        articles.append(article)
        new += [] if known else [article.id]
        edited += [article.id] if changed else []
    # Together: each change of threads costs as much as a third of comparing one text.
    compared = await run_blocking(_compared_all, articles, faults)
    failed = {a.id: found for a, found in zip(articles, compared, strict=True) if isinstance(found, Fault)}
    kept: dict[str, StoredDraft] = {}
    for (draft, known), article, found in zip(drafts, articles, compared, strict=True):
        values, source = (frozenset[int](), article.outlet) if isinstance(found, Fault) else found
        kept[article.id] = StoredDraft(
            article=replace(article, text_group=known.text_group if known else article.id, originator=source),
            keys=draft.known_by,
            entry_hash=draft.entry_hash,
            fingerprint=pack_fingerprint(values),
        )
    refused = await store.articles.save(list(kept.values()), faults=faults)
    failed = {
        key: fault for key, fault in (failed | dict(refused.uncut)).items() if key not in refused.unkept
    }
    await store.set_aside.remove(edited)  # another text may well be processed
    await store.set_aside.add(
        [
            set_aside_article(kept[key].article, fault, at=now, doing=ASSIGNING)
            for key, fault in failed.items()
        ]
    )
    await store.articles.add_listings([one for one in resolved.noted if one.article_id not in refused.unkept])
    return StoredArticles(
        new=sum(key not in refused.unkept for key in new if key not in resolved.replaced),
        edited=tuple(key for key in edited if key not in refused.unkept),
        unkept=refused.unkept,
        folded=len(resolved.noted) + len(resolved.replaced),
    )


async def _as_kept(article: Article, known: KnownText, *, store: Store) -> tuple[Article, bool]:
    """Return ``article`` as the revision of what is ``known`` that it is, and whether its text changed."""
    before = await store.articles.revision(known.article_id, known.revision)
    changed = before is None or not _same(before, article)
    article = replace(article, id=known.article_id, revision=known.revision + (1 if changed else 0))
    if before and not changed:
        # Citations point to the sentences as they were numbered when they came.
        article = replace(
            article, title=before.title, sentences=before.sentences, fetched_at=before.fetched_at
        )
    if before and article.dated_at is None:
        # Read again it is as old as it was.
        article = replace(
            article,
            published_at=before.published_at,
            date_source=before.date_source,
            utc_offset=before.utc_offset,
        )
    return article, changed


def _compared_all(articles: Sequence[Article], faults: Faults) -> list[tuple[frozenset[int], str] | Fault]:
    return [faults.guarded(partial(_compared, article), doing=COMPARING) for article in articles]


def _compared(article: Article) -> tuple[frozenset[int], str]:
    """Return the prints of an article's text, and who first wrote it by its own word."""
    text = "\n".join(s.text for s in article.sentences)
    return fingerprint(text), originator(article.sentences, author=article.author, outlet=article.outlet)

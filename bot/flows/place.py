"""Place: keep what was read, tie reprints to their originals, and put articles in stories, each scope by itself.

    shared drafts ──▶ shared articles ──▶ shared stories
    a channel's drafts ──▶ its articles ──▶ beside a shared story │ in a story of its own

What is narrower sees what is wider and never the other way round: shared reprint groups, profiles, document
frequencies, titles and dates are made of shared articles alone.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.flows.reading import Draft
from bot.model.news import Article
from bot.model.scope import SHARED, Scope, Visibility, audience
from bot.model.story import Story
from bot.store import KnownText, Placement, Store, StoredDraft
from bot.stories.cluster import Clusterer, Corpus, StoryProfile
from bot.stories.dedupe import (
    Known,
    ReprintIndex,
    fingerprint,
    originator,
    pack_fingerprint,
    unpack_fingerprint,
)
from bot.stories.features import LEAD, features_of
from bot.text.invisible import unjoined
from bot.text.sentences import same_text
from bot.text.stems import stems

REPRINT_WINDOW = timedelta(days=14)  # wire copy is reprinted within days
FURTHEST = timedelta(days=90)  # reprints of older texts than this are not looked for
ASLEEP = timedelta(days=365)  # a story silent for longer is not compared with new articles
STEMS = 16  # of an article, by which stories like it are found
_WIDE = tuple(Visibility)  # the widest first


async def keep(
    drafts: Iterable[tuple[Draft, KnownText | None]], *, store: Store, now: datetime
) -> tuple[int, list[str]]:
    """Keep new articles and new revisions; return how many are new and which were edited.

    Each draft comes beside what it is known as. One article in two feeds of one scope is one.
    """
    by_scope: defaultdict[Scope, list[tuple[Draft, KnownText | None]]] = defaultdict(list)
    for draft, known in drafts:
        by_scope[audience(draft.article.scope)].append((draft, known))
    new = 0
    edited: list[str] = []
    for scope in _wider_first(by_scope):
        # A scope is kept before the next looks for originals: a channel's copy of a shared text is one.
        some, others = await _keep_in(scope, by_scope[scope], store=store, now=now)
        new += some
        edited += others
    return new, edited


async def place(*, store: Store, now: datetime) -> tuple[str, ...]:
    """Place every article that is in no story yet; return the ids of the stories that are made of one more."""
    by_scope: defaultdict[Scope, list[Article]] = defaultdict(list)
    for article in await store.articles.many(await store.articles.unplaced()):
        by_scope[audience(article.scope)].append(article)
    touched: list[str] = []
    for scope in _wider_first(by_scope):
        touched += await place_in(scope, by_scope[scope], store=store, now=now)
    return tuple(sorted(touched))


async def place_in(
    scope: Scope, articles: Sequence[Article], *, store: Store, now: datetime
) -> tuple[str, ...]:
    """Place ``articles`` of one scope; return the ids of the stories that are made of one more.

    Shared articles are compared with every shared story. Those of a narrower scope come one by one at any time: they
    are compared with all of its own, and with the shared ones that full text finds to be like them.
    """
    among = None if scope == SHARED else await _alike(articles, store=store, scope=scope, now=now)
    stored = await store.stories.profiles(now - ASLEEP, by=scope, among=among)
    clusterer = await asyncio.to_thread(
        lambda data: Clusterer(
            Corpus.from_bytes(data) if data else Corpus(),
            [StoryProfile.from_bytes(profile.story_id, profile.data) for profile in stored],
        ),
        await store.stories.corpus(),
    )
    await _know_groups(clusterer, articles, store=store, now=now, scope=scope)
    own = {profile.story_id for profile in stored if profile.scope == scope}
    placements: list[Placement] = []
    for article in articles:
        # Clustering is pure computing: let the loop breathe between articles.
        await asyncio.sleep(0)
        features = features_of(article)
        found = clusterer.assign(features) if scope == SHARED else clusterer.assign_beside(features, own=own)
        if found.created:
            own.add(found.story_id)
        placements.append(
            Placement(article_id=article.id, story_id=found.story_id, score=found.score, why=found.why)
        )
    touched = sorted({p.story_id for p in placements} & own)
    known = {story.id: story for story in await store.stories.get(touched, by=None)}
    await store.stories.save(
        [_grown(sid, known.get(sid), articles, placements, scope=scope) for sid in touched],
        placements,
        profiles={sid: clusterer.profiles[sid].to_bytes() for sid in touched},
        corpus=clusterer.corpus.to_bytes() if scope == SHARED else None,
    )
    return tuple(touched)


async def _alike(articles: Sequence[Article], *, store: Store, scope: Scope, now: datetime) -> list[str]:
    """Return the ids of stories with passages that share the heaviest stems of one of ``articles``."""
    found: set[str] = set()
    for article in articles:
        said = await asyncio.to_thread(_stems, article)
        frequencies = await store.search.frequencies(said)
        weights = {s: n**0.5 * frequencies.weight(s) for s, n in said.items() if frequencies.holding.get(s)}
        heaviest = dict(sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:STEMS])
        hits = await store.search.find(heaviest, frequencies=frequencies, by=scope, known_by=now)
        found |= {hit.story_id for hit in hits if hit.story_id}
    return sorted(found)


def _stems(article: Article) -> Counter[str]:
    """Return how often each stem stands in the lead of ``article``, its title counted three times."""
    language = article.language or "en"
    said = Counter(stems(article.title, language=language) * 3)
    for sentence in article.sentences[:LEAD]:
        said.update(stems(sentence.text, language=language))
    return said


async def stories_made_of(ids: Sequence[str], *, store: Store) -> tuple[str, ...]:
    """Return the ids of the stories that one of the articles ``ids`` belongs to and not just stands beside."""
    placed = await store.stories.of_articles(ids)
    stories = await store.stories.get(sorted(set(placed.values())), by=None)
    return tuple(story.id for story in stories if set(ids) & set(story.article_ids))


def keys_of(*, guid: str, link: str, feed_id: str) -> tuple[tuple[str, str], ...]:
    """Return what an entry is known by: its GUID within its feed, then its canonical link."""
    keys = (("guid", f"{feed_id}\n{guid}" if guid else ""), ("link", link))
    return tuple((kind, value) for kind, value in keys if value)


def _wider_first(scopes: Iterable[Scope]) -> list[Scope]:
    return sorted(scopes, key=lambda s: (_WIDE.index(s.visibility), s.workspace, s.channel))


def _same(before: Article, after: Article) -> bool:
    """Tell whether a page says the same as it did, however its text is split by now."""
    titles = unjoined(before.title).split(), unjoined(after.title).split()
    return titles[0] == titles[1] and same_text(before.sentences, after.sentences)


async def _keep_in(
    scope: Scope, drafts: Sequence[tuple[Draft, KnownText | None]], *, store: Store, now: datetime
) -> tuple[int, list[str]]:
    prints = {id(d): await asyncio.to_thread(_fingerprint, d.article) for d, _ in drafts}
    oldest = min((d.article.published_at for d, _ in drafts), default=now)
    texts = await store.articles.texts_since(max(oldest, now - FURTHEST) - REPRINT_WINDOW, by=scope)
    index = await asyncio.to_thread(_index, texts, wanted=frozenset().union(*prints.values()))
    kept: dict[str, StoredDraft] = {}
    new = 0
    edited: list[str] = []
    for draft, known in drafts:
        article = draft.article
        if known:
            before = await store.articles.revision(known.article_id, known.revision)
            changed = before is None or not _same(before, article)
            revision = known.revision + (1 if changed else 0)
            article = replace(article, id=known.article_id, revision=revision)
            if before and not changed:
                # Citations point to the sentences as they were numbered when they came.
                article = replace(
                    article,
                    title=before.title,
                    sentences=before.sentences,
                    fetched_at=before.fetched_at,
                )
            edited += [article.id] if changed else []
        elif article.id in kept:
            continue
        else:
            new += 1
        kept[article.id] = _stored(article, draft, index, prints[id(draft)])
        await asyncio.sleep(0)
    await store.articles.save(list(kept.values()))
    return new, edited


def _index(texts: Iterable[KnownText], *, wanted: frozenset[int]) -> ReprintIndex:
    """Return the index of those of ``texts`` that share a print with ``wanted``: nothing else can be copied."""
    index = ReprintIndex()
    for text in texts:
        values = unpack_fingerprint(text.fingerprint)
        if not wanted.isdisjoint(values):
            index.add(_known(text, values))
    return index


def _stored(article: Article, draft: Draft, index: ReprintIndex, values: frozenset[int]) -> StoredDraft:
    original = index.find(values)
    source = originator(article.sentences, author=article.author, outlet=article.outlet)
    if original and original.article_id != article.id:
        article = replace(article, text_group=original.text_group, originator=original.originator or source)
    else:
        article = replace(article, text_group=article.id, originator=source)
    index.add(_known(article, values))
    return StoredDraft(
        article=article,
        keys=keys_of(guid=draft.guid, link=draft.link, feed_id=article.feed_id),
        entry_hash=draft.entry_hash,
        fingerprint=pack_fingerprint(values),
    )


def _known(text: KnownText | Article, values: frozenset[int]) -> Known:
    return Known(
        article_id=text.article_id if isinstance(text, KnownText) else text.id,
        published_at=text.published_at,
        fingerprint=values,
        text_group=text.text_group,
        originator=text.originator,
    )


def _fingerprint(article: Article) -> frozenset[int]:
    return fingerprint("\n".join(s.text for s in article.sentences))


async def _know_groups(
    clusterer: Clusterer, articles: Sequence[Article], *, store: Store, now: datetime, scope: Scope
) -> None:
    groups = sorted({a.text_group for a in articles if a.text_group})
    texts = await store.articles.texts_since(now - REPRINT_WINDOW, by=scope, groups=groups)
    placed = await store.stories.of_articles([t.article_id for t in texts])
    for text in texts:
        if text.article_id in placed:
            clusterer.know_group(text.text_group, placed[text.article_id])


def _grown(
    story_id: str,
    known: Story | None,
    articles: Sequence[Article],
    placements: Sequence[Placement],
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

"""Reprints: link each text to the earliest text that it copies in whole or in part, in each scope separately.

texts, oldest first ──prints──▶ original, in a story near │ a text of its own ──▶ group, and whose words they are
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.blocking import run_blocking
from bot.faults import Fault, Faults
from bot.feeds.workers.pool import WorkerPool
from bot.flows.ingest.clustering.near_stories import features_of_each, find_near
from bot.model.news import Article
from bot.model.scope import Scope
from bot.store import KnownText, Store
from bot.store.rows import chunks
from bot.stories.dedupe import Known, ReprintIndex, smallest_prints, unpack_fingerprint

REPRINT_WINDOW = timedelta(days=14)  # wire copy is reprinted within days
MAX_REPRINT_AGE = timedelta(days=90)  # reprints of older texts than this are not looked for
ARTICLES_PER_REMATCH = 100  # edited articles that are compared at a time
OLD_COPY_AGE = timedelta(days=28)  # a text that was kept so long before is no news when it comes again
OLD_COPY_SHARE = (
    0.9  # share of the prints of both texts in each other that makes the later one the earlier again
)
COMPARING = "comparing an article with others"


async def find_originals(
    articles: Sequence[Article],
    *,
    near: Collection[int],
    scope: Scope,
    store: Store,
    now: datetime,
    faults: Faults,
) -> list[Article]:
    """Return ``articles`` of ``scope`` with the group and the originator of their texts, stored if they changed.

    They are compared with each other, in order, and with the texts in the stories ``near`` (keys). An article without a
    story is no original; so the earliest is the original, in whatever order feeds were read.
    """
    oldest = min((article.published_at for article in articles), default=now)
    since = max(oldest, now - MAX_REPRINT_AGE) - REPRINT_WINDOW
    own = {text.article_id: text for text in await store.texts.of([a.id for a in articles])}
    others = [t for t in await store.texts.near(near, since, by=scope) if t.article_id not in own]
    compare = partial(_compare, own, others, faults=faults)
    prints, index = await run_blocking(compare)
    found: list[Article] = []
    for article in articles:
        await asyncio.sleep(0)
        values = prints.get(article.id, frozenset())
        one = faults.guarded(partial(_with_original, article, index, values), doing=COMPARING)
        found.append(article if isinstance(one, Fault) else one)
    await store.articles.set_text_groups(
        [a for a, before in zip(found, articles, strict=True) if a != before]
    )
    return found


async def find_old_copies(
    articles: Sequence[Article], *, scope: Scope, store: Store, faults: Faults
) -> frozenset[str]:
    """Return those of ``articles`` (ids) whose whole text was stored long before they were published.

    There is no limit of time: a copy never becomes news again.
    """
    dated = {article.id: article.published_at for article in articles if article.dated_at}
    if not dated:
        return frozenset()
    own = await store.texts.of(dated)
    first = {one for text in own for one in smallest_prints(text.fingerprint)}
    earlier = await store.texts.that_begin(sorted(first), until=max(dated.values()) - OLD_COPY_AGE, by=scope)
    return await run_blocking(partial(_old_copies, own, earlier, faults=faults)) if earlier else frozenset()


def _old_copies(own: Sequence[KnownText], earlier: Sequence[KnownText], *, faults: Faults) -> frozenset[str]:
    prints, index = _compare({text.article_id: text for text in own}, earlier, faults=faults)
    return frozenset(
        text.article_id
        for text in own
        if index.holds_copy(
            prints[text.article_id], share=OLD_COPY_SHARE, until=text.published_at - OLD_COPY_AGE
        )
    )


async def rematch_reprints(
    ids: Sequence[str], *, store: Store, now: datetime, faults: Faults, workers: WorkerPool | None = None
) -> None:
    """Find the originals of the edited articles ``ids`` again."""
    for part in chunks(ids, ARTICLES_PER_REMATCH):
        edited = await store.articles.many(part)
        for scope in sorted({a.scope for a in edited}, key=lambda s: s.parts):
            some = [replace(a, text_group=a.id) for a in edited if a.scope == scope]
            found = await features_of_each(some, workers=workers, faults=faults)
            known = [one for one in found.values() if not isinstance(one, Fault)]
            near = await find_near(known, store=store, by=scope)
            await find_originals(some, near=near.keys, scope=scope, store=store, now=now, faults=faults)


def _compare(
    own: Mapping[str, KnownText], others: Sequence[KnownText], *, faults: Faults
) -> tuple[dict[str, frozenset[int]], ReprintIndex]:
    """Return the prints of the texts ``own``, and the index of those of the ``others`` that share one: no other is copied."""

    def prints_of(text: KnownText) -> frozenset[int]:
        values = faults.guarded(partial(unpack_fingerprint, text.fingerprint), doing=COMPARING)
        return frozenset() if isinstance(values, Fault) else values

    prints = {article_id: prints_of(text) for article_id, text in own.items()}
    wanted, index = frozenset[int]().union(*prints.values()), ReprintIndex()
    for text in others:
        values = prints_of(text)
        if not wanted.isdisjoint(values):
            index.add(_known(text.article_id, text, values))
    return prints, index


def _with_original(article: Article, index: ReprintIndex, values: frozenset[int]) -> Article:
    original = index.find(values)
    if original and original.article_id != article.id:
        source = original.originator or article.originator
        article = replace(article, text_group=original.text_group, originator=source)
    index.add(_known(article.id, article, values))
    return article


def _known(article_id: str, text: KnownText | Article, values: frozenset[int]) -> Known:
    return Known(
        article_id=article_id,
        published_at=text.published_at,
        fingerprint=values,
        text_group=text.text_group,
        originator=text.originator,
    )

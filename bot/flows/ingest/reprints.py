"""Reprints: tie each text to the earliest that it is a copy or a cut of, each scope by itself.

texts, oldest first ──prints──▶ original │ a text of its own ──▶ group, and whose words they are
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from bot.blocking import run_blocking
from bot.faults import Fault, Faults
from bot.model.news import Article
from bot.model.scope import SHARED, Scope
from bot.store import KnownText, Store
from bot.stories.dedupe import Known, ReprintIndex, unpack_fingerprint

REPRINT_WINDOW = timedelta(days=14)  # wire copy is reprinted within days
MAX_REPRINT_AGE = timedelta(days=90)  # reprints of older texts than this are not looked for
COMPARING = "comparing an article with others"


@dataclass(slots=True, kw_only=True)
class Reprints:
    """Finds whose text the articles of ``scope`` reprint, a batch at a time; ``waiting`` are those whose turn has not come yet.

    What waits is nobody's original: so the earliest is one, in whatever order feeds were read.
    """

    scope: Scope
    store: Store
    now: datetime
    faults: Faults
    waiting: set[str] = field(default_factory=set)
    _since: datetime | None = None
    _texts: dict[str, KnownText] = field(default_factory=dict)

    async def find_originals(self, articles: Sequence[Article]) -> list[Article]:
        """Return ``articles`` with the group and the originator of their texts, kept where these are others."""
        self.waiting |= {article.id for article in articles}
        await self._load(min((article.published_at for article in articles), default=self.now))
        prints, index = await run_blocking(self._compare, [article.id for article in articles])
        found: list[Article] = []
        for article in articles:
            await asyncio.sleep(0)
            values = prints.get(article.id, frozenset())
            one = self.faults.guarded(partial(_with_original, article, index, values), doing=COMPARING)
            found.append(article if isinstance(one, Fault) else one)
            self.waiting.discard(article.id)
            if text := self._texts.get(article.id):
                self._texts[article.id] = replace(
                    text, text_group=found[-1].text_group, originator=found[-1].originator
                )
        await self.store.articles.set_text_groups(
            [a for a, before in zip(found, articles, strict=True) if a != before]
        )
        return found

    async def _load(self, oldest: datetime) -> None:
        """Have at hand what texts are compared with, from long enough before the ``oldest``."""
        since = max(oldest, self.now - MAX_REPRINT_AGE) - REPRINT_WINDOW
        if self._since is None or since < self._since or self.scope != SHARED:
            self._since = since
            texts = await self.store.articles.texts_since(since, by=self.scope)
            self._texts = {text.article_id: text for text in texts} | self._texts

    def _prints(self, text: KnownText) -> frozenset[int]:
        values = self.faults.guarded(partial(unpack_fingerprint, text.fingerprint), doing=COMPARING)
        return frozenset() if isinstance(values, Fault) else values

    def _compare(self, ids: Sequence[str]) -> tuple[dict[str, frozenset[int]], ReprintIndex]:
        """Return the prints of the articles ``ids``, and the index of the texts that share one: no other is copied."""
        prints = {one: self._prints(text) for one in ids if (text := self._texts.get(one))}
        wanted, index = frozenset[int]().union(*prints.values()), ReprintIndex()
        for text in list(self._texts.values()):
            if text.article_id in self.waiting:
                continue
            values = self._prints(text)
            if not wanted.isdisjoint(values):
                index.add(_known(text.article_id, text, values))
        return prints, index


async def rematch_reprints(ids: Collection[str], *, store: Store, now: datetime, faults: Faults) -> None:
    """Find anew whose text the articles ``ids`` reprint, which say something else than they did."""
    edited = await store.articles.many(ids)
    for scope in sorted({a.scope for a in edited}, key=lambda s: s.parts):
        some = [replace(a, text_group=a.id) for a in edited if a.scope == scope]
        await Reprints(scope=scope, store=store, now=now, faults=faults).find_originals(some)


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

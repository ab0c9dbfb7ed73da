"""Link: read pages that people name, and brief each as a story is briefed.

    address ──fetch under guard──▶ page ──extract──▶ article ──brief──▶ what it says

Links are read side by side; one that cannot be read is a value with its reason, never an error.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.config import Briefings, Fetch
from bot.errors import WirebriefError
from bot.feeds.address import canonical_url
from bot.feeds.workers import WorkerPool
from bot.flows.brief import Pen, brief_articles
from bot.flows.given import read_given
from bot.model.ids import derive_id
from bot.model.link import LinkBrief
from bot.model.news import Article, DateSource
from bot.model.scope import Scope
from bot.ports import Fetcher
from bot.store import Store

MOST_LINKS = 5  # read for one request
SIDE_BY_SIDE = 3  # of one request, so that it leaves room for others


async def read_links(
    urls: Sequence[str],
    *,
    scope: Scope,
    store: Store,
    fetcher: Fetcher,
    workers: WorkerPool,
    settings: Fetch,
    briefings: Briefings,
    now: datetime,
    fresh: bool = False,
    pen: Pen | None = None,
) -> list[LinkBrief]:
    """Return what the pages at ``urls`` say, in their order, to the destination whose scope is ``scope``."""
    reader = _Reader(
        scope=scope,
        store=store,
        fetcher=fetcher,
        workers=workers,
        settings=settings,
        briefings=briefings,
        now=now,
        fresh=fresh,
        pen=pen,
    )
    turns = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(number: int, url: str) -> LinkBrief:
        if number >= MOST_LINKS:
            return reader.failed(url, f"Only {MOST_LINKS} links are read at once; paste this one again.")
        async with turns:
            return await reader.read(url)

    return list(await asyncio.gather(*(one(i, url) for i, url in enumerate(dict.fromkeys(urls)))))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    scope: Scope
    store: Store
    fetcher: Fetcher
    workers: WorkerPool
    settings: Fetch
    briefings: Briefings
    now: datetime
    fresh: bool
    pen: Pen | None

    async def read(self, url: str) -> LinkBrief:
        """Return the brief of ``url``, or why there is none."""
        if not canonical_url(url):
            return self.failed(url, "This is no web address.")
        try:
            article = await read_given(
                url, fetcher=self.fetcher, workers=self.workers, settings=self.settings, now=self.now
            )
        except WirebriefError as error:
            return self.failed(url, f"{error.message.rstrip('.')}.")
        return await self._briefed(url, article)

    def failed(self, url: str, why: str) -> LinkBrief:
        """Return that ``url`` could not be read, and ``why``, one sentence."""
        return LinkBrief(
            id=self._id(url),
            url=url,
            asked_at=self.now,
            read_at=self.now,
            failure=why,
            timezone=self.briefings.timezone,
            scope=self.scope,
        )

    async def _briefed(self, url: str, article: Article) -> LinkBrief:
        briefing = await brief_articles([article], settings=self.briefings, now=self.now, pen=self.pen)
        return LinkBrief(
            id=self._id(url),
            url=url,
            asked_at=self.now,
            read_at=self.now,
            outlet=article.outlet,
            published_at=None if article.date_source is DateSource.FETCHED else article.published_at,
            brief=briefing.stories[0],
            note=article.text_note,
            sources=briefing.sources,
            degraded="; ".join(briefing.degraded),
            checks=briefing.checks,
            timezone=self.briefings.timezone,
            scope=self.scope,
        )

    def _id(self, url: str) -> str:
        return derive_id("lnk", canonical_url(url) or url, self.scope.workspace, self.scope.channel)

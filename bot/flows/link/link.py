"""Link: read pages that people paste, summarise each like a story, and compare it with the stored stories.

    address ──kept?──▶ what was said of it
       ├──an article that a feed brought ──▶ brief, in context
       └──fetch under guard──▶ page ──keep──▶ article of its channel ──assign──▶ beside a story ──▶ brief, in context

Links are read concurrently; one that cannot be read is a value with its reason, never an error. A page belongs to the
channel for which it was read, and changes nothing that others see.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.blocking import run_blocking
from bot.briefings.assemble import citations_of, sources_of
from bot.config import BriefingSettings
from bot.errors import InputError, WirebriefError
from bot.faults import Fault, Faults, ends_all
from bot.feeds.address import canonical_url
from bot.feeds.wrappers import unwrapped
from bot.flows.briefing.adhoc_briefing import brief_articles
from bot.flows.briefing.session import ModelSession
from bot.flows.ingest.clustering.assign_stories import assign_in_scope, store_articles
from bot.flows.ingest.clustering.reprints import rematch_reprints
from bot.flows.ingest.pages import read_page
from bot.flows.ingest.reading import ArticleDraft
from bot.flows.ingest.services import ReadingServices
from bot.flows.link.adhoc_articles import page_article
from bot.flows.link.compare import StoryComparison, compare_with_story, page_changes
from bot.flows.rules.reader import RulesReader
from bot.language.cleaning.links import typed_address
from bot.language.outlets import Outlets
from bot.language.sentences.split import same_text
from bot.model.conversation.link import LinkBrief
from bot.model.ids import derive_id
from bot.model.news import STATED_DATES, Article, TextSource
from bot.model.scope import SHARED, Scope, audience
from bot.store import Store, StoredLink

MAX_LINKS = 5  # read for one request
MAX_CONCURRENT_LINKS = 3  # of one request, so that it leaves room for others
READING_LINK = "reading a link"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkServices:
    """The services with which pasted links are read and summarised."""

    store: Store
    reading: ReadingServices
    briefings: BriefingSettings
    outlets: Outlets
    rules: RulesReader


async def read_links(
    urls: Sequence[str],
    *,
    scope: Scope,
    services: LinkServices,
    now: datetime,
    fresh: bool = False,
    session: ModelSession | None = None,
) -> list[LinkBrief]:
    """Return what the pages at ``urls`` say, in their order, to the destination whose scope is ``scope``.

    A page that was read for this scope before is answered from the store; with ``fresh`` it is read again.
    """
    if scope == SHARED:
        raise ValueError("a pasted link belongs to somebody")
    reader = _Reader(
        scope=scope,
        store=services.store,
        services=services.reading,
        briefings=services.briefings,
        now=now,
        known=services.outlets,
        fresh=fresh,
        rules=services.rules,
        session=session,
    )
    named = list(dict.fromkeys(map(typed_address, urls)))
    found = await reader.faults.each(
        named[:MAX_LINKS], reader.read, doing=READING_LINK, at_once=MAX_CONCURRENT_LINKS
    )
    late = f"Only {MAX_LINKS} links are read at once; paste this one again."
    return [
        reader.failed(url, f"{one.sentence(READING_LINK)}.") if isinstance(one, Fault) else one
        for url, one in zip(named, found, strict=False)
    ] + [reader.failed(url, late) for url in named[MAX_LINKS:]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    scope: Scope
    store: Store
    services: ReadingServices
    briefings: BriefingSettings
    now: datetime
    known: Outlets
    fresh: bool
    rules: RulesReader
    session: ModelSession | None
    assigning: asyncio.Lock = field(default_factory=asyncio.Lock)
    faults: Faults = field(default_factory=Faults)

    async def read(self, url: str) -> LinkBrief:
        """Return the brief of ``url``, or why there is none."""
        if not canonical_url(url):
            return self.failed(url, "This is not a web address.")
        url = unwrapped(url)
        kept = await self.store.links.get(self._id(url))
        before = await self.store.articles.revision(kept.article_id, kept.revision) if kept else None
        if kept and before and not self.fresh:
            return await self._again(kept, before)
        try:
            article, context = await self._article(url)
        except WirebriefError as error:
            if ends_all(error):
                raise
            why = f"{error.message.rstrip('.')}."
            if not (kept and before):
                return self.failed(url, why)
            stale = await self._again(kept, before)
            return replace(stale, note=f"The page could not be read again: {why}")
        if kept and before and (article.id, article.revision) == (before.id, before.revision):
            brief = replace(kept.brief, asked_at=self.now, read_at=self.now)
        else:
            brief = await self._briefed(url, article)
        if kept and before:
            changes, dropped = await run_blocking(page_changes, before, article)
            brief = replace(brief, reread=True, page_changes=changes, page_dropped=dropped)
        brief = self._with_comparison(brief, article, context)
        # What changed since is of interest now, not when it is asked for the next time.
        lasting = replace(brief, reread=False, page_changes=(), page_dropped=())
        await self.store.links.save(
            StoredLink(brief=lasting, article_id=article.id, revision=article.revision)
        )
        return brief

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

    async def _again(self, kept: StoredLink, article: Article) -> LinkBrief:
        """Return the stored answer on a page, with a new comparison."""
        await self.store.links.asked_again(kept.brief.id, self.now)
        brief = replace(kept.brief, asked_at=self.now, stored=True)
        return self._with_comparison(brief, article, await self._compared(article))

    async def _article(self, url: str) -> tuple[Article, StoryComparison]:
        """Return the article at ``url`` in context: the one a feed brought, else the page, kept as this scope's own.

        Of an article whose page the feed could not read, the page is tried again; where that fails too, the feed's
        own words are what there is.
        """
        there = await self._known(url)
        if there and self._is_enough(there):
            return there, await self._compared(there)
        try:
            return await self._fetched(url)
        except WirebriefError as error:
            if there and not self.fresh and not ends_all(error):
                return there, await self._compared(there)
            raise

    async def _known(self, *urls: str) -> Article | None:
        """Return the article that a feed brought at one of ``urls``, of those this scope may read."""
        for link in dict.fromkeys(map(canonical_url, urls)):
            there = await self.store.articles.at(link, by=self.scope) if link else None
            if there:
                return there
        return None

    async def _fetched(self, url: str) -> tuple[Article, StoryComparison]:
        """Return the article at ``url``, kept as this scope's own and assigned unless a feed brought the very same."""
        page = await read_page(url, services=self.services)
        article = await page_article(
            page,
            url=url,
            services=self.services,
            now=self.now,
            known=self.known,
            scope=self.scope,
        )
        address = page.canonical_url or page.url or url
        there = await self._known(address, page.url)
        if there and (same_text(there.sentences, article.sentences) or self._is_enough(there)):
            return there, await self._compared(there)
        # In turn: the second of two links about one event finds the story that the first founded.
        async with self.assigning:
            kept = await self._kept(article, canonical_url(address))
            return kept, await self._compared(kept)

    def _is_enough(self, there: Article) -> bool:
        """Tell whether what a feed brought of a page is enough: asked afresh, its changes are shown."""
        return not self.fresh and there.text_source is not TextSource.FEED_ONLY

    async def _kept(self, article: Article, link: str) -> Article:
        store, now = self.store, self.now
        known = (await store.articles.known([("link", link)], self.scope)).get(("link", link))
        before = await store.articles.revision(known.article_id, known.revision) if known else None
        if before:  # a feed of this scope may have brought it
            article = replace(article, feed_id=before.feed_id)
        draft = ArticleDraft(article=article, link=link, entry_hash=known.entry_hash if known else "")
        kept = await store_articles([(draft, known)], store=store, now=now, faults=self.faults)
        for fault in kept.unkept.values():
            raise InputError(fault.sentence("keeping the article"))
        await rematch_reprints(kept.edited, store=store, now=now, faults=self.faults)
        (article,) = await store.articles.many([known.article_id if known else article.id])
        if not await store.stories.of_articles([article.id]):
            await assign_in_scope(
                audience(self.scope),
                [article],
                store=store,
                now=now,
                workers=self.services.workers,
                faults=self.faults,
            )
            (article,) = await store.articles.many([article.id])
        return article

    async def _briefed(self, url: str, article: Article) -> LinkBrief:
        briefing = await brief_articles(
            [article],
            settings=self.briefings,
            now=self.now,
            session=self.session,
            rules=replace(self.rules, store=None),
        )
        return LinkBrief(
            id=self._id(url),
            url=url,
            asked_at=self.now,
            read_at=self.now,
            outlet=article.outlet,
            published_at=article.published_at if article.date_source in STATED_DATES else None,
            brief=replace(briefing.stories[0], why=""),
            note=article.text_note,
            degraded="; ".join(briefing.degraded),
            checks=briefing.checks,
            timezone=self.briefings.timezone,
            scope=self.scope,
        )

    async def _compared(self, article: Article) -> StoryComparison:
        zone = self.briefings.timezone
        return await compare_with_story(
            article, store=self.store, scope=self.scope, now=self.now, timezone=zone, rules=self.rules
        )

    def _with_comparison(self, brief: LinkBrief, article: Article, context: StoryComparison) -> LinkBrief:
        """Return ``brief`` in its context, with the sources of both."""
        assert brief.brief  # noqa: S101 - only what could be read is assigned
        shown = replace(brief.brief, story_id=context.story_id or brief.brief.story_id)
        cited = [
            *citations_of([shown]),
            *(c for s in (*brief.page_changes, *context.adds) for c in s.citations),
            *([context.status.citation] if context.status else []),
            *(claim.citation for issue in context.contradicts for claim in issue.claims),
        ]
        articles = {(a.id, a.revision): a for a in (article, *context.articles)}
        return replace(
            brief,
            brief=shown,
            sources=sources_of(cited, articles),
            story_id=context.story_id,
            story_headline=context.headline,
            story_status=context.status,
            adds=context.adds,
            contradicts=context.contradicts,
            known_since=context.known_since,
            briefed_at=context.briefed_at,
            story_sent_at=context.story_sent_at,
            reprint_of=context.reprint_of,
            credits=context.credits,
            why=context.why,
        )

    def _id(self, url: str) -> str:
        return derive_id("lnk", canonical_url(url) or url, *self.scope.parts)

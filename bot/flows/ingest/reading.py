"""Turn the entries of a feed into articles: full text, dates, sentences.

    entry ──(page)──▶ draft

Every failure is a value in the result: one bad feed or page never stops the others.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.blocking import run_blocking
from bot.errors import FetchError, ParseError, WorkerKilled
from bot.feeds.address import canonical_url, same_site, site_of
from bot.feeds.article_date import best_date
from bot.feeds.entries import Key, Listed, is_front_page, key_of_page, shares_words
from bot.feeds.judge.old import written_about
from bot.feeds.judge.section import kind_of_section
from bot.feeds.judge.sentences import NOTES, ROUNDUP_NOTE
from bot.feeds.page.extract import OwnText, Page
from bot.feeds.page.title import MAX_PAGE_TITLE_CHARS, Titles, page_title
from bot.feeds.workers.pool import WorkerPool
from bot.flows.ingest.pages import FeedText, about, page_fingerprint, read_page, source_of
from bot.flows.ingest.services import ReadingServices
from bot.flows.ingest.sites import origin_of, own_sites, title_of
from bot.language.detect import detect_language
from bot.language.outlets import Outlets, bare_name
from bot.language.sentences.borders import is_loaded, knowledge_of
from bot.language.sentences.split import has_more_marks, split_sentences
from bot.model.ids import derive_id
from bot.model.news import (
    Article,
    Entry,
    Feed,
    FeedDocument,
    PageKind,
    Sentence,
    TextSource,
)

READING_ENTRY = "reading an entry of a feed"
MAX_LOOP_CHARS = 40_000  # of a text whose sentences are split in the loop; of a longer one, in a worker
MAX_LOOP_MARKS = 400  # full stops and other marks in it: each is looked at, whatever the length
MIN_OWN_TEXT_CHARS = 80  # characters of an entry's own text below which it has none
MIN_COMMENT_CHARS = 400  # characters from which a feed's words about another's page may be its own article
MAX_MADE_TITLE_CHARS = 120  # characters of a title that is made of a text
_TAGS_AND_LINKS = re.compile(r"(?:\s*(?:#\w{1,60}|https?://\S{1,500}|\S{1,80}\.\w{2,10}/\S{0,200}))+\s*$")
# Characters up to which pages of a site are compared: what stands in an article's place is short.
MAX_STAND_IN_CHARS = 6000
WHOLE_TEXT_CHARS = 1200  # characters from which a feed's own text counts as the whole article


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDraft:
    """An article before it is compared with stored articles.

    ``keys`` identify it in its feed. ``link`` is its canonical address if the text is from that site, and
    ``about`` the address of the page if a feed of another site speaks of it.
    """

    article: Article
    keys: tuple[Key, ...] = ()
    link: str = ""
    about: str = ""
    foreign: bool = False  # its feed does not speak for the site of the page
    entry_hash: str  # of what the feed said: an equal one needs no second reading of the page
    entry_id: str = ""  # names the entry as its feed said it
    page_print: str = ""  # by which the text of a short page is known again at its site
    without_page: Callable[[], Awaitable[ArticleDraft | None]] | None = (
        None  # makes it as the feed alone has it
    )

    @property
    def address(self) -> str:
        """The address by which it may be stored already."""
        return self.link or self.about

    @property
    def known_by(self) -> tuple[Key, ...]:
        """Everything that identifies it later: its keys, its address, the text of its page."""
        later = (("link", self.link), ("hash", self.page_print))
        page_key = (key_of_page(self.about),) if self.about else ()
        return (*self.keys, *((kind, value) for kind, value in later if value), *page_key)


def entry_hash(entry: Entry) -> str:
    """Return the hash of what the feed says of an entry; it changes when the publisher edits it.

    It also changes with a new date of change: then the page is read again, and stored as a revision if its text differs.
    """
    updated = entry.updated.isoformat() if entry.updated and entry.updated != entry.published else ""
    parts = (entry.title, entry.summary, entry.content, updated)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def entry_id(feed: Feed, entry: Entry) -> str:
    """Return the id of an entry as ``feed`` gives it now; an edited entry has another id."""
    return derive_id("ent", feed.id, entry.guid or entry.link or entry.title, entry_hash(entry))


async def read_entry(
    item: Listed,
    *,
    feed_text: FeedText,
    feed: Feed,
    document: FeedDocument,
    services: ReadingServices,
    now: datetime,
    known: Outlets,
) -> ArticleDraft | None:
    """Return the draft of ``item`` with the longest text available; None if it has neither title nor text.

    ``feed_text`` is the feed's own text of it, and ``known`` are the configured names of outlets.
    """
    entry, (own, kind) = item.entry, feed_text
    page: Page | None = None
    source, note = TextSource.FEED, ROUNDUP_NOTE if kind is PageKind.ROUNDUP else ""
    foreign = bool(item.link) and site_of(entry.link) not in own_sites(feed)
    wanted = item.link and entry.link != entry.enclosure and (foreign or not _is_whole(own))
    if services.settings.full_text and wanted:
        try:
            page = await read_page(entry.link, services=services)
            page = about(page, title=entry.title, own=own.text)
            source, note = source_of(page)
        except (FetchError, ParseError, WorkerKilled) as error:
            source, note = TextSource.FEED_ONLY, f"The page could not be read: {error.message}."
    writer = _Writer(
        item=item,
        own=own,
        feed=feed,
        document=document,
        services=services,
        now=now,
        known=known,
    )
    taken = page if page and page.text and (_of_page(own, page) if foreign else _longer(page, own)) else None
    # What a wall says of itself, its author and its date, is no more the article's than its text.
    draft = await writer.draft(page if page and page.text else None, taken=taken)
    if draft is None:
        return None
    if page and (taken or kind is PageKind.ARTICLE):
        kind = page.kind
    if kind is PageKind.ARTICLE:
        kind = kind_of_section(url=draft.article.url, title=entry.title)
        shown = taken or own
        find_day = partial(
            written_about,
            draft.article,
            posted=shown.posted,
            page_day=page.last_dated if page and page.text else None,
            printed_day=None if taken else own.last_dated,
        )
        # Of most texts it takes a sixth of a millisecond, as much as a change of threads and back.
        about_day = find_day() if _is_short(shown.text) else await run_blocking(find_day)
        if kind is PageKind.ARTICLE and about_day is not None:
            kind = PageKind.OLD
        note = note or NOTES.get(kind, "")
    draft = replace(draft, article=replace(draft.article, text_source=source, text_note=note, page_kind=kind))
    if not taken or not entry.title or len(taken.text) > MAX_STAND_IN_CHARS:
        return draft
    return replace(
        draft,
        page_print=page_fingerprint(taken.text, site=draft.article.site),
        without_page=partial(writer.draft, None, taken=None),  # few are needed, and it names their language
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    """Makes the draft of an entry, with its page or without."""

    item: Listed
    own: OwnText
    feed: Feed
    document: FeedDocument
    services: ReadingServices
    now: datetime
    known: Outlets

    async def draft(self, page: Page | None, *, taken: Page | None) -> ArticleDraft | None:
        """Return the draft with what its ``page`` says of itself, and with the text of ``taken``, else the feed's own."""
        item, feed = self.item, self.feed
        listed = taken is not None and site_of(taken.url or item.entry.link) not in own_sites(feed)
        entry = _as_its_page_says(item.entry, taken) if taken and listed else item.entry
        text = taken.text if taken else self.own.text
        title = entry.title or (taken.title if taken else "") or _headline(text)
        if not title and not text:
            return None
        named, bare = title_of(feed, self.document.title), len(self.own.text) < MIN_OWN_TEXT_CHARS
        origin = origin_of(entry, taken, feed=feed, title=named, known=self.known, bare=bare)
        title = bare_title(title, outlet=origin.outlet, feed_title=named, url=origin.url)
        there = origin.site == site_of(origin.url)
        link = _address(item, taken) if there else ""
        published, date_source, offset = best_date(entry, page, now=self.now, page_first=listed)
        language = await self._language(page, text)
        article = Article(
            id=derive_id("art", link, "", "", *feed.scope.parts)
            if link
            else derive_id("art", feed.id, item.own[1], title, *feed.scope.parts),
            url=origin.url,
            site=origin.site,
            outlet=origin.outlet,
            title=title,
            author=entry.author or (page.author if page else ""),
            published_at=published,
            date_source=date_source,
            utc_offset=offset,
            language=language,
            sentences=await sentences_of(text or title, language=language, workers=self.services.workers),
            text_source=TextSource.FEED_ONLY,
            correction=(page.correction if page else "") or ("" if listed else self.own.correction),
            feed_id=feed.id,
            fetched_at=self.now,
            scope=feed.scope,
        )
        return ArticleDraft(
            article=article,
            keys=item.keys,
            link=link,
            about="" if there else item.link,
            foreign=site_of(origin.url) not in own_sites(feed),
            entry_hash=entry_hash(item.entry),
            entry_id=entry_id(feed, item.entry),
        )

    async def _language(self, page: Page | None, text: str) -> str:
        stated = self.item.entry.language or (page.language if page else "")
        stated = stated or self.document.language or self.feed.language
        if not stated:
            stated = await _language(text, services=self.services)
        return stated.split("-")[0].lower()


def _as_its_page_says(entry: Entry, page: Page) -> Entry:
    """Return ``entry`` under the title and author of its ``page``: a feed of another site puts no words on it."""
    return replace(entry, title=page.title or entry.title, author=page.author)


def _address(item: Listed, page: Page | None) -> str:
    """Return the canonical address of an article with ``page``; a front page that it led to is none of it."""
    found = canonical_url(page.canonical_url or page.url) if page else ""
    return (
        found
        if found and not is_front_page(found) and same_site(found, page.url if page else "")
        else item.link
    )


def _longer(page: Page, own: OwnText) -> bool:
    return len(page.text) >= len(own.text)


def _of_page(own: OwnText, page: Page) -> bool:
    """Return whether a feed's text about another site's page is a part of that page, or too short for an article."""
    return len(own.text) < MIN_COMMENT_CHARS or shares_words(own.text, page.text)


def bare_title(title: str, *, outlet: str, feed_title: str, url: str) -> str:
    """Return ``title`` without the name of its outlet or feed at either end."""
    sites = [name for name in (bare_name(outlet), feed_title) if name]
    found = page_title(Titles(stated=[title], headings=(), sites=sites, url=url))
    # A feed's title is decoded as it declares: nothing is taken from it but a name at an end.
    cut = (
        bool(found)
        and len(title) <= MAX_PAGE_TITLE_CHARS
        and (title.startswith(found) or title.endswith(found))
    )
    return found if cut else title


def _headline(text: str) -> str:
    """Return a title for a text without one: its first line, cut after a sentence or a word, without final hashtags."""
    line = _TAGS_AND_LINKS.sub("", text.partition("\n")[0][: 4 * MAX_MADE_TITLE_CHARS]).strip()
    if len(line) <= MAX_MADE_TITLE_CHARS:
        return line or text.partition("\n")[0][:MAX_MADE_TITLE_CHARS]
    end = max(line.rfind(mark, 0, MAX_MADE_TITLE_CHARS) for mark in (". ", "! ", "? "))
    return line[: end + 1] if end > 0 else f"{line[:MAX_MADE_TITLE_CHARS].rsplit(' ', 1)[0]}…"


async def sentences_of(text: str, *, language: str, workers: WorkerPool) -> tuple[Sentence, ...]:
    """Return the sentences of ``text``; a long text does not block the event loop."""
    if not is_loaded(language):
        await run_blocking(knowledge_of, language)  # read from its file when first needed
    if _is_short(text):
        return split_sentences(text, language=language)
    return await workers.run(split_sentences, text, language=language, deadline=10.0)


def _is_short(text: str) -> bool:
    """Tell whether ``text`` may be read in the loop."""
    return len(text) <= MAX_LOOP_CHARS and not has_more_marks(text, MAX_LOOP_MARKS)


async def _language(text: str, *, services: ReadingServices) -> str:
    try:
        language: str = await services.workers.run(
            detect_language, text[:2000], deadline=max(services.settings.parse_deadline, 10.0)
        )
    except (ParseError, WorkerKilled):
        return ""
    return language


def _is_whole(own: OwnText) -> bool:
    return len(own.text) >= WHOLE_TEXT_CHARS and not own.cut

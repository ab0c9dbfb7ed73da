"""Feeds, entries and articles: what comes in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.model.scope import SHARED, Scope

TITLE_NUMBER = 0  # under which an article's title is cited as a sentence of it
MAX_OUTLET_CHARS = 60  # characters of an outlet's name
PRINT_BYTES = 8  # of one print of a packed fingerprint: the store finds copies by the first
PERMANENT_AFTER_DAYS = 3  # different days (UTC) on which a permanent redirect was seen before it is believed


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An address that is polled; ``url`` is as entered, ``moved_to`` the target of a permanent redirect (bot/feeds/moves.py)."""

    id: str
    url: str
    title: str = ""
    site: str = ""
    language: str = ""
    pack: str = ""
    moved_to: str = ""
    scope: Scope = SHARED

    @property
    def address(self) -> str:
        """The address at which it is read."""
        return self.moved_to or self.url

    @property
    def packs(self) -> tuple[str, ...]:
        """Its pack, and those around it: of "News/Europe" that one and "News"."""
        parts = self.pack.split("/")
        return tuple("/".join(parts[:n]) for n in range(len(parts), 0, -1)) if self.pack else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """The results of a feed's polls; times are aware UTC, ``interval`` is in seconds."""

    feed_id: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    last_polled: datetime | None = None
    last_success: datetime | None = None
    next_poll: datetime | None = None
    interval: int = 3600
    failures: int = 0  # in a row
    reason: str = ""  # one sentence: why the last poll gave nothing, or what was odd about it
    entries_seen: int = 0
    # Of addresses that may hold a key the hash alone is kept here, see bot/feeds/moves.py.
    answered_by: str = ""  # of the last document: what ``etag`` and ``last_modified`` are of
    redirect: str = ""  # where its address leads for good, seen on so many different days, last at
    redirect_days: int = 0
    redirect_seen: datetime | None = None
    old_asked: datetime | None = None  # when the address was asked that the person gave


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed document as parsed: plain values, absolute http(s) links, not sanitised.

    ``summary`` and ``content`` hold the markup as the feed carries it.
    """

    guid: str = ""
    link: str = ""
    title: str = ""  # plain text, entities resolved, tags removed
    summary: str = ""
    content: str = ""
    author: str = ""
    published: datetime | None = None  # aware UTC
    updated: datetime | None = None  # aware UTC
    utc_offset: int = 0  # minutes east of UTC as printed in the date
    language: str = ""
    tags: tuple[str, ...] = ()
    source_name: str = ""  # of the feed or outlet that an aggregator says the entry is from
    source_url: str = ""
    enclosure: str = ""  # address of the file an entry carries, as a podcast's


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """A parsed feed. ``note`` is one sentence when the document was damaged or cut, else empty."""

    format: str  # "rss 2.0", "rdf", "atom", "json feed"…
    title: str = ""
    link: str = ""
    language: str = ""
    ttl: int | None = None  # seconds
    entries: tuple[Entry, ...] = ()
    note: str = ""


class PageKind(StrEnum):
    """The class of a page; only the text of an article is used."""

    ARTICLE = "article"
    CONSENT = "consent"  # asks to accept cookies or terms
    BOT_CHECK = "bot check"  # asks to prove that no robot reads it, or to enable JavaScript
    LOGIN = "login"
    PAYWALL = "paywall"  # shows subscribers more than us
    NOT_FOUND = "not found"  # also where the status says 200
    VIDEO = "video"  # or sound: nothing to read
    LIST = "list"  # links to articles: a front page, a category, a search, an aggregator's notice
    ROUNDUP = "roundup"  # several events in one text: a newsletter, a morning summary
    OPINION = "opinion"  # a comment, an editorial, a letter to the editor
    OLD = "old"  # by its own days weeks older than its time stamp: published again, or a page that is always there
    LIVE_BLOG = "live blog"  # one event in a text that grows
    EMPTY = "empty"


# What tells no event: it is kept and can be searched, and moves no story.
OUTSIDE_STORIES = frozenset({PageKind.ROUNDUP, PageKind.OPINION, PageKind.OLD})


class DateSource(StrEnum):
    """Where an article's date comes from."""

    FEED = "feed"
    PAGE = "page"
    AHEAD = "ahead"  # the stated date is up to a day in the future: the time of our first fetch is used
    FETCHED = "fetched"  # undated: neither said, or what they said was impossible; the time we first saw it


STATED_DATES = frozenset({DateSource.FEED, DateSource.PAGE})  # a date that is believed


class TextSource(StrEnum):
    """Where an article's text comes from."""

    FEED = "feed"  # the feed carries the full text
    PAGE = "page"
    FEED_ONLY = "feed_only"  # the page failed or is paywalled: only the feed's own words
    FILE = "file"


def sentence_numbers(numbers: Iterable[int]) -> str:
    """Return the cited ``numbers`` as a reader counts, such as "1, 4"; empty where the title alone is cited."""
    return ", ".join(str(number) for number in numbers if number != TITLE_NUMBER)


def citation_label(numbers: Iterable[int]) -> str:
    """Return where in its article a citation leads: "sentence 3", "sentences 1, 4", or "title"."""
    printed = sentence_numbers(numbers)
    if not printed:
        return "title"
    return f"sentences {printed}" if "," in printed else f"sentence {printed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One numbered sentence of an article; ``number`` starts at 1, ``paragraph`` at 0. Number 0 is the title, as one cited with the others."""

    number: int
    text: str
    paragraph: int = 0

    def __reduce__(self) -> tuple[object, ...]:
        """Return how to pickle it: an article sent to another process has dozens, and fields are copied one by one otherwise."""
        return _sentence, (self.number, self.text, self.paragraph)


def _sentence(number: int, text: str, paragraph: int) -> Sentence:
    return Sentence(number=number, text=text, paragraph=paragraph)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A deduplicated entry with its text in numbered sentences.

    ``revision`` starts at 1; an edited entry gives the next one and the earlier stays readable, so a
    citation (id, revision, sentence numbers) never changes its meaning. ``site`` is whose the text is: the
    registrable domain it was read from, of a feed's own text about another's page the feed's; sources are counted
    by it. ``outlet`` is the name readers see. ``originator`` names who first wrote the text: an agency for wire copy,
    else the outlet. Copies of one text share ``text_group``.
    """

    id: str
    revision: int = 1
    url: str = ""
    site: str = ""
    outlet: str = ""
    title: str
    author: str = ""
    published_at: datetime  # aware UTC
    date_source: DateSource = DateSource.FEED
    utc_offset: int = 0  # minutes east of UTC of the article's own clock
    language: str = ""
    sentences: tuple[Sentence, ...] = ()
    text_source: TextSource = TextSource.FEED
    text_note: str = ""  # why the page's text is missing, one sentence
    originator: str = ""
    text_group: str = ""
    feed_id: str = ""
    fetched_at: datetime
    scope: Scope = field(default=SHARED)
    page_kind: PageKind = (
        PageKind.ARTICLE
    )  # of the page behind ``url``; other kinds leave the feed's own text
    correction: str = ""  # what the article says it corrected, as printed; no statement of its own

    @property
    def dated_at(self) -> datetime | None:
        """When it was published; None if unknown, so that its "Monday" cannot be resolved."""
        return None if self.date_source is DateSource.FETCHED else self.published_at

    @property
    def own_day(self) -> date:
        """The day of publication in its own time zone."""
        return (self.published_at + timedelta(minutes=self.utc_offset)).date()

    @property
    def owner(self) -> str:
        """The owner of the text: its site, or the outlet if no site is known."""
        return self.site or self.outlet

    @property
    def sort_key(self) -> tuple[datetime, str, str]:
        """The sort key of articles: time of publication, then title, then id."""
        return self.published_at, self.title, self.id

    def sentence(self, number: int) -> Sentence:
        """Return sentence ``number``, the title for 0; raises ``KeyError`` if the article has no such sentence."""
        if number == TITLE_NUMBER and self.title:
            return Sentence(number=TITLE_NUMBER, text=self.title)
        if 1 <= number <= len(self.sentences):
            return self.sentences[number - 1]
        raise KeyError(f"article {self.id!r} revision {self.revision} has no sentence {number}")

    def has(self, number: int) -> bool:
        """Return whether ``number`` can be cited: a sentence, or 0 if the article has a title."""
        return 1 <= number <= len(self.sentences) or (number == TITLE_NUMBER and bool(self.title))

    def cite(self, number: int) -> Citation:
        """Return the citation of sentence ``number``."""
        return Citation(article_id=self.id, revision=self.revision, sentences=(number,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The sentences of one article revision that support a statement."""

    article_id: str
    revision: int = 1
    sentences: tuple[int, ...]


def sentences_of(citations: Iterable[Citation]) -> frozenset[tuple[str, int, int]]:
    """Return each cited sentence: the id and revision of its article, and its number."""
    return frozenset((c.article_id, c.revision, n) for c in citations for n in c.sentences)

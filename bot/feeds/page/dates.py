"""Find when a page was published: by its most explicit statement, at last by the day in its address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import lxml.etree
import lxml.html

from bot.feeds.address_dates import day_in_address
from bot.feeds.document.dates import read_moment
from bot.feeds.document.raw import Moment
from bot.feeds.page.tree import stands_in_furniture
from bot.language.rules import words_of_all
from bot.language.speech import any_of

_WITH_PROPERTY: Any = lxml.etree.XPath("descendant-or-self::*[@itemprop or @property]")
_NAMED_BLOCKS: Any = lxml.etree.XPath(
    "descendant-or-self::*[self::span or self::p or self::div or self::li or self::small][@class or @itemprop]"
)
MAX_ELEMENTS = 40  # asked of one kind
MAX_PRINTED_DATE_CHARS = 80  # characters of a printed date

_META = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time", "datepublished",
    "schema:datepublished", "rnews:datepublished", "date_published", "datecreated", "date", "dc.date.issued",
    "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "dc.date.published", "pubdate",
    "pub_date", "publishdate", "publish-date", "publish_date", "publication_date", "publication-date", "publicationdate",
    "published", "published_at", "published_time", "published-date", "parsely-pub-date", "sailthru.date",
    "article.published", "article.created", "article_date_original", "originalpublicationdate",
    "citation_publication_date", "citation_online_date", "citation_date", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "displaydate", "ptime", "iso-8601-publish-date", "vr:published_time", "bt:pubdate",
    "lp.article:published_time", "release_date", "mediator_published_time",
)  # fmt: skip
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "lastmod")
_FOR_MACHINES = ("article:published_time", "og:article:published_time")
_PROPERTIES = frozenset({"datepublished", "schema:datepublished", "dc:date", "dcterms:issued", "datecreated"})
_NAMED = frozenset(
    {
        "date", "dateline", "datetime", "published", "publishdate", "publicationdate", "pubdate", "timestamp", "posted",
        "entrydate", "postdate", "articledate", "datum", "fecha", "data",
    }
)  # fmt: skip
_CHANGED = frozenset({"updated", "modified", "update", "edited", "lastmodified", "datemodified"})
_LABEL = re.compile(rf"^(?:{any_of(words_of_all('credits', 'published'))})\s?[:：]?\s", re.IGNORECASE)


def published_at(
    tree: lxml.html.HtmlElement,
    *,
    meta: Mapping[str, str],
    article: Mapping[str, Any],
    url: str,
    language: str,
) -> Moment | None:
    """Return when the page was published, with its printed offset; None if it does not say so completely.

    A date later than the page's own last change is a mistake, and the next statement is used. ``language`` is a tag
    such as ``en-GB``: it tells how a date of numbers is read.
    """
    latest = _latest(meta, article, language=language)
    for text in _statements(tree, meta=meta, article=article):
        moment = (
            read_moment(_LABEL.sub("", text), language=language)
            if len(text) <= MAX_PRINTED_DATE_CHARS
            else None
        )
        if moment and moment[0] <= latest:
            return moment
    day = day_in_address(url)
    return (datetime.combine(day, time(), UTC), 0) if day else None


def last_dated(meta: Mapping[str, str], article: Mapping[str, Any]) -> date | None:
    """Return the newest day of publication or change in a page's metadata, None without a day of publication.

    A printed day, or one under a vague name, may be the day of something else.
    """
    stated = (article.get("datePublished"), *(meta.get(name) for name in _FOR_MACHINES))
    published = [moment for text in stated if isinstance(text, str) and (moment := read_moment(text))]
    if not published:
        return None
    all_of_them = (*published, *map(read_moment, _changed(meta, article)))
    return max(moment[0].date() for moment in all_of_them if moment)


def _changed(meta: Mapping[str, str], article: Mapping[str, Any]) -> Iterator[str]:
    """Yield when a page says that it was changed."""
    stated = (article.get("dateModified"), *(meta.get(name) for name in _MODIFIED))
    return (text for text in stated if isinstance(text, str))


def _latest(meta: Mapping[str, str], article: Mapping[str, Any], *, language: str) -> datetime:
    found = (read_moment(text, language=language) for text in _changed(meta, article))
    days = [moment[0] + timedelta(days=1) for moment in found if moment]
    return max(days, default=datetime.max.replace(tzinfo=UTC))


def _statements(
    tree: lxml.html.HtmlElement, *, meta: Mapping[str, str], article: Mapping[str, Any]
) -> Iterator[str]:
    """Yield what the page states as its date, the most explicit first."""
    for key in ("datePublished", "dateCreated"):
        if isinstance(article.get(key), str):
            yield " ".join(article[key].split())
    yield from (meta[name].strip() for name in _META if meta.get(name))
    marked = (e for e in _WITH_PROPERTY(tree) if _properties(e) & _PROPERTIES)
    yield from _stated_times(marked)
    times = list(tree.iter("time"))
    yield from _stated_times(e for e in times if e.get("pubdate") is not None)
    yield from _stated_times(e for e in times if not _names(e) & _CHANGED)
    yield from _stated_times(e for e in _NAMED_BLOCKS(tree) if _names(e) & _NAMED and len(e) <= 2)


def _stated_times(elements: Iterator[lxml.html.HtmlElement]) -> Iterator[str]:
    asked = 0
    for element in elements:
        if asked >= MAX_ELEMENTS:
            return
        if element.tag in {"meta", "link"} or not stands_in_furniture(element):
            asked += 1
            yield from (
                " ".join(text.split())
                for text in _texts(element)
                if text and len(text) <= 4 * MAX_PRINTED_DATE_CHARS
            )


def _texts(element: lxml.html.HtmlElement) -> tuple[str, ...]:
    return (element.get("content") or "", element.get("datetime") or "", str(element.text_content() or ""))


def _properties(element: lxml.html.HtmlElement) -> set[str]:
    return {
        *(element.get("itemprop") or "").lower().split(),
        *(element.get("property") or "").lower().split(),
    }


def _names(element: lxml.html.HtmlElement) -> set[str]:
    called = f"{element.get('class') or ''} {element.get('itemprop') or ''}"[:400].lower()
    return {
        *re.split(r"[\s_-]+", called),
        *(name.replace("-", "").replace("_", "") for name in called.split()),
    }

"""What a page says of itself: title, author, site, date with its offset, language, canonical address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import lxml.html

from bot.urls import join, split

_ARTICLE = re.compile(r"(?:article|posting|report|review)$", re.IGNORECASE)
_DATE_META = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "pubdate",
    "publishdate",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "published_at",
)
_BYLINE = re.compile(r"^(?:by|von|par|por|di|de)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """A page's own statements; ``free`` is its word on whether the article is open to all."""

    title: str = ""
    author: str = ""
    site: str = ""
    published: datetime | None = None  # aware UTC
    utc_offset: int = 0
    language: str = ""
    canonical_url: str = ""
    free: bool | None = None


def read_facts(tree: lxml.html.HtmlElement, *, url: str) -> PageFacts:
    """Return what the head of ``tree`` and its JSON-LD say; JSON-LD first, it is written for machines."""
    meta = _meta(tree)
    article = next(_articles(tree), {})
    published, offset = _date(tree, meta, article)
    return PageFacts(
        title=_title(tree, meta, article),
        author=_author(meta, article),
        site=_text(meta.get("og:site_name")) or _name(article.get("publisher")),
        published=published,
        utc_offset=offset,
        language=_language(tree, meta),
        canonical_url=_canonical(tree, meta, url=url),
        free=_free(article),
    )


def parse_moment(text: str) -> tuple[datetime, int] | None:
    """Return an ISO 8601 date and time as aware UTC with its offset in minutes; None for anything else."""
    text = text.strip()
    if len(text) > 40 or not re.match(r"\d{4}-?\d\d-?\d\d", text):
        return None
    text = re.sub(r"(\.\d{1,6})\d*", r"\1", text)
    text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    shift = moment.utcoffset()
    try:
        return moment.astimezone(UTC), int(shift.total_seconds() // 60) if shift else 0
    except OverflowError:
        return None


def _meta(tree: lxml.html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        if name and element.get("content"):
            found.setdefault(name, element.get("content", ""))
    return found


def _articles(tree: lxml.html.HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.xpath("//script[contains(@type, 'ld+json')]")[:20]:
        try:
            data = json.loads(script.text_content()[:500_000], strict=False)
        except (ValueError, RecursionError):
            continue
        yield from (node for node in _nodes(data) if _is_article(node))


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    for node in data if isinstance(data, list) else [data]:
        if isinstance(node, dict):
            yield node
            graph = node.get("@graph")
            if isinstance(graph, list):
                yield from (inner for inner in graph if isinstance(inner, dict))


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(k, str) and _ARTICLE.search(k) for k in (kinds if isinstance(kinds, list) else [kinds])
    )


def _title(tree: lxml.html.HtmlElement, meta: dict[str, str], article: dict[str, Any]) -> str:
    headings = [_text(h.text_content()) for h in tree.xpath("//h1")[:3]]
    stated = _text(article.get("headline")) or _text(meta.get("og:title")) or _text(meta.get("twitter:title"))
    if stated:
        # The heading readers see is preferred when the machine's title is that heading with decoration.
        return next((h for h in headings if len(h) > 15 and h in stated), stated)
    return next((h for h in headings if h), "") or _text(tree.findtext(".//title"))


def _author(meta: dict[str, str], article: dict[str, Any]) -> str:
    author = article.get("author")
    names = [_name(a) for a in (author if isinstance(author, list) else [author])]
    stated = ", ".join(dict.fromkeys(n for n in names if n)) or _text(meta.get("author"))
    stated = _BYLINE.sub("", stated)
    return "" if stated.startswith(("http:", "https:")) or len(stated) > 120 else stated


def _date(
    tree: lxml.html.HtmlElement, meta: dict[str, str], article: dict[str, Any]
) -> tuple[datetime | None, int]:
    stated = [_text(article.get("datePublished")), *(meta.get(name, "") for name in _DATE_META)]
    stated += [
        t.get("datetime", "") for t in tree.xpath("//article//time[@datetime] | //time[@datetime]")[:3]
    ]
    for text in stated:
        moment = parse_moment(text)
        if moment:
            return moment
    return None, 0


def _language(tree: lxml.html.HtmlElement, meta: dict[str, str]) -> str:
    stated = (
        tree.get("lang")
        or tree.get("xml:lang")
        or meta.get("og:locale")
        or meta.get("content-language")
        or ""
    )
    code = re.split(r"[-_]", stated.strip())[0].lower()
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


def _canonical(tree: lxml.html.HtmlElement, meta: dict[str, str], *, url: str) -> str:
    links = tree.xpath("//link[translate(@rel, 'CANONIL', 'canonil')='canonical']/@href")
    for stated in (*links[:1], meta.get("og:url", "")):
        address = join(url, str(stated).strip())
        parts = split(address)
        # A page whose canonical address is the front page names its site, not its article.
        if parts and parts.scheme in {"http", "https"} and parts.netloc and parts.path.strip("/"):
            return address
    return ""


def _free(article: dict[str, Any]) -> bool | None:
    stated = article.get("isAccessibleForFree")
    if isinstance(stated, bool):
        return stated
    return {"true": True, "false": False}.get(str(stated).strip().lower())


def _name(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        value = value[0] if value else ""
        return _name(value)
    return _text(value)


def _text(value: Any) -> str:
    return " ".join(value.split())[:300] if isinstance(value, str) else ""

"""The metadata of a page: title, author, site, date with its offset, language, canonical address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import lxml.etree
import lxml.html

from bot.feeds.page.dates import last_dated, published_at
from bot.feeds.page.json_ld import article_of
from bot.feeds.page.title import Titles, page_title, plain_heading
from bot.language.rules import words_of_all
from bot.language.speech import any_of
from bot.urls import join, split

MAX_AUTHOR_CHARS = 120
MAX_PREVIEW_CHARS = 240
MIN_PREVIEW_CHARS = 25  # of a title alone

_AUTHOR_META = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator",
    "dc.contributor", "byl", "citation_author",
)  # fmt: skip
# Made once: making one takes as long as asking it of a small page.
_HEADINGS: Any = lxml.etree.XPath("//h1")
_AUTHORS: Any = lxml.etree.XPath("//*[@itemprop='author']")
_AUTHOR_LINKS: Any = lxml.etree.XPath("//a[contains(concat(' ', @rel, ' '), ' author ')]")
_CANONICAL: Any = lxml.etree.XPath("//link[translate(@rel, 'CANONIL', 'canonil')='canonical']/@href")
_BYLINE = re.compile(rf"^(?:{any_of(words_of_all('site', 'author'))})\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """A page's own statements; ``free`` is its word on whether the article is open to all.

    ``preview`` is what it wants shown where it is shared, at most ``MAX_PREVIEW_CHARS`` characters.
    """

    title: str = ""
    titles: tuple[str, ...] = ()  # as printed, with any words next to them
    author: str = ""
    site: str = ""
    published: datetime | None = None  # aware UTC
    utc_offset: int = 0
    last_dated: date | None = None
    language: str = ""
    canonical_url: str = ""
    free: bool | None = None
    preview: str = ""


def read_facts(tree: lxml.html.HtmlElement, *, url: str) -> PageFacts:
    """Return what the head of ``tree`` and its JSON-LD say; JSON-LD first, it is written for machines."""
    meta = _meta(tree)
    canonical = _canonical(tree, meta, url=url)
    article = article_of(tree, url=canonical or url)
    tag = (
        tree.get("lang")
        or tree.get("xml:lang")
        or meta.get("og:locale")
        or meta.get("content-language")
        or ""
    )
    moment = published_at(tree, meta=meta, article=article, url=url, language=tag.strip().replace("_", "-"))
    site = _site(meta, article)
    stated = _titles(tree, meta, article, url=url)
    title = page_title(stated)
    return PageFacts(
        title=title,
        titles=tuple(dict.fromkeys((title, *_plain(stated)))),
        author=_author(tree, meta, article),
        site=site,
        published=moment[0] if moment else None,
        utc_offset=moment[1] if moment else 0,
        last_dated=last_dated(meta, article),
        language=_language(tag),
        canonical_url=canonical,
        free=_free(article),
        preview=_preview(meta),
    )


def _meta(tree: lxml.html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        if name and element.get("content"):
            found.setdefault(name, element.get("content", ""))
    return found


def _preview(meta: Mapping[str, str]) -> str:
    title, about = (
        plain_heading(meta.get(f"og:{name}", "")[:2000]).rstrip(" .:") for name in ("title", "description")
    )
    if not about and len(title) < MIN_PREVIEW_CHARS:
        return ""  # "Log in" says nothing that is not said
    preview = ": ".join(dict.fromkeys(one for one in (title, about) if one))
    return preview if len(preview) <= MAX_PREVIEW_CHARS else f"{preview[: MAX_PREVIEW_CHARS - 1].rstrip()}…"


def _plain(titles: Titles) -> Iterator[str]:
    return (plain_heading(one) for one in (*titles.stated, *titles.headings, titles.window) if one)


def _titles(
    tree: lxml.html.HtmlElement, meta: Mapping[str, str], article: Mapping[str, Any], *, url: str
) -> Titles:
    publisher = _name(article.get("publisher"))
    names = (
        meta.get("og:site_name", ""),
        publisher,
        meta.get("application-name", ""),
        meta.get("al:ios:app_name", ""),
    )
    return Titles(
        stated=(_text(article.get("headline")), meta.get("og:title", ""), meta.get("twitter:title", "")),
        headings=[str(h.text_content()) for h in _HEADINGS(tree)[:3]],
        window=tree.findtext(".//title") or "",
        sites=[name for name in names if name],
        url=url,
    )


def _site(meta: Mapping[str, str], article: Mapping[str, Any]) -> str:
    stated = plain_heading(meta.get("og:site_name", "")).lstrip("@")
    return (
        plain_heading(_name(article.get("publisher"))) if stated.startswith("http") or not stated else stated
    )


def _author(tree: lxml.html.HtmlElement, meta: Mapping[str, str], article: Mapping[str, Any]) -> str:
    for stated in (
        _names(article.get("author")),
        *([meta.get(name, "")] for name in _AUTHOR_META),
        [str(e.get("content") or e.text_content()) for e in _AUTHORS(tree)[:5]],
        [str(e.text_content()) for e in _AUTHOR_LINKS(tree)[:5]],
    ):
        names = [_BYLINE.sub("", plain_heading(name).partition(" | ")[0]) for name in stated]
        names = [name for name in names if name and not name.startswith(("http:", "https:", "@"))]
        author = ", ".join(dict.fromkeys(names))
        if author and len(author) <= MAX_AUTHOR_CHARS:
            return author
    return ""


def _language(tag: str) -> str:
    code = re.split(r"[-_]", tag.strip())[0].lower()
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


def _canonical(tree: lxml.html.HtmlElement, meta: dict[str, str], *, url: str) -> str:
    links = _CANONICAL(tree)
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
    return next(iter(_names(value)), "")


def _names(value: Any) -> list[str]:
    """Return the names in ``value``: a text, something with a name, or several of them."""
    found = []
    for one in (value if isinstance(value, list) else [value])[:20]:
        name = one.get("name") if isinstance(one, dict) else one
        found += [_text(n) for n in (name if isinstance(name, list) else [name])[:20] if _text(n)]
    return found


def _text(value: Any) -> str:
    return " ".join(value.split())[:300] if isinstance(value, str) else ""

"""Read and write feed lists as OPML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import lxml.etree

from bot.errors import ParseError
from bot.feeds.address import MAX_URL_CHARS
from bot.feeds.encodings import declares_entities, xml_in_utf8
from bot.language.cleaning.clean import clean_text, cleaned
from bot.language.cleaning.links import scheme_guessed, typed_address
from bot.language.cleaning.public import public_address
from bot.urls import host_of, web_host

MAX_OPML_BYTES = 4 * 1024 * 1024
MAX_OPML_FEEDS = 10_000
MAX_OUTLINE_DEPTH = 20
MAX_CATEGORY_CHARS = 300


_SLASH = "\u2215"  # stands for a slash within a title


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlFeed:
    """One feed of a list; ``category`` are the titles of the folders around it, outermost first: "News/Europe".

    A slash within a title is replaced by the division slash, a character that titles do not contain.
    """

    url: str
    title: str = ""
    site: str = ""
    language: str = ""
    category: str = ""
    guessed: bool = False  # its https is ours: the list wrote none


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedList:
    """The content of an OPML document: feeds, each address once, and entries without a web address."""

    feeds: tuple[OpmlFeed, ...] = ()
    left_out: tuple[OpmlFeed, ...] = ()


def read_opml(body: bytes) -> FeedList:
    """Return what an OPML document lists, texts cleaned; raises ``ParseError`` with one sentence."""
    if len(body) > MAX_OPML_BYTES:
        raise ParseError("The feed list is larger than 4 MiB")
    body = xml_in_utf8(body)
    if declares_entities(body):
        raise ParseError("The feed list declares entities of its own, which is refused as unsafe")
    parser = lxml.etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = lxml.etree.fromstring(body, parser)
    except (lxml.etree.XMLSyntaxError, ValueError) as error:
        raise ParseError("The feed list is not OPML", hint="Export it again from your reader") from error
    if root is None or str(root.tag).rpartition("}")[2].lower() != "opml":
        raise ParseError("The feed list is not OPML", hint="Export it again from your reader")
    listed = cleaned(list(_outlines(root, "", 0)))
    feeds = {feed.url: feed for feed in reversed(listed) if _is_web(feed.url)}
    left_out = {(feed.url, feed.title): feed for feed in listed if not _is_web(feed.url)}
    if not feeds and not left_out:
        raise ParseError("The feed list names no feed", hint="Export it again from your reader")
    return FeedList(
        feeds=tuple(reversed(feeds.values()))[:MAX_OPML_FEEDS],
        left_out=tuple(left_out.values())[:MAX_OPML_FEEDS],
    )


def write_opml(feeds: Iterable[OpmlFeed], *, title: str) -> bytes:
    """Return ``feeds`` as OPML 2.0, grouped by category; texts are cleaned, as XML forbids control characters."""
    root = lxml.etree.Element("opml", version="2.0")
    lxml.etree.SubElement(lxml.etree.SubElement(root, "head"), "title").text = clean_text(title)
    body = lxml.etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], lxml.etree._Element] = {(): body}
    for feed in feeds:
        outline = lxml.etree.SubElement(_folder(feed.category, folders), "outline", type="rss")
        # What is shown of a feed never holds its key; its address does, as it is what the list is for.
        shown = {
            "text": feed.title or host_of(public_address(feed.url)),
            "title": feed.title,
            "xmlUrl": feed.url,
        }
        shown |= {"htmlUrl": feed.site, "language": feed.language}
        for name, value in shown.items():
            if value:
                outline.set(name, clean_text(value))
    return lxml.etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _folder(category: str, folders: dict[tuple[str, ...], lxml.etree._Element]) -> lxml.etree._Element:
    """Return the outline of the folder ``category``, made with those around it where there is none yet."""
    path: tuple[str, ...] = ()
    for part in category.split("/")[:MAX_OUTLINE_DEPTH]:
        title = clean_text(part.replace(_SLASH, "/")).strip()
        if not title:
            continue
        around = folders[path]
        path = (*path, title)
        if path not in folders:
            folders[path] = lxml.etree.SubElement(around, "outline", text=title, title=title)
    return folders[path]


def _outlines(element: lxml.etree._Element, category: str, depth: int) -> Iterator[OpmlFeed]:
    if depth > MAX_OUTLINE_DEPTH:
        return
    for child in element:
        tag: object = child.tag
        if not isinstance(tag, str):
            continue  # a comment or an instruction
        attributes = {str(k).lower(): str(v).strip() for k, v in child.attrib.items()}
        stated = attributes.get("xmlurl", "")
        url = typed_address(stated) if len(stated) <= MAX_URL_CHARS else stated
        name = attributes.get("title") or attributes.get("text", "")
        if url or _says_feed(attributes, bare=not len(child)):
            yield OpmlFeed(
                # A longer text is not an address; its beginning is shown, so that the entry can be recognised.
                url=url if len(url) <= MAX_URL_CHARS else url[: MAX_URL_CHARS + 1],
                # Some programs write an address where they know no title.
                title="" if "://" in name else name[:200],
                site=attributes.get("htmlurl", "") if _is_web(attributes.get("htmlurl", "")) else "",
                language=attributes.get("language", "")[:12],
                guessed=_is_web(url) and scheme_guessed(stated),
                category=(category or _stated(attributes.get("category", "")))[:MAX_CATEGORY_CHARS],
            )
        inner = category if url or not name else "/".join(filter(None, (category, name.replace("/", _SLASH))))
        yield from _outlines(child, inner, depth + 1)


def _says_feed(attributes: Mapping[str, str], *, bare: bool) -> bool:
    """Return whether an outline is a feed, with or without an address; ``bare`` is one without children."""
    return "xmlurl" in attributes or (bare and attributes.get("type", "").lower() in {"rss", "atom"})


def _stated(categories: str) -> str:
    """Return the first of the categories that OPML 2.0 lists with commas, as a folder: "/News/Europe,/Daily"."""
    return "/".join(filter(None, categories.partition(",")[0].split("/")))


def _is_web(url: str) -> bool:
    return bool(web_host(url)) and len(url) <= MAX_URL_CHARS

"""Feed lists as OPML, in and out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import lxml.etree

from bot.errors import ParseError
from bot.feeds.encodings import declares_entities, xml_in_utf8
from bot.language.cleaning.clean import clean_text, cleaned
from bot.language.cleaning.public import public_address
from bot.urls import host_of, web_host, with_scheme

MAX_OPML = 4 * 1024 * 1024  # bytes
MAX_FEEDS = 10_000
MAX_DEPTH = 20
MAX_CATEGORY = 300  # characters

MAX_URL = 4096  # characters

_SLASH = "\u2215"  # stands for a slash within a title


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlFeed:
    """One feed of a list; ``category`` are the titles of the folders around it, outermost first: "News/Europe".

    A slash within a title is the sign of division there, which nobody writes in titles.
    """

    url: str
    title: str = ""
    site: str = ""
    language: str = ""
    category: str = ""


def read_opml(body: bytes) -> tuple[OpmlFeed, ...]:
    """Return the feeds of an OPML document, each address once, texts cleaned; raises ``ParseError`` with one sentence."""
    if len(body) > MAX_OPML:
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
        raise ParseError("The feed list is no OPML", hint="Export it again from your reader") from error
    if root is None or str(root.tag).rpartition("}")[2].lower() != "opml":
        raise ParseError("The feed list is no OPML", hint="Export it again from your reader")
    feeds = {feed.url: feed for feed in reversed(cleaned(list(_outlines(root, "", 0))))}
    if not feeds:
        raise ParseError("The feed list names no feed", hint="Export it again from your reader")
    return tuple(reversed(feeds.values()))[:MAX_FEEDS]


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
    for part in category.split("/")[:MAX_DEPTH]:
        title = clean_text(part.replace(_SLASH, "/")).strip()
        if not title:
            continue
        around = folders[path]
        path = (*path, title)
        if path not in folders:
            folders[path] = lxml.etree.SubElement(around, "outline", text=title, title=title)
    return folders[path]


def _outlines(element: lxml.etree._Element, category: str, depth: int) -> Iterator[OpmlFeed]:
    if depth > MAX_DEPTH:
        return
    for child in element:
        tag: object = child.tag
        if not isinstance(tag, str):
            continue  # a comment or an instruction
        attributes = {str(k).lower(): str(v).strip() for k, v in child.attrib.items()}
        url = attributes.get("xmlurl", "")
        name = attributes.get("title") or attributes.get("text", "")
        url = with_scheme(url)
        if url and _is_web(url):
            yield OpmlFeed(
                url=url,
                # Some programs write an address where they know no title.
                title="" if "://" in name else name[:200],
                site=attributes.get("htmlurl", "") if _is_web(attributes.get("htmlurl", "")) else "",
                language=attributes.get("language", "")[:12],
                category=(category or _stated(attributes.get("category", "")))[:MAX_CATEGORY],
            )
        inner = category if url or not name else "/".join(filter(None, (category, name.replace("/", _SLASH))))
        yield from _outlines(child, inner, depth + 1)


def _stated(categories: str) -> str:
    """Return the first of the categories that OPML 2.0 lists with commas, as a folder: "/News/Europe,/Daily"."""
    return "/".join(filter(None, categories.partition(",")[0].split("/")))


def _is_web(url: str) -> bool:
    return bool(web_host(url)) and len(url) <= MAX_URL

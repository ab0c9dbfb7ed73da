"""The elements of a feed document by name, whatever the prefix of their namespace, and the form of their text."""

from __future__ import annotations

import base64
import binascii
import html
from collections.abc import Mapping, Sequence

from lxml import etree

from bot.feeds.document.markup import MarkupKind, as_markup, plain_text
from bot.language.text_cache import text_cached
from bot.urls import join

MAX_PARENTS = 8  # elements above one that are asked for its base

Element = etree._Element  # noqa: SLF001 - the library's name for the type of every element
Fields = Mapping[str, Sequence[Element]]

# Name spaces without scheme and final slash. Elements of the first are the format's own and get no prefix.
_SPACES = {
    "purl.org/rss/1.0": "", "my.netscape.com/rdf/simple/0.9": "", "channel.netscape.com/rdf/simple/0.9": "",
    "backend.userland.com/rss": "", "backend.userland.com/rss2": "", "backend.userland.com/rss091": "",
    "backend.userland.com/rss092": "", "blogs.law.harvard.edu/tech/rss": "", "purl.org/net/rss1.1#": "",
    "my.netscape.com/publish/formats/rss-0.91.dtd": "", "purl.org/rss/2.0": "", "www.rssboard.org/rss-specification": "",
    "www.w3.org/2005/atom": "atom", "purl.org/atom/ns#": "atom", "purl.org/atom/ns": "atom", "purl.org/atom/app#": "app",
    "purl.org/dc/elements/1.1": "dc", "purl.org/dc/elements/1.0": "dc", "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content", "purl.org/rss/1.0/modules/syndication": "sy",
    "www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf", "www.w3.org/1999/xhtml": "xhtml",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes", "example.com/dtds/podcast-1.0.dtd": "itunes",
    "www.google.com/schemas/play-podcasts/1.0": "googleplay", "search.yahoo.com/mrss": "media",
    "tools.search.yahoo.com/mrss": "media", "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "news.yandex.ru": "yandex", "www.pheedo.com/namespace/pheedo": "pheedo",
}  # fmt: skip
PREFIXES = {prefix: f"http://{space}/" for space, prefix in _SPACES.items() if prefix} | {
    "rss": "http://purl.org/rss/1.0/", "atom": "http://www.w3.org/2005/Atom", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xhtml": "http://www.w3.org/1999/xhtml", "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd", "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}  # fmt: skip
"""The name spaces of the customary prefixes, for documents that do not declare them."""

_GROUPS = frozenset({"media:group", "media:content", "media:player"})
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def fields_of(element: Element, home: str) -> dict[str, list[Element]]:
    """Return the children of ``element`` by name; elements inside a Media RSS group come after the others.

    Elements inside a picture describe the picture, not the entry.
    """
    found: dict[str, list[Element]] = {}
    later: list[Element] = []
    for child in element:
        key = key_of(child.tag, home)
        found.setdefault(key, []).append(child)
        if key in _GROUPS:
            later.extend(c for c in child.iter() if c is not child and not _is_of_picture(c))
    for child in later:
        key = key_of(child.tag, home)
        if key.startswith("media:"):
            found.setdefault(key, []).append(child)
    return found


def _is_of_picture(element: Element) -> bool:
    parent = element.getparent()
    if parent is None:
        return False
    kind = parent.get("medium", "") or parent.get("type", "")
    return kind.strip().lower().startswith("image")


@text_cached(maxsize=4096)
def key_of(tag: str, home: str) -> str:
    """Return a tag as ``prefix:name`` in lower case; elements of the format itself have no prefix.

    An undeclared prefix is taken for the customary one.
    """
    space, closed, name = tag.rpartition("}")
    if not closed:
        prefix, _, name = tag.rpartition(":")
        prefix = prefix.lower()
        return f"{prefix}:{name.lower()}" if prefix else name.lower()
    space = space[1:].lower().strip()
    bare = space.partition("://")[2].rstrip("/") or space
    prefix = _SPACES.get(bare, "" if space == home else "?")
    return f"{prefix}:{name.lower()}" if prefix else name.lower()


def space_of(root: Element) -> str:
    """Return the name space of ``root``, in lower case."""
    return str(root.tag).rpartition("}")[0][1:].lower().strip()


def _kind(element: Element) -> MarkupKind:
    stated = element.get("type", "").strip().lower().partition(";")[0]
    if stated in {"html", "text/html", "xhtml", "application/xhtml+xml"}:
        return MarkupKind.HTML
    # A type of Atom 0.3 says what a mode of "escaped" contains; without a type, plain text is only the default.
    return MarkupKind.TEXT if stated in {"text", "text/plain"} else MarkupKind.GUESS


def _own(element: Element) -> str:
    """Return the text of ``element``, decoded if it is encoded as a file."""
    text = element.text or ""
    stated = element.get("type", "").strip().lower()
    file = "/" in stated and not stated.startswith("text/") and "xml" not in stated
    if not file and "base64" not in (element.get("mode", ""), element.get("encoding", "")):
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""  # a picture, or another file


def line_of(element: Element) -> str:
    """Return the text of ``element`` as one line of plain text."""
    if len(element):
        return plain_text(markup_of(element), kind=MarkupKind.HTML)
    return plain_text(_own(element), kind=_kind(element))


def markup_of(element: Element) -> str:
    """Return the content of ``element`` as HTML; empty for pictures and other files."""
    if not len(element):
        return as_markup(_own(element).strip(), kind=_kind(element))
    inner = [_escaped(element.text)]
    for child in element:
        for one in child.iter("{*}*"):
            one.tag = str(one.tag).rpartition("}")[2]
        etree.cleanup_namespaces(child)
        inner.append(etree.tostring(child, encoding="unicode", method="html", with_tail=True))
    markup = "".join(inner).strip()
    # Text declared as HTML that has child elements has its tags escaped inside them.
    return (
        html.unescape(markup) if element.get("type", "").strip().lower() in {"html", "text/html"} else markup
    )


def _escaped(text: str | None) -> str:
    return as_markup(text or "", kind=MarkupKind.TEXT)


def value_of(fields: Fields, name: str) -> str:
    """Return the first non-empty text of the elements ``name``."""
    return next((text for e in fields.get(name, ()) if (text := (e.text or "").strip())), "")


def first_child(root: Element, name: str, home: str) -> Element | None:
    """Return the first child of ``root`` that is called ``name``."""
    return next((c for c in root if key_of(c.tag, home) == name), None)


def rel_of(link: Element) -> str:
    """Return the relation of ``link``; some feeds write the address of the registry before it."""
    return link.get("rel", "").lower().rpartition("/")[2] or "alternate"


def with_base(element: Element, link: str) -> str:
    """Return ``link`` of ``element``, resolved against the element's own base."""
    own = element.get(_BASE, "")
    return joined(own, link) if own else link


def joined(base: str, link: str) -> str:
    """Return ``link`` resolved against ``base``; unchanged if one of them is no address."""
    return join(base, link) or link


def base_of(element: Element) -> str:
    """Return the ``xml:base`` that holds for ``element``; relative to the document's address."""
    stated: list[str] = []
    above: Element | None = element
    for _ in range(MAX_PARENTS):
        if above is None:
            break
        stated.append(above.get(_BASE, ""))
        above = above.getparent()
    base = ""
    for one in reversed([s for s in stated if s]):
        base = joined(base, one)
    return base

"""Make an XML document well-formed without losing its content.

Repaired are the faults that programs make which write feeds as text: bare ampersands, entities of HTML, tags of HTML
among the text of an element, attributes without quotes, name spaces nobody declared, sections and elements that
are not ended, and junk behind the end. Everything else is left for parsers that guess.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from bot.feeds.document.elements import PREFIXES
from bot.language.text_cache import text_cached

_NAME = r"[A-Za-z_][\w.:-]{0,60}"
_TAG = re.compile(rf"<(/?)({_NAME})((?:\s[^<>]*)?)>")
_WELL_FORMED = re.compile(r"(?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*\s*/?")
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w.:-]{0,60})\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)'|([^\s\"'<>]+))")
_AMPERSAND = re.compile(
    r"&(?:(amp|lt|gt|quot|apos);|#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});|([a-zA-Z][a-zA-Z0-9]{1,30});)?"
)
_NO_CHARACTERS = dict.fromkeys((0xFFFE, 0xFFFF))
_TEXTS = frozenset(
    """title link description guid pubdate summary content content:encoded dc:title dc:creator dc:date dc:subject
    dc:description itunes:title itunes:summary itunes:subtitle itunes:author media:title media:description category
    comments id updated published issued modified tagline""".split()
)
# What begins or ends around the text of an element: it ends there at the latest.
_BOUNDARY = re.compile(r"</?(?:item|entry|channel|feed|rss|rdf:RDF|atom:entry|image)\b", re.IGNORECASE)
_SIBLING = re.compile(
    r"<(?:title|link|description|guid|pubDate|category|comments|enclosure|author|dc:\w{1,20}|content:encoded|"
    r"media:\w{1,20}|itunes:\w{1,20}|summary|updated|published|id|source|/item|/entry)[\s>/]",
    re.IGNORECASE,
)
_IGNORED = re.compile(
    r"<\?[^<>]{0,2000}>|<!DOCTYPE[^<>\[]{0,500}(?:\[[^\]]{0,5000}\]\s{0,20})?>", re.IGNORECASE
)
_END = re.compile(r"</(?:rss|feed|rdf:RDF)\s*>", re.IGNORECASE)
_PREFIX = re.compile(r"<([A-Za-z][\w-]{0,20}):[A-Za-z]|\s([A-Za-z][\w-]{0,20}):[A-Za-z][\w-]{0,40}\s?=")
_DECLARED = re.compile(r"xmlns:([A-Za-z][\w-]{0,20})\s?=")
_ROOT = re.compile(r"<(?:[\w-]{1,20}:)?(?:rss|rdf|feed|channel)\b", re.IGNORECASE)


def repaired(text: str) -> str:
    """Return ``text`` repaired; linear in its length."""
    return _with_spaces("".join(_pieces(_without_end(text.translate(_NO_CHARACTERS)))))


def repaired_references(text: str) -> str:
    """Return ``text`` with every ampersand part of a reference that XML knows."""
    return _AMPERSAND.sub(_reference, text) if "&" in text else text


def _reference(match: re.Match[str]) -> str:
    known, decimal, hexadecimal, entity = match.groups()
    if known:
        return match[0]
    if decimal or hexadecimal:
        number = int(decimal) if decimal else int(hexadecimal, 16)
        return match[0] if _is_character(number) else " "
    if entity:
        character = html.unescape(match[0])
        return character if character != match[0] else "&amp;" + match[0][1:]
    return "&amp;"


def _is_character(number: int) -> bool:
    """Tell whether XML 1.0 allows the character ``number``."""
    if number < 0x20:
        return number in {9, 10, 13}
    return number <= 0xD7FF or 0xE000 <= number <= 0xFFFD or 0x10000 <= number <= 0x10FFFF


def _without_end(text: str) -> str:
    ends = list(_END.finditer(text, max(0, len(text) - 20_000)))
    return text[: ends[-1].end()] if ends and not _BOUNDARY.search(text, ends[-1].end()) else text


def _pieces(text: str) -> Iterator[str]:
    """Yield ``text`` repaired, piece by piece."""
    position, last_remark, last_section = 0, text.rfind("-->"), text.rfind("]]>")
    while position < len(text):
        start = text.find("<", position)
        if start < 0:
            start = len(text)
        yield repaired_references(text[position:start])
        position = start
        if text.startswith("<!--", start) and start < last_remark:
            position = text.index("-->", start) + 3
        elif text.startswith("<![CDATA[", start):
            piece, position = _section(text, start, last=last_section)
            yield piece
        elif ignored := _IGNORED.match(text, start):
            position = ignored.end()
        elif tag := _TAG.match(text, start):
            yield _tag(tag)
            position = tag.end()
            if not tag[1] and not tag[3].endswith("/") and tag[2].lower() in _TEXTS:
                piece, position = _content(text, position, tag[2], last=last_section)
                yield piece
        elif start < len(text):
            yield "&lt;"
            position = start + 1


def _section(text: str, start: int, *, last: int) -> tuple[str, int]:
    """Return the CDATA section at ``start`` and where it ends; one without an end ends where its entry does."""
    if start < last:
        end = text.index("]]>", start) + 3
        return text[start:end], end
    limit = _BOUNDARY.search(text, start)
    stop = limit.start() if limit else len(text)
    return _escaped(text[start + 9 : stop]), stop


def _tag(match: re.Match[str]) -> str:
    closing, name, inside = match.groups()
    if closing:
        return f"</{name}>"
    if _WELL_FORMED.fullmatch(inside):
        return f"<{name}{repaired_references(inside)}>"
    pairs: dict[str, str] = {}
    for attribute, double, single, bare in _ATTRIBUTE.findall(inside):
        pairs.setdefault(attribute, repaired_references(double or single or bare).replace('"', "&quot;"))
    given = "".join(f' {attribute}="{value}"' for attribute, value in pairs.items())
    return f"<{name}{given}{'/' if inside.endswith('/') else ''}>"


def _content(text: str, position: int, name: str, *, last: int) -> tuple[str, int]:
    """Return the text of the element ``name`` that begins at ``position``, with its end tag, and where it is over."""
    end = _end_of(name.lower())
    start = _past_space(text, position)
    if text.startswith("<![CDATA[", start) and start < last:
        close = text.index("]]>", start) + 3
        found = end.match(text, _past_space(text, close))
        if found and found[1]:
            return f"{text[start:close]}</{name}>", found.end()
    # Its end, or what shows that it has none: the element again, or the end of what it is in.
    found = end.search(text, position)
    if found and found[1]:
        return f"{_escaped(text[position : found.start()])}</{name}>", found.end()
    stop = found.start() if found else len(text)
    sibling = _SIBLING.search(text, position, stop)
    stop = sibling.start() if sibling else stop
    return f"{_escaped(text[position:stop])}</{name}>", stop


@text_cached(maxsize=512)
def _end_of(name: str) -> re.Pattern[str]:
    name = re.escape(name)
    return re.compile(rf"(</{name}\s*>)|<{name}[\s>/]|{_BOUNDARY.pattern}", re.IGNORECASE)


def _escaped(inner: str) -> str:
    """Return ``inner`` so that an XML parser reads its tags as text; CDATA sections in it are text already."""
    outside, *sections = inner.split("<![CDATA[")
    pieces = [repaired_references(outside)]
    for section in sections:
        characters, _, outside = section.partition("]]>")
        pieces += [html.escape(characters, quote=False), repaired_references(outside)]
    return "".join(pieces).replace("<", "&lt;").replace("]]>", "]]&gt;")


def _past_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _with_spaces(text: str) -> str:
    """Return ``text`` with a name space for each prefix that it uses and does not declare."""
    root = _ROOT.search(text)
    if root is None:
        return text
    declared = set(_DECLARED.findall(text)) | {"xml", "xmlns"}
    used = {prefix for pair in _PREFIX.findall(text) for prefix in pair if prefix}
    missing = sorted(used - declared)[:50]
    given = "".join(f' xmlns:{p}="{PREFIXES.get(p.lower(), f"urn:undeclared:{p}")}"' for p in missing)
    return text[: root.end()] + given + text[root.end() :]

"""Interpret a text of a feed by its declared type: plain text, markup, or undeclared.

RSS never says whether a title is markup, and many feeds escape twice. So a text of no declared type is read as a
person would: tags of HTML and references are markup, everything else is what it looks like.
"""

from __future__ import annotations

import html
import re
from enum import StrEnum

import lxml.etree
import lxml.html

MAX_MARKUP_CHARS = 200_000  # characters of one text; what is behind is not looked at
MAX_MARKUP_LINE_CHARS = 4000  # characters of a title or name
MAX_ESCAPES = 3  # how often a text may be escaped once too many


class MarkupKind(StrEnum):
    """The form of a text."""

    TEXT = "text"  # characters that mean themselves
    HTML = "html"
    GUESS = "guess"  # nobody said


_INLINE = (
    "a abbr acronym b bdi bdo big br cite code del dfn em font i img ins kbd mark q s samp small span strike strong "
    "sub sup tt u var wbr nobr"
)
_BLOCK = "p div h1 h2 h3 h4 h5 h6 ul ol li blockquote pre hr table tr td th tbody figure figcaption section article"
_KNOWN = frozenset((_INLINE + " " + _BLOCK + " script style").split())
_VOID = frozenset({"br", "img", "hr", "wbr"})
_SPACED = frozenset((_BLOCK + " br").split())
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,12})(\s[^<>]{0,2000})?/?>")
_HIDDEN = re.compile(r"<(script|style)\b[^<>]{0,500}>.{0,1000}?</\1\s{0,5}>", re.IGNORECASE | re.DOTALL)
_REMARK = re.compile(r"<!--.{0,1000}?-->|<![a-zA-Z\[][^<>]{0,200}>", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_HARMLESS = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip);")
_ESCAPED_TAGS = re.compile(r"&lt;/(?:p|div|a|b|i|em|strong|ul|ol|li|span|h\d|blockquote)&gt;|&lt;br ?/?&gt;")

# The characters that Windows has where Unicode has controls, and the references that mean them.
_WINDOWS = {c: bytes([c]).decode("cp1252", "replace") for c in range(0x80, 0xA0)}
_CONTROL = re.compile("[\x80-\x9f]")
_WINDOWS_REFERENCE = re.compile(r"(&(?:amp;)?#)(1[2-5]\d|[xX][89][0-9a-fA-F]);")


def modern(text: str) -> str:
    """Return ``text`` with misread control characters replaced by their Windows-1252 characters, also in references."""
    if not text.isascii() and _CONTROL.search(text):
        text = text.translate(_WINDOWS)
    return _WINDOWS_REFERENCE.sub(_modern_reference, text) if "#" in text else text


def _modern_reference(match: re.Match[str]) -> str:
    digits = match[2]
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return f"{match[1]}{ord(_WINDOWS[number])};" if number in _WINDOWS else match[0]


def plain_text(text: str, *, kind: MarkupKind = MarkupKind.GUESS) -> str:
    """Return ``text`` as the characters a reader should see, in one line.

    From HTML every tag is removed; from an undeclared text only certain HTML tags (closed ones, ones with attributes,
    and empty ones), so that "List<String>" and "5 < 6" stay. References are resolved until none is left.
    """
    text = _unwrapped(text[:MAX_MARKUP_LINE_CHARS])
    if kind is MarkupKind.HTML:
        text = _as_html(text)
    elif kind is MarkupKind.GUESS:
        for _ in range(MAX_ESCAPES):
            before = text
            text = _REFERENCE.sub(_resolved, _without_tags(text))
            if text == before:
                break
    return " ".join(text.split())


def as_markup(text: str, *, kind: MarkupKind) -> str:
    """Return ``text`` as HTML; if it was escaped once too often, it is unescaped."""
    text = _unwrapped(text[:MAX_MARKUP_CHARS]) if kind is not MarkupKind.TEXT else text[:MAX_MARKUP_CHARS]
    if kind is MarkupKind.TEXT:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if "&lt;" in text and not _TAG.search(text) and _ESCAPED_TAGS.search(text):
        text = html.unescape(text)
    return text


def _unwrapped(text: str) -> str:
    """Return ``text`` without the marks of a CDATA section: it was one, and was escaped as a text."""
    return text.replace("<![CDATA[", "").replace("]]>", "") if "<![CDATA[" in text else text


def _as_html(text: str) -> str:
    if "<" in text:
        text = _REMARK.sub("", text).partition("<!--")[0]
    if _TAG.search(text):
        try:
            tree = lxml.html.fragment_fromstring(text, create_parent="div")
        except (lxml.etree.LxmlError, ValueError):
            return plain_text(text)
        lxml.etree.strip_elements(tree, "script", "style", with_tail=False)
        for element in tree.iter(*_SPACED):
            element.tail = " " + (element.tail or "")
        text = str(tree.text_content())
    else:
        text = _REFERENCE.sub(_resolved, text)
    # Escaped once more than its type says: references of these characters are never meant as visible text.
    return _HARMLESS.sub(_resolved, text)


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    text = _REMARK.sub("", _HIDDEN.sub("", text))
    closed = {m[2].lower() for m in _TAG.finditer(text) if m[1]}
    opened = {m[2].lower() for m in _TAG.finditer(text) if not m[1]}

    def instead(match: re.Match[str]) -> str:
        name = match[2].lower()
        if name not in _KNOWN:
            return match[0]
        sure = (name in closed and name in opened) or name in _VOID or "=" in (match[3] or "")
        return (" " if name in _SPACED else "") if sure else match[0]

    return _TAG.sub(instead, text)


def _resolved(match: re.Match[str]) -> str:
    resolved = html.unescape(match[0])
    # A reference to a character that cannot be shown becomes a space.
    return resolved if resolved.isprintable() and resolved else " "

"""Decode a feed's bytes into text for an XML parser, whatever encoding it has and claims."""

from __future__ import annotations

import re

from bot.errors import ParseError
from bot.feeds.document.markup import modern
from bot.feeds.encodings import codec_of, declares_entities, decoded

PROLOG = '<?xml version="1.0" encoding="utf-8"?>\n'

_DECLARED = re.compile(
    rb"^[^<]{0,200}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})[\"'][^>]{0,100}\?>", re.IGNORECASE
)
_START = re.compile(r"<(?:\?xml\b|!DOCTYPE\b|!--|(?:[\w-]{1,20}:)?(?:rss|rdf|feed|channel)\b)", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}\?>")
_FORBIDDEN = bytes(b for b in range(0x20) if b not in b"\t\n\r")  # XML 1.0 allows no others
_MAX_JUNK_CHARS = 8192  # characters that may precede a document: warnings of the program that made it
_BYTES = {0xDC00 + b: bytes([b]).decode("cp1252", "replace") for b in range(0x80, 0x100)}


def xml_text(body: bytes, *, charset: str) -> str:
    """Return ``body`` as text, without declaration and leading junk.

    Encodings in their order: byte-order mark, bytes that can only be UTF-8, the document's own declaration,
    ``charset`` of HTTP, UTF-8 with single bytes of Windows-1252 in it. Raises ``ParseError`` for a document that
    declares entities of its own.
    """
    text = _decoded(body, charset=charset)
    start = _START.search(text[:_MAX_JUNK_CHARS])
    text = text[start.start() :] if start else text
    declaration = _DECLARATION.match(text)
    text = modern(text[declaration.end() :] if declaration else text)
    if ("<!E" in text or "<!e" in text) and declares_entities(document(text)):
        raise ParseError("The feed declares entities of its own, which is refused as unsafe")
    return text


def document(text: str) -> bytes:
    """Return ``text`` as the bytes of an XML document, without the controls that XML forbids."""
    return (PROLOG + text).encode("utf-8", "replace").translate(None, delete=_FORBIDDEN)


def _decoded(body: bytes, *, charset: str) -> str:
    """Return ``body`` as text; one in UTF-8 with single bytes of Windows among it, as feeds cite pages, is both."""
    declared = _DECLARED.search(body[:1024])
    names = (declared[1].decode("ascii") if declared else "", charset)
    if b"\x00" not in body[:4] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        mixed = body.decode("utf-8", "surrogateescape")
        broken = len(body) - len(mixed.encode("utf-8", "ignore"))  # bytes that are no part of a character
        wide = len(body) - len(mixed)  # bytes that only UTF-8 explains
        if wide and not broken:
            return mixed
        if broken and (wide > 9 * broken or not any(codec_of(name) not in {"", "utf-8"} for name in names)):
            return mixed.translate(_BYTES)
    return decoded(body, names=names)

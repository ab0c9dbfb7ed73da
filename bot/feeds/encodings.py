"""Decode outside bytes, by the encodings of the web only.

A name that comes from outside is looked up in the table of the WHATWG Encoding Standard and never given to Python's
own codecs: those include ones that escape (unicode_escape), shift (utf-7) and unpack (zip).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from webencodings import lookup

MAX_ENCODING_NAME_CHARS = 40  # characters of an encoding's name
HEAD_BYTES = 4096  # bytes looked at for the zeros of UTF-16
MAX_WRONG_SHARE = 0.1  # share of invalid non-ASCII bytes up to which an encoding is accepted
FALLBACKS = ("utf-8", "windows-1252")

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_ASCII = bytes(range(128))
_NO_TEXT = frozenset({"replacement", "x-user-defined"})
_DECLARED = re.compile(
    rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})[\"'][^>]{0,100}\?>", re.IGNORECASE
)
_PROLOG = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_PROLOG_PART = re.compile(
    rb"(?P<comment><!--)|(?P<instruction><\?)|(?P<doctype><!DOCTYPE)|(?P<element><(?!!))", re.IGNORECASE
)
_FORBIDDEN = bytes(b for b in range(0x20) if b not in b"\t\n\r")  # XML 1.0 allows no others


def decoded(body: bytes, *, names: Iterable[str]) -> str:
    """Return ``body`` as text without NUL, its byte-order mark left out.

    It is read by its mark, else as markup in UTF-16 by its zeros, else as UTF-8 where it is just that, else by the
    first of ``names``, then ``FALLBACKS``, that is an encoding of the web and fits; single wrong bytes become U+FFFD.
    Never raises.
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return _without_nul(body[len(mark) :].decode(codec, "replace"))
    if body.startswith(b"<\x00") and body[3:4] == b"\x00":
        return _without_nul(body.decode("utf-16-le", "replace"))
    if body.startswith(b"\x00<\x00"):
        return _without_nul(body.decode("utf-16-be", "replace"))
    if _is_utf8(body):
        return _without_nul(body.decode())
    beyond = len(body.translate(None, delete=_ASCII))
    for codec in filter(None, map(codec_of, (*names, *FALLBACKS))):
        # What a document says of itself in ASCII is not written in UTF-16.
        if codec.startswith("utf-16") and b"\x00" not in body[:HEAD_BYTES]:
            continue
        text = _read(body, codec, beyond=beyond)
        if text is not None:
            return _without_nul(text)
    return _without_nul(body.decode("cp1252", "replace"))


def xml_in_utf8(body: bytes, *, charset: str = "") -> bytes:
    """Return the XML ``body`` in UTF-8 under a fresh prolog, whatever it is written in and claims to be.

    No parser then looks for another encoding. Characters that XML forbids are left out.
    """
    declared = _DECLARED.search(body[:512])
    text = decoded(body, names=(declared.group(1).decode("ascii") if declared else "", charset))
    text = _PROLOG.sub("", text.lstrip("\ufeff \t\r\n"))
    clean = text.encode("utf-8", "replace").translate(None, delete=_FORBIDDEN)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + clean


def declares_entities(xml: bytes) -> bool:
    """Tell whether ``xml``, in UTF-8, declares entities of its own, however far down.

    Declarations count behind a DOCTYPE, and a DOCTYPE before the first element: news of a flaw in XML parsers may
    quote both. After a DOCTYPE nothing is exempt, because what looks like a comment there may be in quotes. Linear.
    """
    position = 0
    while found := _PROLOG_PART.search(xml, position):
        if found.lastgroup == "doctype":
            return _ENTITY.search(xml, found.end()) is not None
        if found.lastgroup == "element":
            return False
        closing = b"-->" if found.lastgroup == "comment" else b"?>"
        end = xml.find(closing, found.end())
        position = end + len(closing) if end >= 0 else found.end()
    return False


def codec_of(name: str) -> str:
    """Return Python's codec for ``name``, an encoding of the web in any of its spellings; empty for any other name."""
    name = name.strip()
    if not name.isascii() or len(name) > MAX_ENCODING_NAME_CHARS:
        return ""
    found = lookup(name) or lookup(name.replace("_", "-"))
    return str(found.codec_info.name) if found and found.name not in _NO_TEXT else ""


def _is_utf8(body: bytes) -> bool:
    """Tell whether ``body`` holds multi-byte UTF-8 and nothing else: chance text in other encodings does not."""
    try:
        return not body.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def _read(body: bytes, codec: str, *, beyond: int) -> str | None:
    """Return ``body`` in ``codec`` where it fits: whole, or but for a few of its bytes ``beyond`` ASCII."""
    try:
        return body.decode(codec)
    except UnicodeDecodeError:
        text = body.decode(codec, "replace")
        return text if text.count("\ufffd") <= beyond * MAX_WRONG_SHARE else None


def _without_nul(text: str) -> str:
    """Return ``text`` as readers of HTML take it: without NUL, at which some parsers stop."""
    return text.replace("\x00", "")

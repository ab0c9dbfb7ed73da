"""Finds quoted strings and writes text in the one form in which quotations are compared: marks, dashes, blanks."""

from __future__ import annotations

import re

_MARKS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("‘’‚‛‹›′´`＇", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", None),
    }
)
_BLANKS = re.compile(r"\s+")
_DASHES = re.compile(r" ?-(?:-| )+|(?<= )-")
# Curly marks say which way they face; one without a partner reaches to the end or from the start.
_CURLY = re.compile(r"“([^“”]*)(?:”|$)|^([^“”]*)”")
# A single mark opens after a blank or bracket and closes before one or a stop: elsewhere it is an apostrophe.
_SINGLE = re.compile(r"(?<![\w.,])'(?=\S)(?!s\s)([^\"']*(?:'(?=\w)[^\"']*)*)(?<=\S)'(?!\w)")


def plain(text: str) -> str:
    """Return ``text`` with typographic quotation marks, dashes and white space folded, nothing else changed."""
    return _DASHES.sub("-", _BLANKS.sub(" ", text.translate(_MARKS)).replace("''", '"')).strip()


def quotations(text: str) -> tuple[str, ...]:
    """Return the quoted strings of ``text`` in plain form, without a comma or stop before the closing mark.

    A mark without a partner quotes all up to the end (or from the start) of the text.
    """
    inside = [m[1] or m[2] or "" for m in _CURLY.finditer(text)]
    outside = plain(_CURLY.sub(" ", text))
    pieces = outside.split('"')
    if len(pieces) == 2:  # one mark alone: it may open or close
        inside.append(pieces[1] if pieces[1].strip(" .,") and pieces[0] else max(pieces, key=len))
    elif len(pieces) % 2 == 0:
        inside += pieces[1:]  # which of them opens cannot be told
    else:
        inside += pieces[1::2]
    found = [plain(piece).rstrip(".,;:!? ").strip() for piece in inside]
    for piece in pieces[0::2]:
        found += [m[1].strip().rstrip(".,;: ") for m in _SINGLE.finditer(piece)]
    return tuple(piece for piece in found if re.search(r"\w", piece))

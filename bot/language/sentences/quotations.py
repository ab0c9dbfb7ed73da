"""Find quotations, and normalise text for comparing them: quotation marks, dashes, spaces."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.language.cleaning.invisible import unjoined

_MARKS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("‘’‚‛‹›′´`＇", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
    }
)
_BLANKS = re.compile(r"\s+")
_DASHES = re.compile(r" ?-(?:-| )+|(?<= )-")
# Curly marks say which way they face; one without a partner reaches to the end or from the start.
_CURLY = re.compile(r"“([^“”]*)(?:”|$)|^([^“”]*)”")
# A single mark opens after a blank or bracket and closes before one or a stop: elsewhere it is an apostrophe.
_SINGLE = re.compile(r"(?<![\w.,])'(?=\S)(?!s\s)([^\"']*(?:'(?=\w)[^\"']*)*)(?<=\S)'(?!\w)")


# A single mark that opens or closes for sure: "'90s", "goin' home" and "voters' choice" have apostrophes.
_OPENS_SINGLE = re.compile(r"(?<![\w'’.,!?/-])[‘'](?=[^\W\d])(?!(?:s|n|em|til|tis|twas|cause|bout)\b)")
_CLOSES_SINGLE = re.compile(r"(?<=[\w.,!?…)\]%])['’](?!\w)")
_POSSESSIVE_END = re.compile(r"(?<=s)['’](?=\s\w)")
_CLOSING_STOP = re.compile(r"[.,!?…]['’]")
_LAST_MARK = re.compile(r"(?<=[.!?…])['’\"”]$")


def plain(text: str) -> str:
    """Return ``text`` with typographic quotation marks, dashes and white space folded, nothing else changed."""
    return _DASHES.sub("-", _BLANKS.sub(" ", unjoined(text).translate(_MARKS)).replace("''", '"')).strip()


def quotations(text: str) -> tuple[str, ...]:
    """Return the quoted strings of ``text`` in plain form, without a comma or stop before the closing mark.

    A mark without a partner quotes all up to the end (or from the start) of the text.
    """
    found: list[str] = []
    last = 0
    for match in _CURLY.finditer(text):
        found += _straight(text[last : match.start()])
        found.append(match[1] or match[2] or "")
        last = match.end()
    found += _straight(text[last:])
    trimmed = (plain(piece).rstrip(".,;:!? ").strip() for piece in found)
    return tuple(piece for piece in trimmed if re.search(r"\w", piece))


def is_quoted_behind(text: str) -> bool:
    """Tell whether what follows ``text`` stands in quotation marks that ``text`` opens."""
    return text.count("“") > text.count("”") or text.count('"') % 2 == 1


def cut_single_quotation(text: str) -> str:
    """Return how single marks of ``text`` cut a quotation: "begun" for one that does not end there, "ended" for one that another sentence began, else ""."""
    marks = sorted(
        [(found.start(), True) for found in _OPENS_SINGLE.finditer(text)]
        + [(found.start(), False) for found in _CLOSES_SINGLE.finditer(text)]
    )
    is_open, begin = False, 0
    for (at, opens), (_, opens_next) in pairwise([*marks, (len(text), True)]):
        if opens and is_open:
            return "begun"
        if opens:
            is_open, begin = True, at
        elif is_open:
            # "'The voters' choice', he said": a mark that may be an apostrophe ends nothing before one that does, but 'heroes' is one word.
            apostrophe = _POSSESSIVE_END.match(text, at) and " " in text[begin:at]
            is_open = bool(apostrophe) and not opens_next
        elif _CLOSING_STOP.match(text, at - 1) and not _POSSESSIVE_END.match(text, at):
            return "ended"
    return "begun" if is_open else ""


def without_last_mark(text: str) -> str:
    """Return ``text`` without a closing mark at its very end, whether or not it has a partner."""
    return _LAST_MARK.sub("", text)


def _straight(text: str) -> list[str]:
    """Return what ``text``, an unbroken run without pairs of curly marks, quotes by other marks."""
    pieces = plain(text).split('"')
    if len(pieces) == 2:  # one mark alone: it may open or close
        found = [pieces[1] if pieces[1].strip(" .,") and pieces[0] else max(pieces, key=len)]
    elif len(pieces) % 2 == 0:
        found = pieces[1:]  # which of them opens cannot be told
    else:
        found = pieces[1::2]
    return found + [m[1] for piece in pieces[0::2] for m in _SINGLE.finditer(piece)]

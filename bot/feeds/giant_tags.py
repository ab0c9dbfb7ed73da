"""Shorten giant tags before a parser sees them: one tag of a megabyte blocked every HTML parser that was measured.

Runs inside a killable worker. One pass over the text: its time grows with the length alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_TAG_CHARS = 64 * 1024  # characters of one tag that parsers are shown
MAX_ATTRIBUTE_CHARS = 4096  # characters of an attribute that a shortened tag keeps: longer than any address
MAX_ATTRIBUTES = 100  # of a shortened tag

# Possessive throughout: no character is looked at twice. A ``>`` within a quoted value does not end a tag; a value that is
# an unclosed tag is no tag: browsers drop the rest of the page, this drops the tag.
_INSIDE = r"(?:[^>=]++|=[ \t\r\n\f]{0,20}+(?:\"[^\"]*+\"|'[^']*+')|=)*+(?:>|\Z)"
_TAG = re.compile(rf"<(?=[A-Za-z/!?]){_INSIDE}")
# Text and tags up to what begins a comment, a script or a style: where it is short, no tag in it is giant.
_RUN = re.compile(
    rf"(?:[^<]++|<(?![A-Za-z/!?])|<(?=[A-Za-z/?])(?![sS](?:[cC]|[tT][yY])){_INSIDE}){{1,1000}}+"
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s=>/][^\s=>]*+)(?:\s*+=\s*+(?P<value>\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?+"
)
_RAW_END = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}


def without_giant_tags(markup: str) -> str:
    """Return ``markup`` with every tag over ``MAX_TAG_CHARS`` shortened to its name and its short attributes."""
    if len(markup) <= MAX_TAG_CHARS:
        return markup
    parts: list[str] = []
    kept = 0
    for start, end in _giants(markup):
        parts += markup[kept:start], _shortened(markup[start:end])
        kept = end
    return "".join((*parts, markup[kept:])) if parts else markup


def _giants(markup: str) -> Iterator[tuple[int, int]]:
    """Yield where each giant tag starts and ends; comments, CDATA and scripts are no tags, whatever their length."""
    ends = _Ends(markup)
    position = markup.find("<")
    seen = 0  # up to there each tag is looked at
    while position >= 0:
        if position >= seen and (run := _RUN.match(markup, position)):
            seen = run.end()
            if seen - position <= MAX_TAG_CHARS:
                position = markup.find("<", seen)
                continue
        if markup.startswith("<!--", position):
            end = ends.after("-->", position + 4)
        elif markup.startswith("<![CDATA[", position):
            end = ends.after("]]>", position + 9)
        elif tag := _TAG.match(markup, position):
            end = tag.end()
            if end - position > MAX_TAG_CHARS:
                yield position, end
            if markup[position + 1] in "sS":
                end = ends.of_raw_text(markup[position + 1 : position + 10], end)
        else:
            end = position + 1
        position = markup.find("<", end)


class _Ends:
    """Finds what ends a part; what was not found once is not sought again, which keeps the pass linear."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._absent: set[str] = set()
        self._found: dict[str, int] = {}

    def find(self, mark: str, position: int) -> int:
        """Return the place of the next ``mark``, -1 where there is none."""
        if mark in self._absent:
            return -1
        found = self._found.get(mark, -1)
        if found < position:
            found = self._markup.find(mark, position)
            self._found[mark] = found
        if found < 0:
            self._absent.add(mark)
        return found

    def after(self, mark: str, position: int) -> int:
        """Return the place behind the next ``mark``, or the end of the markup where there is none."""
        found = self.find(mark, position)
        return len(self._markup) if found < 0 else found + len(mark)

    def of_raw_text(self, name: str, position: int) -> int:
        """Return where the raw text of the element that ``name`` begins with ends, or ``position`` if it has none."""
        element = next((n for n in ("script", "style") if name[: len(n)].lower() == n), "")
        if not element or element in self._absent:
            return position
        found = _RAW_END[element].search(self._markup, position)
        if not found:
            self._absent.add(element)
            return position
        return found.start()


def _shortened(tag: str) -> str:
    name = tag[1:200].split(">", 1)[0].split(None, 1)[0] if tag[1:2].strip() else ""
    kept = [f"<{name[:100]}"]
    for attribute, value in _attributes(tag, 1 + len(name)):
        if len(kept) > MAX_ATTRIBUTES:
            break
        if len(attribute) <= 100 and len(value) <= MAX_ATTRIBUTE_CHARS:
            kept.append(f"{attribute}={value}" if value else attribute)
    return " ".join(kept) + ("/>" if tag.endswith("/>") else ">")


def _attributes(tag: str, position: int) -> Iterator[tuple[str, str]]:
    """Yield the attributes of ``tag`` from ``position`` on, each with its value as written, quotes included."""
    for found in _ATTRIBUTE.finditer(tag, position, len(tag) - 1):
        yield found["name"], found["value"] or ""

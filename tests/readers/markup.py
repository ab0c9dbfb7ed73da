"""Read a line-based Markdown as chat programs do: escapes, code, links, mentions, addresses; what is left is text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.readers import Reading

_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_ADDRESS = re.compile(
    r"(?i)\w[\w+.-]{0,20}://[^\s<>\u200b]+|www\.[^\s<>\u200b]+|[\w.+-]{1,64}@\w[\w-]{0,64}\.\w+"
)
_MASKED = re.compile(r"\[((?:\\.|[^\]\\\n])*)\]\(\s*<?([^)\s>]*)[^)\n]*\)")
_ADDRESSED = re.compile(r"://|www\.|@", re.IGNORECASE)  # in a text without it there is no address
_PLAIN = re.compile(r"[^\\`\[<*_~|]+")  # no construct but an address begins with any of these
_PREFIX = re.compile(r"(?:#{1,6} |-# |>>> |> |[-*+] |\d{1,9}[.)] )")


@dataclass(slots=True, kw_only=True)
class Scanner:
    """Reads one dialect; ``live`` names the patterns that alert somebody or show something else than text."""

    live: Mapping[str, re.Pattern[str]]
    pairs: tuple[str, ...] = ("***", "**", "__", "~~", "||", "*", "_")
    times: re.Pattern[str] | None = None
    deaf: bool = False  # a server looks for mentions before any client looks at escapes and code
    spaced: bool = True  # a pair that opens before a blank is none
    mentions: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)  # what is outside of code, escapes and all
    moments: int = 0

    def read(self, source: str) -> Reading:
        """Return what readers see of ``source``."""
        self.mentions, self.links, self.outside, self.moments = [], [], [], 0
        shown = [self._line(line) for line in source.split("\n")]
        raw = re.sub(r"\\(?=[<@])", "", source) if self.deaf else "".join(self.outside)
        for name, pattern in self.live.items():
            self.mentions += [f"{name} {found[0]}" for found in pattern.finditer(raw)]
        text = "\n".join(shown).replace("\u200b", "")
        return Reading(text=text, mentions=tuple(self.mentions), links=tuple(self.links), times=self.moments)

    def _line(self, line: str) -> str:
        self.outside.append("\n")
        while found := _PREFIX.match(line):
            line = line[found.end() :]
        return self._inline(line)

    def _inline(self, text: str) -> str:
        shown, at = [], 0
        plain = None if _ADDRESSED.search(text) else _PLAIN  # most of a text, which is long
        while at < len(text):
            if plain and (found := plain.match(text, at)):
                self.outside.append(found[0])
                shown.append(found[0])
                at = found.end()
                continue
            step, piece = self._at(text, at)
            shown.append(piece)
            at += step
        return "".join(shown)

    def _at(self, text: str, at: int) -> tuple[int, str]:
        """Return how far the construct at ``at`` reaches, and what is seen of it."""
        one = text[at]
        if one == "\\" and text[at + 1 : at + 2] in _PUNCTUATION and at + 1 < len(text):
            self.outside.append(text[at : at + 2])
            return 2, text[at + 1]
        if one == "`":
            ticks = len(text) - at - len(text[at:].lstrip("`"))
            end = text.find("`" * ticks, at + ticks)
            if end > 0:
                return end + ticks - at, text[at + ticks : end]
        if self.times and (found := self.times.match(text, at)):
            self.moments += 1
            return found.end() - at, ""
        if found := _MASKED.match(text, at):
            self.links.append(found[2])
            return found.end() - at, self._inline(found[1])
        if found := _ADDRESS.match(text, at):
            self.links.append(found[0])
            return found.end() - at, found[0]
        for mark in self.pairs:
            if text.startswith(mark, at) and (inner := self._paired(text, at, mark)) is not None:
                return len(inner) + 2 * len(mark), self._inline(inner)
        self.outside.append(one)
        return 1, one

    def _paired(self, text: str, at: int, mark: str) -> str | None:
        start = at + len(mark)
        if self.spaced and text[start : start + 1].isspace():
            return None
        end = start
        while (end := text.find(mark, end)) >= 0:
            back = len(text[:end]) - len(text[:end].rstrip("\\"))
            if end > start and back % 2 == 0:
                return text[start:end]
            end += 1
        return None

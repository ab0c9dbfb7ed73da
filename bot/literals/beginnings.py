"""Find the patterns that may match at the beginning of a text by its first letters: of a hundred they leave a few. Pure.

    read (?:more|on)|also:          ──▶ "rea", "als"
    ^[^.!?]{0,60}see our page       ──▶ nothing: it may begin with anything

A pattern that may begin with anything, or whose first letter alone is known, is tried where a text holds what it needs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from bot.literals.prefilter import Sieve, SievedPatterns, read_pattern, required_texts

BEGINNING_CHARS = 3  # letters at the beginning of a text by which possible patterns are found
MAX_BEGINNINGS = 1_000  # beginnings of one pattern above which it is tried on every text
FEW_LETTERS = 6  # letters of a character class up to which they are distinguished
MAX_CLASS_CHARS = 40  # characters of a class beyond which anything may stand in its place
# What gives a pattern its structure; an escaped character and a class of characters are passed over.
_STRUCTURE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)
_FIRST_GROUP = re.compile(r"\^\(\?:")
_LISTED = {"CATEGORY_DIGIT": "0123456789", "CATEGORY_SPACE": " \t\n\r\f\v\x1c\x1d\x1e\x1f"}  # of ASCII


class Beginnings:
    """Patterns that are asked whether a text begins with any of them."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        self._patterns = tuple(patterns)
        found: defaultdict[str, list[Sieve]] = defaultdict(list)
        for sieve, begun in (one for pattern in self._patterns for one in _sieves(pattern)):
            for beginning in begun or ("",):
                found[beginning].append(sieve)
        # Of several letters few patterns are left: trying them is quicker than asking what they need.
        self._by_letters = {b: tuple(s.pattern for s in some) for b, some in found.items() if len(b) > 1}
        self._lengths = tuple(sorted(set(map(len, self._by_letters))))
        open_ended = found.get("", [])
        self._open_ended = SievedPatterns(open_ended)
        self._by_letter = {
            b: SievedPatterns([*open_ended, *some]) for b, some in found.items() if len(b) == 1
        }

    def match(self, text: str, *, small: str | None) -> bool:
        """Tell whether ``text``, which is ``small`` when lowered, begins with one of the patterns."""
        if small is None or not _is_plain(text[:BEGINNING_CHARS]):
            return any(pattern.match(text) for pattern in self._patterns)
        for length in self._lengths:
            for pattern in self._by_letters.get(small[:length], ()):
                if pattern.match(text):
                    return True
        for pattern in self._by_letter.get(small[:1], self._open_ended).possible_in(small):
            if pattern.match(text):
                return True
        return False

    def match_from(self, text: str, start: int, *, small: str | None) -> bool:
        """Tell whether ``text`` begins with one of the patterns from ``start`` on; what is before is ignored."""
        if small is None or not _is_plain(text[start : start + BEGINNING_CHARS]):
            return any(pattern.match(text[start:]) for pattern in self._patterns)
        if self._by_letter.get(small[start : start + 1], self._open_ended).is_empty:
            for length in self._lengths:
                if small[start : start + length] in self._by_letters:
                    break
            else:
                return False
        return self.match(text[start:], small=small[start:])


def _is_plain(text: str) -> bool:
    """Return whether ``text`` has no digits and spaces beyond ASCII, which beginnings do not cover."""
    return text.isascii() or not any(c.isdecimal() or c.isspace() for c in text if c > "\x7f")


@cache
def _sieves(pattern: re.Pattern[str]) -> tuple[tuple[Sieve, tuple[str, ...]], ...]:
    """Return the parts of ``pattern``, each with its beginnings; kept, because most patterns are asked for in two ways."""
    return tuple((Sieve(part, required_texts(part)), begun) for part, begun in _parts(pattern))


def _parts(pattern: re.Pattern[str]) -> Iterator[tuple[re.Pattern[str], tuple[str, ...]]]:
    """Yield patterns of which one matches where ``pattern`` does, as many of them as it takes to know how most begin, each with its beginnings."""
    begun = beginnings_of(pattern)
    if pattern.groups or begun:
        yield pattern, begun
        return
    for outer in _alternatives(pattern.pattern):
        one = re.compile(outer, pattern.flags)
        begun = beginnings_of(one)
        group = _FIRST_GROUP.match(outer)
        end = _group_end(outer, group.end()) if group else 0
        if begun or not group or outer[end : end + 2][1:] in set("?*+{"):
            yield one, begun
            continue
        for inner in _alternatives(outer[group.end() : end]):
            part = re.compile(f"^(?:{inner}{outer[end:]}", pattern.flags)
            yield part, beginnings_of(part)


def _alternatives(source: str) -> Iterator[str]:
    """Yield the alternatives of a pattern: what is between its outermost bars."""
    start = depth = 0
    for found in _STRUCTURE.finditer(source):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if found[0] == "|" and not depth:
            yield source[start : found.start()]
            start = found.end()
    yield source[start:]


def _group_end(source: str, start: int) -> int:
    """Return where the group ends whose content begins at ``start``."""
    depth = 1
    for found in _STRUCTURE.finditer(source, start):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if not depth:
            return found.start()
    return len(source)


def beginnings_of(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Return texts in lower case with one of which every match of ``pattern`` begins; nothing where it may begin with anything.

    None has more than ``BEGINNING_CHARS`` characters, and none begins with another.
    """
    begun = read_pattern(pattern, lambda parsed: _begun(parsed, frozenset({""})))
    found = begun[0] | begun[1] if begun else frozenset({""})
    if "" in found or len(found) > MAX_BEGINNINGS:
        return ()
    return tuple(sorted(b for b in found if not any(b[:n] in found for n in range(1, len(b)))))


def _begun(
    parsed: Iterable[tuple[Any, Any]], starts: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return what ``starts`` become by the parts of a sequence: those that are known no further, and those that go on."""
    closed: frozenset[str] = frozenset()
    for operator, argument in parsed:
        if not starts:
            break
        ended, starts = _begun_by(str(operator), argument, starts)
        closed |= ended | {start for start in starts if len(start) >= BEGINNING_CHARS}
        starts = frozenset(start for start in starts if len(start) < BEGINNING_CHARS)
        if len(closed) + len(starts) > MAX_BEGINNINGS:
            return closed | starts, frozenset()
    return closed, starts


def _begun_by(name: str, argument: Any, starts: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return what ``starts`` become by one part of a pattern, as ``_begun`` does."""
    nothing: frozenset[str] = frozenset()
    if name in {"AT", "ASSERT", "ASSERT_NOT"}:  # they take no letter
        return nothing, starts
    if name in {"LITERAL", "IN"}:
        letters = {chr(argument).lower()} if name == "LITERAL" else _letters_of(argument)
        known = starts if len(letters) <= FEW_LETTERS else starts & {""}
        longer = frozenset(start + letter for start in known for letter in letters)
        return (starts - known, longer) if letters else (starts, nothing)
    if name == "SUBPATTERN":
        return _begun(argument[-1], starts)
    if name == "ATOMIC_GROUP":
        return _begun(argument, starts)
    if name == "BRANCH":
        branches = [_begun(branch, starts) for branch in argument[1]]
        return nothing.union(*(b[0] for b in branches)), nothing.union(*(b[1] for b in branches))
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        least, most, part = argument
        return _repeated(part, starts, least=least, most=most)
    return starts, nothing


def _repeated(
    part: Iterable[tuple[Any, Any]], starts: frozenset[str], *, least: int, most: int
) -> tuple[frozenset[str], frozenset[str]]:
    closed: frozenset[str] = frozenset()
    left = starts if least == 0 else frozenset[str]()
    # A part that takes a letter ends them all within that many rounds; one that takes none changes nothing.
    for done in range(1, min(int(most), BEGINNING_CHARS + int(least)) + 1):
        ended, starts = _begun(part, starts)
        closed |= ended
        left |= starts if done >= least else frozenset()
    return closed, left


def _letters_of(items: Iterable[tuple[Any, Any]]) -> set[str]:
    """Return the characters of a class in lower case; nothing where they are too many or not listed."""
    found: set[str] = set()
    for operator, argument in items:
        name = str(operator)
        if name == "LITERAL":
            found.add(chr(argument).lower())
        elif name == "RANGE" and argument[1] - argument[0] <= MAX_CLASS_CHARS:
            found |= {chr(code).lower() for code in range(argument[0], argument[1] + 1)}
        elif name == "CATEGORY" and str(argument) in _LISTED:
            found |= set(_LISTED[str(argument)])
        else:
            return set()
    return found if len(found) <= MAX_CLASS_CHARS else set()

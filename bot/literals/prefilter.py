"""Find literal strings of which a text must have one for a pattern to match, so that other texts are skipped. Pure.

    page (?:not found|is gone)      ──▶ "not found", "is gone"
    (?:sign|log) in|your account    ──▶ " in", "your account"

Asking whether a text holds a few others takes a hundredth of a search for a pattern that begins with anything.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Any, TypeVar

R = TypeVar("R")

MIN_LITERAL_CHARS = 2  # characters of a literal below which nearly every text has it
RARE_MARK_CHARS = 2  # characters that a mark such as "/" or "©" counts more than a letter
MAX_REQUIRED_TEXTS = 160  # texts beyond which asking for them is no faster
# Letters that a pattern takes for others whatever their case, and that are no such letters in lower case.
_ODD = re.compile(
    "[\u0130\u0131\u017f\u0345\u03c2\u03d0-\u03f5\u1c80-\u1c8a\u1e9b\u1e9e\u1fbe\u1fd3\u1fe3\ufb05]"
)
_COMMON = re.compile(r"[\w\s.,'’-]*")
# A private module of Python: if another version lacks it, every pattern is searched.
try:
    _PARSER: Any = importlib.import_module("re._parser")
except ImportError:  # pragma: no cover - no version that is supported
    _PARSER = None


@dataclass(frozen=True, slots=True)
class Sieve:
    """A pattern with what a text needs for it, whatever its case; nothing where that is not known."""

    pattern: re.Pattern[str]
    required: tuple[str, ...]

    def may_match(self, lowered: str) -> bool:
        """Tell whether the pattern may be found in the text that is ``lowered``."""
        if not self.required:
            return True
        for text in self.required:  # noqa: SIM110 - asked of every sentence a hundred times
            if text in lowered:
                return True
        return False


class SievedPatterns:
    """Patterns, of which it returns those that a text may contain: for most texts none."""

    __slots__ = ("_free", "_required", "_sieves")

    def __init__(self, sieves: Iterable[Sieve]) -> None:
        self._sieves = tuple(sieves)
        self._free = tuple(sieve.pattern for sieve in self._sieves if not sieve.required)
        # What a text needs for any of the others.
        self._required = _shortest(frozenset(text for sieve in self._sieves for text in sieve.required))

    @property
    def is_empty(self) -> bool:
        """Whether there are none."""
        return not self._sieves

    def possible(self, text: str) -> Sequence[re.Pattern[str]]:
        """Return the patterns that may be found in ``text``, in their order."""
        return self.possible_in(lowered(text))

    def possible_in(self, small: str | None) -> Sequence[re.Pattern[str]]:
        """Return the patterns that may be found in the text that is lowered as ``small``, in their order."""
        if small is None:
            return [sieve.pattern for sieve in self._sieves]
        for text in self._required:
            if text in small:
                return [sieve.pattern for sieve in self._sieves if sieve.may_match(small)]
        return self._free


def sieves(patterns: Iterable[re.Pattern[str]]) -> tuple[Sieve, ...]:
    """Return ``patterns``, each with what it requires."""
    return tuple(Sieve(pattern, required_texts(pattern)) for pattern in patterns)


def lowered(text: str) -> str | None:
    """Return ``text`` as sieves read it; None where it has letters whose case is read in more than one way."""
    return None if not text.isascii() and _ODD.search(text) else text.lower()


def required_texts(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Return texts in lower case of which every match of ``pattern`` holds one; nothing where there are none."""
    found = read_pattern(pattern, _required) or frozenset[str]()
    return tuple(sorted(found)) if _worth(found) > (0, 0) else ()


def read_pattern(pattern: re.Pattern[str], read: Callable[[Any], R]) -> R | None:
    """Return what ``read`` makes of the parts of ``pattern``; None where this version of Python names them otherwise."""
    try:
        return read(_parsed(pattern.pattern, pattern.flags))
    except (AttributeError, TypeError, ValueError, IndexError):
        return None


@lru_cache(maxsize=8)  # what a pattern requires and what it begins with are asked one after the other
def _parsed(source: str, flags: int) -> Any:
    return _PARSER.parse(source, flags)


def _required(parsed: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """Return the best of what the parts of a sequence require: all of them have to be there."""
    choices: list[frozenset[str]] = []
    run: list[str] = []
    for operator, argument in parsed:
        name = str(operator)
        if name == "LITERAL":
            run.append(chr(argument).lower())
        elif name not in {"AT", "ASSERT_NOT"}:  # these match between two letters and consume none
            said = "".join(run)
            choices += [
                frozenset({said + lead for lead in _leads(name, argument)}),
                _required_by(name, argument),
            ]
            run = []
    choices.append(frozenset({"".join(run)}))
    return max(choices, key=_worth)


def _leads(name: str, argument: Any) -> set[str]:
    """Return the letters that one part of a pattern begins with, for each of its branches; none is known where it is empty."""
    if name == "SUBPATTERN" and len(argument[-1]) == 1:
        operator, within = argument[-1][0]
        return _leads(str(operator), within)
    if name != "BRANCH":
        return {""}
    return {_letters_before_others(branch) for branch in argument[1]}


def _letters_before_others(parsed: Iterable[tuple[Any, Any]]) -> str:
    literals = takewhile(lambda part: str(part[0]) == "LITERAL", parsed)
    return "".join(chr(argument).lower() for _, argument in literals)


def _required_by(name: str, argument: Any) -> frozenset[str]:
    """Return what one part of a pattern requires."""
    if name == "SUBPATTERN":
        return _required(argument[-1])
    if name == "ATOMIC_GROUP":
        return _required(argument)
    if name == "BRANCH":
        return _any_of([_required(branch) for branch in argument[1]])
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and argument[0] > 0:
        return _required(argument[2])
    return frozenset()


def _any_of(branches: Sequence[frozenset[str]]) -> frozenset[str]:
    if not all(_worth(branch) > (0, 0) for branch in branches):
        return frozenset()
    found = frozenset(_shortest(frozenset().union(*branches)))
    return found if len(found) <= MAX_REQUIRED_TEXTS else frozenset()


def _shortest(texts: frozenset[str]) -> tuple[str, ...]:
    """Return those of ``texts`` that contain no other; a text without these contains none."""
    kept: list[str] = []
    for text in sorted(texts, key=len):
        if not any(map(text.__contains__, kept)):
            kept.append(text)
    return tuple(sorted(kept))


def _worth(required: frozenset[str]) -> tuple[int, int]:
    """Return how much ``required`` keeps out: the commonest of its texts decides, then how few they are."""
    commonest = min(map(_rarity, required), default=0)
    return (commonest, -len(required)) if commonest >= MIN_LITERAL_CHARS else (0, 0)


def _rarity(text: str) -> int:
    return len(text) + (0 if _COMMON.fullmatch(text) else RARE_MARK_CHARS)

"""Find literal strings of which a text must have one for a pattern to match, so that other texts are skipped. Pure.

    page (?:not found|is gone)      ──▶ "not found", "is gone"
    (?:sign|log) in|your account    ──▶ " in", "your account"

Asking whether a text holds a few others takes a hundredth of a search for a pattern that begins with anything.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

MIN_REQUIRED_CHARS = 2  # characters below which nearly every text holds it
MAX_REQUIRED = 160  # texts beyond which asking for them is no faster
# Letters that a pattern takes for others whatever their case, and that are no such letters in lower case.
_ODD = re.compile(
    "[\u0130\u0131\u017f\u0345\u03c2\u03d0-\u03f5\u1c80-\u1c8a\u1e9b\u1e9e\u1fbe\u1fd3\u1fe3\ufb05]"
)
# Python's own, and not public: where another version has none that reads patterns so, every pattern is searched.
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


def sieves(patterns: Iterable[re.Pattern[str]]) -> tuple[Sieve, ...]:
    """Return ``patterns``, each with what it requires."""
    return tuple(Sieve(pattern, required_texts(pattern)) for pattern in patterns)


def lowered(text: str) -> str | None:
    """Return ``text`` as sieves read it; None where it has letters whose case is read in more than one way."""
    return None if not text.isascii() and _ODD.search(text) else text.lower()


def required_texts(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Return texts in lower case of which every match of ``pattern`` holds one; nothing where there are none."""
    try:
        found = _required(_PARSER.parse(pattern.pattern, pattern.flags))
    except (AttributeError, TypeError, ValueError, IndexError):
        return ()
    return tuple(sorted(found)) if _worth(found) > (0, 0) else ()


def _required(parsed: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """Return the best of what the parts of a sequence require: all of them have to be there."""
    choices: list[frozenset[str]] = []
    run: list[str] = []
    for operator, argument in parsed:
        name = str(operator)
        if name == "LITERAL":
            run.append(chr(argument).lower())
        elif name not in {"AT", "ASSERT_NOT"}:  # these stand between two letters and take none
            choices += [frozenset({"".join(run)}), _required_by(name, argument)]
            run = []
    choices.append(frozenset({"".join(run)}))
    return max(choices, key=_worth)


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
    found = frozenset().union(*branches)
    return found if len(found) <= MAX_REQUIRED else frozenset()


def _worth(required: frozenset[str]) -> tuple[int, int]:
    """Return how much ``required`` keeps out: the shortest of its texts decides, then how few they are."""
    shortest = min(map(len, required), default=0)
    return (shortest, -len(required)) if shortest >= MIN_REQUIRED_CHARS else (0, 0)

"""Clean text from outside: drop characters that no reader sees and no database stores. Pure.

Applied where outside text enters, and only there: at the exit of a parser process, to what a chat or the command
line asks, and to what a model answers. Behind these entrances a text is known to be clean.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar, cast

from bot.language.cleaning.invisible import visible

MAX_COMBINING_MARKS = (
    4  # combining marks on one character: no script needs more, a tower of them hides other lines
)
MAX_VALUE_DEPTH = 60  # levels of lists and mappings in a value

# Values without text, which most numbers of a document are: nothing has to be asked of them.
_WITHOUT_TEXT = frozenset({int, float, bool, bytes, type(None), date, datetime})

T = TypeVar("T")

_NON_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17)
)
_SURROGATE = re.compile("[\ud800-\udfff]")
# What most texts are made of and nothing is done to, in any order: one look in place of six.
PLAIN = re.compile("[\t\n\x20-\x7e\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_DROPPED = re.compile(f"[\x00{_NON_CHARACTERS}]+")
# Marks are not letters, so a run of them is found without a table of all marks.
_MAYBE_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{MAX_COMBINING_MARKS + 1},}}")


def clean_text(text: str) -> str:
    """Return ``text`` without forbidden characters; every line end becomes a newline, tabs stay.

    Incomplete characters, NUL, non-characters, those that ``visible`` drops, and combining marks beyond
    ``MAX_COMBINING_MARKS`` on one character are dropped; other controls become spaces. Linear in the length.
    """
    if PLAIN.fullmatch(text):
        return text
    if _SURROGATE.search(text):
        # Two halves side by side are one character.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    text = visible(_DROPPED.sub("", _LINE_END.sub("\n", text)))
    few = _MAYBE_MARKS.sub(_with_few_marks, text)
    return text if few == text else visible(few)  # a joiner may have needed the mark before it


def cleaned(value: T) -> T:
    """Return ``value`` with every text in it cleaned: in dataclasses, tuples, lists, sets and dictionaries.

    Values without text are returned unchanged, and so are enumerations and other objects.
    Raises ``ValueError`` for a value nested deeper than ``MAX_VALUE_DEPTH``.
    """
    return cast("T", _cleaned(value, MAX_VALUE_DEPTH))


def one_line(text: str) -> str:
    """Return ``text`` on one line, with single spaces."""
    return " ".join(text.split())


def is_clean(text: str) -> bool:
    """Return whether cleaning would not change ``text``."""
    return clean_text(text) == text


def _cleaned(value: Any, deeper: int) -> Any:
    kind = type(value)
    if kind is str:
        return value if PLAIN.fullmatch(value) else clean_text(value)
    if kind in _WITHOUT_TEXT:
        return value
    if deeper < 0:
        raise ValueError("nested too deep")
    deeper -= 1
    if kind in {tuple, list, set, frozenset}:
        parts = [_cleaned(part, deeper) for part in value]
        same = all(new is old for new, old in zip(parts, value, strict=True))
        return value if same else kind(parts)
    if kind is dict:
        kinds = set(map(type, value.values()))
        if kinds <= _WITHOUT_TEXT and set(map(type, value)) == {str} and PLAIN.fullmatch("".join(value)):
            return value  # the weights of a text's terms: plain texts are plain together
        return {_cleaned(key, deeper): _cleaned(held, deeper) for key, held in value.items()}
    changed = {
        name: new
        for name in _names_of_fields(kind)  # type: ignore[arg-type] # mypy takes no class for hashable
        if (new := _cleaned(old := getattr(value, name), deeper)) is not old
    }
    return replace(value, **changed) if changed else value


@cache  # one of each class of value
def _names_of_fields(kind: type) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass, none for another class."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def _with_few_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in run.group():
        category = unicodedata.category(character)
        if category.startswith("M"):
            marks += 1
            if marks > MAX_COMBINING_MARKS:
                continue
        elif category != "Cf":  # a joiner between marks begins no new character
            marks = 0
        kept.append(character)
    return "".join(kept)

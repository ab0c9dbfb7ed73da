"""A small word of grammar, a hedge or a negation stands in the one table of its kind: other lists name the table's senses."""

from __future__ import annotations

import functools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.language.rules import FOLDER

TABLES = ("auxiliaries", "determiners", "hedges", "negations", "particles")
# What people type, what pages hold and what words mean are lists of other kinds.
OTHER_KINDS = {"questions", "pages", "words"}
MIN_WORDS = 3  # of a table in a list of words from which it is a second list
MIN_ALTERNATIVES, MIN_SHARE = 5, 0.5  # the same of what a pattern has between bars
ALLOWED = {
    (one["table"], one["file"], one["sense"]): one["reason"]
    for one in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["allowed"]
}
_OPENING = re.compile(r"\((?:\?(?:P<\w+>|[:=!]|<[=!]|-?[a-z]+:))?")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_PLAIN = re.compile(
    r"[^\W\d_](?:[^\W\d_]\??|['’ -]|\\s|\[['’]+\]|\(\?:[a-z|]+\)\??)*"
)  # a word, with endings


def alternatives(pattern: str) -> Iterator[list[str]]:
    """Yield what stands between the bars of each group of ``pattern``."""
    stack, at = [(0, list[str]())], 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 2
        elif char == "[":
            at = _CLASS.match(pattern, at).end()
        elif char == "(":
            at = _OPENING.match(pattern, at).end()
            stack.append((at, []))
        elif char in "|)":
            start, found = stack.pop()
            found.append(pattern[start:at])
            at += 1
            if char == "|":
                stack.append((at, found))
            else:
                yield found
        else:
            at += 1
    start, found = stack.pop()
    yield [*found, pattern[start:]]


def repeated(pattern: str, table: set[str]) -> set[str]:
    """Return the words of ``table`` that a group of ``pattern`` lists, where it lists little else."""
    found = set[str]()
    for group in alternatives(pattern):
        if len(group) < MIN_ALTERNATIVES:
            continue
        holding = [listed for word in group if _PLAIN.fullmatch(word) and (listed := matching(word, table))]
        if len(holding) >= MIN_ALTERNATIVES and len(holding) >= MIN_SHARE * len(group):
            found = found.union(*holding)
    return found


def matching(known: str, table: set[str]) -> set[str]:
    """Return the words of ``table`` that ``known`` is, with its endings."""
    if known.isalpha():
        return {known} & table
    pattern = re.compile(known)
    return {word for word in table if pattern.fullmatch(word)}


def tables() -> list[Path]:
    return [path for path in sorted(FOLDER.glob("*/grammar/*.toml")) if path.stem in TABLES]


@functools.cache
def read(path: Path) -> dict[str, Any]:
    """Return what a file of rules holds."""
    return tomllib.loads(path.read_text("utf-8"))


def words_of(path: Path) -> list[str]:
    """Return the words that the file itself lists, without those that it names by another file's sense."""
    listed = read(path).get("words", ())
    return [word for one in listed for word in one["words"] if not word.startswith("{")]


@functools.cache
def second_lists(table: Path) -> dict[tuple[str, str, str], set[str]]:
    """Return the words of ``table`` in other files of its language, by file and sense."""
    known, found = set(words_of(table)), {}
    for path in sorted(table.parents[1].rglob("*.toml")):
        if path.stem in TABLES or path.parent.name in OTHER_KINDS:
            continue
        data = read(path)
        name = path.relative_to(FOLDER).with_suffix("").as_posix()
        for one in (*data.get("words", ()), *data.get("pattern", ())):
            listed = known & set(one["words"]) if "words" in one else repeated(one["match"], known)
            if len(listed) >= MIN_WORDS:
                found[table.stem, name, one.get("sense") or one["senses"][0]] = listed
    return found


@pytest.mark.parametrize("table", tables(), ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_a_word_stands_once_in_its_table(table):
    assert [word for word, count in Counter(words_of(table)).items() if count > 1] == []


@pytest.mark.parametrize("table", tables(), ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_no_other_list_has_the_words_of_a_table(table):
    assert {where: words for where, words in second_lists(table).items() if where not in ALLOWED} == {}


def test_every_exception_is_needed_and_has_its_reason():
    needed = {where for table in tables() for where in second_lists(table)}
    assert {where for where in ALLOWED if where not in needed} == set()
    assert all(ALLOWED.values())


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"\b(?:is|are|was|were|be)\s(?:\w+ly\s)?$", {"is", "are", "was", "were", "be"}),
        (r"^(?:(?:that|it)\s)?(?:is|are|was|were|be)$", {"is", "are", "was", "were", "be"}),
        (r"\b(?:is|are|wa(?:s|ntz)|were|be|been?)\b", {"is", "are", "was", "were", "be", "been"}),
        (r"\b(?:is|are|was|were|be|a|b|c|d|e|f)\b", set()),
        (r"\b(?:is|are)\sto\b|\b(?:was|were)\b", set()),
        (r"\b(?:{auxiliaries.be}|[a-z]+ed|\w+)\b", set()),
    ],
)
def test_a_list_within_a_pattern_is_seen(pattern, found):
    assert repeated(pattern, {"is", "are", "was", "were", "be", "been"}) == found

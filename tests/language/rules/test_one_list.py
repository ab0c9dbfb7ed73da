"""A small word of grammar, a hedge, a negation or a verb of saying stands in the one table of its kind: other lists name the table's senses."""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.language.rules import FOLDER, load_rules
from tests.language.rules.test_words_are_data import ROOT, modules, words_in

TABLES = ("auxiliaries", "determiners", "hedges", "negations", "particles", "saying")
# What people type, what pages hold and what words mean are lists of other kinds.
OTHER_KINDS = {"questions", "pages", "words"}
MIN_WORDS = 3  # of a table in a list of words from which it is a second list
MIN_ALTERNATIVES, MIN_SHARE = 5, 0.5  # the same of what a pattern has between bars
# Reports on pages are told by verbs of saying, and such verbs stand among others, so that few of them make a list.
SAYING = "saying"
SAYING_OTHER_KINDS, MIN_SAYING_ALTERNATIVES, MIN_SAYING_SHARE = {"questions", "words"}, 3, 0.3
ALLOWED = {
    (one["table"], one["file"], one["sense"]): one["reason"]
    for one in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["allowed"]
}
IN_PYTHON = {
    one["module"]: one["reason"]
    for one in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["in_python"]
}
MIN_LISTED_VERBS = 2  # of saying, in a literal of a module, from which it is a list
_STRING = re.compile(r"\"[^\"\n]+\"|'[^'\n]+'")
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


def repeated(
    pattern: str, table: set[str], *, least: int = MIN_ALTERNATIVES, share: float = MIN_SHARE
) -> set[str]:
    """Return the words of ``table`` that a group of ``pattern`` lists, where it lists little else."""
    found = set[str]()
    for group in alternatives(pattern):
        if len(group) < least:
            continue
        holding = [listed for word in group if _PLAIN.fullmatch(word) and (listed := matching(word, table))]
        if len(holding) >= least and len(holding) >= share * len(group):
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
    said = table.stem == SAYING
    bounds = {"least": MIN_SAYING_ALTERNATIVES, "share": MIN_SAYING_SHARE} if said else {}
    for path in sorted(table.parents[1].rglob("*.toml")):
        if path.stem in TABLES or path.parent.name in (SAYING_OTHER_KINDS if said else OTHER_KINDS):
            continue
        data = read(path)
        name = path.relative_to(FOLDER).with_suffix("").as_posix()
        for one in (*data.get("words", ()), *data.get("pattern", ())):
            listed = known & set(one["words"]) if "words" in one else repeated(one["match"], known, **bounds)
            if len(listed) >= MIN_WORDS:
                found[table.stem, name, one.get("sense") or one["senses"][0]] = listed
    return found


@pytest.mark.parametrize("table", tables(), ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_a_word_stands_once_in_its_table(table):
    assert [word for word, count in Counter(words_of(table)).items() if count > 1] == []


@pytest.mark.slow
@pytest.mark.parametrize("table", tables(), ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_no_other_list_has_the_words_of_a_table(table):
    assert {where: words for where, words in second_lists(table).items() if where not in ALLOWED} == {}


@functools.cache
def spoken() -> frozenset[str]:
    """Return the English verbs of saying that are no noun."""
    known = load_rules("en", SAYING).words
    return known["states"] | known["participle"] | known["speaking"] | known["voicing"]


def verbs_in(source: str) -> set[str]:
    """Return the verbs of saying that a module lists: two in one literal, or several in its patterns."""
    tree, found = ast.parse(source), set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Set | ast.List | ast.Tuple):
            listed = spoken() & {one.value for one in node.elts if isinstance(one, ast.Constant)}
            found |= listed if len(listed) >= MIN_LISTED_VERBS else set()
    scattered = spoken() & set(words_in(source))
    return found | scattered if len(scattered) >= MIN_WORDS else found


@functools.cache
def second_lists_in_python() -> dict[str, set[str]]:
    """Return the verbs of saying that modules of the program list, by module."""
    found = {}
    for module in modules():
        source = (ROOT / module).read_text("utf-8")
        quoted = set(re.findall(r"[a-z]+", " ".join(_STRING.findall(source))))
        # To look is quicker than to parse it.
        if len(quoted & spoken()) >= MIN_LISTED_VERBS and (verbs := verbs_in(source)):
            found[module] = verbs
    return found


@pytest.mark.slow
def test_no_module_lists_verbs_of_saying():
    assert {
        module: verbs for module, verbs in second_lists_in_python().items() if module not in IN_PYTHON
    } == {}


@pytest.mark.slow
def test_every_module_that_may_is_needed_and_has_its_reason():
    assert set(IN_PYTHON) <= second_lists_in_python().keys()
    assert all(IN_PYTHON.values())


@pytest.mark.parametrize(
    "source",
    [
        '_SAID = frozenset("said told declared".split())',
        'def is_said(word): return word in {"said", "told", "declared"}',
        'import re\n_SAID = re.compile(r"\\b(?:said|told|declared)\\b")',
        'SAID = ("said", "told", "declared")',
    ],
)
def test_a_list_in_a_module_is_seen(source):
    assert verbs_in(source) == {"said", "told", "declared"}
    assert not verbs_in('"""What was said, told or declared."""\ntold = said')


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

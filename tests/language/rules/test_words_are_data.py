"""Facts of language live in rules as data: Python holds few words of a language, and which ones is written down with the reason."""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.running.rows import each_row

ROOT = Path(__file__).parents[3]
FOLDERS = (
    "answers",
    "briefings",
    "chat",
    "evidence",
    "feeds",
    "flows",
    "kinds",
    "language",
    "stories",
    "updates",
)
MAX_WORDS = 15  # of patterns and lists of a module that need no reason
MIN_LISTED = 4  # strings from which a literal is a list of words
ALLOWED = {
    one["module"]: one
    for one in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["allowed"]
}
_HOLDERS = (ast.Call, ast.Set, ast.List, ast.Tuple, ast.Dict, ast.Constant, ast.JoinedStr)
_LEAVES = (ast.Name, ast.alias, ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)
# A comment or what a module or a function says of itself, or the content of a string.
_QUOTED = re.compile(
    r"""#[^\n]*|^[ ]*"{3}(?:(?!"{3})[\s\S])*"{3}(?!\.)|"{3}([\s\S]*?)"{3}|"((?:\\.|[^"\\\n])*)"|\'((?:\\.|[^\'\\\n])*)\'""",
    re.MULTILINE,
)
_WORD = re.compile(r"[^\W\d_]{3,}")
# What of a pattern is no text: names of groups, flags, classes of characters, escapes.
_SYNTAX = re.compile(r"\(\?P?[<=]\w+[>)]|\(\?[a-z-]+[:)]|\\[a-zA-Z]|\[[^\]]*\]")


def words_in(source: str) -> list[str]:
    """Return the words of three letters and more in the patterns and in the lists of strings of a module."""
    return [word for text in _texts(ast.parse(source)) for word in _WORD.findall(_SYNTAX.sub(" ", text))]


@functools.cache
def words_of(module: str) -> tuple[str, ...]:
    """Return those of ``module``, by its path."""
    return tuple(words_in((ROOT / module).read_text("utf-8")))


def _may_hold(module: str, count: int) -> bool:
    """Tell whether ``module`` has more than ``count`` words in all its strings: to look is quicker than to parse it."""
    strings = _QUOTED.findall((ROOT / module).read_text("utf-8"))
    return sum(len(_WORD.findall("".join(parts))) for parts in strings) > count


def _texts(tree: ast.AST) -> Iterator[str]:
    left = [tree]
    while left:
        node = left.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # what a module or a function says of itself
        if isinstance(node, _HOLDERS) and _holds_words(node):
            yield from _strings(node)
        else:
            left += reversed(_children(node))


def _children(node: ast.AST) -> list[ast.AST]:
    """Return what stands within ``node`` and may hold strings: "ast" asks every node for its context and operator as well."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name)
        if isinstance(value, list):
            found += [one for one in value if isinstance(one, ast.AST)]
        elif isinstance(value, ast.AST) and not isinstance(value, _LEAVES):
            found.append(value)
    return found


def _holds_words(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name)) if name != "escape":
            return True
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="split")):
            return True
        case ast.Set(elts=listed) | ast.List(elts=listed) | ast.Tuple(elts=listed):
            return sum(isinstance(e, ast.Constant) and isinstance(e.value, str) for e in listed) >= MIN_LISTED
        case ast.Dict(keys=keys, values=values):
            named = sum(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in keys)
            return named >= MIN_LISTED and all(isinstance(value, ast.Constant) for value in values)
        case ast.Constant(value=str(text)):
            return text.count("|") > 1
        case ast.JoinedStr():
            return sum(text.count("|") for text in _strings(node)) > 1
    return False


def _strings(node: ast.AST) -> Iterator[str]:
    """Yield the strings written within ``node``, without those of what is filled into them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif not isinstance(node, ast.FormattedValue):
        for child in ast.iter_child_nodes(node):
            yield from _strings(child)


def modules():
    for folder in FOLDERS:
        for path in sorted((ROOT / "bot" / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix()


@each_row(
    ("source", "words"),
    [
        ('_A = re.compile(r"\\b(?:said|told)\\b")', ["said", "told"]),
        ('_A = re.compile(rf"\\b(?P<who>{x}|said)")', ["said"]),
        ("_A = re.compile(rf\"(?:{any_of(WORDS['saying'])}|said)\")", ["said"]),
        ('_A = "said|told|wrote"', ["said", "told", "wrote"]),
        ('_A = frozenset({"said", "told", "wrote", "spoke"})', ["said", "told", "wrote", "spoke"]),
        ('_A = "said told".split()', ["said", "told"]),
        ('_A = {"one": 1, "two": 2, "six": 6, "ten": 10}', ["one", "two", "six", "ten"]),
        ('def f():\n    return re.search("said", x)', ["said"]),
        ('_A = re.compile(r"(?i)\\d{1,2}[a-z]+<br>")', []),
        ('"""A text of said | told | wrote is no list."""', []),
        ('_A = load_rules("en", "speech").words["saying"]', []),
        ('_A = f"{who} said that {what} happened"', []),
    ],
)
def test_words_are_counted_in_patterns_and_lists(source, words):
    assert words_in(source) == words


@pytest.mark.slow
def test_python_holds_no_words_of_a_language_without_a_reason():
    allowed = {module: ALLOWED[module]["words"] if module in ALLOWED else MAX_WORDS for module in modules()}
    full = {module: words_of(module) for module, count in allowed.items() if _may_hold(module, count)}
    assert len(full) > len(ALLOWED)
    more = {module: words for module, words in full.items() if len(words) > allowed[module]}
    assert more == {}, "these belong into bot/language/rules/<language>, where every language has its own"


def test_no_allowance_is_larger_than_what_is_there():
    held = {module: len(words_of(module)) for module in ALLOWED}
    assert {module: one["words"] for module, one in ALLOWED.items()} == held
    assert all(_may_hold(module, count - 1) for module, count in held.items())
    assert all(one["words"] > MAX_WORDS and one["reason"] for one in ALLOWED.values())

"""Counts, and days and months by name, are written by the locale alone: one place knows plurals and CLDR."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

LOCALE = ROOT / "bot" / "language" / "locale"
NAMED = re.compile(r"%[aAbB]")  # a day of the week or a month by its English name
ONE = re.compile(r"(?:1|[Oo]ne|[Aa]n?) \w")


def by_hand(source: str) -> Iterator[int]:
    """Yield the line of each date with a name, and of each choice between one and several, in ``source``."""
    for node in ast.walk(ast.parse(source)):
        named = isinstance(node, ast.FormattedValue) and node.format_spec and NAMED.search(ast.unparse(node))
        written = (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "strftime"
            and NAMED.search(ast.unparse(node))
        )
        if named or written or (isinstance(node, ast.IfExp) and _chooses_a_number(node)):
            yield node.lineno


def _chooses_a_number(node: ast.IfExp) -> bool:
    compared = node.test.comparators if isinstance(node.test, ast.Compare) else []
    if not any(isinstance(one, ast.Constant) and one.value == 1 for one in compared):
        return False
    words = [part.value for part in (node.body, node.orelse) if isinstance(part, ast.Constant)]
    texts = [word for word in words if isinstance(word, str)]
    if len(texts) == 2:
        one, several = sorted(texts, key=len)
        return several in {f"{one}s", f"{one}es"} or (one[-1:] == "y" and several == f"{one[:-1]}ies")
    return len(texts) == 1 and bool(ONE.match(texts[0]))


def test_a_count_or_date_by_hand_is_recognised():
    assert list(by_hand("""f"{n} feed{'' if n == 1 else 's'}\""""))
    assert list(by_hand("""f"{n} {'entry' if n == 1 else 'entries'}\""""))
    assert list(by_hand("""x = '1 feed' if n == 1 else f'{n} feeds'"""))
    assert list(by_hand("f'{at:%d %B}'"))
    assert list(by_hand("at.strftime('%A')"))
    assert not list(by_hand("f'{at:%Y-%m-%d %H:%M}' + ('yes' if n == 1 else 'no')"))


@pytest.mark.slow
def test_no_count_and_no_named_day_is_written_by_hand():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted(Path(ROOT / "bot").rglob("*.py"))
        if LOCALE not in path.parents
        for line in by_hand(path.read_text("utf-8"))
    ]
    assert not found, f"use counted() or Phrases of bot.language.locale: {found}"

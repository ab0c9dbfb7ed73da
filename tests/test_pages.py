"""The pages name modules, functions, tables and terms that exist."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from bot.cli import app
from bot.store import tables
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
HISTORY = {"CHANGELOG.md", "DECISIONS.md"}  # they also tell of what was
LIFE = ROOT / "docs" / "life-of-a-briefing.md"
STEP = re.compile(r"^\| (\d+) \| `(bot/[^`]+\.py)` \| `([^`]+)` \| ([^|]+) \| (.+) \|$")
PATH = re.compile(r"`((?:bot|tests|benchmarks|config|prompts|docs)/[\w./-]+?)/?`")
DOTTED = re.compile(r"`(bot(?:\.\w+)+)`")


def _named(dotted: str) -> object:
    """Return the module, class, function or method that ``dotted`` names; raises where there is none."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for name in parts[length:]:
            found = getattr(found, name)
        return found
    raise AttributeError(dotted)


def _steps() -> Iterator[tuple[int, str, str, str, str]]:
    """Yield number, path, function, caller and sentence of each step."""
    for line in LIFE.read_text("utf-8").splitlines():
        if found := STEP.match(line):
            yield int(found[1]), found[2], found[3], found[4], found[5]


@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in HISTORY], ids=lambda p: p.name)
def test_every_path_and_code_term_of_a_page_exists(page: Path):
    text = page.read_text("utf-8")
    missing = [name for name in PATH.findall(text) if not (ROOT / name).exists()]
    assert missing == []
    for dotted in DOTTED.findall(text):
        assert _named(dotted) is not None


def test_every_command_that_a_page_names_exists():
    verbs = {command.name for command in [*app.registered_commands, *app.registered_groups]}
    for page in PAGES:
        named = set(re.findall(r"(?:^|`)wirebrief ([a-z]+)", page.read_text("utf-8"), re.MULTILINE))
        assert named <= verbs, page.name


def test_every_function_that_the_life_of_a_briefing_passes_is_in_the_module_named_beside_it():
    steps = list(_steps())
    assert len(steps) > 60
    for number, path, name, _, _ in steps:
        module = path.removesuffix(".py").replace("/", ".")
        assert callable(_named(f"{module}.{name}")), f"step {number}: {name} is not in {path}"


def test_the_steps_of_the_life_of_a_briefing_are_numbered_without_a_gap():
    numbers = [number for number, *_ in _steps()]
    for before, after in pairwise(numbers):
        assert after in {before + 1, 1, 6}, f"{before} is followed by {after}"


def test_the_module_of_a_caller_names_the_function_that_it_calls():
    latest: dict[int, str] = {}  # numbers begin anew with each walk
    for number, path, name, caller, _ in _steps():
        latest[number] = path
        if caller.isdecimal():
            called = name.rpartition(".")[2]
            text = (ROOT / latest[int(caller)]).read_text("utf-8")
            assert re.search(rf"(?<!def )\b{called}\b", text), (
                f"{name} is not called in {latest[int(caller)]}"
            )


def test_every_step_is_told_in_one_short_sentence():
    assert [number for number, _, _, _, said in _steps() if len(said) > 150 or not said.endswith(".")] == []


def test_the_tables_that_the_life_of_a_briefing_names_exist():
    stored = re.findall(r"^Stored in (.+?)(?:\n\n|\Z)", LIFE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(stored) == 6
    known = {table.name for table in tables.metadata.sorted_tables}
    for paragraph in stored:
        for name in re.findall(r"`([a-z_]+)`", paragraph):
            assert name in known | {"after_refusal"}, name


def test_every_term_of_the_glossary_has_one_line_and_a_place_in_the_code():
    rows = re.findall(
        r"^\| ([^|-][^|]*) \| ([^|]+) \| ([^|]+) \|$",
        (ROOT / "docs" / "glossary.md").read_text("utf-8"),
        re.MULTILINE,
    )
    terms = [term for term, _, _ in rows if term != "Term"]
    assert len(terms) > 40
    assert len(set(terms)) == len(terms)
    for term, means, code in rows:
        if term != "Term":
            assert len(means) <= 150, term
            assert re.fullmatch(DOTTED, code), f"{term}: {code}"

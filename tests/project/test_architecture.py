"""The page on how the program is built names what stands in the tree, and nothing else."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.generated import house, statistics

ROOT = Path(__file__).parents[2]
MOST_SIDE_BY_SIDE = 15  # modules of one folder, its __init__ aside


def _folders() -> list[Path]:
    kept = {".py", ".toml", ".html", ".css"}
    found = {path.parent for path in (ROOT / "bot").rglob("*") if path.suffix in kept}
    inner = {ROOT / "bot" / "language" / "rules", ROOT / "bot" / "store" / "migrations"}
    return sorted(folder for folder in found | inner if not any(one in folder.parents for one in inner))


def test_the_page_on_the_architecture_names_every_folder_and_top_level_module():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = re.findall(r"^\| (`.+?`) \|", page, re.MULTILINE)
    named = [name for row in table for name in re.findall(r"`([^`]+)`", row)]
    folders = [folder.relative_to(ROOT).as_posix() for folder in _folders() if folder.name != "bot"]
    modules = [f"bot/{path.name}" for path in (ROOT / "bot").glob("*.py") if path.name != "__init__.py"]
    assert sorted(named) == sorted(folders + modules)


def test_no_folder_holds_more_modules_than_are_taken_in_at_a_glance():
    counted = Counter(
        path.parent.relative_to(ROOT).as_posix()
        for top in ("bot", "tests", "benchmarks")
        for path in (ROOT / top).rglob("*.py")
        if path.stem != "__init__" and "migrations" not in path.parts
    )
    assert len(counted) > 100
    assert {name: count for name, count in counted.items() if count > MOST_SIDE_BY_SIDE} == {}


def test_no_module_repeats_the_name_of_its_folder_as_a_prefix():
    prefixed = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "bot").rglob("*.py")
        if path.stem.startswith(f"{path.parent.name}_")
    ]
    assert prefixed == []


def test_the_drawing_has_every_folder_and_the_arrows_of_their_imports():
    page = house.PAGE.read_text("utf-8")
    block = page.partition(house.BEGIN)[2].partition(house.END)[0]
    counted = {
        name: int(number)
        for name, number in re.findall(r'^  (\w+)\["\1<br>(\d+) modules?"\]$', block, re.MULTILINE)
    }
    arrows = {
        name: set(others.split(" & "))
        for name, others in re.findall(r"^  (\w+) --> (.+)$", block, re.MULTILINE)
    }
    assert arrows == {name: others for name, others in house.drawn(house.arrows()).items() if others}, (
        "run make docs"
    )
    # A file more or less need not be drawn anew: sizes are there to be compared.
    now = house.folders()
    wrong = {
        name
        for name in now.keys() | counted
        if abs(now[name] - counted.get(name, 0)) > max(2, now[name] // 5)
    }
    assert wrong == set(), "run make docs"


def _numbers(row: str) -> list[float]:
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", row)]


@pytest.mark.slow
def test_the_figures_of_the_page_are_those_of_the_tree():
    (shown,) = (
        line for line in house.PAGE.read_text("utf-8").splitlines() if line.startswith(statistics.BEGIN)
    )
    now = _numbers(statistics.row(statistics.modules()))
    assert len(now) > 15
    # A function more or less need not be counted anew: sizes are there to be compared.
    stale = [
        (told, one)
        for told, one in zip(_numbers(shown), now, strict=True)
        if abs(told - one) > max(3, one / 5)
    ]
    assert stale == [], "run make docs"


def test_lines_and_parameters_are_counted():
    text = '''"""A module."""
import re  # why


async def public(self, one, *, two=1):
    """Say what."""

    def _inner():
        return one

    return _inner
'''
    found = statistics.measured("bot/a.py", text)
    assert (found.lines, found.code, found.comments, found.docstrings) == (11, 5, 1, 2)
    assert [(one.lines, one.parameters, one.docstring, one.public) for one in found.functions] == [
        (7, 2, True, True),
        (2, 0, False, False),
    ]
    assert statistics.spread([1, 2, 3, 4, 100]) == "3 / 100 / 100 / 100"


def test_an_arrow_that_follows_from_others_is_not_drawn():
    found = {"a": frozenset("bcd"), "b": frozenset("c"), "c": frozenset("d"), "d": frozenset()}
    assert house.drawn(found) == {"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": set()}


def _unit(module: str) -> str:
    """Return the folder or file directly in ``bot`` that ``module`` belongs to."""
    name = f"bot/{module.split('.')[1]}"
    return name if (ROOT / name).is_dir() else f"{name}.py"


def test_a_row_of_the_map_imports_only_what_stands_below_it():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rows = [name for name in re.findall(r"^\| `(bot/[\w.]+)` \|", page, re.MULTILINE) if name.count("/") == 1]
    assert len(rows) > 20
    place = {name: number for number, name in enumerate(rows)}
    upwards = set()
    for path in (ROOT / "bot").rglob("*.py"):
        own = (
            _unit(".".join(path.relative_to(ROOT).with_suffix("").parts))
            if path.name != "__init__.py"
            else ""
        )
        for module in re.findall(r"^\s*(?:from|import) (bot\.[\w.]+)", path.read_text("utf-8"), re.MULTILINE):
            if own and place[_unit(module)] < place[own]:
                upwards.add((own, _unit(module)))
    assert upwards == set()


PORTS = ("Fetcher", "LanguageModel", "Encoder", "Chat")  # what reaches the world outside
# An implementation of a port that reaches nothing outside and belongs to one use case.
WITHIN = {"bot.flows.briefing.replay": "answers with the replies that the record of a briefing holds"}


def _classes(path: Path) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef))


def _methods(one: ast.ClassDef) -> set[str]:
    return {node.name for node in one.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def _implementations() -> dict[str, list[tuple[str, ast.ClassDef]]]:
    """Return the classes that have all methods of a port, with their modules, by port."""
    asked = {one.name: _methods(one) for one in _classes(ROOT / "bot" / "ports.py") if one.name in PORTS}
    found: dict[str, list[tuple[str, ast.ClassDef]]] = {name: [] for name in asked}
    for path in (ROOT / "bot").rglob("*.py"):
        text = path.read_text("utf-8")
        if path.name == "ports.py" or not any(
            f"def {name}(" in text for name in set().union(*asked.values())
        ):
            continue
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for one in _classes(path):
            for name, methods in asked.items():
                if methods <= _methods(one):
                    found[name].append((module, one))
    return found


def _adapters() -> set[str]:
    """Return the modules of implementations that do not wrap another one of their port."""
    found = set()
    for port, classes in _implementations().items():
        names = {port} | {one.name for _, one in classes}
        for module, one in classes:
            held = {node.id for node in ast.walk(one) if isinstance(node, ast.Name)} - {one.name}
            if not held & names:
                found.add(module)
    return found


def test_the_contract_of_adapters_names_each_that_is_in_the_tree():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (forbidden,) = (one["forbidden_modules"] for one in contracts if one["name"].startswith("Adapters"))
    adapters = _adapters()
    assert len(adapters) > 8
    missing = {
        module
        for module in adapters - WITHIN.keys()
        if not any(f"{module}.".startswith(f"{name}.") for name in forbidden)
    }
    assert missing == set()
    assert {name for name in forbidden if not any(f"{a}.".startswith(f"{name}.") for a in adapters)} == set()
    assert WITHIN.keys() <= adapters


def test_the_store_is_opened_in_the_composition_root_alone():
    opened = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "bot").rglob("*.py")
        if re.search(r"(?<!def )\bopen_store\(", path.read_text("utf-8"))
    }
    assert opened == {"bot/runtime/compose.py"}

"""The page on how the program is built names what stands in the tree, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tests.support.generated import house

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

"""The mutation run: what it changes, what it leaves alone, and that every module it changes has tests of its own."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from tests.mutation.__main__ import HERE, ROOT, ModuleMutant, chosen, read_targets, reasons, sample
from tests.mutation.operators import mutants

SOURCE = '''
"""About the module."""

LIMIT: int = 3


def over(number: int) -> bool:
    """Tell whether."""
    if number > LIMIT:
        raise ValueError("too much")
    return number == LIMIT and not number
'''


def test_each_change_makes_another_program_and_words_for_people_stay():
    found = mutants(SOURCE)
    programs = {ast.unparse(mutant.tree) for mutant in found}
    assert len(programs) == len(found)
    assert ast.unparse(ast.parse(SOURCE)) not in programs
    assert all('"""About the module."""' in text or "'too much'" in text for text in programs)
    assert {
        "3 → 4",
        "number > LIMIT → number >= LIMIT",
        "number > LIMIT → number <= LIMIT",
        "not number → number",
    } <= {mutant.change for mutant in found}


def test_an_edit_moves_only_the_chosen_mutants_of_its_own_lines():
    def keys(source):
        made = [ModuleMutant(module="bot.example", mutant=mutant) for mutant in mutants(source)]
        return {(one.mutant.code, one.mutant.change) for one in sample(made, 12)}

    before = "\n".join(f"A{i} = {i}" for i in range(40))
    edited = before.replace("A7 = 7", "ADDED = 1\nA7 = 700")
    assert len(keys(before)) == 12
    assert keys(edited) == keys("\n" + edited)
    # Those of the edited line, and as many as the added ones push out.
    assert len(keys(before) - keys(edited)) <= 6


def test_every_module_of_a_folder_with_targets_is_mutated_or_says_why_not():
    mutated = {module for target in read_targets().values() for module in target.modules}
    folders = {module.rpartition(".")[0] for module in mutated} - {
        "bot"
    }  # the schedule is a module of its own
    there = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for folder in folders
        for path in ROOT.joinpath(*folder.split(".")).rglob("*.py")
        if path.name != "__init__.py"
    }
    groups = tomllib.loads((HERE / "exceptions.toml").read_text("utf-8"))["exceptions"]
    assert all(group["reason"] for group in groups)
    excepted = {module for group in groups for module in group["modules"]}
    assert there - mutated - excepted == set()
    assert excepted - there == set()
    assert excepted & mutated == set()


@pytest.mark.parametrize("name", read_targets())
def test_every_module_of_a_target_has_a_mirrored_test_file(name):
    target = read_targets()[name]
    for module in target.modules:
        folder = Path("tests", *module.split(".")[1:-1])
        mirrored = folder / f"test_{module.rpartition('.')[2]}.py"
        assert mirrored.as_posix() in target.tests
        assert (ROOT / mirrored).is_file()


@pytest.mark.slow
def test_every_listed_survivor_is_a_mutant_of_today():
    listed = set(reasons())
    for target in read_targets().values():
        listed -= {(made.module, made.mutant.code, made.mutant.change) for made in chosen(target, 10**6)}
    assert listed == set()

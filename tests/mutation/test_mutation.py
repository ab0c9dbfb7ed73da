"""The mutation run: what it changes, what it leaves alone, and that every module it changes has tests of its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutation.__main__ import ROOT, chosen, read_targets, reasons
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

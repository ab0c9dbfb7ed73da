"""Names of the program: each public class has one of its own, and a constant says what it counts."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.conftest import ROOT

VAGUE = frozenset(
    "NEAR MOST SOON SIP SHOWN READ LONGEST LEAST ENOUGH FEW MANY SLOW SHORT LATE EARLY LOOK LOOKED_AT PATIENCE ALIKE AHEAD BATCH".split()
)
# A part of a message as it is written, and as it is posted.
SHARED = {"Part"}
MODULES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
    for path in sorted((ROOT / "bot").rglob("*.py"))
}


def constants(tree):
    """Yield the names that a module gives values at its top."""
    for node in tree.body:
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign)
            else []
        )
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def test_no_two_public_classes_have_one_name():
    found = defaultdict(list)
    for path, tree in MODULES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path)
    assert {name: paths for name, paths in found.items() if len(paths) > 1 and name not in SHARED} == {}


def test_no_constant_has_a_name_that_says_nothing_of_what_it_is():
    found = {f"{path}: {name}" for path, tree in MODULES.items() for name in constants(tree) if name in VAGUE}
    assert found == set()

"""Which tests run which functions: a fault is shown first to those that reach it, the quickest before the others."""

from __future__ import annotations

import ast
import json
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from types import FrameType

import pytest

from tests.mutation.operators import Mutant

Function = tuple[str, int]  # its module, and its first line


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a run without faults told: the tests that entered each function, and the seconds each test took."""

    tests: Mapping[Function, frozenset[str]]
    seconds: Mapping[str, float]

    def of(self, module: str, mutant: Mutant) -> list[str]:
        """Return the tests that reach ``mutant``, the quickest first; none where it is in no function."""
        function = next((f for f in functions(mutant.source) if mutant.line in f), None)
        found = self.tests.get((module, function.start), frozenset()) if function else frozenset()
        return sorted(found, key=lambda test: (self.seconds[test], test))


def functions(source: str) -> Iterator[range]:
    """Yield the lines of each function of ``source``, inner ones before those around them."""
    found = [
        range(min([node.lineno, *(one.lineno for one in node.decorator_list)]), (node.end_lineno or 0) + 1)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    yield from sorted(found, key=len)


class Recorder:
    """A plugin of pytest: sees every call of a function of ``modules``, by its file."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules
        self._test = ""
        self._found: dict[Function, set[str]] = defaultdict(set)
        self._seconds: dict[str, float] = {}

    def begin(self) -> None:
        """Look at all calls from now on, on every thread."""
        threading.settrace(self._entered)
        sys.settrace(self._entered)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note which test runs, and its time."""
        self._test, begun = item.nodeid, process_time()
        try:
            return (yield)
        finally:
            self._seconds[item.nodeid] = process_time() - begun

    def _entered(self, frame: FrameType, _event: str, _argument: object) -> None:
        code = frame.f_code
        if self._test and (module := self._modules.get(code.co_filename)):
            self._found[module, code.co_firstlineno].add(self._test)

    def write(self, path: Path) -> None:
        """Write what was seen, for ``read_reach``."""
        found = [[module, line, sorted(tests)] for (module, line), tests in self._found.items()]
        path.write_text(json.dumps({"functions": found, "seconds": self._seconds}), "utf-8")


def read_reach(path: Path) -> Reach:
    """Return what a recorder wrote."""
    read = json.loads(path.read_text("utf-8"))
    return Reach(
        tests={(module, line): frozenset(tests) for module, line, tests in read["functions"]},
        seconds=read["seconds"],
    )

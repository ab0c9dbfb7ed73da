"""What a function of the program refers to, in the order of its source: whether it calls another, and before which.

A page that walks through the program says who calls whom; this reads it in the code, without running it.
"""

from __future__ import annotations

import ast
import functools
import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import cast

from bot.store import Store
from bot.store.engine import Database
from tests.conftest import ROOT

Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Place:
    """A function, or the method ``Class.method``, in the file at ``path``."""

    path: str
    name: str

    @property
    def function(self) -> object:
        """The function itself."""
        owner, _, name = self.name.rpartition(".")
        return getattr(getattr(_module(self.path), owner) if owner else _module(self.path), name)

    @property
    def exists(self) -> bool:
        """Whether its file defines it."""
        return (ROOT / self.path).is_file() and self.name in _definitions(self.path)

    def __str__(self) -> str:
        return f"{self.name} in {self.path}"


def calls(caller: Place, callee: Place) -> bool:
    """Tell whether ``caller`` refers to ``callee``, itself or through functions of its own file."""
    return any(_is(found, callee) for found in _references(caller))


def can_precede(caller: Place, first: Place, second: Place) -> bool:
    """Tell whether ``caller`` refers to ``first`` anywhere before it refers to ``second`` for the last time."""
    found = _references(caller)
    at = [place for place, one in enumerate(found) if _is(one, first)]
    then = [place for place, one in enumerate(found) if _is(one, second)]
    return at[0] < then[-1]


def knows(path: str, name: str) -> bool:
    """Tell whether the code of the file at ``path`` has the expression ``name``; one with a dot may be the end of another."""
    found = _expressions(path)
    return name in found or ("." in name and any(text.endswith(f".{name}") for text in found))


def defined(path: str, name: str) -> bool:
    """Tell whether the file at ``path`` itself defines ``name``: a function at any depth, a class, a method or a constant."""
    return name in {key.rpartition(".")[2] for key in _definitions(path)} | _nested(path) | {
        *_definitions(path)
    }


def imports(path: str, name: str) -> bool:
    """Tell whether the file at ``path`` has ``name``, or what it is an attribute of, from another file."""
    return name.partition(".")[0] in _imported(path)


def _is(found: object, callee: Place) -> bool:
    """Tell whether a reference is one to ``callee``: by the function, of a method of who knows what by its name."""
    if isinstance(found, str):
        return "." in callee.name and found == callee.name.rpartition(".")[2]
    return getattr(found, "__func__", found) is callee.function


@functools.cache
def _module(path: str) -> ModuleType:
    return importlib.import_module(path.removesuffix(".py").replace("/", "."))


@functools.cache
def _tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text("utf-8"))


@functools.cache
def _store_parts() -> dict[str, type]:
    """Return the classes of what a ``Store`` is made of, by their names in it."""
    return {name: type(part) for name, part in vars(Store(cast("Database", None))).items()}


@functools.cache
def _expressions(path: str) -> frozenset[str]:
    nodes = ast.walk(_tree(path))
    return frozenset(ast.unparse(node) for node in nodes if isinstance(node, ast.Name | ast.Attribute))


@functools.cache
def _nested(path: str) -> frozenset[str]:
    """Return the names of the functions and classes of a file, at any depth."""
    kinds = Definition | ast.ClassDef
    return frozenset(node.name for node in ast.walk(_tree(path)) if isinstance(node, kinds))


@functools.cache
def _imported(path: str) -> frozenset[str]:
    """Return the names that a file has from others."""
    found = (node for node in ast.walk(_tree(path)) if isinstance(node, ast.Import | ast.ImportFrom))
    return frozenset(one.asname or one.name.partition(".")[0] for node in found for one in node.names)


@functools.cache
def _definitions(path: str) -> dict[str, ast.AST]:
    """Return the functions, methods and constants of a file by their names."""
    found: dict[str, ast.AST] = {}
    for node in _tree(path).body:
        if isinstance(node, Definition):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef):
            methods = (one for one in node.body if isinstance(one, Definition))
            found |= {f"{node.name}.{one.name}": one for one in methods}
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {one.id: node.value for one in targets if isinstance(one, ast.Name)}
    return found


@functools.cache
def _references(caller: Place) -> Sequence[object]:
    """Return what ``caller`` refers to, in the order of its source; functions of its own file are read where they are named.

    What a table of its file holds is called later than the table is named: it comes last.
    """
    reader = _Reader(caller.path)
    return [*reader.within(caller.name), *reader.in_tables()]


class _Reader:
    """Reads the references of one file's functions."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._known = dict(vars(_module(path)))
        self._definitions = _definitions(path)
        self._within: list[str] = []  # what is being read: no function is read inside of itself
        self._tables: dict[str, ast.AST] = {}  # constants that were named

    def within(self, name: str) -> Iterator[object]:
        """Yield what the function or method ``name`` refers to."""
        node = self._definitions[name]
        if not isinstance(node, Definition):
            self._tables[name] = node
        elif name not in self._within:
            self._within.append(name)
            for part in node.body:
                yield from self._of(part)
            self._within.pop()

    def in_tables(self) -> Iterator[object]:
        """Yield what the constants that were named refer to."""
        for node in list(self._tables.values()):
            yield from self._of(node)

    def _of(self, node: ast.AST) -> Iterator[object]:
        if isinstance(node, ast.ImportFrom) and node.module:
            imported = importlib.import_module(node.module)
            self._known |= {one.asname or one.name: getattr(imported, one.name) for one in node.names}
        elif isinstance(node, ast.Name):
            yield self._known.get(node.id)
            if node.id in self._definitions:
                yield from self.within(node.id)
        elif isinstance(node, ast.Attribute):
            yield from self._attribute(node)
        elif isinstance(node, ast.Call):  # what it is given is there before it is called
            for part in (*node.args, *node.keywords, node.func):
                yield from self._of(part)
        else:
            for part in ast.iter_child_nodes(node):
                yield from self._of(part)

    def _attribute(self, node: ast.Attribute) -> Iterator[object]:
        owner = self._owner(node.value)
        if isinstance(owner, ModuleType):
            yield getattr(owner, node.attr, None)
            return
        yield from self._of(node.value)
        found = getattr(owner, node.attr, None)
        yield found if callable(found) else node.attr
        for name in self._definitions:
            if name.endswith(f".{node.attr}") and (
                found is None or Place(self._path, name).function is found
            ):
                yield from self.within(name)

    def _owner(self, node: ast.AST) -> object:
        """Return the module or class that the expression ``node`` stands for or is of; None where only a run would tell."""
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).split(".")[-1] == "store":
            return _store_parts().get(node.attr)
        if not isinstance(node, ast.Name):
            return None
        if node.id == "self" and "." in self._within[-1]:
            return vars(_module(self._path))[self._within[-1].partition(".")[0]]
        known = self._known.get(node.id)
        return known if isinstance(known, ModuleType | type) else None

"""Measure the program: how long its functions and modules are, for ``make statistics`` and ``docs/architecture.md``.

A function is as long as its lines from ``def`` to its last one, with its docstring. Lines of code are those that hold
more than comments and docstrings.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.generated import house

ROOT = Path(__file__).parents[3]
BEGIN = "| Wirebrief today | "
COLUMNS = (
    "lines of a function",
    "functions of more",
    "parameters",
    "lines of a module",
    "comments",
    "folders",
)
MAX_FUNCTION_LINES = 60
# Strings, since a hash within one begins no comment. To have Python find all tokens takes several times as long.
STRING_OR_COMMENT = re.compile(
    r"(\"\"\"|'''|\"|')(?:[^\\\"']+|\\.|(?!\1).)*\1|(#.*?)$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function, method or inner function, with its lines and its parameters."""

    place: str
    lines: int
    parameters: int
    docstring: bool
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A module, with the lines of each sort."""

    path: str
    lines: int
    code: int
    comments: int
    docstrings: int
    functions: tuple[Function, ...]


def modules(folder: Path = ROOT / "bot") -> list[Module]:
    """Return the modules of ``folder`` without migrations, which are never changed."""
    paths = sorted(path for path in folder.rglob("*.py") if "migrations" not in path.parts)
    return [measured(path.relative_to(folder.parent).as_posix(), path.read_text("utf-8")) for path in paths]


def measured(path: str, text: str) -> Module:
    """Return the figures of the module ``text``."""
    tree = ast.parse(text)
    documented = {number for node in ast.walk(tree) for number in _docstring_lines(node)}
    comments = sum(bool(found[2]) for found in STRING_OR_COMMENT.finditer(text))
    code = STRING_OR_COMMENT.sub(lambda found: found[0] if found[1] else "", text).splitlines()
    return Module(
        path=path,
        lines=len(text.splitlines()),
        code=sum(bool(line.strip()) for number, line in enumerate(code, 1) if number not in documented),
        comments=comments,
        docstrings=len(documented),
        functions=tuple(_functions(tree, path)),
    )


def _docstring_lines(node: ast.AST) -> range:
    holds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    if not isinstance(node, holds) or ast.get_docstring(node, clean=False) is None:
        return range(0)
    return range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)


def _functions(tree: ast.Module, path: str) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            yield Function(
                place=f"{path}:{node.lineno} {node.name}",
                lines=(node.end_lineno or node.lineno) - node.lineno + 1,
                parameters=sum(one.arg not in {"self", "cls"} for one in named),
                docstring=ast.get_docstring(node) is not None,
                public=not node.name.startswith("_"),
            )


def quantile(values: Sequence[int], share: float) -> int:
    """Return the value that ``share`` of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values: Sequence[int]) -> str:
    """Return median, nine tenths, ninety-nine hundredths and the largest of ``values``."""
    return " / ".join(
        f"{number:,}" for number in (*(quantile(values, s) for s in (0.5, 0.9, 0.99)), max(values))
    )


def figures(found: Sequence[Module]) -> dict[str, str]:
    """Return what the page shows, by what it is."""
    functions = [one for module in found for one in module.functions]
    lines = [one.lines for one in functions]
    code = sum(module.code for module in found)
    public = [one for one in functions if one.public]
    folders = Counter(
        Path(module.path).parent.as_posix() for module in found if not module.path.endswith("__init__.py")
    )
    largest, most = folders.most_common(1)[0]
    return {
        "lines of a function: median / 90 % / 99 % / longest": spread(lines),
        f"functions of more than {MAX_FUNCTION_LINES} lines": f"{sum(n > MAX_FUNCTION_LINES for n in lines)} of {len(lines):,}",
        "parameters of a function: median / 90 % / 99 % / most": spread(
            [one.parameters for one in functions]
        ),
        "public functions with a docstring": f"{sum(one.docstring for one in public) * 100 / len(public):.0f} % of {len(public):,}",
        "lines of a module: median / 90 % / 99 % / longest": spread([module.lines for module in found]),
        "modules": f"{len(found):,}",
        "comments, docstrings in lines per line of code": f"{sum(m.comments for m in found) * 100 / code:.1f} %, {sum(m.docstrings for m in found) * 100 / code:.1f} %",
        "folders, and modules in the largest": f"{len(folders)}, {most} (`{largest}`)",
    }


def row(found: Sequence[Module]) -> str:
    """Return the row of the page's table that says what the program is today."""
    told = figures(found)
    cells = [next(value for name, value in told.items() if name.startswith(column)) for column in COLUMNS]
    return f"{BEGIN}{' | '.join(cells)} |\n"


def write() -> None:
    """Put the row into the page, in the place of the one that is there."""
    lines = house.PAGE.read_text("utf-8").splitlines(keepends=True)
    house.PAGE.write_text(
        "".join(row(modules()) if line.startswith(BEGIN) else line for line in lines), "utf-8"
    )


def longest(found: Sequence[Module], *, most: int = 5) -> list[str]:
    """Return the longest functions, and the longest modules, each with its lines."""
    functions = sorted((one for m in found for one in m.functions), key=lambda one: -one.lines)[:most]
    long = sorted(found, key=lambda module: -module.lines)[:most]
    return [f"{one.lines:4} {one.place}" for one in functions] + [f"{one.lines:4} {one.path}" for one in long]


if __name__ == "__main__":
    there = modules()
    lines = [f"{name:<56} {value}" for name, value in figures(there).items()]
    sys.stdout.write("\n".join([*lines, "", "The longest functions and modules:", *longest(there), ""]))

"""Small faults that a program might have, made one at a time in the syntax tree of a module. Pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import copy, deepcopy
from dataclasses import dataclass

COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
NEGATIONS = {ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt}
OPPOSITES = {"any": "all", "all": "any", "min": "max", "max": "min"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One fault: where it is, the code of its line, what it changes, and the whole module with it."""

    line: int
    code: str
    change: str
    source: str
    position: int  # of the node that is changed, in the order of a walk
    number: int  # of the change, of those that the node can have

    @property
    def tree(self) -> ast.Module:
        """The module with the fault."""
        tree = ast.parse(self.source)
        target = next(node for i, node in enumerate(ast.walk(tree)) if i == self.position)
        _, replacement = list(_changes(target))[self.number]
        whole = _Replaced(target, replacement).visit(tree)
        return ast.fix_missing_locations(whole)


def mutants(source: str) -> list[Mutant]:
    """Return every mutant of ``source``, in its order; texts for people, annotations and docstrings stay."""
    tree = ast.parse(source)
    lines = ["", *source.splitlines()]
    kept = _left_alone(tree)
    found = []
    for position, node in enumerate(ast.walk(tree)):
        if node in kept:
            continue
        line = getattr(node.target if isinstance(node, ast.comprehension) else node, "lineno", 0)
        for number, (change, _) in enumerate(_changes(node)):
            code = lines[line].strip()
            found.append(
                Mutant(line=line, code=code, change=change, source=source, position=position, number=number)
            )
    return sorted(found, key=lambda mutant: mutant.line)


class _Replaced(ast.NodeTransformer):
    def __init__(self, target: ast.AST, replacement: ast.AST) -> None:
        self.target, self.replacement = target, replacement

    def visit(self, node: ast.AST) -> ast.AST:
        return self.replacement if node is self.target else self.generic_visit(node)


def _left_alone(tree: ast.AST) -> set[ast.AST]:
    """Return the nodes that say something to people or to the type checker."""
    kept: set[ast.AST] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts = [node.returns, *node.decorator_list]
        elif isinstance(node, ast.ClassDef):
            parts = [*node.decorator_list]
        elif isinstance(node, ast.arg | ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, ast.Raise):
            parts = [node.exc]  # the words of an error; that it is raised is a fault of its own
        elif isinstance(node, ast.Assert) or (
            isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        ):
            parts = [node]
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts = [node.value]
        elif isinstance(node, ast.JoinedStr | ast.FormattedValue):
            parts = [n for n in ast.walk(node) if isinstance(n, ast.Constant)]
        elif isinstance(node, ast.Call) and any(
            name in ast.unparse(node.func) for name in ("_log.", "cast", "TypeVar")
        ):
            parts = [*node.args, *node.keywords]
        elif isinstance(node, ast.keyword) and node.arg == "hint":
            parts = [node]
        for part in parts:
            kept.update(ast.walk(part) if part is not None else ())
    return kept


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:  # noqa: PLR0912 - one case a kind of node
    def changed(replacement: ast.AST) -> tuple[str, ast.AST]:
        return f"{_short(node)} → {_short(replacement)}", replacement

    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            for i, op in enumerate(ops):
                swapped = [*ops[:i], COMPARISONS[type(op)](), *ops[i + 1 :]]
                yield changed(ast.Compare(left=left, ops=swapped, comparators=others))
                if type(op) in NEGATIONS:
                    negated = [*ops[:i], NEGATIONS[type(op)](), *ops[i + 1 :]]
                    yield changed(ast.Compare(left=left, ops=negated, comparators=others))
        case ast.BoolOp(op=op, values=values):
            yield changed(ast.BoolOp(op=ast.Or() if isinstance(op, ast.And) else ast.And(), values=values))
            for i in range(len(values)):
                rest = [*values[:i], *values[i + 1 :]]
                yield changed(rest[0] if len(rest) == 1 else ast.BoolOp(op=op, values=rest))
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield changed(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
            yield changed(ast.BinOp(left=left, op=ARITHMETIC[type(op)](), right=right))
        case ast.Constant(value=bool(value)):
            yield changed(ast.Constant(value=not value))
        case ast.Constant(value=int(value) | float(value)):
            yield changed(ast.Constant(value=value + 1))
            yield changed(ast.Constant(value=value - 1))
        case ast.Constant(value=str(value)) if value and " " not in value:
            yield changed(ast.Constant(value=""))
        case ast.Name(id=name) if name in OPPOSITES:
            yield changed(ast.Name(id=OPPOSITES[name]))
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield changed(ast.Return(value=ast.Constant(value=None)))
        case ast.If(test=test) | ast.While(test=test):
            for value in (True, False) if isinstance(node, ast.If) else (False,):
                turned = copy(node)
                turned.test = ast.Constant(value=value)
                yield f"if {_short(test)} → if {value}", turned
        case ast.IfExp(body=body, orelse=orelse):
            yield changed(body)
            yield changed(orelse)
        case ast.comprehension(ifs=[_, *_]):
            unfiltered = copy(node)
            unfiltered.ifs = []
            yield f"{_short(node)} → without its condition", unfiltered
        case ast.Call(func=func, args=arguments, keywords=[_, *_] as keywords):
            for i in range(len(keywords)):
                yield changed(
                    ast.Call(func=func, args=arguments, keywords=[*keywords[:i], *keywords[i + 1 :]])
                )
        case ast.Subscript(value=value, slice=ast.Slice()):
            yield changed(value)
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield changed(ast.Pass())
        case ast.Raise() | ast.Continue() | ast.Break() | ast.AugAssign():
            yield changed(ast.Pass())


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _short(node: ast.AST) -> str:
    return " ".join(ast.unparse(ast.fix_missing_locations(deepcopy(node))).split())[:100]

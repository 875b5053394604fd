"""Every way to break a module in one place: what a slip of the hand or an attacker would do.

- a comparison that is another one: `<` for `<=`, `==` for `!=`, `in` for `not in`;
- a boundary that is moved by one;
- a guard that never holds: `if …: return` or `raise` is passed by;
- a return that gives nothing: `()`, `None`, `""`, the other truth value; a `yield` left out;
- `and` for `or`, and a `not` that is missing.

An `assert … is not None` is written for the type checker, and is left as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_OTHER: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_EMPTY = {"str": '""', "bytes": 'b""', "int": "0", "list": "[]", "dict": "{}", "set": "set()"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one place broken. Offsets are characters of its text."""

    path: str
    line: int
    start: int
    end: int
    old: str
    new: str

    def __str__(self) -> str:
        return (
            f"{self.path}:{self.line}: {_on_one_line(self.old)}  ->  {_on_one_line(self.new)}"
        )

    def of(self, text: str) -> str:
        """The module's text with the place broken."""
        return text[: self.start] + self.new + text[self.end :]


def mutants(path: str, text: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its text. Each of them can be compiled."""
    tree = ast.parse(text)
    starts = _line_starts(text)
    found = []
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in _own_nodes(function):
                found += [(node, new) for new in _broken(node, function)]
    made = {
        Mutant(
            path, node.lineno, *(span := _span(node, starts, text)), text[slice(*span)], new
        )
        for node, new in found
    }
    return iter(sorted(made, key=lambda mutant: (mutant.start, mutant.end, mutant.new)))


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.expr | ast.stmt]:
    """The statements and expressions of a function's body, without inner functions' own."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.JoinedStr) or _is_for_types(node):
            continue
        if isinstance(node, ast.AnnAssign):
            waiting += [node.value] if node.value else []
            continue
        if isinstance(node, ast.expr | ast.stmt):
            yield node
        waiting += ast.iter_child_nodes(node)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.Assert) and ast.unparse(node.test).endswith("is not None")


def _broken(node: ast.expr | ast.stmt, function: ast.FunctionDef) -> Iterator[str]:
    if isinstance(node, ast.Compare):
        for number, operator in enumerate(node.ops):
            other = [*node.ops]
            other[number] = _OTHER[type(operator)]()
            yield _in_brackets(ast.Compare(node.left, other, node.comparators))
            for limit in (node.left, *node.comparators):
                if isinstance(limit, ast.Constant) and type(limit.value) is int:
                    yield from _moved(node, limit)
    elif isinstance(node, ast.If) and isinstance(node.body[-1], _LEAVING) and not node.orelse:
        yield _with(node, test=ast.Constant(value=False))
    elif isinstance(node, ast.Return) and node.value is not None:
        yield from _emptied(node.value, function)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom):
        yield "pass"
    elif isinstance(node, ast.BoolOp):
        joined = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield _in_brackets(ast.BoolOp(joined, node.values))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield _in_brackets(node.operand)


def _moved(node: ast.Compare, limit: ast.Constant) -> Iterator[str]:
    assert isinstance(limit.value, int)
    other = ast.Constant(limit.value + 1)
    left = other if node.left is limit else node.left
    right = [other if each is limit else each for each in node.comparators]
    yield _in_brackets(ast.Compare(left, node.ops, right))


def _emptied(value: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    returns = ast.unparse(function.returns) if function.returns else ""
    name = returns.partition("[")[0].lower()
    if name == "bool":
        new = f"not ({ast.unparse(value)})"
    elif name in ("tuple", "sequence", "iterator", "iterable", "collection"):
        new = "iter(())" if name == "iterator" else "()"
    elif "None" in returns:
        new = "None"
    else:
        new = {**_EMPTY, "mapping": "{}", "frozenset": "frozenset()"}.get(name, "")
    if new and ast.unparse(value) != ast.unparse(ast.parse(new, mode="eval")):
        yield f"return {new}"


def _with(node: ast.If, test: ast.expr) -> str:
    """The statement with another condition, laid out as one that stands at its place."""
    lines = ast.unparse(ast.If(test, node.body, [])).split("\n")
    return ("\n" + " " * node.col_offset).join(lines)


def _in_brackets(node: ast.expr) -> str:
    return f"({ast.unparse(ast.fix_missing_locations(node))})"


def _span(node: ast.expr | ast.stmt, starts: list[int], text: str) -> tuple[int, int]:
    """Where a node begins and ends, in characters. The syntax tree counts columns in bytes."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None

    def place(line: int, column: int) -> int:
        start = starts[line - 1]
        return start + len(text[start : starts[line]].encode()[:column].decode())

    return (
        place(node.lineno, node.col_offset),
        place(node.end_lineno, node.end_col_offset),
    )


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _on_one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else f"{line[:87]}..."

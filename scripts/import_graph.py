"""The import graph of src/alcove as its sources say it, function-level imports included."""

from __future__ import annotations

import ast
import os
import sys
from functools import cache
from typing import NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCE = os.path.join(ROOT, "src", "alcove")


class Import(NamedTuple):
    """One imported module, dotted and absolute; `typed` when only a type checker ever runs the import."""

    module: str
    line: int
    typed: bool


class Module(NamedTuple):
    """One file below src/alcove: `path` relative to it with `/`, dotted `name`, syntax tree and imports."""

    path: str
    name: str
    tree: ast.Module
    imports: tuple[Import, ...]


@cache
def modules() -> dict[str, Module]:
    """Return all modules of alcove by dotted name."""
    paths = {}
    for directory, _, files in os.walk(SOURCE):
        for file in files:
            if file.endswith(".py"):
                path = os.path.relpath(os.path.join(directory, file), SOURCE).replace(os.sep, "/")
                paths[dotted(path)] = path
    known = frozenset(paths)
    return {name: read(path, name, known) for name, path in sorted(paths.items())}


def dotted(path: str) -> str:
    """Return the module name of a path relative to src/alcove."""
    parts = ["alcove", *path.removesuffix(".py").split("/")]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read(path: str, name: str, known: frozenset[str]) -> Module:
    """Parse one module; `known` tells which names of `from x import y` are modules."""
    with open(os.path.join(SOURCE, *path.split("/")), encoding="utf-8") as stream:
        tree = ast.parse(stream.read(), path)
    found = _Imports(name, path.endswith("__init__.py"), known)
    found.visit(tree)
    return Module(path, name, tree, tuple(found.imports))


class _Imports(ast.NodeVisitor):
    """Collects every import of a module, wherever it stands."""

    def __init__(self, name: str, is_folder: bool, known: frozenset[str]) -> None:  # noqa: FBT001
        self.folder = name.split(".") if is_folder else name.split(".")[:-1]
        self.known = known
        self.imports: list[Import] = []
        self.typed = False

    def visit_If(self, node: ast.If) -> None:
        """Mark what stands below `if TYPE_CHECKING:`."""
        test = node.test
        checking = (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
            isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
        )
        before, self.typed = self.typed, self.typed or checking
        for child in node.body:
            self.visit(child)
        self.typed = before
        for child in node.orelse:
            self.visit(child)

    def visit_Import(self, node: ast.Import) -> None:
        """Take `import a.b`."""
        for alias in node.names:
            self.imports.append(Import(alias.name, node.lineno, self.typed))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Take `from a import b`: the module a.b where there is one, else a."""
        base = node.module or ""
        if node.level:
            parts = self.folder[: len(self.folder) - node.level + 1]
            base = ".".join([*parts, base] if base else parts)
        for alias in node.names:
            deeper = f"{base}.{alias.name}"
            name = deeper if deeper in self.known else base
            self.imports.append(Import(name, node.lineno, self.typed))

    def visit_Call(self, node: ast.Call) -> None:
        """Take `import_module("a.b")` and `__import__("a.b")` with a literal name."""
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in {"import_module", "__import__"} and node.args:
            argument = node.args[0]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                self.imports.append(Import(argument.value, node.lineno, self.typed))
        self.generic_visit(node)


def folder(name: str) -> str:
    """Return the first name below alcove: its folder, or the module itself at the top; "" for alcove."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def top(name: str) -> str:
    """Return the distribution's top module of a dotted name."""
    return name.partition(".")[0]


def third_party(item: Import) -> bool:
    """Tell whether an import is neither alcove's nor the standard library's (whose C halves differ by version)."""
    name = top(item.module)
    return name not in sys.stdlib_module_names and name != "alcove" and not name.startswith("_")


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the strongly connected parts of more than one module (Tarjan), and modules that import themselves."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    result: list[list[str]] = []

    def walk(node: str) -> None:
        order[node] = low[node] = len(order)
        stack.append(node)
        for after in sorted(graph.get(node, ())):
            if after not in order:
                walk(after)
                low[node] = min(low[node], low[after])
            elif after in stack:
                low[node] = min(low[node], order[after])
        if low[node] == order[node]:
            part = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(part) > 1 or node in graph.get(node, ()):
                result.append(sorted(part))

    for start in sorted(graph):
        if start not in order:
            walk(start)
    return result

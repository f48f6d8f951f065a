"""The layers of HOUSE style as data, and the source's import graph held against them.

Imports inside functions count everywhere. Imports below `if TYPE_CHECKING:` count for layers and cycles: a module that names
a type of a higher layer knows that layer. They do not count where only what runs matters: third parties, and what may touch
the outside world.
"""

from __future__ import annotations

import ast
import fnmatch
import os
from typing import TYPE_CHECKING

import pytest

from scripts.import_graph import (
    ROOT,
    Module,
    cycles,
    folder,
    modules,
    third_party,
    top,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# The table. What stands in one row may not import what stands in the same row or in a later one.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("", "records", "compiled"),  # the package's own name and version, and what records are made of
    ("errors", "events", "limits", "pasting"),
    ("pip_conf",),
    ("files", "settings", "index_settings"),
    ("interpreters", "wheels", "requirements"),
    ("index", "store", "builds"),
    ("resolve", "locks"),
    ("environments",),
    ("plans",),
    ("transactions",),
    ("actions",),
    ("conda", "ide", "kernels", "packing", "tools"),
    ("shells", "console"),
    ("venv", "virtualenv"),  # like the row below; `cli` has a verb that starts one of them
    ("cli", "pip"),
    ("__main__",),
)
OUTSIDE = {"testing"}  # imports what it likes and is imported by nothing of alcove
LEVEL = {name: level for level, row in enumerate(LAYERS) for name in row}
PRINTING = LEVEL[
    "console"
]  # from this layer on, modules may print and read argv and the environment

# What a folder never imports (HOUSE, "Never imports", 3), beyond what its layer says.
NEVER = {
    "resolve": {"os", "pathlib", "subprocess", "socket", "alcove.index", "alcove.store"},
    "plans": {"os", "pathlib", "subprocess", "socket", "time", "alcove.index", "alcove.store"},
    "index": {"alcove.store", "alcove.resolve"},
    "environments": {"alcove.index", "alcove.resolve"},
}

# Where third parties enter (HOUSE, "Never imports", 6): top module → patterns of paths below src/alcove.
THIRD_PARTIES = {
    "nab_resolver": ("resolve/pubgrub.py",),
    # everywhere but where speed counts: files, store, environments, plans, transactions, cli
    "packaging": (
        "actions/*",
        "builds/*",
        "index/*",
        "interpreters/*",
        "locks/*",
        "pip/*",
        "requirements/*",
        "resolve/*",
        "wheels/*",
    ),
    "compression": ("interpreters/unpack.py",),  # the standard library's own from Python 3.14 on
    "nox": ("virtualenv/nox_backend.py",),
    "pbs_installer": ("interpreters/builds.py",),
    "pyproject_hooks": ("builds/hooks.py",),
    "pytest": ("testing/interpreters.py", "testing/plugin.py"),
    "rich": ("console/*",),
    "tox": ("virtualenv/tox_plugin.py",),
    "tomlkit": ("requirements/pyproject.py",),
    "truststore": ("index/client.py", "index/trust.py"),
    "urllib3": ("index/client.py",),
}

# Files that run in Pythons that are not alcove's own: standard library only (and the pip whose place they take, or the kernel
# that they start), in the syntax of each of them. They print and read argv as programs do.
ELSEWHERE = (
    "interpreters/probe.py",
    "interpreters/thorough.py",
    "environments/handover.py",
    "kernels/start.py",
)

# Modules below the printing layers that may look at the process's environment: two read settings, one hands all of it on to
# an interpreter that it starts.
READS_ENVIRONMENT = ("settings.py", "index_settings.py", "interpreters/child.py")

# A process forked for a piece of work ends itself: what its parent has open, or wants done at its end, is not its business.
FORKS = ("files/halves.py",)

MODULES = [pytest.param(module, id=module.path) for module in modules().values()]


def level(module: Module) -> int | None:
    """Return the layer's row of a module, None outside the layers."""
    return None if folder(module.name) in OUTSIDE else LEVEL[folder(module.name)]


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether one of the patterns describes the path below src/alcove."""
    return any(fnmatch.fnmatch(path, pattern) for pattern in patterns)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_layer(module: Module) -> None:
    assert folder(module.name) in LEVEL or folder(module.name) in OUTSIDE


@pytest.mark.parametrize("module", MODULES)
def test_imports_lead_down(module: Module) -> None:
    here = level(module)
    wrong = []
    for item in module.imports:
        target = folder(item.module)
        if here is None or top(item.module) != "alcove" or target == folder(module.name):
            continue
        if LEVEL.get(target, len(LAYERS)) >= here:
            wrong.append(f"{module.path}:{item.line} imports {item.module}")
    assert wrong == []


def test_no_cycles() -> None:
    known = modules()
    graph = {
        name: {item.module for item in module.imports if item.module in known}
        for name, module in known.items()
    }
    assert cycles(graph) == []


def test_cycles_are_found() -> None:
    """The finder is no rubber stamp: it finds a lazy cycle of three, and a module that imports itself."""
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": {"e"}}
    assert cycles(graph) == [["a", "b", "c"], ["e"]]


@pytest.mark.parametrize("module", MODULES)
def test_never_imports(module: Module) -> None:
    never = NEVER.get(folder(module.name), set())
    wrong = [
        f"{module.path}:{item.line} imports {item.module}"
        for item in module.imports
        if not item.typed and any(f"{item.module}.".startswith(f"{name}.") for name in never)
    ]
    assert wrong == []


@pytest.mark.parametrize("module", MODULES)
def test_third_parties_enter_in_one_place(module: Module) -> None:
    wrong = [
        f"{module.path}:{item.line} imports {item.module}"
        for item in module.imports
        if third_party(item)
        and not item.typed
        and folder(module.name) not in OUTSIDE
        and module.path not in ELSEWHERE
        and not matches(module.path, THIRD_PARTIES.get(top(item.module), ()))
    ]
    assert wrong == []


@pytest.mark.parametrize("path", ELSEWHERE)
def test_what_runs_elsewhere_stands_alone(path: str) -> None:
    by_path = {module.path: module for module in modules().values()}
    if path not in by_path:
        pytest.skip(f"src/alcove/{path} is not written yet")
    module = by_path[path]
    names = {top(item.module) for item in module.imports if third_party(item)}
    assert names <= {"pip", "ipykernel"}
    assert "alcove" not in {top(item.module) for item in module.imports}
    with open(os.path.join(ROOT, "src", "alcove", path), encoding="utf-8") as stream:
        ast.parse(stream.read(), path, feature_version=(3, 7))


def outward(module: Module) -> Iterator[str]:
    """Yield each place where a module prints, ends the process, or reads argv or the environment."""
    for node in ast.walk(module.tree):
        name = ""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id if node.func.id in {"print", "input", "exit", "quit"} else ""
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            dotted = f"{node.value.id}.{node.attr}"
            name = dotted if dotted in OUTWARD else ""
        if name in ENVIRONMENT and matches(module.path, READS_ENVIRONMENT):
            continue
        if name == "os._exit" and module.path in FORKS:
            continue
        if name:
            yield f"{module.path}:{getattr(node, 'lineno', 0)} uses {name}"


ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.putenv"}
OUTWARD = ENVIRONMENT | {
    "sys.argv",
    "sys.exit",
    "sys.stdout",
    "sys.stderr",
    "sys.stdin",
    "os._exit",
}


@pytest.mark.parametrize("module", MODULES)
def test_only_the_surface_prints_and_reads_the_environment(module: Module) -> None:
    here = level(module)
    if here is None or here >= PRINTING or module.path in ELSEWHERE:
        return
    assert list(outward(module)) == []


def sources() -> Iterator[str]:
    """Yield every Python file that is the project's own program, relative to its root."""
    yield "install.py"
    for start in ("src", "scripts", "benchmarks", "docs"):
        for directory, _, files in os.walk(os.path.join(ROOT, start)):
            for name in sorted(files):
                if name.endswith(".py"):
                    yield os.path.relpath(os.path.join(directory, name), ROOT)


@pytest.mark.parametrize("path", sorted(sources()))
def test_files_and_functions_keep_their_size(path: str) -> None:
    with open(os.path.join(ROOT, path), encoding="utf-8") as stream:
        text = stream.read()
    assert text.count("\n") <= 400
    long = [
        f"{path}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text, path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > 60
    ]
    assert long == []

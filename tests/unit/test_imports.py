"""Every module can be imported on its own, keeps `__all__` honest, and says what it is."""

from __future__ import annotations

import ast
import importlib
import os
import tomllib

import pytest

from scripts.import_graph import ROOT, Module, modules

# Programs: to import them is to run them.
PROGRAMS = (
    "__main__.py",
    "interpreters/probe.py",
    "interpreters/thorough.py",
    "environments/handover.py",
)
# Plugins of tools that alcove does not need: importable where the tool is.
PLUGINS = {"virtualenv/nox_backend.py": "nox", "virtualenv/tox_plugin.py": "tox"}
MODULES = [
    pytest.param(module, id=module.path)
    for module in modules().values()
    if not module.path.endswith(PROGRAMS)
]


@pytest.mark.parametrize("module", MODULES)
def test_import(module: Module) -> None:
    pytest.importorskip(PLUGINS.get(module.path, "alcove"), reason="the tool of this plugin")
    assert importlib.import_module(module.name).__name__ == module.name


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_what_it_is(module: Module) -> None:
    assert ast.get_docstring(module.tree)


@pytest.mark.parametrize("module", MODULES)
def test_public_names_exist(module: Module) -> None:
    pytest.importorskip(PLUGINS.get(module.path, "alcove"), reason="the tool of this plugin")
    imported = importlib.import_module(module.name)
    names = list(getattr(imported, "__all__", []))
    assert [name for name in names if not hasattr(imported, name)] == []
    assert len(names) == len(set(names))


def requirement_names(path: str) -> set[str]:
    """Return the names that a pinned requirements file of ours pins."""
    with open(os.path.join(ROOT, "requirements", path), encoding="utf-8") as lines:
        return {line.partition("==")[0] for line in lines if "==" in line and line[0].isalpha()}


def test_what_is_declared_is_pinned() -> None:
    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as stream:
        declared = tomllib.load(stream)["project"]["dependencies"]
    names = {requirement.replace(">", "=").partition("=")[0] for requirement in declared}
    assert names <= requirement_names("runtime.txt")
    assert requirement_names("runtime.txt") <= requirement_names("dev.txt")

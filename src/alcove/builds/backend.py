"""Which backend builds a source tree, and what it needs: `[build-system]` of PEP 518 and PEP 517."""

from __future__ import annotations

import os
import re
import tomllib
from typing import NamedTuple

from packaging.requirements import InvalidRequirement, Requirement

from alcove.errors import BuildFailed

__all__ = ["BuildSystem", "check_requirement", "discover", "requires"]

_LIMIT = 4 << 20  # bytes of a pyproject.toml
_LEGACY = "setuptools.build_meta:__legacy__"
_LEGACY_REQUIRES = ("setuptools>=40.8.0",)
_OBJECT = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


class BuildSystem(NamedTuple):
    """How a tree is built: `requires` (PEP 508 texts), `backend` ("module:object"), `backend_path`.

    `backend_path`: directories relative to the tree. `declared`: the tree names its backend itself.
    """

    requires: tuple[str, ...]
    backend: str
    backend_path: tuple[str, ...]
    declared: bool


def requires(tree: str) -> list[str]:
    """Return what must be installed before any hook of the source tree (absolute) can be called."""
    return list(discover(tree).requires)


def discover(tree: str) -> BuildSystem:
    """Return the build system of the source tree `tree` (absolute); BuildFailed where there is none or a broken one."""
    if not os.path.isdir(tree):
        raise BuildFailed(f"no such directory: {tree}", hint="check the path")
    path = os.path.join(tree, "pyproject.toml")
    table = _table(path)
    if table is None:
        if not _has_setuptools_files(tree, path):
            raise BuildFailed(
                f"{tree} is not a Python project: it has no pyproject.toml and no setup.py",
                hint="give the directory that holds one; `#subdirectory=` names it for archives and repositories",
            )
        return BuildSystem(_LEGACY_REQUIRES, _LEGACY, (), declared=False)
    needed = _requirements(table, path)
    # PEP 517: without `build-backend`, tools act as for a tree without pyproject.toml.
    if "build-backend" not in table:
        if "backend-path" in table:
            raise BuildFailed(f"{path}: [build-system] has backend-path and no build-backend")
        return BuildSystem(needed, _LEGACY, (), declared=False)
    return BuildSystem(needed, _backend(table, path), _backend_path(table, tree), declared=True)


def _has_setuptools_files(tree: str, pyproject: str) -> bool:
    if os.path.isfile(pyproject):  # setuptools reads [project]
        return True
    return any(os.path.isfile(os.path.join(tree, name)) for name in ("setup.py", "setup.cfg"))


def _table(path: str) -> dict[str, object] | None:
    try:
        with open(path, "rb") as stream:
            data = stream.read(_LIMIT + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BuildFailed(f"{path}: {error.strerror}") from error
    if len(data) > _LIMIT:
        raise BuildFailed(f"{path}: larger than {_LIMIT >> 20} MiB")
    try:
        document = tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise BuildFailed(f"{path}: {reason}", hint="it must be TOML in UTF-8") from None
    table = document.get("build-system")
    if table is None:
        return None
    if not isinstance(table, dict):
        raise BuildFailed(f"{path}: [build-system] is not a table")
    return table


def _requirements(table: dict[str, object], path: str) -> tuple[str, ...]:
    # PEP 518: "requires" is mandatory when the table exists.
    value = table.get("requires")
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BuildFailed(
            f"{path}: [build-system] needs `requires`, a list of strings",
            hint='for example: requires = ["setuptools"]',
        )
    for item in value:
        check_requirement(item, where=f"{path}: [build-system] requires")
    return tuple(value)


def check_requirement(text: str, *, where: str) -> None:
    """Raise BuildFailed where `text` is no PEP 508 requirement."""
    try:
        Requirement(text)
    except (InvalidRequirement, RecursionError) as error:
        reason = str(error).partition("\n")[0]
        raise BuildFailed(f"{where}: {text!r} is no requirement: {reason}") from None


def _backend(table: dict[str, object], path: str) -> str:
    value = table["build-backend"]
    if isinstance(value, str):
        module, separator, attribute = value.partition(":")
        if _OBJECT.fullmatch(module) and (not separator or _OBJECT.fullmatch(attribute)):
            return value
    raise BuildFailed(f"{path}: build-backend {value!r} is not of the form module:object")


def _backend_path(table: dict[str, object], tree: str) -> tuple[str, ...]:
    value = table.get("backend-path", [])
    where = f"{os.path.join(tree, 'pyproject.toml')}: backend-path"
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BuildFailed(f"{where} is not a list of strings")
    # PEP 517: "Directories in backend-path are interpreted as relative to the project root, and MUST refer to a
    # location within the source tree (after relative paths and symbolic links have been resolved)."
    root = os.path.realpath(tree)
    for item in value:
        if os.path.isabs(item) or "\0" in item:
            raise BuildFailed(f"{where}: {item!r} is not relative")
        if os.path.commonpath([root, os.path.realpath(os.path.join(root, item))]) != root:
            raise BuildFailed(f"{where}: {item!r} leads out of the source tree")
    return tuple(value)

"""How other programs find an environment and read it, each as a small reader of its own; written from their rules alone.

Rule: nothing of alcove is imported, and no interpreter is started, as these programs do not start one either.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

__all__ = [
    "Seen",
    "jedi",
    "modules_of",
    "pycharm",
    "pyright",
    "ruff",
    "starship",
    "vscode",
    "vscode_global",
    "vscode_workspace",
]


class Seen(NamedTuple):
    """What VS Code's locator makes of a directory; `kind` is "Venv", "Uv" or "VirtualEnvWrapper"."""

    prefix: str
    executable: str
    version: str
    name: str
    kind: str
    project: str


def keys(prefix: str) -> dict[str, str]:
    """Read `pyvenv.cfg` line by line, quotes of values taken off."""
    found = {}
    with open(f"{prefix}/pyvenv.cfg", encoding="utf-8") as stream:
        for line in stream:
            key, equals, value = line.partition("=")
            if equals:
                found[key.strip().lower()] = value.strip().strip("'\"")
    return found


def vscode(prefix: str, *, workon: str = "") -> Seen | None:
    """Identify one directory: `pyvenv.cfg` in its root, and a `bin/python*` that leads somewhere."""
    if not os.path.isfile(f"{prefix}/pyvenv.cfg"):
        return None
    names = sorted(os.listdir(f"{prefix}/bin")) if os.path.isdir(f"{prefix}/bin") else []
    programs = [
        f"{prefix}/bin/{name}"
        for name in names
        if re.fullmatch(r"python(\d+(\.\d+)?)?", name) and os.path.exists(f"{prefix}/bin/{name}")
    ]
    if not programs:
        return None
    values = keys(prefix)
    written = values.get("version") or values.get("version_info") or ""
    version = re.match(r"\d+\.\d+(\.\d+)?", written)
    project = ""
    scripts = [name for name in names if name.startswith("activate")]
    if scripts and os.path.isfile(f"{prefix}/.project"):
        with open(f"{prefix}/.project", encoding="utf-8") as stream:
            project = stream.read().strip()
    kind = "Uv" if "uv" in values else "Venv"
    if workon and os.path.dirname(prefix) == workon and kind == "Venv":
        kind = "VirtualEnvWrapper"
    return Seen(
        prefix=prefix,
        executable=programs[0],
        version=version[0] if version else "",
        name=values.get("prompt") or os.path.basename(prefix),
        kind=kind,
        project=project,
    )


def vscode_workspace(folder: str) -> list[Seen]:
    """Search a workspace: four usual names first, then all its folders; links to directories are followed."""
    first = [".venv", ".conda", ".virtualenv", "venv"]
    names = first + [name for name in sorted(os.listdir(folder)) if name not in first]
    seen = [vscode(f"{folder}/{name}") for name in names if os.path.isdir(f"{folder}/{name}")]
    return [one for one in seen if one is not None]


def vscode_global(home: str, variables: dict[str, str]) -> list[Seen]:
    """Search where named environments lie."""
    workon = variables.get("WORKON_HOME", "")
    places = [workon, f"{variables.get('XDG_DATA_HOME', home)}/virtualenvs", f"{home}/envs"]
    places += [f"{home}/{name}" for name in (".direnv", ".venvs", ".virtualenvs")]
    places += [f"{home}/.local/share/virtualenvs", f"{home}/Envs"]
    found: list[Seen | None] = []
    for place in dict.fromkeys(places):
        names = sorted(os.listdir(place)) if place and os.path.isdir(place) else []
        wrapper = workon or f"{home}/.virtualenvs"
        found += [vscode(f"{place}/{name}", workon=wrapper) for name in names]
    return [one for one in found if one is not None]


def pycharm(home: str, variables: dict[str, str], project: str = "") -> list[str]:
    """List what is offered: named ones, and those in the project; one with a `uv` key is left out."""
    places = [variables.get("WORKON_HOME") or f"{home}/.virtualenvs", project]
    found = []
    for place in filter(os.path.isdir, places):
        for name in sorted(os.listdir(place)):
            prefix = f"{place}/{name}"
            if not os.path.isfile(f"{prefix}/pyvenv.cfg") or "uv" in keys(prefix):
                continue
            if os.access(f"{prefix}/bin/python", os.X_OK):
                found.append(prefix)
    return found


def pyright(prefix: str) -> list[str]:
    """Return the import roots: `lib/python3*/site-packages`, and the directories that its `.pth` files name."""
    names = [one for one in sorted(os.listdir(f"{prefix}/lib")) if one.startswith("python3")]
    roots = [f"{prefix}/lib/{one}/site-packages" for one in names]
    site = next(one for one in roots if os.path.isdir(one))
    added = []
    for name in sorted(os.listdir(site)):
        if name.endswith(".pth"):
            with open(f"{site}/{name}", encoding="utf-8") as stream:
                lines = [line.strip() for line in stream]
            added += [
                os.path.normpath(f"{site}/{line}")
                for line in lines
                if line and not line.startswith(("#", "import ", "import\t"))
            ]
    return [site, *(one for one in added if os.path.isdir(one))]


def modules_of(root: str) -> set[str]:
    """Return the names that a checker can import from a root: packages, typed or not, and modules."""
    found = set()
    for name in os.listdir(root):
        path = f"{root}/{name}"
        if name.endswith(".py"):
            found.add(name[:-3])
        elif name.isidentifier() and os.path.isfile(f"{path}/__init__.py"):
            found.add(name)
    return found


def ruff(prefix: str) -> tuple[str, str]:
    """Return version and site-packages as `ruff analyze` and `ty` find them: by the keys `home` and `version`."""
    values = keys(prefix)
    if not os.path.isdir(values["home"]):
        raise FileNotFoundError(values["home"])
    written = values.get("version_info") or values["version"]
    version = ".".join(written.split(".")[:2])
    site = f"{prefix}/lib/python{version}/site-packages"
    if not os.path.isdir(site):
        raise FileNotFoundError(site)
    return version, site


def jedi(prefix: str) -> str:
    """Return the interpreter that is taken: `bin/python`, if what it leads to lies with the environment or its base."""
    program = f"{prefix}/bin/python"
    if not os.path.exists(program):
        raise FileNotFoundError(program)
    real = os.path.realpath(program)
    own = real.startswith(os.path.realpath(prefix) + os.sep)
    if not own and not os.path.isfile(f"{prefix}/pyvenv.cfg"):
        raise PermissionError(real)
    return program


def starship(variables: dict[str, str]) -> str:
    """Return the name in the prompt: `prompt` of the active environment's `pyvenv.cfg`, else its directory's."""
    prefix = variables.get("VIRTUAL_ENV", "")
    if not prefix:
        return ""
    try:
        return keys(prefix).get("prompt") or os.path.basename(prefix)
    except FileNotFoundError:
        return os.path.basename(prefix)

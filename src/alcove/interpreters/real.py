"""From any path of an interpreter to the one that environments should link to: the real base, by a stable path.

Nothing is executed. An environment's python leads to the base that its `pyvenv.cfg` names (PEP 405). The path is kept
as it was given, since `/usr/local/bin/python3.12` outlives the directory of 3.12.1 that it points to.
"""

from __future__ import annotations

import os

from alcove.errors import InterpreterGone
from alcove.files import reading

__all__ = ["base_of", "environment_of", "settings_of", "stable"]

_DEPTH = 8  # environments made from environments, links to links
_CONFIG_LIMIT = 65_536  # bytes


def base_of(executable: str) -> str:
    """Return `executable` (absolute), or the base's where it belongs to an environment; InterpreterGone without one."""
    for _ in range(_DEPTH):
        environment = environment_of(executable)
        if not environment:
            return executable
        executable = _base(environment, executable)
    raise InterpreterGone(
        f"{executable}: the environments' pyvenv.cfg files lead in a circle",
        hint="give the path of an interpreter that is in no environment",
    )


def environment_of(executable: str) -> str:
    """Return the environment that the python `executable` (absolute) belongs to, absolute; "" for a base."""
    directory = os.path.dirname(executable)
    # PEP 405: beside the executable or one directory above it
    for place in (directory, os.path.dirname(directory)):
        if os.path.exists(os.path.join(place, "pyvenv.cfg")):
            return place
    return ""


def settings_of(environment: str) -> dict[str, str]:
    """Return the keys (lower case) and values of an environment's `pyvenv.cfg`; empty where it cannot be read."""
    try:
        path = os.path.join(environment, "pyvenv.cfg")
        text = reading.content(path, limit=_CONFIG_LIMIT).decode("utf-8", "surrogateescape")
    except OSError:
        return {}
    settings = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals and "\0" not in line:
            settings[key.strip().lower()] = value.strip()
    return settings


def stable(executable: str, library: str) -> str:
    """Return the path of the same interpreter that lives longest, absolute.

    `library` is the folder of its standard library ("python3.12"). Three rules: a link to the executable is followed
    only as far as a directory from which Python finds its library; a directory named for the patch release gives way to
    one named for the minor that leads to it (uv, mise, Homebrew's `opt`); `python3.12` is better than `python`.
    """
    found = _beside_library(executable, library)
    found = _minor_directory(found)
    directory, name = os.path.split(found)
    suffix = ".exe" if name.endswith(".exe") else ""
    named = os.path.join(directory, library + suffix)
    if name != library + suffix and _same(named, found):
        return named
    return found


def _base(environment: str, executable: str) -> str:
    """Return the interpreter that an environment was made from: an existing file."""
    settings = settings_of(environment)
    home = settings.get("home", "")
    target = _outside(executable, environment)
    if target and (not home or os.path.dirname(target) == home):
        return target
    if not home:
        raise InterpreterGone(
            f"{os.path.join(environment, 'pyvenv.cfg')} names no home",
            hint="give the path of an interpreter, or a version as in -p 3.12",
        )
    named = settings.get("base-executable", settings.get("executable", ""))
    if named and os.path.dirname(named) == home and os.path.isfile(named):
        return named
    version = settings.get("version", settings.get("version_info", ""))
    short = ".".join(version.split(".")[:2])
    # "python" may be another one in `home` than in the environment, "python3.12" may not
    named_so = ["python" + short, "pypy" + short] if short else []
    names = [*named_so, os.path.basename(executable), "python3", "pypy3", "python"]
    for name in names:
        for suffix in ("", ".exe"):
            path = os.path.join(home, name + suffix)
            if os.path.isfile(path):
                return path
    if target:
        return target
    from alcove.pasting import pasted  # noqa: PLC0415  for the error only

    where = pasted(environment)
    hint = f"install that Python again, or make it anew with another one: alcove create --clear {where} -p VERSION"
    if os.path.isdir(f"{environment}/.alcove"):  # then nothing of it need be lost
        hint = f"alcove repair --env {where} leads it to another Python {short} where there is one; else {hint}"
    raise InterpreterGone(f"{environment}: its base interpreter in {home} is gone", hint=hint)


def _outside(executable: str, environment: str) -> str:
    """Follow links from an environment's python to the first file outside of the environment; "" without one."""
    inside = os.path.join(environment, "")
    for _ in range(_DEPTH):
        if not executable.startswith(inside):
            return executable if os.path.isfile(executable) else ""
        following = _follow(executable)
        if not following:
            return ""
        executable = following
    return ""


def _beside_library(executable: str, library: str) -> str:
    """Follow links of the executable until its directory has the standard library beside it.

    From 3.11 on, Python looks for it from `home` only: a home that holds nothing but a link would not start.
    """
    candidate = executable
    for _ in range(_DEPTH):
        prefix = os.path.dirname(os.path.dirname(candidate))
        for folder in ("lib", "lib64"):
            if os.path.isfile(os.path.join(prefix, folder, library, "os.py")):
                return candidate
        following = _follow(candidate)
        if not following:
            return executable  # a framework, a zipped library: nothing to go by
        candidate = following
    return executable


def _minor_directory(executable: str) -> str:
    """Replace a directory named for a patch release by the one named for its minor, where that is the same."""
    parts = executable.split(os.sep)
    if "Cellar" in parts[:-3]:
        # Homebrew: PREFIX/Cellar/NAME/VERSION/REST is PREFIX/opt/NAME/REST as long as it is the current one
        at = parts.index("Cellar")
        kept = [*parts[:at], "opt", parts[at + 1], *parts[at + 3 :]]
        if _same(os.sep.join(kept), executable):
            return os.sep.join(kept)
    for index in range(len(parts) - 2, 0, -1):
        shorter = _without_patch(parts[index])
        if shorter:
            changed = os.sep.join([*parts[:index], shorter, *parts[index + 1 :]])
            return changed if _same(changed, executable) else executable
    return executable


def _without_patch(name: str) -> str:
    """Return `cpython-3.12-linux` for `cpython-3.12.1-linux`; "" where there is no such number."""
    for index, character in enumerate(name):
        if character.isdigit():
            tail = name[index:].lstrip("0123456789.")
            number = name[index : len(name) - len(tail)]
            if number.count(".") == 2 and not number.endswith("."):
                return name[:index] + number.rpartition(".")[0] + tail
            return ""
    return ""


def _follow(path: str) -> str:
    """Return where the link `path` leads, one step, absolute; "" where it is no link."""
    try:
        return os.path.normpath(os.path.join(os.path.dirname(path), os.readlink(path)))
    except OSError:
        return ""


def _same(first: str, second: str) -> bool:
    try:
        return os.path.samefile(first, second)
    except OSError:
        return False

"""A target that is an interpreter of this machine but for what pip's `--python-version` and its like say otherwise.

As pip has it: tags and Requires-Python follow what was said, markers stay those of the interpreter.
"""

from __future__ import annotations

from packaging import tags

from alcove.interpreters.tags import abis_of, platforms, system_of
from alcove.interpreters.target import Target, target_of
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alcove.interpreters.kept import Interpreter

__all__ = ["Restriction", "restricted"]

_OLDER = {"manylinux2014": ("manylinux2010", "manylinux1"), "manylinux2010": ("manylinux1",)}


class Restriction(NamedTuple):
    """What differs from the interpreter; all empty where nothing does.

    `python`: one to three numbers. `implementation`: as in tags ("cp", "pp", "py").
    """

    python: tuple[int, ...] = ()
    platforms: tuple[str, ...] = ()
    abis: tuple[str, ...] = ()
    implementation: str = ""


def restricted(interpreter: Interpreter, restriction: Restriction, *, cache: str = "") -> Target:
    """Return the target that `interpreter` is with `restriction`; `cache`: see `target_of`."""
    if restriction == Restriction():
        return target_of(interpreter, cache=cache)
    own = tags.INTERPRETER_SHORT_NAMES.get(
        interpreter.markers["implementation_name"], interpreter.markers["implementation_name"]
    )
    name = restriction.implementation or own
    version = restriction.python[:2] or interpreter.version_info[:2]
    nodot = "".join(map(str, version))
    if not restriction.python:
        nodot = interpreter.facts["py_version_nodot"]
    systems = (
        list(_expanded(restriction.platforms))
        if restriction.platforms
        else list(platforms(system_of(interpreter)))
    )
    abis = list(restriction.abis) or _abis(interpreter, name == "cp", version)
    if name == "cp":
        first = tags.cpython_tags(version, abis, systems)
    else:
        first = tags.generic_tags(name + nodot, abis, systems)
    rest = tags.compatible_tags(version, name + nodot, systems)
    found = dict.fromkeys(str(tag) for part in (first, rest) for tag in part)
    full = restriction.python or interpreter.version_info[:3]
    python = ".".join(map(str, (*full, 0, 0)[:3])) if restriction.python else interpreter.version
    return Target(python, interpreter.markers, tuple(found))


def _abis(interpreter: Interpreter, is_cpython: bool, version: tuple[int, ...]) -> list[str]:  # noqa: FBT001  one internal call
    """Return the ABIs of the interpreter, as they would be called in another version."""
    if not is_cpython or version == interpreter.version_info[:2]:
        return abis_of(interpreter, is_cpython=is_cpython)
    if len(version) < 2:
        return []
    pymalloc = "m" if version < (3, 8) else ""
    free = "t" if interpreter.free_threaded and version >= (3, 13) else ""
    return [f"cp{version[0]}{version[1]}{free}{pymalloc}"]


def _expanded(said: Iterable[str]) -> Iterable[str]:
    """Yield the platform tags, and after each the older ones that a system of that name accepts, each once."""
    seen = set()
    for tag in said:
        for each in (tag, *_older(tag)):
            if each not in seen:
                seen.add(each)
                yield each


def _older(tag: str) -> Iterable[str]:
    head, _, rest = tag.partition("_")
    if head in _OLDER:
        # PEP 599 and 571: only what these two architectures can be
        if head == "manylinux2010" or rest in {"i686", "x86_64"}:
            return [f"{older}_{rest}" for older in _OLDER[head]]
        return []
    numbers = rest.split("_", 2)
    if head in {"macosx", "ios"} and len(numbers) == 3 and (numbers[0] + numbers[1]).isdecimal():
        version = (int(numbers[0]), int(numbers[1]))
        both = {"macosx": tags.mac_platforms, "ios": tags.ios_platforms}
        return both[head](version, numbers[2])
    level, _, abi = rest.partition("_")
    if head == "android" and level.isdecimal() and abi:
        return tags.android_platforms(int(level), abi)
    return []

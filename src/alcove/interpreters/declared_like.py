"""A target that differs from an interpreter in what was declared: pip's `--platform --python-version --implementation --abi`.

Rule (pip): markers stay those of the interpreter that is here; tags and Requires-Python follow what was declared.
"""

from __future__ import annotations

from packaging import tags

from alcove.interpreters.tags import abis_of, platforms_of
from alcove.interpreters.target import Target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.interpreters.kept import Interpreter

__all__ = ["declared_like", "expanded"]

_OLDER = {"manylinux2014": ("manylinux2010", "manylinux1"), "manylinux2010": ("manylinux1",)}


def declared_like(
    target: Target,
    interpreter: Interpreter,
    *,
    platforms: Sequence[str] = (),
    python: Sequence[int] = (),
    implementation: str = "",
    abis: Sequence[str] = (),
) -> Target:
    """Return `target`, that of `interpreter`, with what was declared in the place of its own.

    `platforms`, `abis`: tags, the preferred first; `python`: one to three numbers; `implementation`: "cp", "pp", "py".
    """
    markers = interpreter.markers
    short = tags.INTERPRETER_SHORT_NAMES.get(markers["implementation_name"])
    own_name = short or markers["implementation_name"]
    name = implementation or own_name
    version = tuple(python[:2]) or interpreter.version_info[:2]
    numbers = "".join(map(str, version))
    chosen = expanded(platforms) or list(platforms_of(interpreter))
    if name == "cp":
        # "3" alone has no ABI of its own
        default = abis_of(interpreter, (version[0], version[1])) if len(version) == 2 else []
        if own_name != "cp":
            default = [f"cp{numbers}"]
        own = tags.cpython_tags(version, list(abis) or default, chosen)
    else:
        default = abis_of(interpreter, interpreter.version_info[:2])
        own = tags.generic_tags(name + numbers, list(abis) or default, chosen)
    rest = tags.compatible_tags(version, name + numbers, chosen)
    full = ".".join(str(part) for part in (*python, 0, 0)[:3]) if python else target.python
    found = tuple(dict.fromkeys(str(tag) for part in (own, rest) for tag in part))
    return Target(full, target.markers, found)


def expanded(platforms: Sequence[str]) -> list[str]:
    """Return platform tags with the older ones that they include, as pip expands them.

    >>> expanded(["manylinux2014_x86_64"])
    ['manylinux2014_x86_64', 'manylinux2010_x86_64', 'manylinux1_x86_64']
    """
    found: dict[str, None] = {}
    for platform in platforms:
        found.update(dict.fromkeys(_expanded(platform)))
    return list(found)


def _expanded(platform: str) -> list[str]:
    head, _, rest = platform.partition("_")
    if platform.startswith("macosx"):
        parts = rest.split("_", 2)
        if len(parts) == 3 and parts[0].isdecimal() and parts[1].isdecimal():
            return list(tags.mac_platforms((int(parts[0]), int(parts[1])), parts[2]))
    if head == "manylinux2010" or (head == "manylinux2014" and rest in {"i686", "x86_64"}):
        return [platform, *(f"{older}_{rest}" for older in _OLDER[head])]
    return [platform]

"""What an interpreter told of itself, made into the record that is kept.

Imported while the interpreter starts: the two take their time side by side.
"""

from __future__ import annotations

import os

from alcove.files import atomic, data, reading, trees
from alcove.interpreters import child, elf, facts, real
from alcove.interpreters.kept import Interpreter, kept_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["has_manylinux", "interpreter", "keep", "original", "parse"]

parse = facts.parse

_KEPT = (
    "purelib",
    "ext_suffix",
    "soabi",
    "debug",
    "pymalloc",
    "py_version_nodot",
    "manylinux_refused",
    "machine",
    "multiarch",
    "mac_version",
    "mac_machine",
)


def interpreter(path: str, found: dict[str, str]) -> Interpreter:
    """Make the record of what the probe said."""
    executable = real.stable(path, found["library"])
    major, minor, micro, level, serial = found["version_info"].split("\n")
    return Interpreter(
        executable=executable,
        implementation=found["implementation"],
        version=found["version"].rstrip("+"),
        version_info=(int(major), int(minor), int(micro), level, int(serial)),
        library=found["library"],
        home=os.path.dirname(executable),
        prefix=_prefix(executable, found["prefix"]),
        include=found["include"],
        cache_tag=found["cache_tag"],
        free_threaded=found["free_threaded"] == "1",
        pointer_bits=int(found["pointer_bits"]),
        platform=found["platform"],
        markers=_markers(found),
        facts=_for_tags(path, found),
        site_packages=tuple(found["site_packages"].split("\n")),
    )


def keep(path: str, answer: Interpreter | dict[str, Any], *, cache: str, of: list[Any]) -> None:
    """Write what `path` said, or a mark of its failure; `of` is its identity from before it was asked.

    A cache that cannot be written is no error: the interpreter is asked again, which is only slower.
    """
    target = kept_file(path, cache)
    try:
        trees.make_directories(os.path.dirname(target))
        atomic.replace_file(target, data.dumps([of, answer]))
    except OSError:
        return


def original(found: dict[str, str]) -> str:
    """Return the base's executable where the interpreter is in an environment of virtualenv before 20, else ""."""
    marker = os.path.join(found["prefix"], "lib", found["library"], "orig-prefix.txt")
    try:
        prefix = os.fsdecode(reading.content(marker, limit=4096)).strip()
    except OSError:
        return ""
    if not os.path.isabs(prefix) or os.path.realpath(prefix) == os.path.realpath(found["prefix"]):
        return ""
    for name in (found["library"], "python3"):
        executable = os.path.join(prefix, "bin", name)
        if os.path.isfile(executable):
            return executable
    return ""


def has_manylinux(found: dict[str, str]) -> bool:
    """Say whether the interpreter has a module `_manylinux` (PEP 600)."""
    library = os.path.join(found["prefix"], "lib", found["library"])
    return any(
        os.path.exists(os.path.join(directory, "_manylinux" + suffix))
        for directory in (library, *found["site_packages"].split("\n"))
        for suffix in (".py", ".so", found["ext_suffix"], "")
    )


def _prefix(executable: str, prefix: str) -> str:
    """Return the prefix by the same stable path as the executable's, where that is the same directory."""
    stable = os.path.dirname(os.path.dirname(executable))
    try:
        return stable if os.path.samefile(stable, prefix) else prefix
    except OSError:
        return prefix


def _markers(found: dict[str, str]) -> dict[str, str]:
    """Return the environment of PEP 508 but for `extra`, with the keys in packaging's order."""
    return {
        "implementation_name": found["implementation_name"],
        "implementation_version": found["implementation_version"],
        "os_name": found["os_name"],
        "platform_machine": found["machine"],
        "platform_release": found["release"],
        "platform_system": found["system"],
        "platform_version": found["os_version"],
        "python_full_version": found["version"],
        "platform_python_implementation": found["implementation"],
        "python_version": ".".join(found["version"].split(".")[:2]),
        "sys_platform": found["sys_platform"],
    }


def _for_tags(path: str, found: dict[str, str]) -> dict[str, str]:
    """Return what tags and schemes are made from, all as text; a flag is "1" or ""."""
    header = elf.read(os.path.realpath(path))
    musl = _musl(header.interpreter) if header and not found["glibc"] else ""
    return {
        **{name: found[name] for name in _KEPT},
        "libc": "glibc" if found["glibc"] else "musl" if musl else "",
        "libc_version": found["glibc"] or musl,
        "elf_machine": header.machine if header else "",
        "hard_float": "1" if header and header.hard_float else "",
    }


def _musl(loader: str) -> str:
    """Return the version of musl ("1.2"), which its loader tells when it is started with nothing to load; else ""."""
    if "musl" not in loader or not os.path.isabs(loader):
        return ""
    try:
        answer = child.run([loader], environment=child.inherited(), timeout=5.0)
    except OSError:
        return ""
    # PEP 656: "musl libc (x86_64)\nVersion 1.2.2\n…" on stderr
    lines = answer.errors.decode("ascii", "replace").split("\n")
    if len(lines) < 2 or not lines[0].startswith("musl") or not lines[1].startswith("Version "):
        return ""
    return ".".join(lines[1][len("Version ") :].strip().split(".")[:2])

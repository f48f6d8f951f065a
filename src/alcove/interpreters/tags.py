"""The wheel tags that an interpreter supports, best first, computed from the probe's facts and never from this process.

Equal to what `packaging.tags.sys_tags()` gives under that interpreter (tested on every one at hand): the lists are
packaging's own, called with explicit versions, ABIs and platforms; only what packaging reads from the running process
(ABI flags, the C library) is derived here.
"""

from __future__ import annotations

from packaging import tags

from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.interpreters.kept import Interpreter

__all__ = ["Platform", "abis_of", "platforms", "supported", "supported_by", "system_of"]

_MANYLINUX = {"x86_64", "aarch64", "ppc64", "ppc64le", "s390x", "loongarch64", "riscv64"}
_LEGACY = {
    17: "manylinux2014",
    12: "manylinux2010",
    5: "manylinux1",
}  # PEP 599, 571, 513: by glibc's minor


class Platform(NamedTuple):
    """What platform tags are made from.

    `name` is a `sysconfig.get_platform()`; `libc` "glibc", "musl" or "" with its version as numbers; `refused` the
    minors of glibc that a `_manylinux` module forbids; `mac` the version of macOS; `compatible` whether the binary
    itself has the ABI that manylinux presumes (32-bit ARM: hard float; i686: a 32-bit program).
    """

    name: str
    bits: int
    libc: str = ""
    libc_version: tuple[int, ...] = ()
    refused: frozenset[int] = frozenset()
    mac: tuple[int, int] = (0, 0)
    mac_machine: str = ""
    compatible: bool = True


def supported(interpreter: Interpreter) -> tuple[str, ...]:
    """Return the tags of an interpreter as `cp312-cp312-manylinux_2_28_x86_64`, the best first."""
    name = tags.INTERPRETER_SHORT_NAMES.get(interpreter.markers["implementation_name"])
    return supported_by(
        name or interpreter.markers["implementation_name"],
        interpreter.version_info[:2],
        nodot=interpreter.facts["py_version_nodot"],
        abis=abis_of(interpreter, is_cpython=name == "cp"),
        platforms=list(platforms(system_of(interpreter))),
    )


def system_of(interpreter: Interpreter) -> Platform:
    """Return the system that an interpreter runs on, as its facts have it."""
    facts = interpreter.facts
    elf = facts["elf_machine"]
    arm, intel = elf == "armv7l" and facts["hard_float"] == "1", elf == "i686"
    return Platform(
        interpreter.platform,
        interpreter.pointer_bits,
        facts["libc"],
        _numbers(facts["libc_version"]),
        frozenset(_numbers(entry)[1] for entry in facts["manylinux_refused"].split()),
        _pair(facts["mac_version"]),
        facts["mac_machine"],
        compatible=interpreter.pointer_bits == 64 or arm or intel,
    )


def supported_by(
    name: str, version: tuple[int, int], *, nodot: str, abis: list[str], platforms: list[str]
) -> tuple[str, ...]:
    """Return the tags of any interpreter: `name` "cp" or "pp", `nodot` "312"; the last two best first."""
    # the same three cases as packaging.tags.sys_tags
    if name == "cp":
        own = tags.cpython_tags(version, abis, platforms)
    else:
        own = tags.generic_tags(name + nodot, abis, platforms)
    generic = {"cp": "cp" + nodot, "pp": "pp3"}.get(name)
    compatible = tags.compatible_tags(version, generic, platforms)
    return tuple(str(tag) for part in (own, compatible) for tag in part)


def platforms(system: Platform) -> Iterator[str]:
    """Yield the platform tags of a system, the best first."""
    name = _normal(system.name)
    if name.startswith("linux_"):
        yield from _linux(system, name)
    elif name.startswith("macosx"):
        machine = system.mac_machine
        if system.bits == 32:
            machine = "ppc" if machine.startswith("ppc") else "i386"
        yield from tags.mac_platforms(system.mac, machine)
    else:
        yield name


def _linux(system: Platform, name: str) -> Iterator[str]:
    if system.bits == 32:
        name = {"linux_x86_64": "linux_i686", "linux_aarch64": "linux_armv8l"}.get(name, name)
    machine = name.partition("_")[2]
    machines = ["armv8l", "armv7l"] if machine == "armv8l" else [machine]
    for one in machines:
        yield f"linux_{one}"
    if system.libc == "glibc" and _may_be_manylinux(system, machines):
        for one in machines:
            yield from _manylinux(system, one, oldest=5 if machine in {"x86_64", "i686"} else 17)
    if system.libc == "musl":
        # PEP 656
        major, minor = system.libc_version[:2]
        for one in machines:
            for older in range(minor, -1, -1):
                yield f"musllinux_{major}_{older}_{one}"


def _may_be_manylinux(system: Platform, machines: list[str]) -> bool:
    if {"armv7l", "i686"} & set(machines):
        return system.compatible
    return bool(_MANYLINUX & set(machines))


def _manylinux(system: Platform, machine: str, *, oldest: int) -> Iterator[str]:
    # PEP 600; glibc 3 does not exist
    for minor in range(system.libc_version[1], oldest - 1, -1):
        if minor in system.refused:
            continue
        yield f"manylinux_2_{minor}_{machine}"
        if minor in _LEGACY:
            yield f"{_LEGACY[minor]}_{machine}"


def abis_of(interpreter: Interpreter, *, is_cpython: bool) -> list[str]:
    """Return the ABI tags of an interpreter, the best first."""
    facts = interpreter.facts
    if not is_cpython:
        return _generic_abis(facts["ext_suffix"])
    major, minor = interpreter.version_info[:2]
    plain = f"cp{major}{minor}" + ("t" if interpreter.free_threaded else "")
    debug = "d" if facts["debug"] else ""
    if (major, minor) < (3, 8):
        return [plain + debug + ("m" if facts["pymalloc"] else "")]
    # a debug build loads the extensions of others too
    return [plain + debug, plain] if debug else [plain]


def _generic_abis(suffix: str) -> list[str]:
    """Return the ABI of `.pypy39-pp73-x86_64-linux-gnu.so`: pypy39_pp73."""
    parts = suffix.split(".")
    if len(parts) < 3 or not parts[1]:
        return []
    pieces = parts[1].split("-")
    kept = {"pypy": 2, "graalpy": 3}
    for name, count in kept.items():
        if parts[1].startswith(name):
            return [_normal("-".join(pieces[:count]))]
    return [_normal(parts[1])]


def _normal(text: str) -> str:
    return text.replace(".", "_").replace("-", "_").replace(" ", "_")


def _numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version: (2, 20) of "2.20-2014.11"."""
    found = []
    for part in version.split(".")[:2]:
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        found.append(int(digits))
    return tuple(found)


def _pair(version: str) -> tuple[int, int]:
    major, minor = (*_numbers(version), 0, 0)[:2]
    return major, minor

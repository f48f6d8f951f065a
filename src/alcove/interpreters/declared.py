"""A target that is not here: a version of Python and a platform tag, for downloads and locks for other machines."""

from __future__ import annotations

from alcove.errors import UsageError
from alcove.interpreters import names
from alcove.interpreters.tags import Platform, platforms, supported_by
from alcove.interpreters.target import Target

__all__ = ["declared"]

_LEGACY = {"manylinux2014": (2, 17), "manylinux2010": (2, 12), "manylinux1": (2, 5)}
_FORMS = "manylinux_2_28_x86_64, musllinux_1_2_aarch64, macosx_14_0_arm64, win_amd64"
_WINDOWS = {
    "win_amd64": ("win-amd64", "AMD64", 64),
    "win_arm64": ("win-arm64", "ARM64", 64),
    "win32": ("win32", "x86", 32),
}
_BITS_32 = {"i686", "armv7l", "armv8l", "i386"}


def declared(python: str, platform: str, *, pypy: str = "") -> Target:
    """Return the target of `python` ("3.12", taken as 3.12.0, "3.12.1", "3.13t") on `platform` (a platform tag).

    Of a Linux or macOS tag all older ones are included, as the system that it names would accept them. `pypy`: its ABI
    version ("73") where the target is PyPy. UsageError where either cannot be read.
    """
    name = names.read(python)
    release = names.release_of(name.version) if name else ()
    if name is None or name.rest or not 2 <= len(release) <= 3 or release[0] != 3:
        raise UsageError(f"{python!r} is no version of Python 3", hint="as in 3.12, 3.12.1, 3.13t")
    full = name.version if len(release) == 3 else name.version + ".0"
    version = (release[0], release[1])
    nodot = f"{version[0]}{version[1]}"
    system, machine = _platform(platform)
    if pypy:
        short, abis = "pp", [f"pypy{nodot}_pp{pypy}"]
    else:
        flags = ("m" if version < (3, 8) else "") + ("t" if name.free_threaded else "")
        short, abis = "cp", [f"cp{nodot}{flags}"]
    found = supported_by(short, version, nodot=nodot, abis=abis, platforms=list(platforms(system)))
    return Target(full, _markers(full, system.name, machine, pypy=bool(pypy)), found)


def _platform(tag: str) -> tuple[Platform, str]:
    """Return what a platform tag means, and the machine as `platform.machine()` spells it there."""
    if tag in _WINDOWS:
        name, machine, bits = _WINDOWS[tag]
        return Platform(name, bits), machine
    head, _, rest = tag.partition("_")
    if head == "linux" and rest:
        return Platform(f"linux-{rest}", _bits(rest)), rest
    if head in _LEGACY and rest:
        return Platform(f"linux-{rest}", _bits(rest), "glibc", _LEGACY[head]), rest
    parts = rest.split("_", 2)
    if len(parts) == 3 and parts[0].isdecimal() and parts[1].isdecimal() and parts[2]:
        version = (int(parts[0][:4]), int(parts[1][:4]))
        machine = parts[2]
        if head in {"manylinux", "musllinux"}:
            libc = "glibc" if head == "manylinux" else "musl"
            if libc == "musl" or version[0] == 2:
                return Platform(f"linux-{machine}", _bits(machine), libc, version), machine
        if head == "macosx":
            name = f"macosx-{version[0]}.{version[1]}-{machine}"
            return Platform(name, 64, mac=version, mac_machine=machine), machine
    raise UsageError(f"{tag!r} is no platform", hint=f"as in {_FORMS}")


def _bits(machine: str) -> int:
    return 32 if machine in _BITS_32 else 64


def _markers(version: str, platform: str, machine: str, *, pypy: bool) -> dict[str, str]:
    """Return the environment of PEP 508; release and version of the system are not known, and empty."""
    windows, mac = platform.startswith("win"), platform.startswith("macosx")
    return {
        "implementation_name": "pypy" if pypy else "cpython",
        "implementation_version": version,
        "os_name": "nt" if windows else "posix",
        "platform_machine": machine,
        "platform_release": "",
        "platform_system": "Windows" if windows else "Darwin" if mac else "Linux",
        "platform_version": "",
        "python_full_version": version,
        "platform_python_implementation": "PyPy" if pypy else "CPython",
        "python_version": ".".join(version.split(".")[:2]),
        "sys_platform": "win32" if windows else "darwin" if mac else "linux",
    }

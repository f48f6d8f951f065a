"""Names in wheels: the file name of a wheel, and the paths and script names that it may hold.

Rule: a name becomes a path only after it went through here.
"""

from __future__ import annotations

import unicodedata

from alcove.errors import InvalidWheel
from alcove.records import NamedTuple

__all__ = [
    "WheelName",
    "canonical_version",
    "check_data_path",
    "check_lib_path",
    "check_path",
    "check_script_name",
    "folded",
    "is_environments_own",
    "normalise",
    "parse_filename",
    "same_version",
]

_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._")
_VERSION_CHARACTERS = _NAME_CHARACTERS | frozenset("!+")
_TAG_CHARACTERS = _NAME_CHARACTERS
_LONGEST_COMPONENT = 255  # bytes, NAME_MAX of every common file system
_LONGEST_PATH = 1024  # bytes, what leaves room for the place that it is put in below PATH_MAX
_LONGEST_SCRIPT = 128
_PIPS = ("pip", "pip-script.py")


class WheelName(NamedTuple):
    """A wheel's file name, taken apart: name and version as written, build tag or "", the tags expanded."""

    name: str
    version: str
    build: str
    tags: tuple[str, ...]


def normalise(name: str) -> str:
    """Return a project's name in the form of PEP 503: lower case, runs of `-`, `_` and `.` as one `-`."""
    lowered = name.lower().replace("_", "-").replace(".", "-")
    while "--" in lowered:
        lowered = lowered.replace("--", "-")
    return lowered


def canonical_version(version: str) -> str:
    """Return a version in the normal form of PEP 440; InvalidWheel where it is none.

    Plain numbers are their own normal form; for anything else `packaging` decides, and is only then imported.
    """
    parts = version.split(".")
    if version.isascii() and all(
        part.isdigit() and (part == "0" or part[0] != "0") for part in parts
    ):
        return version
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415  rarely needed, 20 ms

    try:
        return str(Version(version))
    except InvalidVersion:
        raise InvalidWheel(f"{version!r} is no version (PEP 440)") from None


def same_version(one: str, other: str) -> bool:
    """Tell whether two texts are one version: 1.0 is 1.0.0 (PEP 440, zero padding); InvalidWheel where one is none."""
    first, second = canonical_version(one), canonical_version(other)
    if first == second:
        return True
    from packaging.version import Version  # noqa: PLC0415  rarely needed, 20 ms

    return Version(first) == Version(second)


def parse_filename(filename: str) -> WheelName:
    """Take a wheel's file name apart (binary distribution format, "File name convention"); else InvalidWheel."""
    if not filename.endswith(".whl"):
        raise InvalidWheel(f"{filename}: the name of a wheel ends in .whl")
    parts = filename[:-4].split("-")
    if len(parts) not in {5, 6}:
        raise InvalidWheel(f"{filename}: the name of a wheel has five or six parts between hyphens")
    name, version = parts[0], parts[1]
    build = parts[2] if len(parts) == 6 else ""
    if not name or not _NAME_CHARACTERS.issuperset(name) or "__" in name:
        raise InvalidWheel(f"{filename}: {name!r} is no escaped project name")
    if not version or not _VERSION_CHARACTERS.issuperset(version):
        raise InvalidWheel(f"{filename}: {version!r} is no escaped version")
    if build and not build[0].isdigit():
        raise InvalidWheel(f"{filename}: the build tag {build!r} does not begin with a digit")
    tags = [part.split(".") for part in parts[-3:]]
    if not all(tag and _TAG_CHARACTERS.issuperset(tag) for group in tags for tag in group):
        raise InvalidWheel(f"{filename}: the tags cannot be read")
    expanded = tuple(
        f"{python}-{abi}-{platform}"
        for python in tags[0]
        for abi in tags[1]
        for platform in tags[2]
    )
    return WheelName(name, version, build, expanded)


def folded(path: str) -> str:
    """Return the form in which two paths are one on a file system that ignores case or normal forms."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def check_path(path: str, where: str) -> None:
    """Raise InvalidWheel unless `path` is relative, plain, with `/`, and leads nowhere but down."""
    if not path.isprintable() and any(ord(mark) < 32 or ord(mark) == 127 for mark in path):
        raise InvalidWheel(f"{where}: the name {path!r} holds a control character")
    if "\\" in path:
        raise InvalidWheel(f"{where}: the name {path!r} holds a backslash")
    if path[1:2] == ":" and path[:1].isalpha():
        raise InvalidWheel(f"{where}: the name {path!r} begins with a drive")
    for part in path.split("/"):
        if part in {"", ".", ".."}:
            raise InvalidWheel(f"{where}: the name {path!r} is not a plain relative path")
    try:
        encoded = path.encode()
    except UnicodeEncodeError:
        raise InvalidWheel(f"{where}: the name {path!r} cannot be written in UTF-8") from None
    if len(encoded) > _LONGEST_PATH or any(
        len(part) > _LONGEST_COMPONENT for part in encoded.split(b"/")
    ):
        raise InvalidWheel(f"{where}: the name {path[:60]!r}… is too long")


def check_script_name(name: str, project: str, where: str) -> None:
    """Raise InvalidWheel unless `name` may stand in the `bin` of an environment.

    The interpreter, the activation scripts, and (for every `project` but pip) pip are not to be had.
    """
    check_path(name, where)
    if "/" in name or ":" in name or name.startswith((".", "-")) or name.strip() != name:
        raise InvalidWheel(f"{where}: {name!r} cannot be the name of a script")
    if len(name) > _LONGEST_SCRIPT:
        raise InvalidWheel(f"{where}: the script name {name[:40]!r}… is too long")
    if _is_reserved(folded(name), project):
        raise InvalidWheel(
            f"{where}: a script called {name!r} would take the place of one of the environment's own"
        )


def check_data_path(path: str, project: str, where: str) -> None:
    """Raise InvalidWheel where a file of the `data` scheme would change what makes an environment one."""
    parts = folded(path).split("/")
    if is_environments_own(path, project):
        raise InvalidWheel(f"{where}: {path!r} would change the environment itself")
    if parts[0] in {"bin", "scripts"} and len(parts) == 1:
        raise InvalidWheel(f"{where}: {path!r} would take the place of a directory")
    if parts[0] in {"lib", "lib64"} and (len(parts) == 1 or _holds_modules(parts[1])):
        raise InvalidWheel(
            f"{where}: {path!r} would write into site-packages past the wheel's own lists"
        )


def is_environments_own(path: str, project: str) -> bool:
    """Tell whether `path` (relative to an environment) is part of what makes it one; of its pip, unless `project` is pip."""
    parts = folded(path).split("/")
    if parts[0] in {"pyvenv.cfg", ".alcove"} or parts[0].startswith(".alcove-"):
        return True
    return parts[0] in {"bin", "scripts"} and len(parts) > 1 and _is_reserved(parts[1], project)


def check_lib_path(path: str, where: str) -> None:
    """Raise InvalidWheel where a file for site-packages is one that alcove or an installer writes there."""
    plain = folded(path)
    first, slash, _ = plain.partition("/")
    own = first == "_alcove.pth" or plain.endswith("/.alcove-shared")
    if own or (slash and first.endswith((".dist-info", ".data"))):
        raise InvalidWheel(f"{where}: {path!r} would change what an installer writes")


def _holds_modules(name: str) -> bool:
    """Say whether `name` is a directory below `lib` that an interpreter imports from."""
    for program in ("python", "pypy"):
        if name.startswith(program) and not name[len(program) :].strip("0123456789.t"):
            return True
    return name == "site-packages"


def _is_reserved(name: str, project: str) -> bool:
    """Say whether `name` (folded) is a file in `bin` that makes the environment: python, activate, pip."""
    if name == "pyvenv.cfg" or name.endswith("._pth"):
        return True  # CPython reads both beside its executable
    stem = name.removesuffix(".exe")
    for program in ("pythonw", "python", "pypy", "pip"):
        if stem.startswith(program):
            rest = stem[len(program) :]
            if not rest.strip("0123456789.t"):
                return program != "pip" or project != "pip"
    if stem in _PIPS:
        return project != "pip"
    first = stem.partition(".")[0]
    return first in {"activate", "deactivate", "activate_this"}

"""What the name of a file, of a directory or of a request says about an interpreter; nothing is opened.

Written without `re`, whose import costs more than a whole scan.
"""

from __future__ import annotations

from alcove.records import NamedTuple

__all__ = [
    "IMPLEMENTATIONS",
    "Name",
    "is_final",
    "is_interpreter",
    "of_executable",
    "read",
    "release_of",
    "version_key",
]

IMPLEMENTATIONS = {
    "python": "",
    "cpython": "CPython",
    "cp": "CPython",
    "pypy": "PyPy",
    "pp": "PyPy",
    "graalpy": "GraalVM",
}
"""How names begin, and the `platform.python_implementation()` that they mean ("" leaves it open)."""

_BUILDS = frozenset(
    ("-c", "-dbg", "-debug", "-intel64", "_d", "d", "dm", "m", "td", "u")
)  # behind a version
_DIGITS = "0123456789"
_LEVELS = {"a": 0, "b": 1, "c": 2, "rc": 2}
_FINAL = 3
_UNKNOWN_MICRO = -1


class Name(NamedTuple):
    """What a name tells: `version` is "", "3", "3.12", "3.12.1" or "3.13.0rc2"; `rest` is what was not understood."""

    implementation: str
    version: str
    free_threaded: bool
    rest: str


def read(text: str) -> Name | None:
    """Read `3.12.1`, `python3.8`, `cpython@3.11`, `cpython-3.12.1-linux…`, `pypy3.9-7.3.11`, `3.13t-dev`; else None.

    >>> read("cpython@3.13.0rc2t")
    Name(implementation='CPython', version='3.13.0rc2', free_threaded=True, rest='')
    """
    end = _span(text, "abcdefghijklmnopqrstuvwxyz")
    prefix, tail = text[:end], text[end:]
    if prefix and prefix not in IMPLEMENTATIONS:
        return None
    if prefix and tail[:1] in {"@", "-"}:
        tail = tail[1:]
        if not tail or tail[0] not in _DIGITS:
            return None
    version, tail = _version(tail)
    if not version and not prefix:
        return None
    free = False
    if version and tail[:1] == "t" and tail[1:2] in {"", "-", "+"}:
        free, tail = True, tail[1:]
    if tail.startswith("+freethreaded"):
        free, tail = True, tail[len("+freethreaded") :]
    implementation = IMPLEMENTATIONS[prefix] if prefix else ""
    if implementation == "GraalVM":  # its own numbers, not those of the language
        version = ""
    return Name(implementation, version, free, tail)


def of_executable(name: str) -> Name | None:
    """Read the name of an executable (`python3.12`, `python3.13t`, `pypy3`, `python.exe`); None for all others."""
    name = name.removesuffix(".exe")
    if name[:2] not in {"py", "gr"}:
        return None
    found = read(name)
    if found is None or found.rest or name[-1] in ".-@":
        return None
    return found


def is_interpreter(name: str) -> bool:
    """Tell whether a program of this name may be started as a Python: an `of_executable`, or a build of one.

    >>> [is_interpreter(one) for one in ("python3.12-dbg", "pypy3.10-c", "pythonw.exe", "pyston3.8")]
    [True, True, True, True]
    >>> [is_interpreter(one) for one in ("python3-config", "ipython", "pythonic", "ls", "py.test")]
    [False, False, False, False, False]
    """
    bare = name.removesuffix(".exe").replace("pythonw", "python", 1).replace("pyston", "python", 1)
    if of_executable(bare) is not None:
        return True
    found = read(bare)
    return found is not None and bare[:2] in {"py", "gr"} and found.rest in _BUILDS


def release_of(version: str) -> tuple[int, ...]:
    """Return the numbers of a version: (3, 12) of "3.12", (3, 13, 0) of "3.13.0rc2", () of ""."""
    digits = version[: _span(version, _DIGITS + ".")]
    return tuple(int(part) for part in digits.split(".") if part)


def version_key(version: str) -> tuple[int, int, int, int, int]:
    """Return what orders versions: major, minor, micro (-1 where unknown), level (3 is final), serial."""
    release = release_of(version)
    major, minor, micro = (*release, 0, 0, 0)[:3]
    if len(release) < 3:
        micro = _UNKNOWN_MICRO
    tail = version[_span(version, _DIGITS + ".") :]
    letters = tail[: _span(tail, "abcr")]
    digits = tail[len(letters) :]
    serial = digits[: _span(digits, _DIGITS)]
    return major, minor, micro, _LEVELS.get(letters, _FINAL), int(serial or 0)


def is_final(version: str) -> bool:
    """Say whether a version is no alpha, beta or release candidate."""
    return version_key(version)[3] == _FINAL


def _version(text: str) -> tuple[str, str]:
    """Split off a leading version, and spell `312` as `3.12`."""
    end = _span(text, _DIGITS + ".")
    version = text[:end].rstrip(".")
    if any(not part or len(part) > 4 for part in version.split(".")):
        return "", text
    tail = text[len(version) :]
    if version.count(".") == 2:
        for level in ("rc", "a", "b"):
            digits = _span(tail[len(level) :], _DIGITS)
            if tail.startswith(level) and digits:
                cut = len(level) + digits
                return version + tail[:cut], tail[cut:]
    if "." not in version and len(version) > 1:
        version = version[0] + "." + version[1:]
    return version, tail


def _span(text: str, characters: str) -> int:
    """Return how many of `characters` lead `text`."""
    return len(text) - len(text.lstrip(characters))

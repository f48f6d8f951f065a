"""What can be known of an interpreter's binary without starting it."""

from __future__ import annotations

import os

from alcove.errors import NoSuchInterpreter
from alcove.files import reading
from alcove.interpreters import names

__all__ = ["LAST_FOR_2_7", "program", "refuse_old", "version_of"]

LAST_FOR_2_7 = "for Python 2.7, virtualenv 20.21 still makes environments"
"""What is said to who asks for Python 2."""

_OLDEST = (3, 6)
_CHUNK = 1 << 18  # bytes
_LIMIT = 128 << 20  # bytes of a binary that are read at most
_OVERLAP = 32


def program(path: str) -> names.Name | None:
    """Return what the file `path` (absolute) is called where its links end, None where it can be no interpreter.

    One is executable, not empty, no script. Shims of pyenv and asdf are scripts, those of mise are links to mise itself,
    those of Windows' store are empty.
    """
    if not os.access(path, os.X_OK):
        return None
    try:
        start = reading.content(path, limit=2)
    except OSError:
        return None
    if len(start) < 2 or start == b"#!":
        return None
    return names.of_executable(os.path.basename(os.path.realpath(path)))


def version_of(executable: str, hint: str) -> str:
    """Return the version of `executable` (absolute), as full as its files tell; `hint` ("3.12") where they do not.

    Looks at the header `patchlevel.h`, then for the version that CPython holds as a string of its own in the binary or
    in its libpython.
    """
    real = os.path.realpath(executable)
    name = names.of_executable(os.path.basename(real))
    short = ".".join(map(str, names.release_of(hint)[:2]))
    if name and name.version.count(".") == 1:
        short = name.version
    if "." not in short:
        return hint
    prefix = os.path.dirname(os.path.dirname(real))
    found = _in_header(prefix, short)
    if not found and not (name and name.implementation == "PyPy"):
        for path in (real, *_libraries(prefix, short)):
            found = _in_binary(path, short)
            if found:
                break
    return found or hint or short


def refuse_old(path: str, version: str) -> None:
    """Raise NoSuchInterpreter where `version` ("2.7.18", or "" for unknown) cannot have an environment."""
    release = names.release_of(version)[:2]
    if len(release) == 2 and release < _OLDEST:
        why = (
            "Python 2 ignores pyvenv.cfg, by which an environment is told from its base (PEP 405, Python 3.3)"
            if release[0] == 2
            else f"environments of alcove need {_OLDEST[0]}.{_OLDEST[1]} or newer"
        )
        raise NoSuchInterpreter(
            f"{path} is Python {version}, which cannot have an environment: {why}",
            hint=f"choose Python 3.7 or newer; {LAST_FOR_2_7}",
        )


def _in_header(prefix: str, short: str) -> str:
    """Read `#define PY_VERSION "3.12.1"` of the header that belongs to the installation."""
    for folder in (
        "python" + short,
        f"python{short}t",
        f"python{short}m",
        "pypy" + short,
        f"python{short}d",
    ):
        try:
            with open(os.path.join(prefix, "include", folder, "patchlevel.h"), "rb") as stream:
                text = stream.read(_CHUNK)
        except OSError:
            continue
        _, found, tail = text.partition(b"#define PY_VERSION ")
        version = tail.split(b"\n", 1)[0].strip().strip(b'"').rstrip(b"+")
        if found and version.startswith(short.encode() + b"."):
            return version.decode("ascii", "replace")
    return ""


def _libraries(prefix: str, short: str) -> list[str]:
    """Return where the interpreter's shared library may be."""
    places = [os.path.join(prefix, folder) for folder in ("lib", "lib64")]
    found: list[str] = []
    for flags in ("", "t", "m"):
        name = f"libpython{short}{flags}"
        for place in places:
            found.extend(os.path.join(place, name + suffix) for suffix in (".so.1.0", ".dylib"))
    return [path for path in found if os.path.isfile(path)]


def _in_binary(path: str, short: str) -> str:
    """Find a version of the minor `short` between two zero bytes, reading the file piece by piece into one buffer."""
    wanted = b"\0" + short.encode() + b"."
    buffer = bytearray(_CHUNK + _OVERLAP)
    try:
        with open(reading.opened(path), "rb", buffering=0) as stream:
            kept = done = 0
            while done < _LIMIT:
                count = stream.readinto(memoryview(buffer)[kept : kept + _CHUNK])
                if not count:
                    return ""
                end = kept + count
                at = buffer.find(wanted, 0, end)
                while at >= 0:
                    version = bytes(buffer[at + 1 : min(at + _OVERLAP, end)]).partition(b"\0")
                    if version[1] and _is_version(version[0]):
                        return version[0].decode().rstrip("+")
                    at = buffer.find(wanted, at + 1, end)
                done += count
                kept = min(end, _OVERLAP)
                buffer[:kept] = buffer[end - kept : end]
    except OSError:
        return ""
    return ""


def _is_version(text: bytes) -> bool:
    name = names.read(text.decode("ascii", "replace").rstrip("+"))
    return name is not None and not name.rest and name.version.count(".") == 2

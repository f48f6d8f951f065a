"""Start an interpreter once with the probe, wait no longer than told, and keep what it says or why it did not."""

from __future__ import annotations

import os
import time

from alcove.errors import NoSuchInterpreter
from alcove.files import atomic, data, trees
from alcove.interpreters import elf, facts, real, static
from alcove.interpreters.child import Answer, run
from alcove.interpreters.kept import Interpreter, identity, kept_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["ask"]


_PROBE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "probe.py")
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
_SHADOWING = ("PYTHON", "_PYTHON", "__PYVENV_LAUNCHER__")


class _Failed(Exception):
    """The interpreter gave no answer; the argument says why."""


def ask(path: str, *, cache: str, timeout: float) -> Interpreter:
    """Start the base interpreter `path` (absolute) with the probe; NoSuchInterpreter where it fails or is too old."""
    wanted = identity(path)
    try:
        found = _facts(path, timeout)
    except _Failed as error:
        static.refuse_old(path, static.version_of(path, ""))  # 2.7 knows no -I
        _keep(path, {"failed": str(error), "since": int(time.time())}, cache=cache, of=wanted)
        raise NoSuchInterpreter(
            f"{path} {error}",
            hint="try it by hand, or choose another one with -p",
        ) from None
    static.refuse_old(path, found["version"])
    original = _original_prefix(found)
    if original:
        return ask(original, cache=cache, timeout=timeout)
    interpreter = _interpreter(path, found)
    _keep(path, interpreter, cache=cache, of=wanted)
    return interpreter


def _facts(path: str, timeout: float) -> dict[str, str]:
    """Return what the probe says."""
    found = _answer(path, timeout)
    if found["glibc"] and _has_manylinux(found):
        return _answer(
            path, timeout, "thorough"
        )  # its word on tags is to be had by importing it only
    return found


def _answer(path: str, timeout: float, *words: str) -> dict[str, str]:
    cookie = os.urandom(8).hex()
    argv = [path, "-I", "-S", "-B", _PROBE, cookie, *words]
    try:
        answer = run(argv, environment=_environment(), timeout=timeout, until=cookie.encode())
    except OSError as error:
        raise _Failed(f"cannot be started: {error}") from error
    parts = answer.output.split(cookie.encode())
    if len(parts) < 3:
        raise _Failed(_why(answer, timeout))
    try:
        return facts.parse(parts[1])
    except (ValueError, IndexError) as error:
        raise _Failed(f"gave an answer that cannot be read: {error}") from error


def _has_manylinux(found: dict[str, str]) -> bool:
    """Say whether the interpreter has a module `_manylinux` (PEP 600)."""
    library = os.path.join(found["prefix"], "lib", found["library"])
    return any(
        os.path.exists(os.path.join(directory, "_manylinux" + suffix))
        for directory in (library, *found["site_packages"].split("\n"))
        for suffix in (".py", ".so", found["ext_suffix"], "")
    )


def _why(answer: Answer, timeout: float) -> str:
    """Say in a few words what happened instead of an answer."""
    if answer.timed_out:
        return f"gave no answer within {timeout:g} s"
    lines = answer.errors.decode("utf-8", "replace").strip().splitlines()
    # a traceback says what happened in its last line, a fatal error of Python in its first
    line = next(
        (text for text in lines if text.startswith("Fatal Python error")),
        lines[-1] if lines else "",
    )
    said = f": {line.strip()[:200]}" if line else ""
    if answer.code < 0:
        return f"was killed by signal {-answer.code}{said}"
    return f"exited with {answer.code} and no answer{said}"


def _original_prefix(found: dict[str, str]) -> str:
    """Return the base's executable where the interpreter is in an environment of virtualenv before 20, else ""."""
    marker = os.path.join(found["prefix"], "lib", found["library"], "orig-prefix.txt")
    try:
        with open(marker, "rb") as stream:
            prefix = os.fsdecode(stream.read(4096)).strip()
    except OSError:
        return ""
    if not os.path.isabs(prefix) or os.path.realpath(prefix) == os.path.realpath(found["prefix"]):
        return ""
    for name in (found["library"], "python3"):
        executable = os.path.join(prefix, "bin", name)
        if os.path.isfile(executable):
            return executable
    return ""


def _interpreter(path: str, found: dict[str, str]) -> Interpreter:
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


def _environment() -> dict[str, str]:
    """Return this process's variables for a child, but those that redirect a Python.

    They are passed on, not read: LD_LIBRARY_PATH and others belong to how the user's interpreters start.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_SHADOWING)}
    # macOS otherwise tells programs built with an old SDK that it is version 10.16
    return kept | {"SYSTEM_VERSION_COMPAT": "0"}


def _musl(loader: str) -> str:
    """Return the version of musl ("1.2"), which its loader tells when it is started with nothing to load; else ""."""
    if "musl" not in loader or not os.path.isabs(loader):
        return ""
    try:
        answer = run([loader], environment=_environment(), timeout=5.0)
    except OSError:
        return ""
    # PEP 656: "musl libc (x86_64)\nVersion 1.2.2\n…" on stderr
    lines = answer.errors.decode("ascii", "replace").split("\n")
    if len(lines) < 2 or not lines[0].startswith("musl") or not lines[1].startswith("Version "):
        return ""
    return ".".join(lines[1][len("Version ") :].strip().split(".")[:2])


def _keep(path: str, answer: Interpreter | dict[str, Any], *, cache: str, of: list[Any]) -> None:
    """Write what `path` said, or a mark of its failure; `of` is its identity from before it was asked.

    A cache that cannot be written is no error: the interpreter is asked again, which is only slower.
    """
    target = kept_file(path, cache)
    try:
        trees.make_directories(os.path.dirname(target))
        atomic.replace_file(target, data.dumps([of, answer]))
    except OSError:
        return

"""Start an interpreter once with the probe, wait no longer than told, and keep what it says or why it did not."""

from __future__ import annotations

import os
import time
from typing import Any

from alcove.errors import NoSuchInterpreter
from alcove.files import data
from alcove.interpreters import elf, probe, real, static
from alcove.interpreters.child import Answer, run
from alcove.interpreters.kept import Interpreter, identity, keep

__all__ = ["ask"]


class _Failed(Exception):
    """The interpreter gave no answer; the argument says why."""


def ask(path: str, *, cache: str, timeout: float) -> Interpreter:
    """Start the base interpreter `path` (absolute) with the probe; NoSuchInterpreter where it fails or is too old."""
    wanted = identity(path)
    try:
        facts = _facts(path, timeout)
    except _Failed as error:
        static.refuse_old(path, static.version_of(path, ""))  # 2.7 knows no -I
        keep(path, {"failed": str(error), "since": int(time.time())}, cache=cache, of=wanted)
        raise NoSuchInterpreter(
            f"{path} {error}",
            hint="try it by hand, or choose another one with -p",
        ) from None
    static.refuse_old(path, facts["version"])
    original = _original_prefix(facts)
    if original:
        return ask(original, cache=cache, timeout=timeout)
    found = _interpreter(path, facts)
    keep(path, found, cache=cache, of=wanted)
    return found


def _facts(path: str, timeout: float) -> dict[str, Any]:
    """Return what the probe says."""
    cookie = os.urandom(8).hex()
    script = os.path.abspath(probe.__file__)
    argv = [path, "-I", "-S", "-B", script, cookie]
    try:
        answer = run(argv, environment=probe.environment(), timeout=timeout, until=cookie.encode())
    except OSError as error:
        raise _Failed(f"cannot be started: {error.strerror or error}") from error
    parts = answer.output.split(cookie.encode())
    if len(parts) < 3:
        raise _Failed(_why(answer, timeout))
    try:
        facts = data.loads(parts[1])
        return _checked(facts)
    except (data.DataError, KeyError, TypeError, ValueError) as error:
        raise _Failed(f"gave an answer that is none of ours ({error})") from error


def _checked(facts: Any) -> dict[str, Any]:
    """Return the facts as they came; KeyError, TypeError or ValueError where they are of another shape."""
    texts = (
        "executable",
        "prefix",
        "version",
        "implementation",
        "library",
        "purelib",
        "platform",
        "machine",
    )
    for key in texts:
        if not isinstance(facts[key], str) or "\n" in facts[key] or "\0" in facts[key]:
            raise TypeError(f"{key} is no line of text")
    major, minor, micro, level, serial = facts["version_info"]
    facts["version_info"] = (int(major), int(minor), int(micro), str(level), int(serial))
    facts["site_packages"] = tuple(str(entry) for entry in facts["site_packages"])
    return dict(facts)


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


def _original_prefix(facts: dict[str, Any]) -> str:
    """Return the base's executable where the interpreter is in an environment of virtualenv before 20, else ""."""
    marker = os.path.join(facts["prefix"], "lib", facts["library"], "orig-prefix.txt")
    try:
        with open(marker, "rb") as stream:
            prefix = os.fsdecode(stream.read(4096)).strip()
    except OSError:
        return ""
    if not os.path.isabs(prefix) or os.path.realpath(prefix) == os.path.realpath(facts["prefix"]):
        return ""
    for name in (facts["library"], "python3"):
        executable = os.path.join(prefix, "bin", name)
        if os.path.isfile(executable):
            return executable
    return ""


def _interpreter(path: str, facts: dict[str, Any]) -> Interpreter:
    """Make the record of what the probe said."""
    executable = real.stable(path, facts["library"])
    info = facts["version_info"]
    return Interpreter(
        executable=executable,
        implementation=facts["implementation"],
        version=facts["version"].rstrip("+"),
        version_info=info,
        library=facts["library"],
        home=os.path.dirname(executable),
        prefix=_prefix(executable, facts["prefix"]),
        include=str(facts["include"]),
        cache_tag=str(facts["cache_tag"]),
        free_threaded=bool(facts["free_threaded"]),
        pointer_bits=int(facts["pointer_bits"]),
        platform=facts["platform"],
        markers=_markers(facts),
        facts=_for_tags(path, facts),
        site_packages=facts["site_packages"],
    )


def _prefix(executable: str, prefix: str) -> str:
    """Return the prefix by the same stable path as the executable's, where that is the same directory."""
    stable = os.path.dirname(os.path.dirname(executable))
    try:
        return stable if os.path.samefile(stable, prefix) else prefix
    except OSError:
        return prefix


def _markers(facts: dict[str, Any]) -> dict[str, str]:
    """Return the environment of PEP 508 but for `extra`, with the keys in packaging's order."""
    return {
        "implementation_name": str(facts["implementation_name"]),
        "implementation_version": str(facts["implementation_version"]),
        "os_name": str(facts["os_name"]),
        "platform_machine": facts["machine"],
        "platform_release": str(facts["release"]),
        "platform_system": str(facts["system"]),
        "platform_version": str(facts["os_version"]),
        "python_full_version": facts["version"],
        "platform_python_implementation": facts["implementation"],
        "python_version": ".".join(facts["version"].split(".")[:2]),
        "sys_platform": str(facts["sys_platform"]),
    }


def _for_tags(path: str, facts: dict[str, Any]) -> dict[str, str]:
    """Return what tags and schemes are made from, all as text; a flag is "1" or ""."""
    header = elf.read(os.path.realpath(path))
    musl = _musl(header.interpreter) if header and not facts["glibc"] else ""
    return {
        "purelib": facts["purelib"],
        "ext_suffix": str(facts["ext_suffix"]),
        "soabi": str(facts["soabi"]),
        "debug": "1" if facts["debug"] else "",
        "pymalloc": "1" if facts["pymalloc"] else "",
        "py_version_nodot": str(facts["py_version_nodot"]),
        "libc": "glibc" if facts["glibc"] else "musl" if musl else "",
        "libc_version": str(facts["glibc"]) or musl,
        "manylinux_refused": str(facts["manylinux_refused"]),
        "machine": facts["machine"],
        "elf_machine": header.machine if header else "",
        "elf_bits": str(header.bits) if header else "",
        "hard_float": "1" if header and header.hard_float else "",
        "multiarch": str(facts["multiarch"]),
        "mac_version": str(facts["mac_version"]),
        "mac_machine": str(facts["mac_machine"]),
    }


def _musl(loader: str) -> str:
    """Return the version of musl ("1.2"), which its loader tells when it is started with nothing to load; else ""."""
    if "musl" not in loader or not os.path.isabs(loader):
        return ""
    try:
        answer = run([loader], environment=probe.environment(), timeout=5.0)
    except OSError:
        return ""
    # PEP 656: "musl libc (x86_64)\nVersion 1.2.2\n…" on stderr
    lines = answer.errors.decode("ascii", "replace").split("\n")
    if len(lines) < 2 or not lines[0].startswith("musl") or not lines[1].startswith("Version "):
        return ""
    return ".".join(lines[1][len("Version ") :].strip().split(".")[:2])

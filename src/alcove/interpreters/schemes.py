"""Where an environment of an interpreter keeps what: names of folders and executables, relative to the environment."""

from __future__ import annotations

from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.interpreters.kept import Interpreter

__all__ = ["Scheme", "scheme_of"]


class Scheme(NamedTuple):
    """Paths relative to the environment, with `/`.

    `scripts` "bin"; `library` "lib/python3.12"; `packages` "lib/python3.12/site-packages", pure or not; `headers` what
    wheels' headers go below, one folder a distribution; `include` what `venv` makes; `lib64` whether `lib64 -> lib`
    belongs there; `pythons` the names of the executables, the one that the others lead to first.
    """

    scripts: str
    library: str
    packages: str
    headers: str
    include: str
    lib64: bool
    pythons: tuple[str, ...]


def scheme_of(interpreter: Interpreter) -> Scheme:
    """Return the scheme of environments of `interpreter`: that of `python -m venv`."""
    windows = interpreter.markers["os_name"] == "nt"
    packages = interpreter.facts["purelib"]
    return Scheme(
        scripts="Scripts" if windows else "bin",
        library=packages.rpartition("/")[0],
        packages=packages,
        # pip: the interpreter's own include folder may be a link to the base's, so headers go to `site` beside it
        headers="Include" if windows else f"include/site/{_short('python', interpreter)}",
        include="Include" if windows else f"include/{interpreter.include}",
        # as venv does: 64-bit POSIX but for macOS
        lib64=not windows
        and interpreter.pointer_bits == 64
        and interpreter.markers["sys_platform"] != "darwin",
        pythons=_pythons(interpreter, windows=windows),
    )


def _pythons(interpreter: Interpreter, *, windows: bool) -> tuple[str, ...]:
    if windows:
        return ("python.exe", "pythonw.exe")
    found = ["python", "python3", _short("python", interpreter)]
    if interpreter.free_threaded:
        found.append(_short("python", interpreter) + "t")
    if interpreter.implementation == "PyPy":
        found.extend(("pypy", "pypy3", _short("pypy", interpreter)))
    return tuple(found)


def _short(prefix: str, interpreter: Interpreter) -> str:
    major, minor = interpreter.version_info[:2]
    return f"{prefix}{major}.{minor}"

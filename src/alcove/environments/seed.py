"""The files that make up the pip of an environment: small ones that start alcove.

None of them depends on where the environment lies: an environment that was moved keeps its pip. They work
with Python 2.7 to 3.15, and under `-I`, `-sE` and `runpy`.
"""

from __future__ import annotations

from binascii import b2a_base64

from alcove.environments.pip_version import PIP_VERSION
from alcove.files.digest import sha256
from alcove.records import NamedTuple

__all__ = ["DIST_INFO", "PIP_VERSION", "Launch", "SeedFile", "pip_files"]

DIST_INFO = f"pip-{PIP_VERSION}.dist-info"


class Launch(NamedTuple):
    """How alcove's pip is started: `PYTHON FLAGS... MAIN PREFIX PROGRAM ARGUMENTS...`.

    `python`: alcove's interpreter (absolute); `flags`: its options ("-I" must be among them: the user's
    PYTHONPATH and PYTHONHOME are for the environment); `main`: the file to run (absolute).
    """

    python: str
    flags: tuple[str, ...]
    main: str


class SeedFile(NamedTuple):
    """One file: `path` with `/` below "site-packages/" or "bin/", its content, and whether it is a program."""

    path: str
    content: bytes
    executable: bool


def pip_files(python: str, launch: Launch) -> list[SeedFile]:
    """Return all files of the pip for an environment of Python `python` ("3.12" or "3.12.1")."""
    major, _, rest = python.partition(".")
    minor = rest.partition(".")[0]
    files = [
        SeedFile(f"site-packages/{name}", text.encode(), executable=False)
        for name, text in _modules(launch)
    ]
    script = _script(launch).encode("utf-8", "surrogateescape")
    files += [
        SeedFile(f"bin/{name}", script, executable=True)
        for name in ("pip", f"pip{major}", f"pip{major}.{minor}")
    ]
    files += [
        SeedFile(f"site-packages/{DIST_INFO}/{name}", text.encode(), executable=False)
        for name, text in _METADATA.items()
    ]
    files.append(_record(files))
    return files


def _modules(launch: Launch) -> list[tuple[str, str]]:
    words = [launch.python, *launch.flags, launch.main]
    listed = ", ".join(map(_literal, words))
    coding = "# -*- coding: utf-8 -*-\n"
    return [
        ("pip/__init__.py", _INIT),
        ("pip/__main__.py", _MAIN),
        ("pip/_launch.py", f"{coding}ALCOVE = [{listed}]\n"),
        ("pip/_internal/__init__.py", _FORWARD),
        ("pip/_internal/cli/__init__.py", _COMMAND_LINE),
        ("pip/_internal/cli/main.py", _handover()),
    ]


def _handover() -> str:
    """Return the source of `handover`, also from an archive."""
    loader = __spec__.loader
    folder = __file__.rpartition("seed")[0]
    content: bytes = loader.get_data(f"{folder}handover.py")  # type: ignore[union-attr]
    return content.decode()


def _literal(text: str) -> str:
    """Return a path as a Python literal that 2.7 and 3 read alike as the same bytes of a file name."""
    if text.isascii():
        return repr(text)
    return repr(text) if text.isprintable() else ascii(text)


def _script(launch: Launch) -> str:
    """Return `bin/pip`: a script of sh that starts alcove without starting the environment's Python."""
    words = " ".join(map(_quoted, (*launch.flags, launch.main)))
    return _SCRIPT.format(python=_quoted(launch.python), main=_quoted(launch.main), words=words)


def _quoted(text: str) -> str:
    """Return a word of sh; within single quotes only the single quote itself is special."""
    return "'" + text.replace("'", "'\\''") + "'"


def _record(files: list[SeedFile]) -> SeedFile:
    path = f"{DIST_INFO}/RECORD"
    rows = []
    for name, content, _ in files:
        kind, _, below = name.partition("/")
        relative = below if kind == "site-packages" else f"../../../{name}"
        digest = b2a_base64(sha256(content).digest(), newline=False).decode().rstrip("=")
        digest = digest.replace("+", "-").replace("/", "_")
        rows.append(f"{relative},sha256={digest},{len(content)}\n")
    rows.append(f"{path},,\n")
    return SeedFile(f"site-packages/{path}", "".join(rows).encode(), executable=False)


_INIT = f'''\
"""The pip of this environment: alcove does its work."""

__version__ = "{PIP_VERSION}"


def main(args=None):
    """Run pip in a child process and return its exit code."""
    from pip._internal.cli.main import main as run

    return run(args)


class Path(list):
    """Where a package of ours is, and behind that the real pip: of it come the modules that ours has not."""

    def __init__(self, entries, below):
        list.__init__(self, entries)
        self.below = below

    def __iter__(self):
        for entry in list.__iter__(self):
            yield entry
        real = _real()
        if real:
            yield real + self.below


_REAL = []


def _real():
    if not _REAL:
        _REAL.append("")  # while it is sought, ours is all there is
        from pip._internal.cli.main import real_pip

        _REAL[0] = real_pip()
    return _REAL[0]


__path__ = Path(__path__, "")
'''

_MAIN = """\
import os
import sys


def _here():
    try:
        return os.getcwd()
    except OSError:  # the directory was removed
        return ""


if sys.path and sys.path[0] in ("", _here()):
    sys.path.pop(0)  # nothing of the current directory comes between

if __name__ == "__main__":
    from pip._internal.cli.main import run_module

    run_module(sys._getframe())
"""

_FORWARD = '''\
from pip import Path


def main(args=None):
    """Run pip in a child process and return its exit code."""
    from pip._internal.cli.main import main as run

    return run(args)


__path__ = Path(__path__, "/_internal")
'''

_COMMAND_LINE = """\
from pip import Path

__path__ = Path(__path__, "/_internal/cli")
"""

_SCRIPT = """\
#!/bin/sh
# The pip of the environment that this file lies in; alcove does its work.
self=$0
case $self in */*) ;; *) self=./$self ;; esac
case $self in /*) ;; *) self=$PWD/$self ;; esac
while :; do
  directory=${{self%/*}}
  case $directory in
    */./*|*/../*|*/.|*/..|*//*) prefix=$(CDPATH= cd "$directory/.." 2>/dev/null && pwd) ;;
    *) prefix=${{directory%/*}} ;;
  esac
  if [ -e "$prefix/pyvenv.cfg" ] || [ ! -h "$self" ]; then break; fi
  target=$(readlink "$self")
  case $target in /*) self=$target ;; *) self=$directory/$target ;; esac
done
python={python}
if [ -x "$python" ] && [ -e {main} ]; then
  exec "$python" {words} "$prefix" "${{0##*/}}" "$@"
fi
{{
  printf 'ERROR: the alcove that made this environment cannot be started: %s\\n' "$python"
  printf 'hint: install alcove again and run: alcove repair --env %s\\n' "$prefix"
  printf 'hint: until then any other pip works here: python3 -m pip --python %s ...\\n' "$prefix"
}} >&2
exit 1
"""

_METADATA = {
    "METADATA": f"""\
Metadata-Version: 2.1
Name: pip
Version: {PIP_VERSION}
Summary: The pip of an environment made by alcove.
License: MIT
Requires-Python: >=2.7
""",
    "WHEEL": """\
Wheel-Version: 1.0
Generator: alcove
Root-Is-Purelib: true
Tag: py2-none-any
Tag: py3-none-any
""",
    "INSTALLER": "alcove\n",
    "REQUESTED": "",
    "entry_points.txt": """\
[console_scripts]
pip = pip._internal.cli.main:main
pip3 = pip._internal.cli.main:main
""",
    "top_level.txt": "pip\n",
}

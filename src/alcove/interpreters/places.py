"""Where interpreters may lie on this machine, as values: a pure function of the environment variables it is given."""

from __future__ import annotations

import os
import sys

from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Places", "Registered", "places_of"]


class Registered(NamedTuple):
    """One interpreter of the Windows registry (PEP 514): an absolute path, "3.12.1", "PythonCore", 64 or 32."""

    executable: str
    version: str
    company: str
    bits: int
    free_threaded: bool = False


class Places(NamedTuple):
    """All that `scan` looks at; every path absolute.

    `path`: the directories of PATH. `directory`: what relative paths of requests are relative to. `roots`: (source,
    directory whose sub-directories are installations). `bins`: (source, directory that holds executables), with `*` for
    any name at one level. `alternatives`: files of Debian's alternatives. `conda`: (installation, whether it is named
    by the user's variables); `conda_list`: the file that names conda's environments. `shims`: directories of PATH that
    hold shims.
    """

    path: tuple[str, ...]
    home: str
    directory: str
    pyenv: str = ""
    roots: tuple[tuple[str, str], ...] = ()
    bins: tuple[tuple[str, str], ...] = ()
    alternatives: tuple[str, ...] = ()
    conda: tuple[str, ...] = ()
    conda_list: str = ""
    shims: tuple[str, ...] = ()
    registered: tuple[Registered, ...] = ()
    windows: bool = False


_HOMEBREW = ("/opt/homebrew", "/usr/local", "/home/linuxbrew/.linuxbrew")
_FRAMEWORKS = ("Python.framework", "PythonT.framework")
_CONDA_NAMES = ("miniconda3", "miniforge3", "mambaforge", "anaconda3", "micromamba")


def places_of(
    environ: Mapping[str, str],
    *,
    home: str,
    directory: str,
    own: str,
    platform: str = sys.platform,
    registered: tuple[Registered, ...] = (),
) -> Places:
    """Return where to look.

    `environ`: PATH and the variables of version managers; `home`, `directory` (the current one) and `own`
    (<data>/pythons) are absolute; `platform` is a `sys.platform`; `registered` comes from `windows.registered`.
    """
    windows = platform == "win32"
    path = tuple(
        entry for entry in environ.get("PATH", "").split(os.pathsep) if os.path.isabs(entry)
    )
    pyenv = _pyenv_root(environ, path, home)
    data = _data_directory(environ, home, platform)
    asdf = environ.get("ASDF_DATA_DIR") or os.path.join(home, ".asdf")
    mise = environ.get("MISE_DATA_DIR") or os.path.join(data, "mise")
    rye = environ.get("RYE_HOME") or os.path.join(home, ".rye")
    roots = (
        ("pyenv", os.path.join(pyenv, "versions")),
        ("asdf", os.path.join(asdf, "installs", "python")),
        ("mise", os.path.join(mise, "installs", "python")),
        ("rye", os.path.join(rye, "py")),
        ("uv", environ.get("UV_PYTHON_INSTALL_DIR") or os.path.join(data, "uv", "python")),
        ("pdm", os.path.join(data, "pdm", "python")),
        (
            "hatch",
            os.path.join(environ.get("HATCH_DATA_DIR") or os.path.join(data, "hatch"), "pythons"),
        ),
        ("alcove", own),
    )
    managers = [os.path.join(root, "shims") for root in (pyenv, asdf, mise, rye)]
    return Places(
        path=path,
        home=home,
        directory=directory,
        pyenv=pyenv,
        roots=roots,
        bins=() if windows else _bins(environ, home, platform),
        alternatives=() if windows else _alternatives(),
        conda=_conda(environ, home),
        conda_list=os.path.join(home, ".conda", "environments.txt"),
        shims=tuple(entry for entry in path if entry in managers or _is_shims(entry)),
        registered=registered,
        windows=windows,
    )


def _pyenv_root(environ: Mapping[str, str], path: tuple[str, ...], home: str) -> str:
    """PYENV_ROOT, else the parent of a `shims` directory on PATH, else `~/.pyenv`."""
    root = environ.get("PYENV_ROOT") or environ.get("PYENV")
    if root:
        return root
    for entry in path:
        parent, name = os.path.split(entry.rstrip(os.sep))
        # asdf, mise and plugins of pyenv have a `shims` of their own, but no `versions` beside it
        if name == "shims" and os.path.isdir(os.path.join(parent, "versions")):
            return parent
    return os.path.join(home, ".pyenv")


def _is_shims(entry: str) -> bool:
    return os.path.basename(entry.rstrip(os.sep)) == "shims"


def _data_directory(environ: Mapping[str, str], home: str, platform: str) -> str:
    """Return where programs of this platform keep a user's data."""
    if platform == "win32":
        return environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    if environ.get("XDG_DATA_HOME"):
        return environ["XDG_DATA_HOME"]
    if platform == "darwin":
        support = os.path.join(home, "Library", "Application Support")
        # uv and mise keep to ~/.local/share on macOS too; pdm and hatch do not: whichever is there
        return (
            support
            if os.path.isdir(os.path.join(support, "pdm"))
            else os.path.join(home, ".local", "share")
        )
    return os.path.join(home, ".local", "share")


def _bins(environ: Mapping[str, str], home: str, platform: str) -> tuple[tuple[str, str], ...]:
    """Return Homebrew's, the frameworks' and the system's directories of executables."""
    found = []
    named = environ.get("HOMEBREW_PREFIX")
    for prefix in dict.fromkeys((*((named,) if named else ()), *_HOMEBREW)):
        found.append(("Homebrew", os.path.join(prefix, "opt", "python@*", "bin")))
        found.append(("Homebrew", os.path.join(prefix, "opt", "pypy*", "bin")))
    if platform == "darwin":
        for library in ("/Library", os.path.join(home, "Library")):
            for framework in _FRAMEWORKS:
                place = os.path.join(library, "Frameworks", framework, "Versions", "*", "bin")
                found.append(("framework", place))
        tools = "/Library/Developer/CommandLineTools/Library/Frameworks/Python3.framework"
        found.append(("framework", os.path.join(tools, "Versions", "*", "bin")))
    else:
        # on macOS /usr/bin/python3 is a stub that asks the user to install something
        found.append(("system", "/usr/bin"))
    found.append(("system", "/usr/local/bin"))
    return tuple(found)


def _alternatives() -> tuple[str, ...]:
    """Return the files in which Debian and Fedora keep the alternatives for `python`."""
    directories = ("/var/lib/dpkg/alternatives", "/var/lib/alternatives")
    return tuple(
        os.path.join(place, name) for place in directories for name in ("python", "python3")
    )


def _conda(environ: Mapping[str, str], home: str) -> tuple[str, ...]:
    """Return the installations of conda that may exist."""
    found = []
    program = environ.get("CONDA_EXE")
    if program:
        found.append(os.path.dirname(os.path.dirname(program)))
    found.extend(
        value for name in ("CONDA_ROOT", "MAMBA_ROOT_PREFIX") if (value := environ.get(name))
    )
    found.extend(os.path.join(home, name) for name in _CONDA_NAMES)
    found.append("/opt/conda")
    return tuple(dict.fromkeys(found))

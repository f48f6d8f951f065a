"""The builds of Python that can be installed: python-build-standalone's and PyPy's, by the table of `pbs-installer`.

Rule: of that distribution only the table is used, never its downloader, which unpacks without a filter. An entry without a
hash is told as such; whether it may be used is for the caller.
"""

from __future__ import annotations

import os
import sys
import warnings

from alcove.errors import AlcoveError, NoSuchInterpreter
from alcove.interpreters import elf, names, requests, static
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pbs_installer._versions import PythonVersionIndex

    from alcove.interpreters.requests import Request

__all__ = ["Build", "Host", "build_for", "file_name", "hash_of", "host", "offered", "this_host"]

_MACHINES = {"amd64": "x86_64", "arm64": "aarch64", "i386": "i686", "x86": "i686"}
_TABLE_MACHINES = {"i686": "x86", "armv7l": "armv7"}
_NARROW = {"x86_64": "i686", "aarch64": "armv7l"}
_SYSTEMS = {"darwin": "macos", "win32": "windows"}
_SHOWN = 12


class Host(NamedTuple):
    """What a build is to run on: `system` "linux", "macos" or "windows"; `machine` as `uname -m` spells it on Linux."""

    system: str
    machine: str


class Build(NamedTuple):
    """One build: `name` is that of its directory, `sha256` "" where the table has none."""

    name: str
    implementation: str
    version: str
    free_threaded: bool
    url: str
    sha256: str

    @property
    def request(self) -> str:
        """The request that asks for exactly this one."""
        prefix = "" if self.implementation == "CPython" else self.implementation.lower()
        return prefix + self.version + ("t" if self.free_threaded else "")


def this_host(variables: Mapping[str, str]) -> Host:
    """Return the host that this process runs on; NoSuchInterpreter where the table's builds cannot run.

    `variables`: the process's, of which Windows needs one.
    """
    machine = (
        os.uname().machine if hasattr(os, "uname") else variables.get("PROCESSOR_ARCHITECTURE", "")
    )
    header = elf.read(os.path.realpath(sys.executable))
    if header is not None and "musl" in header.interpreter:
        raise NoSuchInterpreter(
            "the builds for Linux need glibc, and this system has musl",
            hint="install Python by the system's own installer: apk add python3",
        )
    return host(sys.platform, machine)


def host(platform: str, machine: str) -> Host:
    """Return the host of a `sys.platform` and a machine as the system spells it ("x86_64", "AMD64", "arm64")."""
    lower = machine.lower()
    return Host(_SYSTEMS.get(platform, platform), _MACHINES.get(lower, lower))


def build_for(asked: Request, here: Host, *, mirror: str = "") -> Build:
    """Return the best build for `asked`: the newest of CPython with a GIL, unless another one is asked for.

    `mirror`: a URL below which all files lie by their names, "" for where their makers have them. NoSuchInterpreter, with
    what there is, where the table has none.
    """
    if asked.path or asked.name:
        raise NoSuchInterpreter(
            f"{asked.text!r} names no version that could be installed",
            hint="as in: alcove python install 3.12, or pypy3.10, or 3.13t, or '>=3.11'",
        )
    static.refuse_old(asked.text, asked.version)
    wanted = _machine_of(asked, here)
    fitting = [one for one in offered(wanted) if requests.admits(asked, one)]
    if not fitting:
        raise _nothing(asked, wanted)
    chosen = min(fitting, key=_preference)
    return chosen._replace(url=_address(chosen, wanted, mirror))


def offered(here: Host) -> Iterator[Build]:
    """Yield all builds for a host, in the table's order; AlcoveError where the table is not to be had."""
    for version, files in _table().items():
        machine = _TABLE_MACHINES.get(here.machine, here.machine)
        # a build that is ready to run, else the one with all that the making of it left
        file = files.get((here.system, machine, True)) or files.get((here.system, machine, False))
        if file is None:
            continue
        number = f"{version.major}.{version.minor}.{version.micro}"
        implementation = {"cpython": "CPython", "pypy": "PyPy"}.get(version.implementation)
        if implementation is None:
            continue
        free = bool(version.freethreaded)
        mark = "+freethreaded" if free else ""
        name = f"{version.implementation}-{number}{mark}-{here.system}-{here.machine}"
        yield Build(name, implementation, number, free, file[0], file[1] or "")


def hash_of(name: str) -> str:
    """Return the sha256 (hex) that the table gives for the file called `name`, "" where it has none."""
    for files in _table().values():
        for url, sha256 in files.values():
            if file_name(url) == name:
                return sha256 or ""
    return ""


def file_name(url: str) -> str:
    """Return the name of the file that a URL leads to, as one component of a path."""
    from urllib.parse import unquote, urlsplit  # noqa: PLC0415

    name = os.path.basename(unquote(urlsplit(url).path))
    return name.replace("\\", "_").replace("\0", "_") or "archive"


def _table() -> PythonVersionIndex:
    try:
        with warnings.catch_warnings():
            # it reads its table by `importlib.resources.open_text`, which 3.11 and 3.12 frown upon
            warnings.simplefilter("ignore", DeprecationWarning)
            from pbs_installer._versions import PYTHON_VERSIONS  # noqa: PLC0415
    except ImportError as error:
        raise AlcoveError(
            f"the table of Python builds is not to be had: {error}",
            hint="install pbs-installer beside alcove, or give an archive: alcove python install --archive FILE",
        ) from None
    return PYTHON_VERSIONS


def _address(chosen: Build, here: Host, mirror: str) -> str:
    """Return the URL of a build as the table gives it for `mirror`."""
    from pbs_installer import get_download_link  # noqa: PLC0415

    try:
        _, (url, sha256) = get_download_link(
            chosen.version + ("t" if chosen.free_threaded else ""),
            arch=_TABLE_MACHINES.get(here.machine, here.machine),
            platform=here.system,
            implementation="pypy" if chosen.implementation == "PyPy" else "cpython",
            base_url=mirror or None,
        )
    except ValueError as error:
        raise NoSuchInterpreter(f"{chosen.name}: {error}", hint="choose another version") from None
    if (sha256 or "") != chosen.sha256:  # another file than the one that was chosen
        raise NoSuchInterpreter(
            f"{chosen.name}: the table gives two files for it", hint="choose another version"
        )
    return str(url)


def _machine_of(asked: Request, here: Host) -> Host:
    """Return the host with the machine that the request names ("3.12-32", "3.12-x86_64")."""
    if asked.machine:
        return here._replace(machine=asked.machine)
    if asked.bits == 32:
        return here._replace(machine=_NARROW.get(here.machine, here.machine))
    return here


def _preference(one: Build) -> tuple[bool, bool, tuple[int, ...]]:
    return (
        one.implementation != "CPython",
        one.free_threaded,
        tuple(-number for number in names.version_key(one.version)),
    )


def _nothing(asked: Request, here: Host) -> NoSuchInterpreter:
    """Return the error that says that the table has no such build, and which minors it has."""
    newest: dict[tuple[object, ...], Build] = {}
    for one in sorted(offered(here), key=_preference):
        minor = names.release_of(one.version)[:2]
        newest.setdefault((one.implementation, one.free_threaded, *minor), one)
    shown = ", ".join(one.request for one in list(newest.values())[:_SHOWN])
    where = f"{here.system} on {here.machine}"
    return NoSuchInterpreter(
        f"no build of Python for {where} answers {asked.text!r}",
        hint=f"there are {shown}" if shown else f"there is none for {where}",
    )

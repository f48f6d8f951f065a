"""Candidates of every source, static: names of directories and files only; no interpreter and no shim is started.

Each source is a function of `Places`; `candidates` goes through them in the order that decides among equals.
"""

from __future__ import annotations

import os

from alcove.interpreters import names, requests
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alcove.interpreters.places import Places

__all__ = ["Candidate", "candidates", "executables", "in_installation"]


class Candidate(NamedTuple):
    """An interpreter that may be there: `version` as far as names tell ("" to "3.12.1"), `rank` 1 for a last resort."""

    executable: str
    implementation: str
    version: str
    free_threaded: bool
    source: str
    rank: int = 0
    bits: int = 0


def candidates(places: Places, asked: requests.Request = requests.ANY) -> Iterator[Candidate]:
    """Yield what may be an interpreter, from PATH first; the same one may come several times, by several paths.

    Installations that by their name cannot answer `asked` are left out; others that cannot may be there.
    """
    yield from _on_path(places)
    yield from _of_managers(places, asked)
    sources: tuple[Callable[[Places], Iterator[Candidate]], ...] = (
        _in_bins,
        _of_alternatives,
        _registered,
        _of_conda,
    )
    for source in sources:
        yield from source(places)


def executables(directory: str) -> list[tuple[str, names.Name]]:
    """Return the files of `directory` (absolute) that are named like interpreters, the most telling names first."""
    found = []
    for file in _listing(directory):
        if file[:2] in {"py", "gr"}:  # of thousands in /usr/bin
            name = names.of_executable(file)
            if name is not None:
                found.append((os.path.join(directory, file), name))
    # python3.12 before python3 before python; then by name, so that the order is the same everywhere
    return sorted(
        found, key=lambda pair: (-pair[1].version.count("."), -len(pair[1].version), pair[0])
    )


def in_installation(directory: str, *, windows: bool = False) -> list[tuple[str, names.Name]]:
    """Return the interpreters of an installation (absolute): in `bin`, or where standalone builds and Windows have them."""
    inner = ("", "python", "install")
    for place in inner:
        root = os.path.join(directory, place) if place else directory
        found = executables(root if windows else os.path.join(root, "bin"))
        if found:
            return found
    return executables(directory)


def _on_path(places: Places) -> Iterator[Candidate]:
    seen = set()
    for directory in places.path:
        try:
            facts = os.stat(directory)
        except OSError:
            continue
        # /bin is /usr/bin on many systems
        if directory not in places.shims and (facts.st_dev, facts.st_ino) not in seen:
            seen.add((facts.st_dev, facts.st_ino))
            yield from _in_directory(directory, "PATH")


def _of_managers(places: Places, asked: requests.Request) -> Iterator[Candidate]:
    for source, root in places.roots:
        for entry in _newest_first(_listing(root)):
            told = names.read(entry)
            directory = os.path.join(root, entry)
            if told is None:
                yield from _of_conda_installation(directory, source, rank=1)
                continue
            if not requests.may_admit(
                asked, implementation=told.implementation, version=told.version
            ):
                continue  # and so it need not be listed
            for executable, name in in_installation(directory, windows=places.windows)[:1]:
                # "3.12" in a directory's name is less than "3.12.1", and "3.12" of the file more than "3"
                version = max(told.version, name.version, key=lambda text: text.count("."))
                yield Candidate(
                    executable,
                    told.implementation or name.implementation or "CPython",
                    version,
                    told.free_threaded or name.free_threaded,
                    source,
                )


def _in_bins(places: Places) -> Iterator[Candidate]:
    for source, pattern in places.bins:
        for directory in _expand(pattern):
            if directory in places.path:
                continue
            yield from _in_directory(directory, source)


def _of_alternatives(places: Places) -> Iterator[Candidate]:
    for file in places.alternatives:
        try:
            with open(file, "rb") as stream:
                text = stream.read(65_536).decode("utf-8", "surrogateescape")
        except OSError:
            continue
        for line in text.splitlines():
            name = names.of_executable(os.path.basename(line)) if line.startswith("/") else None
            if name is not None:
                yield _candidate(line, name, "alternatives")


def _registered(places: Places) -> Iterator[Candidate]:
    for entry in places.registered:
        implementation = "PyPy" if entry.company.lower() == "pypy" else "CPython"
        yield Candidate(
            entry.executable,
            implementation,
            entry.version,
            entry.free_threaded,
            "registry",
            bits=entry.bits,
        )


def _of_conda(places: Places) -> Iterator[Candidate]:
    environments: list[str] = []
    for root in places.conda:
        yield from _of_conda_installation(root, "conda")
        envs = os.path.join(root, "envs")
        environments.extend(os.path.join(envs, name) for name in sorted(_listing(envs)))
    try:
        with open(places.conda_list, "rb") as stream:
            lines = stream.read(1 << 20).decode("utf-8", "surrogateescape").splitlines()
    except (OSError, ValueError):
        lines = []
    environments.extend(line.strip() for line in lines if os.path.isabs(line.strip()))
    for directory in dict.fromkeys(environments):
        # somebody's working environment, which may go at any time: only where nothing else answers
        yield from _of_conda_installation(directory, "conda environment", rank=1)


def _of_conda_installation(directory: str, source: str, rank: int = 0) -> Iterator[Candidate]:
    """Read `conda-meta/python-VERSION-BUILD.json` of a conda prefix, the file's name only."""
    for file in _listing(os.path.join(directory, "conda-meta")):
        if not (file.startswith("python-") and file.endswith(".json")):
            continue
        version, _, build = file[len("python-") : -len(".json")].partition("-")
        found = names.read(version)
        if found is None or found.rest or "." not in found.version:
            continue  # python-dateutil and the like
        for executable, _name in in_installation(directory, windows=os.name == "nt")[:1]:
            implementation = "PyPy" if build.endswith("pypy") else "CPython"
            free = build.endswith("t") and "_cp" in build
            yield Candidate(executable, implementation, found.version, free, source, rank)


def _in_directory(directory: str, source: str) -> Iterator[Candidate]:
    for executable, name in executables(directory):
        yield _candidate(executable, name, source)


def _candidate(executable: str, name: names.Name, source: str) -> Candidate:
    implementation = name.implementation or "CPython"
    return Candidate(executable, implementation, name.version, name.free_threaded, source)


def _expand(pattern: str) -> list[str]:
    """Return the directories that a path with one `*` in one component means, in the order of names."""
    if "*" not in pattern:
        return [pattern]
    head, _, tail = pattern.partition("*")
    root, prefix = os.path.split(head)
    found = [name for name in sorted(_listing(root)) if name.startswith(prefix)]
    return [os.path.join(root, name) + tail for name in found]


def _newest_first(entries: list[str]) -> list[str]:
    """Order the names of installations: the newest version first; names without one last."""
    told = [(names.read(name), name) for name in sorted(entries)]
    return [
        name
        for _, name in sorted(
            told,
            key=lambda pair: names.version_key(pair[0].version if pair[0] else "0"),
            reverse=True,
        )
    ]


def _listing(directory: str) -> list[str]:
    """Return the names in `directory`, none where it cannot be read."""
    try:
        return os.listdir(directory)
    except (OSError, ValueError):
        return []

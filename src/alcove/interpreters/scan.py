"""Every interpreter of this machine by its static facts; nothing is executed."""

from __future__ import annotations

import os

from alcove.errors import InterpreterGone
from alcove.interpreters import elf, real, requests, sources, static
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.interpreters.places import Places
    from alcove.interpreters.sources import Candidate

__all__ = ["Found", "scan"]


class Found(NamedTuple):
    """One interpreter by its static facts, which may be wrong.

    `executable` absolute, as found; `version` "3.12.1", or "3.12" where no file tells more; `source` "PATH", "pyenv",
    …; `bits` and `machine` 0 and "" where unknown; `rank` 1 for a last resort.
    """

    executable: str
    version: str
    implementation: str
    source: str
    free_threaded: bool
    bits: int
    machine: str
    rank: int


def scan(places: Places, asked: requests.Request = requests.ANY) -> Iterator[Found]:
    """Yield every interpreter that may answer `asked`, each once, by the first path that leads to it.

    In the order of sources; a python of an environment counts as its base, last.
    """
    seen: set[tuple[int, int, str]] = set()
    inside: list[Candidate] = []
    for candidate in sources.candidates(places, asked):
        if found := _look(candidate, asked, seen, inside):
            yield found
    for candidate in inside:
        try:
            base = real.base_of(candidate.executable)
        except InterpreterGone:
            continue
        moved = candidate._replace(executable=base, source="environment", rank=1)
        if found := _look(moved, asked, seen, []):
            yield found


def _look(
    candidate: Candidate,
    asked: requests.Request,
    seen: set[tuple[int, int, str]],
    inside: list[Candidate],
) -> Found | None:
    """Complete a candidate; None where it cannot answer, is known already, or is no program (a shim).

    A python of an environment goes to `inside`.
    """
    path, version = candidate.executable, candidate.version
    if not requests.may_admit(asked, implementation=candidate.implementation, version=version):
        return None
    key = _key(path)
    if key is None or key in seen:
        return None
    if real.environment_of(path):
        inside.append(candidate)
        return None
    program = static.program(path)
    if program is None:
        return None
    if "." not in version and not requests.may_admit(
        asked, implementation=program.implementation, version=program.version
    ):
        return None  # `python3` leads to `python3.11`, and that cannot answer
    if version.count(".") < 2:
        version = static.version_of(path, version)
        if not requests.may_admit(asked, implementation=candidate.implementation, version=version):
            return None
    seen.add(key)
    machine, bits = elf.machine_of(path)
    return Found(
        path,
        version,
        candidate.implementation,
        candidate.source,
        candidate.free_threaded,
        candidate.bits or bits,
        machine,
        candidate.rank,
    )


def _key(path: str) -> tuple[int, int, str] | None:
    """Return what tells interpreters apart, None where there is no file.

    Conda hard-links the binaries of its environments, so the directory belongs to it.
    """
    try:
        facts = os.stat(path)
    except (OSError, ValueError):
        return None
    return facts.st_dev, facts.st_ino, os.path.dirname(os.path.realpath(path))

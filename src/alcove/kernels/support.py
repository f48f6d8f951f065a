"""ipykernel for environments that have none: an environment of alcove's own for each interpreter, filled by links.

Rules: it lies below `<data>/kernels` and is an environment like any other, so the store keeps what it shows; it goes
with the last kernel that names it.
"""

from __future__ import annotations

import os
from contextlib import contextmanager

from alcove.actions.create import Options, create
from alcove.actions.environments import delete
from alcove.actions.request import Request
from alcove.environments import installed
from alcove.environments.layout import is_environment
from alcove.errors import AlcoveError, EnvironmentBusy, NoSuchDistribution, ResolutionImpossible
from alcove.events import Step
from alcove.files import digest, trees
from alcove.files.locking import Busy, Lock
from alcove.kernels.subject import IPYKERNEL, unmet
from alcove.pasting import pasted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alcove.actions.faults import Fault
    from alcove.environments.installed import Distribution
    from alcove.events import Reporter
    from alcove.kernels.subject import Subject
    from alcove.settings import Settings

__all__ = ["distributions", "held", "listed", "provide", "release", "root", "site_of"]

_PATIENCE = 600.0  # seconds: another run may be fetching
_ROUNDS = 6  # every round pins one version more; what needs more fits nowhere


def root(settings: Settings) -> str:
    """Return the directory (absolute) that holds all of this."""
    return os.path.join(settings.data, "kernels")


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """Make that directory and hold its lock: one at a time changes what is below it. EnvironmentBusy after ten minutes."""
    trees.make_directories(root(settings))
    lock = Lock(os.path.join(root(settings), "lock"))
    try:
        lock.acquire(timeout=_PATIENCE)
    except Busy as busy:
        raise EnvironmentBusy(
            f"another command has been installing a kernel for {_PATIENCE:.0f} s",
            hint="wait for it or end it, and try again",
        ) from busy
    with lock:
        yield


def site_of(support: str) -> str:
    """Return the site-packages (absolute) of the environment `support`, "" where there is none."""
    for library in listed(os.path.join(support, "lib")):
        if library.startswith(("python", "pypy")):
            return f"{support}/lib/{library}/site-packages"
    return ""


def distributions(support: str) -> tuple[Distribution, ...]:
    """Return what the environment `support` lends; nothing where it is gone."""
    return installed.read(site_of(support)).distributions if site_of(support) else ()


def provide(
    subject: Subject,
    settings: Settings,
    *,
    sources: Mapping[str, object],
    offline: bool,
    made: list[str],
    reporter: Reporter,
) -> str:
    """Return the path of an environment whose ipykernel runs with what `subject` has; made where it is not there yet.

    `made` gets the paths of all that were made for it, also where none of them does in the end. The versions of the environment are pinned where the newest would not do with them. ResolutionImpossible where none
    does. The caller holds the lock.
    """
    pins: dict[str, str] = {}
    for _ in range(_ROUNDS):
        path = _path(subject, pins, settings)
        if not any(one.normalised == IPYKERNEL for one in distributions(path)):
            reporter.emit(Step("making", f"an ipykernel for {subject.interpreter.version}"))
            made.append(path)
            _make(
                path, subject, pins, settings, sources=sources, offline=offline, reporter=reporter
            )
        wrong = unmet(subject, distributions(path), settings)
        more = _pins(subject, wrong)
        if not wrong:
            return path
        if not more.keys() - pins.keys():
            raise _impossible(subject, wrong[0].text)
        pins |= more
    raise _impossible(subject, "too much of it is of another time")


def _make(
    path: str,
    subject: Subject,
    pins: Mapping[str, str],
    settings: Settings,
    *,
    sources: Mapping[str, object],
    offline: bool,
    reporter: Reporter,
) -> None:
    request = Request(
        directory=settings.cwd,
        command="alcove kernel install",
        requirements=(IPYKERNEL, *(f"{name}=={version}" for name, version in pins.items())),
        sources=sources,
        offline=offline or settings.offline,
    )
    options = Options(
        interpreter=subject.interpreter,
        pip=False,
        private=False,
        clear=is_environment(path),
        command="alcove kernel install",
        activators=(),
    )
    try:
        create(path, settings, options=options, request=request, reporter=reporter)
    except (ResolutionImpossible, NoSuchDistribution) as error:
        if not pins:
            raise
        raise _impossible(subject, error.message) from error


def _impossible(subject: Subject, why: str) -> ResolutionImpossible:
    return ResolutionImpossible(
        f"no ipykernel runs with what is in {subject.path}: {why}",
        hint=f"upgrade that there, or: alcove install --env {pasted(subject.path)} ipykernel",
    )


def _pins(subject: Subject, wrong: tuple[Fault, ...]) -> dict[str, str]:
    """Return the environment's versions of what is not met with them."""
    have = {one.normalised: one.directory_version for one in subject.distributions}
    named = [installed.normalise(_name(one.requirement)) for one in wrong if one.kind == "conflict"]
    return {name: have[name] for name in sorted(named) if name in have}


def _name(requirement: str) -> str:
    from alcove.requirements.dependencies import name_of  # noqa: PLC0415  only where something is wrong

    return name_of(requirement)


def _path(subject: Subject, pins: Mapping[str, str], settings: Settings) -> str:
    """Return where the environment lies for an interpreter (one place each) and pins."""
    python = subject.interpreter
    short = digest.text_digest(python.executable, *(f"{a}=={b}" for a, b in sorted(pins.items())))
    return os.path.join(root(settings), f"{python.cache_tag}-{short[:8]}")


def release(support: str, settings: Settings) -> bool:
    """Remove the environment `support`, which no kernel uses any more; tell whether it was there.

    Only what lies below `<data>/kernels` is removed. The caller holds the lock.
    """
    if os.path.dirname(support) != root(settings):
        return False
    try:
        delete(support, settings)
    except AlcoveError:
        return False  # gone already, or no environment
    return True


def listed(directory: str) -> list[str]:
    """Return the names in a directory, none where it cannot be read."""
    try:
        return sorted(os.listdir(directory))
    except OSError:
        return []

"""`kernel list`: which kernels there are, for which environment each is, and whether it starts."""

from __future__ import annotations

import os
import shlex

from alcove.actions.environments import known_paths
from alcove.errors import AlcoveError
from alcove.kernels import known, places, specs, support
from alcove.kernels.subject import IPYKERNEL, mark_of, open_subject, unmet
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.kernels.specs import Spec
    from alcove.kernels.subject import Subject
    from alcove.settings import Settings

__all__ = ["Kernel", "list_kernels"]


class Kernel(NamedTuple):
    """A kernel of ours. Paths absolute. `ipykernel`: "own", or "lent" by `support`.

    `health`: "ok" or what is wrong; `hint`: what to do then, or "". `moved_to`: where the environment is now, as far as
    alcove knows, or "".
    """

    name: str
    display_name: str
    directory: str
    environment: str
    ipykernel: str
    support: str
    health: str
    hint: str
    moved_to: str


def list_kernels(settings: Settings) -> list[Kernel]:
    """Return all kernels that alcove made and finds, and those of them that cannot be read, by name."""
    found, wrong = known.every(settings)
    rows = [_row(one, settings) for one in found]
    for directory, error in wrong.items():
        name = os.path.basename(directory)
        rows.append(Kernel(name, "", directory, "", "", "", error.message, error.hint or "", ""))
    return rows


def _row(spec: Spec, settings: Settings) -> Kernel:
    health, hint, moved = _health(spec, settings)
    return Kernel(
        name=spec.name,
        display_name=spec.display_name,
        directory=spec.directory,
        environment=spec.environment,
        ipykernel="lent" if spec.support else "own",
        support=spec.support,
        health=health,
        hint=hint,
        moved_to=moved,
    )


def _health(spec: Spec, settings: Settings) -> tuple[str, str, str]:
    """Return what is wrong ("ok": nothing), what to do, and where the environment went, if that is it."""
    if not os.path.isdir(spec.environment):
        moved = _moved(spec, settings)
        if moved:
            return f"its environment is at {moved} now", _again(spec, moved, settings), moved
        return "its environment is gone", f"alcove kernel remove {spec.name}", ""
    try:
        subject = open_subject(spec.environment, settings)
    except AlcoveError as error:
        return error.message, error.hint or "", ""
    wrong = _wrong(spec, subject, settings)
    return (wrong, _again(spec, spec.environment, settings), "") if wrong else ("ok", "", "")


def _wrong(spec: Spec, subject: Subject, settings: Settings) -> str:
    """Return what keeps the kernel of an environment that is there from starting, or ""."""
    if subject.executable != spec.executable:
        return "it starts another python than the environment's"
    if not spec.support:
        return "" if subject.has(IPYKERNEL) else "ipykernel is not in its environment any more"
    if not os.path.isfile(os.path.join(spec.directory, specs.START)):
        return f"its {specs.START} is missing"
    lent = support.distributions(spec.support)
    if not any(one.normalised == IPYKERNEL for one in lent):
        return f"{spec.support}, which lends it ipykernel, is gone"
    faults = () if subject.has(IPYKERNEL) else unmet(subject, lent, settings)
    return faults[0].text.rstrip(".") if faults else ""


def _again(spec: Spec, path: str, settings: Settings) -> str:
    """Return the command that makes a kernel anew, in its place, for the environment at `path`."""
    words = ["alcove", "kernel", "install", path, "--kernel", spec.name]
    parent = os.path.dirname(spec.directory)
    prefix = parent.removesuffix("/" + places.below("")) if parent != places.user(settings) else ""
    if prefix == spec.environment:
        words.append("--sys-prefix")
    elif prefix:
        words += ["--prefix", prefix]
    return shlex.join(words)


def _moved(spec: Spec, settings: Settings) -> str:
    """Return the path of a known environment that was made when the one of this kernel was, or ""."""
    if not spec.made:
        return ""
    return next((path for path in _candidates(spec, settings) if mark_of(path) == spec.made), "")


def _candidates(spec: Spec, settings: Settings) -> Iterator[str]:
    """Yield where an environment may be that was moved: all that are known, its neighbours, those of its project."""
    yield from known_paths(settings)
    parent, name = os.path.split(spec.environment)
    yield from (os.path.join(parent, one) for one in support.listed(parent))
    above = os.path.dirname(parent)
    yield from (os.path.join(above, one, name) for one in support.listed(above))

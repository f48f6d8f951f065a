"""What a new environment would hold, decided without it: for `create` with `dry_run`.

Rule: nothing is written but what the cache keeps. What builds need is unpacked into a store aside, which goes again.
"""

from __future__ import annotations

from alcove.actions import anew
from alcove.actions.base import base_facts, user_site
from alcove.actions.gather import versioned
from alcove.actions.install import Outcome, engine_for
from alcove.actions.pins import OURS
from alcove.actions.rooms import room
from alcove.actions.workplaces import detached
from alcove.environments.pip_version import PIP_VERSION
from alcove.errors import AlcoveError
from alcove.events import Notice
from alcove.files import trees
from alcove.index.metadata import NeedsBuild
from alcove.plans.plan import Change, Plan, normalise
from alcove.requirements.resolution import Origin, Resolution
from alcove.resolve.candidates import Facts
from alcove.store import entries
from alcove.store.layout import store_at
from alcove.wheels import metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.actions.decided import Resolved
    from alcove.actions.engine import Engine
    from alcove.actions.request import Request
    from alcove.events import Reporter
    from alcove.interpreters.kept import Interpreter
    from alcove.requirements.resolution import Pinned
    from alcove.requirements.spec import Asked
    from alcove.settings import Settings

__all__ = ["decide"]


def decide(
    interpreter: Interpreter,
    request: Request,
    settings: Settings,
    *,
    pip: bool,
    system_site: bool,
    reporter: Reporter,
) -> Outcome:
    """Return what an install of `request` into a new environment would add; raises as that would while it decides.

    `pip`: it starts with the pip of ours; `system_site`: it sees the base. No wheel is unpacked, and no more of one
    fetched than its metadata, where its index tells its hash and lets that be read.
    """
    here = room(settings.cache, "builds", reporter)
    aside = settings._replace(data=f"{here}/data")
    try:
        layout = detached(f"{here}/environment", interpreter, aside)
        installed = base_facts(interpreter, user_site(layout, settings)) if system_site else {}
        if pip:
            origin = Origin("installed", "", "")
            installed[OURS] = PIP_VERSION, Facts((), origin, kind="installed")
        with engine_for(layout, request._replace(dry_run=True), aside, reporter) as engine:
            asked, constraints, locked = engine.read()
            wanted = [one for one in asked if not (pip and _is_ours(one, reporter))]
            # What the user's store has need not be asked for; nothing is unpacked into it.
            engine.store = store_at(settings.data)
            found = anew.resolve(engine, wanted, constraints, installed=installed)
            pins = [one for one in found.resolution.distributions if one.origin.kind != "installed"]
            pins += [versioned(found.origins, one) for one in locked]
            return _outcome(pins, found, engine)
    finally:
        trees.remove(here)


def _is_ours(asked: Asked, reporter: Reporter) -> bool:
    if asked.name != OURS:
        return False
    reporter.emit(Notice(f"pip is alcove's here and stays as it is ({asked.text} was asked for)"))
    return True


def _outcome(pins: Sequence[Pinned], found: Resolved, engine: Engine) -> Outcome:
    rows = [Change(_spelled(one, found, engine), "", one.version, "") for one in pins]
    added = tuple(sorted(rows, key=lambda row: normalise(row.name)))
    return Outcome(Plan(added, (), (), ()), -1, (), resolution=Resolution(tuple(pins)))


def _spelled(one: Pinned, found: Resolved, engine: Engine) -> str:
    """Return the name as the metadata spells it, where that is at hand; else as it is normalised."""
    file = found.candidates.files.get((one.name, one.version))
    if file is None or file.kind != "wheel":
        return one.name
    if file.sha256:
        entry = entries.lookup(engine.store, file.sha256, name=one.name, version=one.version)
        if entry is not None:
            return entry.name
    try:
        return metadata.parse(engine.index.metadata(file), file.filename).name
    except (AlcoveError, NeedsBuild):
        return one.name

"""`python uninstall`: an interpreter that alcove installed goes, unless environments still use it.

Rule: only what lies below `<data>/pythons` is ever removed; one rename takes it away, whole.
"""

from __future__ import annotations

import errno
import os
import sys

from alcove.actions.places import own_pythons
from alcove.environments import config, staging
from alcove.environments.layout import BIN
from alcove.errors import AlcoveError, NoSuchInterpreter, UsageError
from alcove.files import trees
from alcove.interpreters import names, requests
from alcove.records import NamedTuple
from alcove.store import roots
from alcove.store.layout import store_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.settings import Settings

__all__ = ["Removal", "removal", "uninstall_python", "users_of"]


class Removal(NamedTuple):
    """What is to go: a directory (absolute), and the environments (absolute paths) that use it."""

    path: str
    environments: tuple[str, ...]


def removal(settings: Settings, *, request: str) -> Removal:
    """Return what `request` means of alcove's own interpreters: a version, or the name or path of a directory.

    NoSuchInterpreter where it is none of them, UsageError where it is several.
    """
    parent = own_pythons(settings)
    found = [
        f"{parent}/{name}" for name in _installed(parent) if _is_meant(name, request, settings)
    ]
    if not found:
        there = ", ".join(_installed(parent))
        raise NoSuchInterpreter(
            f"alcove installed no interpreter that answers {request!r}",
            hint=f"it installed {there}"
            if there
            else "it installed none; others are not its to remove",
        )
    if len(found) > 1:
        shown = ", ".join(os.path.basename(path) for path in found)
        raise UsageError(f"{request!r} may be any of {shown}", hint="say one of these")
    return Removal(found[0], users_of(found[0], settings))


def uninstall_python(what: Removal, *, force: bool = False) -> None:
    """Remove an interpreter; AlcoveError where environments use it, unless `force`: they are dead then."""
    if os.path.realpath(sys.executable).startswith(os.path.realpath(what.path) + os.sep):
        raise AlcoveError(
            f"{what.path} runs this alcove", hint="install alcove with another Python first"
        )
    if what.environments and not force:
        shown = ", ".join(what.environments)
        raise AlcoveError(
            f"{what.path} is used by {shown}",
            hint="delete them, or make them anew (alcove create --clear -p OTHER); --force lets them die",
        )
    staging.sweep_all(os.path.dirname(what.path))
    try:
        rubbish, lock = staging.take_away(what.path)
    except OSError as error:
        if error.errno != errno.EXDEV:  # overlayfs renames no directory that an image brought
            raise
        trees.remove(what.path)
        return
    with lock:
        trees.remove(rubbish)


def users_of(directory: str, settings: Settings) -> tuple[str, ...]:
    """Return the known environments (absolute paths) whose interpreter lies in `directory` (absolute)."""
    from alcove.actions.environments import known_paths

    inside = os.path.realpath(directory) + os.sep
    # what alcove keeps for itself, as for kernels, is in the store's roots only
    known = {*known_paths(settings), *roots.paths(store_at(settings.data))}
    return tuple(
        path for path in sorted(known) if any(place.startswith(inside) for place in _bases(path))
    )


def _bases(environment: str) -> list[str]:
    """Return where an environment's interpreter really lies: where its link leads, and what its pyvenv.cfg says."""
    program = "python.exe" if os.name == "nt" else "python"
    found = [os.path.realpath(f"{environment}/{BIN}/{program}")]
    try:
        values = config.read(f"{environment}/pyvenv.cfg")
    except AlcoveError:
        return found
    told = (values.get("executable", ""), os.path.join(values.get("home", ""), program))
    return found + [os.path.realpath(path) for path in told if os.path.isabs(path)]


def _installed(parent: str) -> list[str]:
    try:
        entries = sorted(os.listdir(parent))
    except OSError:
        return []
    return [name for name in entries if not name.startswith(".")]


def _is_meant(name: str, request: str, settings: Settings) -> bool:
    if request == name:
        return True
    asked = requests.parse(request, directory=settings.here, home=settings.home)
    directory = f"{own_pythons(settings)}/{name}"
    if asked.path:
        return f"{os.path.realpath(asked.path)}/".startswith(os.path.realpath(directory) + "/")
    told = names.read(name)
    return not asked.name and told is not None and requests.admits(asked, told)

"""`envs`, `info`, `delete`: the environments themselves."""

from __future__ import annotations

import errno
import os

from alcove.actions import looks
from alcove.actions.health import health_of
from alcove.actions.sizes import Sizes
from alcove.environments import config, staging
from alcove.environments.discover import environments_in, project_of
from alcove.environments.layout import (
    BIN,
    is_environment,
    no_environment,
    open_layout,
)
from alcove.errors import AlcoveError, NotAnEnvironment
from alcove.events import Silent
from alcove.files import ops, refusals, trees
from alcove.files.refusals import DENIED
from alcove.pasting import pasted
from alcove.records import NamedTuple
from alcove.store import roots
from alcove.store.layout import store_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.files.locking import Lock
    from alcove.settings import Settings
    from alcove.store.layout import Store

__all__ = [
    "Facts",
    "delete",
    "envs",
    "facts",
    "known_paths",
    "refuse_removal",
    "remove",
]


_WAIT = 60.0  # seconds
_PROJECT = (".git", ".hg", "pyproject.toml", "setup.py")


class Facts(NamedTuple):
    """What is known of an environment, whoever made it. `generation` is -1 where not ours.

    `health` is "ok" or what is wrong, and `hint` what to do then, else "".

    `project`: absolute, or "". Sizes in bytes: `size_shared` of what it uses of a store (without bytecode), `size_own` of what
    lies in it alone. `changed`: when its distributions last changed, `used`: when its Python last started or it was last
    activated, as precise as the file system keeps access times (a day, mostly), 0 where it keeps none; seconds since 1970.
    `outside`: others changed it since.
    """

    path: str
    name: str
    python: str
    implementation: str
    base: str
    prompt: str
    ours: bool
    private: bool
    active: bool
    system_site: bool
    distributions: int
    generation: int
    store: str
    health: str
    project: str = ""
    size_shared: int = 0
    size_own: int = 0
    changed: int = 0
    used: int = 0
    outside: bool = False
    hint: str = ""


def envs(settings: Settings) -> list[Facts]:
    """Return the named environments, and all others that are known (by the store, as active, as this project's)."""
    sizes = Sizes(settings.cache)
    found = [facts(path, settings, sizes=sizes) for path in known_paths(settings)]
    sizes.keep()
    return found


def known_paths(settings: Settings) -> list[str]:
    """Return the absolute paths of all environments that alcove knows of, each once."""
    paths: dict[str, str] = {}
    try:
        names = sorted(os.listdir(settings.named))
    except OSError:
        names = []
    for name in names:
        path = os.path.join(settings.named, name)
        if is_environment(path):
            paths[os.path.realpath(path)] = path
    own = os.path.join(settings.data, "")  # what alcove keeps for itself, as for kernels
    others = [path for path in roots.paths(store_at(settings.data)) if not path.startswith(own)]
    if settings.active:
        others.append(settings.active)
    others += _of_project(settings)
    for path in others:
        if is_environment(path):
            paths.setdefault(os.path.realpath(path), path)
    return sorted(paths.values())


def _of_project(settings: Settings) -> list[str]:
    """Return what the current directory names; a broken file is told where an environment is looked for, not here."""
    if not settings.here:
        return []
    try:
        return [one.path for one in environments_in(settings.cwd)]
    except NotAnEnvironment:
        return []


def facts(path: str, settings: Settings, *, sizes: Sizes | None = None) -> Facts:
    """Return what is known of the environment at `path` (absolute), whoever made it; `sizes` remembers what was counted."""
    if not is_environment(path):
        raise no_environment(path)
    counted = sizes or Sizes(settings.cache)
    used = looks.used(path)  # before anything of it is read
    try:
        values = config.read(os.path.join(path, "pyvenv.cfg"))
    except AlcoveError:
        values = {}
    ours = os.path.isdir(os.path.join(path, ".alcove"))
    parent, name = os.path.split(path)
    look = looks.of_ours(path) if ours else looks.of_others(path)
    health = health_of(path, values, look)
    found = Facts(
        path=path,
        name=name if os.path.realpath(parent) == os.path.realpath(settings.named) else "",
        python=values.get("version") or values.get("version_info", ""),
        implementation=values.get("implementation", ""),
        base=values.get("home", ""),
        prompt=config.prompt_of(values, name),
        ours=ours,
        private=ours and not os.path.islink(os.path.join(path, ".alcove", "store")),
        active=bool(settings.active)
        and os.path.realpath(settings.active) == os.path.realpath(path),
        system_site=values.get("include-system-site-packages", "") == "true",
        distributions=look.distributions,
        generation=look.generation,
        store=look.store,
        health=health.text,
        project=project_of(path),
        size_shared=0 if look.private else counted.of_entries(look.store, look.entries),
        size_own=counted.own(path, look.stamp),
        changed=look.changed,
        used=used,
        outside=look.outside,
        hint=health.hint,
    )
    if sizes is None:
        counted.keep()
    return found


def delete(
    path: str,
    settings: Settings | None = None,
    *,
    dry_run: bool = False,
    wait: float | None = None,
    reporter: Reporter | None = None,
) -> None:
    """Remove the environment at `path` (absolute); what it held stays in the store until `gc`.

    It is waited for whoever changes it, `wait` seconds (default: the settings'). `dry_run`: refuse what would be refused,
    wait for nobody, and remove nothing. NotAnEnvironment where it is none: such a directory is left alone;
    EnvironmentBusy. With `settings` it is refused where `held.refuse_sudo` says so.
    """
    if settings is not None:
        from alcove.actions.held import refuse_sudo

        refuse_sudo(path, settings)
    if os.path.islink(path) and is_environment(path):
        if not dry_run:
            trees.remove(path)  # the link; what it leads to has a path of its own
        return
    if not dry_run:
        staging.sweep(path)
    if not os.path.isdir(path):
        raise no_environment(path, said=": there is no such directory")
    if not is_environment(path):
        raise no_environment(path, said=" is not a virtual environment; it is left alone")
    refuse_removal(path)
    if dry_run:
        return
    from alcove.transactions.waiting import turn

    default = settings.wait if settings is not None else _WAIT
    with turn(path, wait=default if wait is None else wait, reporter=reporter or Silent()) as held:
        remove(path, _store_of(path), held)
    staging.sweep(path)  # what a killed creation was to put back there


def refuse_removal(path: str) -> None:
    """Raise AlcoveError where the environment at `path` (absolute) holds a project, or is not this user's to remove."""
    _refuse_project(path)
    _refuse_others(path)


def remove(path: str, store: Store | None, held: Lock) -> None:
    """Remove the environment by one rename: stopped anywhere, it is there whole or not at all; then `store` forgets it.

    `held`: the lock of the environment at `path` (absolute), which is given back when nobody can find the environment
    any more: NFS and FUSE keep a file that is open, under another name, and so its directory.
    """
    try:
        rubbish, lock = staging.take_away(path)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EBUSY, errno.EXDEV, errno.EROFS):
            raise
        try:
            _remove_in_place(path, held)  # a mount point, or in a directory that is not ours
        except OSError as refused:
            if refused.errno not in DENIED:
                raise
            from alcove.transactions.apply import not_yours

            raise not_yours(path, refused) from refused
        _forget(store, path)
        return
    held.release()
    with lock:
        # At once: to remove all may take long, and another one be made there meanwhile.
        _forget(store, path)
        try:
            _discard(path, rubbish)
        except OSError as error:
            raise AlcoveError(
                f"{path} was deleted, but not all of it could be removed: {error.strerror}: {error.filename}",
                hint=f"remove the rest, as the owner of what is in it: {pasted(rubbish)}",
            ) from error


def _discard(path: str, rubbish: str) -> None:
    """Remove `rubbish`, which was the environment at `path` (absolute), after one interrupt too: nobody would do it later."""
    try:
        staging.discard(rubbish)
    except KeyboardInterrupt as first:
        try:
            staging.discard(rubbish)
        except KeyboardInterrupt as second:
            raise KeyboardInterrupt(
                f"{path} was deleted before that; what is left of it is {rubbish}"
            ) from second
        raise KeyboardInterrupt(f"{path} was deleted before that") from first


def _forget(store: Store | None, path: str) -> None:
    if store is None or os.path.lexists(f"{path}/.alcove"):  # somebody else's by now
        return
    try:
        roots.remove(store, path)
    except OSError as error:
        # Another user's store, or a read-only one: `gc` takes the root for gone 30 days after its path.
        if error.errno not in DENIED:
            raise


def _refuse_project(path: str) -> None:
    """Raise AlcoveError where somebody made an environment of a project's own directory: the project would go with it."""
    for mark in _PROJECT:
        if os.path.lexists(os.path.join(path, mark)):
            raise AlcoveError(
                f"{path} is an environment and holds a project too ({mark}); it is left alone",
                hint=f"remove pyvenv.cfg, {BIN} and lib by hand, or move {mark} away",
            )


def _refuse_others(path: str) -> None:
    """Raise TransactionError where this user may not write in the environment: its directory could go, what is in it not."""
    refused = refusals.foreseen(path)
    if refused is not None:
        from alcove.transactions.apply import not_yours

        raise not_yours(path, refused)


def _remove_in_place(path: str, held: Lock) -> None:
    # Without pyvenv.cfg it is no environment any more; with `.alcove` it is still known what it was.
    trees.remove(os.path.join(path, "pyvenv.cfg"))
    for name in os.listdir(path):
        if name != ".alcove":
            trees.remove(os.path.join(path, name))
    try:
        trees.remove(os.path.join(path, ".alcove"))
    except OSError as error:
        if error.errno != errno.ENOTEMPTY:
            raise
        held.release()
        trees.remove(os.path.join(path, ".alcove"))
    try:
        ops.rmdir(path)
    except OSError as error:
        # Empty, it is no environment; what it is in, or who mounted it, wants it to stay.
        if error.errno not in {errno.EBUSY, *DENIED}:
            raise


def _store_of(path: str) -> Store | None:
    """Return the store outside of the environment that it uses, or None."""
    layout = _layout(path)
    if layout is None:
        return None
    from alcove.actions.stores import store_root

    root = store_root(layout)
    return None if root == layout.private else store_at(root)


def _layout(path: str) -> Layout | None:
    try:
        return open_layout(path)
    except NotAnEnvironment:
        return None

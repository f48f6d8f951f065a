"""`envs`, `info`, `delete`: the environments themselves."""

from __future__ import annotations

import errno
import os

from alcove.environments import config, staging
from alcove.environments.layout import is_environment, open_layout
from alcove.errors import AlcoveError, NotAnEnvironment
from alcove.files import ops, trees
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.layout import Layout
    from alcove.settings import Settings
    from alcove.store.layout import Store

__all__ = ["Facts", "delete", "envs", "facts", "health_of", "known_paths"]


class Facts(NamedTuple):
    """What is known of an environment. `health` is "ok" or what is wrong; `generation` is -1 where it is not ours."""

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


def envs(settings: Settings) -> list[Facts]:
    """Return the named environments, and all others that the store knows and that are still there."""
    return [facts(path, settings) for path in known_paths(settings)]


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
    from alcove.store import roots
    from alcove.store.layout import store_at

    own = os.path.join(settings.data, "")  # what alcove keeps for itself, as for kernels
    for root in roots.every(store_at(settings.data)):
        if is_environment(root.path) and not root.path.startswith(own):
            paths.setdefault(os.path.realpath(root.path), root.path)
    if settings.active and is_environment(settings.active):
        paths.setdefault(os.path.realpath(settings.active), settings.active)
    return sorted(paths.values())


def facts(path: str, settings: Settings) -> Facts:
    """Return what is known of the environment at `path` (absolute), whoever made it."""
    if not is_environment(path):
        raise NotAnEnvironment(
            f"{path} is not a virtual environment", hint="alcove envs lists those that there are"
        )
    try:
        values = config.read(os.path.join(path, "pyvenv.cfg"))
    except AlcoveError:
        values = {}
    ours = os.path.isdir(os.path.join(path, ".alcove"))
    parent, name = os.path.split(path)
    count, generation, store = 0, -1, ""
    if ours:
        count, generation, store = _of_ours(path)
    return Facts(
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
        distributions=count,
        generation=generation,
        store=store,
        health=health_of(path, values),
    )


def _of_ours(path: str) -> tuple[int, int, str]:
    from alcove.actions.held import store_root
    from alcove.actions.reading import shown

    try:
        layout = open_layout(path)
        generation = shown(layout)
        return len(generation.placements), generation.number, store_root(layout)
    except AlcoveError:
        return 0, -1, ""


def health_of(path: str, values: dict[str, str]) -> str:
    """Return "ok", or in a few words what is wrong with an environment."""
    if not values:
        return "pyvenv.cfg is missing or cannot be read"
    python = os.path.join(path, "Scripts" if os.name == "nt" else "bin", "python")
    if not os.path.exists(python):
        if os.path.islink(python):
            return f"its interpreter is gone: {os.readlink(python)}"
        return "bin/python is missing"
    if os.path.isdir(os.path.join(path, ".alcove")):
        if not os.path.isdir(os.path.join(path, ".alcove", "store")):
            return "its store is gone"
        if not os.path.isfile(os.path.join(path, ".alcove", "current", "slot.json")):
            return "the shown slot is not whole"
    return "ok"


def delete(path: str, settings: Settings | None = None) -> None:
    """Remove the environment at `path` (absolute); what it held stays in the store until `gc`.

    NotAnEnvironment where it is none: such a directory is left alone. With `settings` it is refused where
    `held.refuse_sudo` says so.
    """
    if settings is not None:
        from alcove.actions.held import refuse_sudo

        refuse_sudo(path, settings)
    if os.path.islink(path) and is_environment(path):
        trees.remove(path)  # the link; what it leads to has a path of its own
        return
    staging.sweep(path)
    if not os.path.isdir(path):
        raise NotAnEnvironment(
            f"{path}: there is no such directory", hint="alcove envs lists the environments"
        )
    if not is_environment(path):
        raise NotAnEnvironment(
            f"{path} is not a virtual environment; it is left alone",
            hint="alcove envs lists the environments",
        )
    used = _store_of(path)
    # One rename: stopped anywhere, the environment is there whole or not at all.
    try:
        rubbish, lock = staging.take_away(path)
        with lock:
            trees.remove(rubbish)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EBUSY, errno.EXDEV, errno.EROFS):
            raise
        _remove_in_place(path)  # a mount point, or in a directory that is not ours
    if used is not None:
        from alcove.store import roots

        roots.remove(used, path)


def _remove_in_place(path: str) -> None:
    # Without pyvenv.cfg it is no environment any more; with `.alcove` it is still known what it was.
    trees.remove(os.path.join(path, "pyvenv.cfg"))
    for name in os.listdir(path):
        if name != ".alcove":
            trees.remove(os.path.join(path, name))
    trees.remove(os.path.join(path, ".alcove"))
    ops.rmdir(path)


def _store_of(path: str) -> Store | None:
    """Return the store outside of the environment that it uses, or None."""
    layout = _layout(path)
    if layout is None:
        return None
    from alcove.actions.held import store_root
    from alcove.store.layout import store_at

    root = store_root(layout)
    return None if root == layout.private else store_at(root)


def _layout(path: str) -> Layout | None:
    try:
        return open_layout(path)
    except NotAnEnvironment:
        return None

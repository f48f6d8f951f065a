"""An environment opened for a change by an action: locked, tidied, and with its root registered before each switch."""

from __future__ import annotations

import os

from alcove.actions.stores import store_root
from alcove.errors import AlcoveError, TransactionError
from alcove.transactions.apply import Held

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings
    from alcove.store.layout import Store

__all__ = ["hold", "note_another", "refuse_sudo", "register"]


def hold(
    layout: Layout,
    settings: Settings,
    reporter: Reporter | None = None,
    *,
    wait: float | None = None,
    dry_run: bool = False,
) -> Held:
    """Return the environment ready to be entered with `with`; `wait` in seconds, the settings' otherwise.

    `dry_run`: it is only looked at, and nothing of it can be changed. TransactionError where `refuse_sudo` says so.
    """
    refuse_sudo(layout.root, settings)
    if dry_run:
        from alcove.transactions.foreseen import Looked

        return Looked(layout, reporter=reporter)
    held = Held(layout, wait=settings.wait if wait is None else wait, reporter=reporter)
    held.register = lambda coming: _coming(layout, coming, reporter)
    held.moved_from = lambda before: _settle_in(layout, before)
    return held


def _coming(layout: Layout, coming: Generation | None, reporter: Reporter | None) -> None:
    """Note what a change is about to use, and tell root whose environment it is, where it is another's."""
    owner = _other_owner(layout.root)
    if owner and reporter is not None:
        from alcove.events import Warned

        name = _name(owner)
        # Not refused: in a container root may be all that there is, and what is mounted there another's.
        reporter.emit(
            Warned(
                f"{layout.root} belongs to user {name}: what root writes there, and in the store, they cannot change",
                f"run alcove as that user, or give it back: {_giving_back(layout, name)}",
            )
        )
    register(layout, coming)


def _giving_back(layout: Layout, name: str) -> str:
    from alcove.pasting import pasted

    store = os.path.realpath(store_root(layout))
    places = [layout.root]
    if store != os.path.realpath(layout.private) and _other_owner(store) == _other_owner(
        layout.root
    ):
        places.append(store)
    return f"chown -Rh {name} {' '.join(map(pasted, places))}"


def _other_owner(path: str) -> int:
    """Return the owner of `path` (absolute) where this is root and it is another user's; 0 otherwise."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return 0
    try:
        return os.stat(path).st_uid
    except OSError:
        return 0


def _settle_in(layout: Layout, before: str) -> None:
    """Let prompt and activation scripts be those of the place of an environment that lay at `before` (absolute).

    The user's own scripts, too, start the Python of that place.
    """
    from alcove.actions import own_scripts, scripts
    from alcove.actions.finding import carried_out
    from alcove.environments import config

    _note_place(layout, before)
    prompt = config.prompt_of(config.read(f"{layout.root}/pyvenv.cfg"), "")
    if prompt in ("", os.path.basename(before)):
        scripts.rename_prompt(layout)
    own_scripts.follow(layout, before)
    for _ in carried_out(scripts.activation(layout)):
        continue


def _note_place(layout: Layout, before: str) -> None:
    """Note what is used here, and let what is noted of another environment that lay here count on.

    What a state uses that cannot be read may be noted of the place `before` (absolute), or of this one.
    """
    from alcove.actions import left
    from alcove.errors import StoreError
    from alcove.store import roots
    from alcove.store.layout import store_at
    from alcove.transactions import generations

    store = store_at(store_root(layout))
    own, complete = generations.known_entries(layout)
    try:
        if not complete:
            for one in (roots.find(store, before), roots.find(store, layout.root)):
                own.update(one.entries if one is not None else ())
        left.keep(store, layout.root, used=own)
        roots.register(store, layout.root, own, durable=False)
    except StoreError:
        return  # another user's store: a change says so


def refuse_sudo(root: str, settings: Settings) -> None:
    """Raise TransactionError where this is root by sudo, and the environment at `root` (absolute) is another user's.

    What root wrote there its owner could not change any more (DESIGN section 8).
    """
    by = settings.variables.get("SUDO_USER", "")
    owner = _other_owner(root) if by else 0
    if owner:
        raise TransactionError(
            f"{root} belongs to user {_name(owner)}, and this is root by sudo of {by}: what it wrote there, they could not change",
            hint="run the same command without sudo; alcove never needs it",
        )


def _name(user: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def register(layout: Layout, coming: Generation | None = None, *, anew: bool = False) -> None:
    """Note in the store what keeps its entries alive: the kept generations of this environment, and the coming one.

    It is named by its path: one that was moved or copied gets a root of its own at the next command there.
    """
    from alcove.errors import StoreError
    from alcove.store import roots
    from alcove.store.layout import store_at
    from alcove.transactions import generations

    store = store_at(store_root(layout))
    try:
        known = roots.find(store, layout.root)
    except StoreError:
        known = None
    # What pruned generations used stays until somebody counts `anew`.
    if known is None:
        used = generations.entries_of(layout)
    else:
        used, complete = generations.known_entries(layout) if anew else (set(), False)
        if not complete:
            used.update(known.entries)
    if coming is not None:
        used |= generations.sources(coming)
    # Not flushed: while the environment is there, `gc` reads its generations themselves (`actions.gc`).
    roots.register(store, layout.root, used, durable=False, known=known)


def note_another(path: str, store: Store) -> bool:
    """Let `store` say of `path` (absolute) what the environment there uses of it, whoever made that; False where it is none of its own."""
    from alcove.environments.layout import open_layout

    if not os.path.lexists(f"{path}/.alcove"):
        return False
    try:
        layout = open_layout(path)
        if os.path.realpath(store_root(layout)) != os.path.realpath(store.root):
            return False
        register(layout, anew=True)
    except AlcoveError:
        return True  # it is not whole yet: who makes it says so
    return True

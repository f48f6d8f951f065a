"""`copy`: a new environment that shows what another one shows. Links again, so it takes milliseconds."""

from __future__ import annotations

import os

from alcove.actions import left, own_scripts
from alcove.actions.held import hold, register
from alcove.actions.reading import shown
from alcove.actions.stores import store_root
from alcove.environments import config
from alcove.environments.create import Bring, Wanted, check_place, create, foresee_place
from alcove.environments.layout import Layout, is_environment
from alcove.errors import AlcoveError, StoreError, UsageError
from alcove.events import Silent
from alcove.files import digest, ops, trees
from alcove.files.locking import Lock
from alcove.interpreters.inspect import inspect
from alcove.pasting import pasted
from alcove.store import layout as store_layout
from alcove.transactions import foreign, waiting
from alcove.transactions.tidy import link_scripts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.generation import Generation
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["copy", "vacant"]


def copy(
    source: Layout,
    target: str,
    settings: Settings,
    *,
    dry_run: bool = False,
    reporter: Reporter | None = None,
) -> Layout:
    """Make an environment at `target` (absolute) that holds what `source` holds now, and return its layout.

    The history is not copied. Whoever changes `source` is waited for. `dry_run`: refuse what would be refused, and write
    nothing. AlcoveError, with nothing left behind, where there is something at `target`, or `source` is not whole.
    """
    vacant(target, source)
    if dry_run:
        shown(source)
        _noting(source)
        foresee_place(target, clear=False)
        return Layout(target, source.library)
    tell = reporter or Silent()
    with _unchanged(source, settings, tell):
        return _copied(waiting.there_now(source), target, settings, tell)


def _unchanged(source: Layout, settings: Settings, reporter: Reporter) -> Lock:
    """Return a lock that keeps others from changing `source`, whoever does is waited for; not held where that is not to be had."""
    lock = Lock(f"{source.private}/lock")
    try:
        waiting.take(lock, source.root, wait=settings.wait, reporter=reporter, shared=True)
    except OSError:  # it is no file, or not for us: what reads the rest says so
        return lock
    return lock


def _noting(source: Layout) -> tuple[str, bool]:
    """Return the root of the store of `source`, and whether that is its own; StoreError where a copy cannot be noted in it."""
    root = store_root(source)
    private = root == source.private
    roots = store_layout.store_at(root).roots
    if not private and os.path.isdir(roots) and not os.access(roots, os.W_OK):
        raise StoreError(
            f"{source.root} shows what lies in {root}, where this user may not note that a copy shows it, too",
            hint="make one of your own: alcove freeze prints what alcove create -r takes",
        )
    return root, private


def _copied(source: Layout, target: str, settings: Settings, reporter: Reporter) -> Layout:
    generation = shown(source)
    root, private = _noting(source)
    wanted = _wanted(source, target, generation, settings, private=private)
    store = store_layout.store_at(root)
    with store_layout.lock(store, shared=True, timeout=settings.wait, reporter=reporter):
        left.keep(store, target)
        made = create(wanted, fill=register)
        try:
            with hold(made, settings, reporter):
                pass  # notes that all is in line, so that the next command has nothing to do
        except BaseException:
            from alcove.actions.environments import delete

            delete(made.root, settings)
            raise
    return made


def vacant(target: str, source: Layout) -> str:
    """Return "new" or "empty" for a place (absolute) that an environment is to have which `source` is, or is copied from.

    AlcoveError where it cannot; UsageError where it lies in `source` itself, by a link or not.
    """
    if _is_inside(target, source.root):
        raise UsageError(
            f"{target} lies in {source.root} itself", hint="choose a place that is not inside it"
        )
    if is_environment(target):
        raise AlcoveError(
            f"{target} is a virtual environment already",
            hint=f"choose another place; alcove delete {pasted(target)} would make room",
        )
    return check_place(target, clear=False)


def _is_inside(path: str, root: str) -> bool:
    """Tell whether `path` (absolute), which need not be there, is below the directory `root`."""
    real, there = os.path.realpath(root), os.path.realpath(path)
    return there.startswith(f"{real}/") or path.startswith(f"{root}/")


def _wanted(
    source: Layout, target: str, generation: Generation, settings: Settings, *, private: bool
) -> Wanted:
    values = config.read(source.root + "/pyvenv.cfg")
    prompt = config.prompt_of(values, "")
    if prompt in ("", os.path.basename(source.root)):
        prompt = os.path.basename(target)
    return Wanted(
        path=target,
        interpreter=inspect(source.python, cache=settings.cache),
        prompt=prompt,
        command=f"alcove copy {source.root}",
        data=target + "/.alcove" if private else store_root(source),
        mode=generation.mode,
        private=private,
        system_site=values.get("include-system-site-packages") == "true",
        copies=not os.path.islink(source.python),
        placements=generation.placements,
        bring=Bring(
            sources=lambda made: _sources(source, made, generation, private=private),
            files=lambda made: _own_files(source, made, generation, place=target),
        ),
    )


def _sources(source: Layout, made: Layout, generation: Generation, *, private: bool) -> list[str]:
    """Bring what lies in the environment itself: what others placed, and the entries of a store of its own.

    Return the paths of the files that were written.
    """
    written = []
    wanted = [
        one.source for one in generation.placements if private or one.source.startswith("kept/")
    ]
    for place in dict.fromkeys(wanted):
        trees.make_directories(os.path.dirname(f"{made.private}/{place}"))
        there = f"{source.private}/{place}"
        if os.path.islink(there) or not os.path.isdir(there):
            hint = f"alcove repair --env {pasted(source.root)}"
            raise AlcoveError(f"{there} is missing", hint=hint)
        written += trees.copy(there, f"{made.private}/{place}")
    return written


def _own_files(source: Layout, made: Layout, generation: Generation, *, place: str) -> list[str]:
    """Bring the user's own files and edits, and the links of scripts; return the paths of the files that were written."""
    link_scripts(made, generation)
    own = foreign.find(source.site_packages, generation.placements)
    own = [path for path in own if not path.endswith(".dist-info")]
    # aside, the environment's `lib/pythonX.Y` leads to the slot, as it will in its place
    edits = foreign.edited(source.site_packages, generation.placements)
    written = foreign.carry(source.site_packages, made.site_packages, (*own, *edits))
    written += _edited(source, made, generation)
    return [*written, *own_scripts.bring(source, made, place)]


def _edited(source: Layout, made: Layout, generation: Generation) -> list[str]:
    """Bring the configuration files that the user changed; return the paths of the files that were written."""
    written = []
    for row in [row for one in generation.placements for row in one.data]:
        path, target = f"{source.root}/{row.path}", f"{made.root}/{row.path}"
        if not row.path.startswith("etc/") or not os.path.isfile(path):
            continue
        if digest.sha256_of(path) != row.sha256:
            trees.remove(target)
            ops.copy(path, target)
            written.append(target)
    return written

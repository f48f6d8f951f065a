"""`move`, `rename`: an environment at another place, where everything that names its place is right at once."""

from __future__ import annotations

import contextlib
import errno
import os

from alcove.actions import left
from alcove.actions.copy import vacant
from alcove.actions.environments import refuse_removal, remove
from alcove.actions.held import hold, note_another, refuse_sudo, register
from alcove.actions.stores import store_root
from alcove.actions.where import named_path
from alcove.environments import staging
from alcove.environments.create import foresee_place
from alcove.environments.layout import Layout, open_layout
from alcove.environments.unfinished import too_late
from alcove.errors import AlcoveError, UsageError
from alcove.events import Notice, Silent
from alcove.files import ops, trees
from alcove.files.locking import Lock
from alcove.store import roots
from alcove.store.layout import store_at
from alcove.transactions import waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["movable", "move", "rename"]


def movable(path: str) -> Layout:
    """Return the layout of the environment at `path` (absolute); UsageError where that is a link to one."""
    if os.path.islink(path):
        raise UsageError(
            f"{path} is a link to {os.path.realpath(path)}",
            hint="move what it leads to, and make the link anew",
        )
    return open_layout(path)


def rename(
    layout: Layout,
    name: str,
    settings: Settings,
    *,
    dry_run: bool = False,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Layout:
    """Give the environment's directory another name beside its old one; UsageError where `name` can be none.

    `dry_run`: as of `move`.
    """
    named_path(name, settings)  # is it a name?
    target = os.path.join(os.path.dirname(layout.root), name)
    return move(layout, target, settings, dry_run=dry_run, reporter=reporter, wait=wait)


def move(
    layout: Layout,
    target: str,
    settings: Settings,
    *,
    dry_run: bool = False,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Layout:
    """Move the environment to `target` (absolute, not there yet) and return its new layout.

    `dry_run`: refuse what would be refused, tell what would be kept first of what others did, and write nothing.
    AlcoveError where something is at `target`, EnvironmentBusy where somebody changes the environment. Stopped between
    the rename and the end, the next command there does the rest.
    """
    if vacant(target, layout) != "new":
        raise AlcoveError(f"{target} is there already", hint="choose another place")
    if dry_run:
        from alcove.transactions.foreseen import foresee, refuse_others

        refuse_sudo(layout.root, settings)
        refuse_others(layout)
        foresee(layout, reporter or Silent())
        foresee_place(target, clear=False)
        return Layout(target, layout.library)
    with hold(layout, settings, reporter, wait=wait) as held:
        layout = held.layout  # in line with what it shows, and nobody else at work, before it goes
    moved = Layout(target, layout.library)
    trees.make_directories(os.path.dirname(target))
    patience = settings.wait if wait is None else wait
    _take(layout, moved, patience, reporter or Silent())
    try:
        _settle(layout, moved, settings, reporter, wait=wait)
    except KeyboardInterrupt as error:
        # If it cannot be done, the next command there tells.
        with contextlib.suppress(AlcoveError, OSError, KeyboardInterrupt):
            _settle(layout, moved, settings, None, wait=0)
        raise KeyboardInterrupt(f"{layout.root} was moved to {target} before that") from error
    return moved


def _settle(
    layout: Layout,
    moved: Layout,
    settings: Settings,
    reporter: Reporter | None,
    *,
    wait: float | None,
) -> None:
    """Make all that names the place of an environment name that of `moved`, and the store too; twice does no harm."""
    with hold(moved, settings, reporter, wait=wait):
        pass  # to open it is enough
    register(moved, anew=True)  # the store may not have known it where it lay
    store = store_root(moved)
    another = os.path.lexists(layout.private)  # made there meanwhile
    if store != moved.private and not another:
        roots.remove(store_at(store), layout.root)


def _take(layout: Layout, moved: Layout, wait: float, reporter: Reporter) -> None:
    """Rename the directory with its entries known at the new place first; on another file system, copy all that it holds.

    What was copied goes while nobody else may change it: what they did there would be lost.
    """
    lock = Lock(layout.private + "/lock")
    waiting.take(lock, layout.root, wait=wait, reporter=reporter)
    with lock:
        store = store_root(layout)
        if store != layout.private:
            known = roots.find(store_at(store), layout.root)
            left.keep(store_at(store), moved.root)
            roots.register(store_at(store), moved.root, known.entries if known else ())
        try:
            copied = _rename(layout.root, moved.root, reporter)
        except BaseException:
            if store != layout.private and not note_another(moved.root, store_at(store)):
                roots.remove(store_at(store), moved.root)
            raise
        ops.fsync(os.path.dirname(moved.root))
        if copied:
            remove(layout.root, None, lock)


def _rename(before: str, after: str, reporter: Reporter) -> bool:
    """Give a directory another path; tell whether that is a copy, since another file system has it."""
    if _renamed(before, after):
        return False
    refuse_removal(before)
    reporter.emit(Notice(f"{after} lies on another file system: all is copied there"))
    staged, lock = staging.make(after)
    with lock:
        try:
            trees.copy(before, staged, made=True)
            trees.flush(staged)
            _renamed(staged, after)
        except BaseException:  # Ctrl-C too
            trees.remove(staged)
            raise
    return True


def _renamed(before: str, after: str) -> bool:
    """Give a directory another path; False where another file system has that."""
    try:
        ops.rename(before, after)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise too_late(after) from error
        if error.errno != errno.EXDEV:
            raise
        return False
    return True

"""The user's own in `site-packages`, which every later state keeps: files of no distribution, and edited ones."""

from __future__ import annotations

import os

from alcove.environments.views import ANCHOR, GUARD
from alcove.errors import PathCollision
from alcove.files import links, ops, trees
from alcove.store.layout import mtime_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from alcove.environments.generation import Generation, Placement
    from alcove.environments.views import Slot

__all__ = [
    "beside",
    "carry",
    "carry_outside",
    "differ",
    "drop",
    "edited",
    "edited_and_kept",
    "expected",
    "find",
    "found",
    "renew",
    "stale",
]


def expected(placements: Iterable[Placement]) -> dict[str, set[str]]:
    """Return, for site-packages ("") and each real directory, the names that distributions account for."""
    top = {ANCHOR, "__pycache__"}
    names: dict[str, set[str]] = {"": top}
    for placement in placements:
        top.add(placement.dist_info)
        for directory in placement.directories:
            names.setdefault(directory, {"__pycache__", GUARD})
        for paths in (placement.directories, placement.links, placement.trees, placement.files):
            if paths:
                _share_out(paths, names)
    return names


def _share_out(paths: Iterable[str], names: dict[str, set[str]]) -> None:
    """Add each path's last name to those of the directory that it is in."""
    top = names[""]
    for path in paths:
        if "/" in path:
            parent, _, name = path.rpartition("/")
            names.setdefault(parent, {"__pycache__", GUARD}).add(name)
        else:
            top.add(path)


def find(site: str, placements: Iterable[Placement]) -> list[str]:
    """Return the paths (relative to `site`, an absolute path) of files and directories of no distribution."""
    found = []
    for directory, names in expected(placements).items():
        path = f"{site}/{directory}" if directory else site
        try:
            present = os.listdir(path)
        except (FileNotFoundError, NotADirectoryError):
            continue
        for name in present:
            if name not in names:
                found.append(f"{directory}/{name}" if directory else name)  # noqa: PERF401  two loops deep
    return found


def found(
    slot: Slot, site: str, shown: Generation, want: Generation
) -> tuple[list[str], dict[str, Placement]]:
    """Return the paths of the user's own that stay when `site`, which shows `shown`, gives way to `want`, and what was edited.

    The first as from `find`, with what the user added to a whole tree of a distribution that goes; the second as from `edited`.
    `slot`: the one to be.
    """
    own, touched = find(site, shown.placements), edited(site, shown.placements)
    if touched:
        stay = [tree + "/" for one in want.placements for tree in one.trees]
        for path, owner in touched.items():
            if not (any(path.startswith(tree) for tree in stay) or _has(slot, owner, path)):
                own.append(path)
    return own, touched


def beside(
    own: Iterable[str], placements: Sequence[Placement], slot: Slot, *, site: str
) -> list[str]:
    """Return the user's paths (`own`, relative to `site`) as they stand beside `placements`, which the `slot` is to show.

    A directory of the user that is a real directory of a distribution too (a part of a namespace), or lies in one that is
    placed whole, is shared: what it holds is the user's. PathCollision where a distribution wants a path that the user has.
    """
    pending, left = list(own), []
    names = expected(placements) if pending else {}
    whole = {tree: one for one in placements for tree in one.trees} if pending else {}
    while pending:
        path = pending.pop()
        parent, _, name = path.rpartition("/")
        tree = next((tree for tree in whole if f"{path}/".startswith(f"{tree}/")), "")
        if not (_has(slot, whole[tree], path) if tree else name in names.get(parent, ())):
            left.append(path)
        elif (
            (tree or path in names)
            and os.path.isdir(f"{site}/{path}")
            and not os.path.islink(f"{site}/{path}")
        ):
            pending += [
                f"{path}/{one}" for one in os.listdir(f"{site}/{path}") if one not in _NOBODYS
            ]
        else:
            raise PathCollision(
                f"{site}/{path} belongs to no distribution, and one that is to be installed has that path too",
                hint="move it away, or remove it, and try again",
            )
    return left


def carry(source: str, target: str, paths: Iterable[str]) -> list[str]:
    """Make the user's `paths` in the site-packages `target` what they are in `source` (both absolute).

    Returns the paths (absolute) of the files that were copied.
    """
    copied: list[str] = []
    for path in paths:
        before, after = f"{source}/{path}", f"{target}/{path}"
        if not _alike(before, after):
            trees.remove(after)
            trees.make_directories(os.path.dirname(after))  # a part of a namespace that is gone
            _copy(before, after, copied)
    return copied


def carry_outside(source: str, target: str) -> list[str]:
    """Do the same with what lies beside `site-packages` (`lib/pythonX.Y/NAME`) in the slots `source` and `target`."""
    before = set(os.listdir(source)) - _OF_A_SLOT
    for name in set(os.listdir(target)) - _OF_A_SLOT - before:
        trees.remove(f"{target}/{name}")
    return carry(source, target, before)


_NOBODYS = frozenset(("__pycache__", GUARD))  # in a directory, but no content of it
_OTHERS = 0o077  # of the mode of a directory, what is not its owner's
_OF_A_SLOT = {"site-packages", "bin", "slot.json", "data"}


def _alike(before: str, after: str) -> bool:
    try:
        old, new = os.lstat(before), os.lstat(after)
    except FileNotFoundError:
        return False
    if os.path.islink(before):
        return os.path.islink(after) and os.readlink(before) == os.readlink(after)
    if os.path.isdir(before):
        if os.path.islink(after) or not os.path.isdir(after):
            return False
        if (old.st_mode ^ new.st_mode) & _OTHERS:
            return False
        names = set(os.listdir(before)) - _NOBODYS
        return names == set(os.listdir(after)) - _NOBODYS and all(
            _alike(f"{before}/{name}", f"{after}/{name}") for name in names
        )
    return (old.st_size, old.st_mtime_ns, old.st_mode) == (
        new.st_size,
        new.st_mtime_ns,
        new.st_mode,
    )


def _copy(before: str, after: str, copied: list[str]) -> None:
    if os.path.islink(before):
        ops.symlink(os.readlink(before), after)
    elif os.path.isdir(before):
        # At no time open to more people than the other one; its owner must be able to remove what is in it.
        mode = os.lstat(before).st_mode & _OTHERS | 0o700
        ops.mkdir(after, mode)
        for name in os.listdir(before):
            if name not in _NOBODYS:
                _copy(f"{before}/{name}", f"{after}/{name}", copied)
        if (os.lstat(after).st_mode ^ mode) & _OTHERS:
            ops.chmod(after, mode)  # the umask of today is not that of then
    elif os.path.isfile(before):  # a socket or a pipe is nobody's module
        ops.copy(before, after)
        copied.append(after)


def drop(site: str, hidden: Generation, *, unless: Iterable[str]) -> None:
    """Remove what the hidden `site` (absolute), which shows `hidden`, has of the user's that is no longer among `unless`."""
    for path in set(find(site, hidden.placements)) - set(unless):
        trees.remove(f"{site}/{path}")


def edited(site: str, placements: Iterable[Placement]) -> dict[str, Placement]:
    """Return the real files of distributions from the store that were edited in place, by path relative to `site`.

    What is placed has the one mtime of its entry, and an edit another.
    """
    found = {}
    start, look = f"{site}/", os.lstat
    for placement in placements:
        if not (placement.files or placement.trees):
            continue
        if placement.record == "seed" or not placement.source.startswith("e/"):
            continue
        wanted = mtime_of(placement.sha256)
        for path in _real_files(site, placement) if placement.trees else placement.files:
            try:
                time = look(start + path).st_mtime
            except FileNotFoundError:
                continue
            if int(time) != wanted:
                found[path] = placement
    return found


def edited_and_kept(
    touched: dict[str, Placement], shown: Iterable[Placement], want: Iterable[Placement], slot: Slot
) -> dict[str, Placement]:
    """Return which of the edited files (`touched`, of those of `shown`) are real files of the same distribution in `want` too.

    A path that another distribution had until now is no edit: it comes back as its own wheel has it. What the user added to
    a whole tree stays where another version, in the `slot` to be, has that tree and no such file.
    """
    if not touched:
        return {}
    before = {one.source: one for one in shown if one.files or one.trees}
    found: dict[str, Placement] = {}
    for placement in want:
        mine = before.get(placement.source)
        same = mine is not None and (mine.files, mine.trees) == (placement.files, placement.trees)
        for path, owner in touched.items():
            whole = any(path.startswith(f"{tree}/") for tree in placement.trees)
            if owner.source == placement.source:
                stays = same or whole or path in placement.files
            else:
                stays = whole and not (_has(slot, owner, path) or _has(slot, placement, path))
            if stays:
                found[path] = placement
    return found


def _has(slot: Slot, placement: Placement, path: str) -> bool:
    return os.path.lexists(f"{slot.base(placement)}/lib/{path}")


def stale(
    slot: Slot, hidden: Generation | None, want: Generation, edits: Container[str]
) -> dict[str, Placement]:
    """Return the files of the hidden `slot`, which shows `hidden`, that have an edit of the user's which is not of `edits`."""
    there = hidden.placed() if hidden is not None else {}
    stay = [one for one in want.placements if there.get(one.dist_info) == one]
    found = edited(slot.site_packages, stay)
    return {path: one for path, one in found.items() if path not in edits}


def differ(site: str, slot: Slot, edits: Iterable[str]) -> bool:
    """Tell whether the hidden slot lacks any of the edits made in `site`."""
    return any(not _alike(f"{site}/{path}", f"{slot.site_packages}/{path}") for path in edits)


def _real_files(site: str, placement: Placement) -> Iterator[str]:
    yield from placement.files
    for tree in placement.trees:
        if os.path.isdir(f"{site}/{tree}") and not os.path.islink(f"{site}/{tree}"):
            for path, entry in trees.walk(f"{site}/{tree}"):
                # a link is the user's, whatever it leads to: no wheel has any
                is_real = entry.is_file(follow_symlinks=False) or entry.is_symlink()
                if is_real and "__pycache__" not in path:
                    yield f"{tree}/{path}"


def renew(slot: Slot, files: dict[str, Placement]) -> None:
    """Make files of the hidden `slot` what their entries hold; one that the user added to a whole tree goes."""
    for path, placement in files.items():
        target = f"{slot.site_packages}/{path}"
        trees.remove(target)
        library = f"{slot.private}/{placement.source}/lib"
        if os.path.lexists(f"{library}/{path}") or not os.path.isdir(library):
            links.place_file(f"{library}/{path}", target, mode="copy")

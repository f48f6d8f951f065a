"""What others did to an environment: noticed at the next command, kept, recorded as a generation of its own.

Rule (DESIGN 6.5): what the real pip or uv installed, upgraded or removed is never silently lost. An installer takes the
metadata away with what it removes; where that stands as it was placed and a module is gone, that is damage and no wish.
"""

from __future__ import annotations

import os

from alcove.environments import generation as generations
from alcove.environments.views import drop_directories
from alcove.events import Warned
from alcove.files import atomic, links, ops, reading, trees
from alcove.pasting import pasted
from alcove.records import NamedTuple
from alcove.transactions import data_files
from alcove.transactions.tidy import tidy
from alcove.transactions.tripwire import sharing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from alcove.environments.generation import Generation, Placement
    from alcove.environments.layout import Layout
    from alcove.events import Reporter

__all__ = ["Compared", "apart", "came_back", "coming", "compare", "take_in", "tell_torn"]


class Compared(NamedTuple):
    """What stands in a slot as it was placed, what does not any more, and the dist-infos that others placed.

    `gaps`: of what stands, what is damaged, with what it lacks first (relative to site-packages).
    """

    intact: list[Placement]
    lost: list[Placement]
    new: list[str]
    gaps: list[tuple[Placement, str]]


def compare(layout: Layout, site: str, shown: Generation) -> Compared:
    """Compare the directory `site` (absolute) with what is to stand in it."""
    here = {one for one in os.listdir(site) if one.endswith(".dist-info")}
    found = [(one, _gap(layout, site, one)) for one in shown.placements]
    intact = [one for one, gap in found if gap is not None]
    lost = [one for one, gap in found if gap is None]
    new = sorted(here - {one.dist_info for one in intact})
    if new:
        from alcove.transactions.kept import is_distribution  # noqa: PLC0415  only where others changed something

        new = [name for name in new if is_distribution(site, name)]
    return Compared(intact, lost, new, [(one, gap) for one, gap in found if gap])


def coming(
    site: str, shown: Generation, placements: Iterable[Placement], *, number: int
) -> Generation:
    """Return the generation `number` that holds `placements`, which others left in `site` where `shown` was."""
    return shown._replace(
        number=number,
        # The empty one before what `virtualenv` placed (`overwritten`) is nothing that anybody wants back.
        parent=shown.number if shown.placements or not shown.outside else shown.parent,
        time=int(os.stat(site).st_mtime),
        why="changed outside",
        asked=(),
        outside=True,
        placements=tuple(sorted(placements, key=lambda one: one.dist_info.lower())),
    )


def came_back(layout: Layout, site: str, new: Collection[str]) -> dict[str, Placement]:
    """Return which of the dist-infos `new` in `site` (absolute) are distributions that stand there as a kept state has them.

    Who puts a backup over an environment leaves what alcove placed since, and who copies files brings back what it placed.
    """
    from alcove.transactions.generations import readable  # noqa: PLC0415  only where others changed something

    scripts = f"{os.path.dirname(site)}/bin"
    return {
        one.dist_info: one
        for generation in readable(layout)
        for one in generation.placements
        if one.dist_info in new
        and one.source.startswith("e/")
        and _gap(layout, site, one) == ""
        and all(os.path.lexists(f"{scripts}/{launcher.name}") for launcher in one.launchers)
    }


def apart(mine: Sequence[Placement], theirs: Sequence[Placement]) -> list[Placement]:
    """Return the placements, so that no two have a file or a script: a RECORD of others may name any.

    What others placed last is theirs, but for what stands in a whole tree of ours; when it goes, ours comes back.
    """
    files: set[str] = set()
    scripts: set[str] = set()
    trees = tuple(f"{tree}/" for one in mine for tree in one.trees)

    def without(one: Placement, inside: tuple[str, ...]) -> Placement:
        left = tuple(
            path for path in one.files if path not in files and not path.startswith(inside)
        )
        names = tuple(launcher for launcher in one.launchers if launcher.name not in scripts)
        if (left, names) == (one.files, one.launchers):
            return one
        real = tuple(path for path in one.directories if not f"{path}/".startswith(inside))
        return one._replace(files=left, launchers=names, directories=real, natural=False)

    found = []
    for one in theirs:
        found.append(without(one, trees))
        files.update(found[-1].files)
        scripts.update(launcher.name for launcher in found[-1].launchers)
    return [*(without(one, ()) for one in mine), *found]


def take_in(
    layout: Layout, shown: Generation, reporter: Reporter, *, number: int
) -> tuple[Generation | None, bool]:
    """Record what others changed in the shown slot as generation `number`; None where they changed no distribution.

    Tells, too, whether one is damaged; nothing is recorded of that, and the reporter is told.
    """
    name = layout.shown()
    site = layout.slot(name) + "/site-packages"
    intact, lost, new, gaps = compare(layout, site, shown)
    torn = tell_torn(layout, site, gaps, reporter)
    if not lost and not new:
        return None, torn
    for placement, paths in _written(layout, lost):
        _tell_written(layout, placement, reporter)
        for path in paths:
            _separate(layout, f"{site}/{path}")
    from alcove.transactions.kept import files_of, keep  # noqa: PLC0415  only where others changed something

    theirs = {path for one in new for path in files_of(layout, site, one)}
    for placement in lost:
        _clear(layout, site, placement, still_there=placement.dist_info in new, theirs=theirs)
    back = came_back(layout, site, new)
    theirs_now = [back.get(name) or keep(layout, site, name) for name in new]
    placements = apart(intact, theirs_now)
    needed = {path for one in placements for path in one.directories}
    drop_directories(site, {path for one in lost for path in one.directories} - needed)
    mine = {launcher.name for one in placements for launcher in one.launchers}
    for placement in placements[len(intact) :]:  # those of others
        _copy_scripts(layout, layout.slot(name), placement)
    for placement in lost:
        for launcher in placement.launchers:
            if launcher.name not in mine:
                trees.remove(f"{layout.slot(name)}/bin/{launcher.name}")
    found = coming(site, shown, placements, number=number)
    # The `tidy` at the beginning of this command cannot know a data file that others removed from one that a power
    # cut took, and has put it back.
    rows = data_files.rows(found)
    gone = {path: row for path, row in data_files.rows(shown).items() if path not in rows}
    data_files.remove(layout, gone, reporter)
    path = layout.slot(name) + "/slot.json"
    atomic.replace_file(path, generations.encode(found), durable=True, directory=layout.private)
    return tidy(layout, reporter)[0], torn


def _gap(layout: Layout, site: str, placement: Placement) -> str | None:
    """Return "" where a distribution stands as it was placed: its dist-info, its links and its files.

    Where the dist-info does and something of the rest is missing, what (relative to `site`); None where others removed
    or replaced it.
    """
    gap = ""
    record = "" if _was_without_record(layout, placement) else f"{placement.dist_info}/RECORD"
    try:
        if not _stands(layout, site, placement, record):
            return None
        for path in placement.links:
            up = "../" * (path.count("/") + 2)
            try:
                text = os.readlink(f"{site}/{path}")
            except FileNotFoundError:
                gap = gap or path
                continue
            if text != f"{up}{placement.source}/lib/{path}":
                return None
    except OSError:  # no link any more, or nothing that can be read
        return None
    for path in (*placement.files, *placement.trees, record):
        if path and not os.path.lexists(f"{site}/{path}"):
            return gap or path
    return gap


# What tells of a dist-info without RECORD whether it is still the same; who made it need not have written any.
_MARKS = ("METADATA", "INSTALLER", "WHEEL", "top_level.txt", "direct_url.json")


def _was_without_record(layout: Layout, placement: Placement) -> bool:
    kept = f"{layout.private}/{placement.source}"
    is_there = placement.record == "kept" and os.path.isdir(kept)
    return is_there and not os.path.lexists(f"{kept}/dist-info/RECORD")


def _stands(layout: Layout, site: str, placement: Placement, record: str) -> bool:
    """Tell whether the dist-info is the one that was placed; `record` is "" where that had none. OSError."""
    own = f"{site}/{placement.dist_info}"
    mark = "RECORD" if placement.record == "kept" else "INSTALLER"
    if not record:
        if os.path.lexists(f"{own}/RECORD"):
            return False
        mark = next((name for name in _MARKS if name in placement.dist_files), "")
        if not mark:
            return os.path.isdir(own)
    theirs = f"{layout.private}/{placement.source}/dist-info/{mark}"
    return os.path.isfile(f"{own}/{mark}") and _same(f"{own}/{mark}", theirs)


def _same(mine: str, theirs: str) -> bool:
    if not os.path.exists(theirs):
        return True  # the entry is missing; that is for `verify` to tell
    if os.path.samefile(mine, theirs):
        return True
    return reading.content(mine) == reading.content(theirs)


def _clear(
    layout: Layout, site: str, placement: Placement, *, still_there: bool, theirs: set[str]
) -> None:
    """Take away what an uninstaller left of a distribution: links of ours, and what is in no other distribution.

    `theirs`: the files of what others placed; another version may have one that is the same.
    """
    for path in placement.links:
        try:
            text = os.readlink(f"{site}/{path}")
        except OSError:
            continue
        if text.endswith(f"{placement.source}/lib/{path}"):
            ops.unlink(f"{site}/{path}")
    if still_there or placement.record == "kept":
        return
    source = f"{layout.private}/{placement.source}/lib"
    for path in placement.files:
        mine, placed = f"{site}/{path}", f"{source}/{path}"
        if path in theirs or not (os.path.isfile(mine) and os.path.isfile(placed)):
            continue
        if _same(mine, placed):
            ops.unlink(mine)


def _copy_scripts(layout: Layout, slot: str, placement: Placement) -> None:
    """Have the scripts that others placed in the slot too; `tidy` puts links in their places afterwards."""
    for launcher in placement.launchers:
        path, target = f"{layout.bin}/{launcher.name}", f"{slot}/bin/{launcher.name}"
        if os.path.isfile(path) and not os.path.islink(path):
            trees.remove(target)
            if links.relink(path, target):
                ops.fsync(target)


def _written(
    layout: Layout, placements: Iterable[Placement]
) -> Iterator[tuple[Placement, list[str]]]:
    """Yield the distributions through whose links somebody wrote into the store, with those paths.

    DESIGN 4.7: every file of an entry, and every directory that is linked, has the one mtime of its wheel. Every file
    is looked at.
    """
    from alcove.store.layout import mtime_of  # noqa: PLC0415  only where others changed something

    for placement in placements:
        if placement.source.startswith("e/"):
            source = f"{layout.private}/{placement.source}/lib"
            wanted = mtime_of(placement.sha256)
            paths = [path for path in placement.links if _is_written(f"{source}/{path}", wanted)]
            if paths:
                yield placement, paths


def _is_written(path: str, wanted: int) -> bool:
    """Tell whether the file or directory `path` of an entry has another time, or something in it has."""
    try:
        if int(os.lstat(path).st_mtime) != wanted:
            return True
    except FileNotFoundError:
        return False  # for `verify` to tell
    return any(
        int(entry.stat(follow_symlinks=False).st_mtime) != wanted
        for relative, entry in trees.walk(path)
        if "__pycache__" not in relative and entry.is_file(follow_symlinks=False)
    )


def _tell_written(layout: Layout, placement: Placement, reporter: Reporter) -> None:
    """Say that a distribution's entry was changed, and for whom else it counts."""
    used = sharing(layout, placement)
    others = f", which {len(used)} more environments share" if len(used) > 1 else ""
    others = f", which {used[0]} shares" if len(used) == 1 else others
    reporter.emit(
        Warned(
            f"others wrote through {layout.root} into {placement.name} {placement.version} of the store{others}",
            f"alcove repair --env {pasted(used[0] if used else layout.root)} puts it right; tools that upgrade in place"
            " want an environment of --link-mode hardlink",
        )
    )


def tell_torn(
    layout: Layout, site: str, gaps: Sequence[tuple[Placement, str]], reporter: Reporter
) -> bool:
    """Say which distributions of `site` (absolute) lack something though their metadata is there; tell whether any does."""
    if not gaps:
        return False
    placements = [one for one, _ in gaps]
    names = ", ".join(f"{one.name} {one.version}" for one in placements[:3])
    more = f" and {len(placements) - 3} more" if len(placements) > 3 else ""
    place = pasted(layout.root)
    reporter.emit(
        Warned(
            f"{names}{more}: installed, but not whole: {site}/{gaps[0][1]} is missing",
            f"alcove repair --env {place} brings it back; alcove uninstall --env {place} takes away what is left",
        )
    )
    return True


def _separate(layout: Layout, link: str) -> None:
    """Put a copy of what others wrote in the place of the link through which they did, so that it stays theirs."""
    if not os.path.islink(link) or not os.path.isdir(link):
        return
    # Beside `.alcove/state`, where `tidy` takes it away if this is stopped.
    staged = atomic.aside(f"{layout.private}/kept")
    links.place_tree(os.path.realpath(link), staged, mode="copy")
    trees.flush(staged)
    if not ops.exchange(staged, link):
        ops.unlink(link)
        ops.rename(staged, link)
    trees.remove(staged)

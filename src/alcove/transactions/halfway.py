"""What an installer that was stopped left in the way: files that it placed where it was removing a distribution.

pip gives what it removes another name (`~ame-1.0.dist-info`, with the RECORD of what stood there) and takes that away when
all is done; pip and uv write the RECORD of what they place last. Rule (DESIGN 6.8): what stands at a path that the RECORD of
a half-removed distribution names, or at one of a distribution that is there half-placed, is the installer's. It stops no
change; it is kept aside, and told. All else is the user's.
"""

from __future__ import annotations

import os

from alcove.errors import AlcoveError
from alcove.events import Notice, Silent
from alcove.files import reading
from alcove.transactions import data_files, foreign, restore
from alcove.transactions.incoming import Incoming, refuse_scripts
from alcove.wheels import names, record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout
    from alcove.events import Reporter

__all__ = ["in_the_way", "refuse_rest", "set_aside"]


def set_aside(
    layout: Layout, shown: Generation, want: Generation, own: Iterable[str], reporter: Reporter
) -> bool:
    """Keep aside what stands in the way of `want`, and say where; tell whether there was anything.

    `own`: what stands in `site-packages` and is of no distribution, relative to it. TransactionError, PathCollision, with
    nothing moved, where something else is in the way.
    """
    own = list(own)
    found = in_the_way(layout, shown, want, own)
    site = layout.slot(layout.shown()) + "/site-packages"
    inside = [path for path in _behind_links(own, want) if os.path.lexists(f"{site}/{path}")]
    if found or inside:
        refuse_rest(layout, shown, want, leaving=found, reporter=Silent())
    for path in found:
        kept = restore.keep(layout, path)
        reporter.emit(
            Notice(f"{path} was left by an installer that was stopped; it is kept as {kept}")
        )
    for path in inside:
        kept = restore.keep(layout, f"{site}/{path}")
        said = "is of no distribution, and stands where a directory of the store comes"
        reporter.emit(Notice(f"{site}/{path} {said}; it is kept as {kept}"))
    return bool(found or inside)


def refuse_rest(
    layout: Layout,
    shown: Generation,
    want: Generation,
    *,
    leaving: Collection[str],
    reporter: Reporter,
) -> None:
    """Raise TransactionError or PathCollision where something stops the change to `want` beside what is `leaving` (absolute paths)."""
    incoming = Incoming(layout, data_files.rows(shown), data_files.rows(want))
    start = len(layout.root) + 1
    gone = {path[start:] for path in leaving}
    coming = {path: row for path, row in incoming.beside.items() if path not in gone}
    data_files.refuse_collisions(layout, coming, reporter)
    refuse_scripts(layout, shown, want, leaving=leaving)
    incoming.refuse_unwritable(shown, want)


def _behind_links(own: Iterable[str], want: Generation) -> Iterator[str]:
    """Yield the user's paths in directories that are links in `want`: what is written there, all environments get."""
    linked = {path for one in want.placements for path in one.links}
    for path in own:
        if not linked.isdisjoint(_parents(path)):
            yield path


def in_the_way(
    layout: Layout, shown: Generation, want: Generation, own: Iterable[str]
) -> list[str]:
    """Return the absolute paths that `want` needs and that a distribution had which an installer was removing; as `set_aside`."""
    own = list(own)
    site = layout.slot(layout.shown()) + "/site-packages"
    named = {path for one in own if _is_stash(one) for path in _recorded(f"{site}/{one}/RECORD")}
    named.update(_half_placed(layout, site, shown, want, own))
    if not named:
        return []
    above = {parent for path in named for parent in _parents(path)}
    wanted = foreign.expected(want.placements)
    return [
        *_modules(site, own, wanted, named | above),
        *_outside(layout, shown, want, named),
    ]


def _is_stash(name: str) -> bool:
    return name.startswith("~") and name.endswith(".dist-info")


def _recorded(path: str) -> Iterator[str]:
    """Yield the paths, relative to `site-packages`, that a RECORD names; none where it cannot be read."""
    try:
        rows = record.parse(reading.content(path), path)
    except (OSError, AlcoveError):
        return
    yield from (os.path.normpath(one).replace(os.sep, "/") for one in rows)


def _half_placed(
    layout: Layout, site: str, shown: Generation, want: Generation, own: list[str]
) -> Iterator[str]:
    """Yield the paths that `want` has of distributions that others left in `site` without RECORD; as `_recorded`.

    uv moves the files of the wheel's `NAME-VERSION.data` (PEP 427) from `site` to their places, and writes RECORD after that.
    """
    half = {
        names.normalise(one.name)
        for one in shown.placements
        if one.record == "kept" and not os.path.lexists(f"{site}/{one.dist_info}/RECORD")
    }
    half.update(
        names.normalise(one.partition("-")[0])
        for one in own
        if one.endswith(".data") and "-" in one and "/" not in one
    )
    folder = os.path.basename(layout.bin)
    for one in want.placements if half else ():
        if names.normalise(one.name) in half:
            yield from (*one.links, *one.trees, *one.files)
            yield from (f"../../../{file.path}" for file in one.data)
            yield from (f"../../../{folder}/{launcher.name}" for launcher in one.launchers)


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _modules(
    site: str, own: list[str], wanted: dict[str, set[str]], named: set[str]
) -> Iterator[str]:
    """Yield what stands in `site-packages` at a path of a distribution that comes."""
    pending = list(own)
    while pending:
        path = pending.pop()
        parent, _, name = path.rpartition("/")
        if name not in wanted.get(parent, ()) or path not in named:
            continue
        full = f"{site}/{path}"
        if path in wanted and os.path.isdir(full) and not os.path.islink(full):
            pending += [f"{path}/{one}" for one in os.listdir(full)]
        else:
            yield full


def _outside(layout: Layout, shown: Generation, want: Generation, named: set[str]) -> Iterator[str]:
    """Yield the data files and scripts that stand where those of a distribution come."""
    old, new = data_files.rows(shown), data_files.rows(want)
    for path, row in new.items():
        real = f"{layout.root}/{path}"
        if path in old or f"../../../{path}" not in named or not os.path.lexists(real):
            continue
        if not (path.startswith("etc/") or data_files.is_placed(real, row, layout)):
            yield real
    mine = {launcher.name for one in shown.placements for launcher in one.launchers}
    folder = os.path.basename(layout.bin)
    for one in want.placements:
        for launcher in one.launchers:
            real = f"{layout.bin}/{launcher.name}"
            is_ours = launcher.name in mine or data_files.is_script_link(real)
            recorded = f"../../../{folder}/{launcher.name}" in named
            if recorded and not is_ours and os.path.lexists(real):
                yield real

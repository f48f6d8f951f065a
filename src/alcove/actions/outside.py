"""Install outside the environment: into a directory, another prefix, below another root, into the user's site.

Rule (pip): the environment's own interpreter decides what fits; with a target nothing that is installed counts, with the
others what the environment has is there already. The environment itself is never changed.
"""

from __future__ import annotations

import os

from alcove.actions.install import Outcome, engine_for
from alcove.actions.reading import shown as read_shown
from alcove.actions.stores import store_root
from alcove.environments.layout import BIN
from alcove.errors import AlcoveError
from alcove.events import Silent
from alcove.files import atomic, trees
from alcove.plans.plan import normalise, plan
from alcove.records import NamedTuple
from alcove.store import entries
from alcove.store.layout import entry_path, lock, store_at
from alcove.transactions import outside
from alcove.transactions.outside import Marks, Scheme
from alcove.transactions.target import move_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alcove.actions.decided import Decided
    from alcove.actions.request import Request
    from alcove.environments.generation import Generation, Placement
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings
    from alcove.store.layout import Store

__all__ = ["Place", "install_outside", "scheme_of"]


class Place(NamedTuple):
    """Where to install; absolute paths. `root` may go with `prefix`, or stand alone; else one of them is said.

    `replace`: what is in the way of a `target` goes. `compile`: whether bytecode is made.
    """

    target: str = ""
    prefix: str = ""
    root: str = ""
    user_base: str = ""
    replace: bool = False
    compile: bool = True


def scheme_of(place: Place, layout: Layout) -> Scheme:
    """Return where the parts of wheels go in a prefix, below a root, or in the user's site (not: in a target)."""
    base = place.prefix or place.user_base or layout.root
    if place.root:
        # pip: an absolute path goes on below the root, whatever stands before it (a drive)
        base = place.root + os.path.splitdrive(os.path.abspath(base))[1]
    return _scheme(base, layout.library, f"lib/{layout.library}/site-packages")


def _scheme(base: str, library: str, packages: str) -> Scheme:
    base = base.rstrip(os.sep) or os.sep
    short = "python" + library.lstrip("abcdefghijklmnopqrstuvwxyz").rstrip("t")
    return Scheme(
        os.path.join(base, packages),
        os.path.join(base, BIN),
        base,
        os.path.join(base, "include", "site", short),
    )


def install_outside(
    layout: Layout,
    request: Request,
    settings: Settings,
    place: Place,
    *,
    reporter: Reporter | None = None,
) -> Outcome:
    """Carry out an install to `place`; the outcome's plan holds what was added there.

    Errors of resolution and builds come before the first write. AlcoveError where the place cannot take it.
    """
    tell = reporter or Silent()
    if place.target and os.path.lexists(place.target) and not os.path.isdir(place.target):
        raise AlcoveError("Target path exists but is not a directory, will not continue.")
    shown = read_shown(layout)
    if place.target:
        shown = shown._replace(placements=())
    store = store_at(store_root(layout))
    # Shared until all is copied: `gc` cannot come between.
    with (
        lock(store, shared=True, needed=False, reporter=tell),
        engine_for(layout, request, settings, tell) as engine,
    ):
        decided = engine.decide(shown)
        coming = _coming(decided, shown)
        if place.user_base:
            _check_precedence(coming, shown, layout)
        outcome = Outcome(
            plan((), coming),
            shown.number,
            decided.satisfied,
            tuple(coming),
            decided.resolution,
            unbuilt=decided.unbuilt,
        )
        coming = _marked(coming, decided)
        if not request.dry_run:
            writer = _Writer(layout, store, place, engine.interpreter.cache_tag)
            writer.write(coming, tell)
    return outcome


def _coming(decided: Decided, shown: Generation) -> list[Placement]:
    """Return what is not in the environment as it was decided."""
    there = {normalise(one.name): (one.source, one.direct_url) for one in shown.placements}
    fresh = {one.name for one in decided.resolution.distributions if one.origin.kind != "installed"}
    return [
        one
        for one in decided.placements
        if normalise(one.name) in fresh
        or there.get(normalise(one.name)) != (one.source, one.direct_url)
    ]


def _marked(coming: Iterable[Placement], decided: Decided) -> list[Placement]:
    """Return placements that are marked as requested where this very request names them."""
    named = {one.name: one.requested for one in decided.resolution.distributions}
    return [one._replace(requested=named.get(normalise(one.name), True)) for one in coming]


def _check_precedence(coming: Iterable[Placement], shown: Generation, layout: Layout) -> None:
    """Refuse what the environment has in another version: the user's site comes after it (pip's rule)."""
    there = {normalise(one.name) for one in shown.placements}
    for one in coming:
        if normalise(one.name) in there:
            raise AlcoveError(
                f"Will not install to the user site because it will lack sys.path precedence to"
                f" {one.name} in {layout.site_packages}",
                hint="install it into the environment, without --user",
            )


class _Writer:
    """Writes the files of one installation."""

    def __init__(self, layout: Layout, store: Store, place: Place, cache_tag: str) -> None:
        self._layout = layout
        self._store = store
        self._place = place
        self._cache_tag = cache_tag

    def write(self, coming: Sequence[Placement], reporter: Reporter) -> None:
        """Write all files; into a target by way of a directory in it, which goes with its content."""
        place = self._place
        if not place.target:
            scheme = scheme_of(place, self._layout)
            self._make_room(coming, scheme)
            self._place_all(coming, scheme)
            return
        trees.make_directories(place.target)
        staged = atomic.aside(f"{place.target}/install")
        try:
            trees.make_directories(staged)
            scheme = _scheme(staged, self._layout.library, "lib/python")
            self._place_all(coming, scheme)
            move_in(place.target, _tops(staged, scheme), replace=place.replace, reporter=reporter)
        finally:
            trees.remove(staged)

    def _make_room(self, coming: Iterable[Placement], scheme: Scheme) -> None:
        """Remove other versions of what comes: two of one name would both count as installed."""
        from alcove.environments import installed

        names = {normalise(one.name): one.dist_info for one in coming}
        if not os.path.isdir(scheme.library):
            return
        for one in installed.read(scheme.library).distributions:
            info = os.path.basename(one.info)
            if names.get(one.normalised, info) != info and info.endswith(".dist-info"):
                outside.remove(f"{scheme.library}/{info}", inside=(scheme.data,))

    def _place_all(self, coming: Iterable[Placement], scheme: Scheme) -> None:
        found = []
        for placement in coming:
            entry = entries.read(self._store, placement.source.removeprefix("e/"))
            marks = Marks(placement.requested, placement.direct_url, self._layout.python)
            base = entry_path(self._store, entry.directory)
            found.append((entry, outside.place(entry, base, scheme, marks)))
        compiled: dict[str, str] = {}
        if self._place.compile:
            compiled = self._compile([path for _, files in found for path in files])
        for entry, files in found:
            made = [compiled[path] for path in files if path in compiled]
            outside.write_record(entry, scheme, files, made)

    def _compile(self, files: Iterable[str]) -> dict[str, str]:
        """Compile sources with the environment's Python; return the bytecode's path by the source's."""
        from alcove.store.bytecode import compile_files

        sources = [path for path in files if path.endswith(".py")]
        compile_files(sources, python=self._layout.python)
        found = {}
        for path in sources:
            folder, name = os.path.split(path)
            bytecode = f"{folder}/__pycache__/{name[:-3]}.{self._cache_tag}.pyc"
            if os.path.isfile(bytecode):
                found[path] = bytecode
        return found


def _tops(staged: str, scheme: Scheme) -> list[str]:
    """Return what is moved into a target: what lies in the library, then the other folders beside it."""
    above = staged + "/lib"
    found = []
    for directory in (scheme.library, staged):
        if os.path.isdir(directory):
            names = sorted(os.listdir(directory))
            found += [f"{directory}/{name}" for name in names if f"{directory}/{name}" != above]
    return found

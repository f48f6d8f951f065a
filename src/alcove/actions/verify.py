"""`verify`: an environment, or the whole store, compared with what was placed. Nothing is changed and nothing fetched."""

from __future__ import annotations

import os
from functools import partial

from alcove.actions import frame, mending, stashes
from alcove.actions.finding import Finding, Verified
from alcove.actions.moved import known_as
from alcove.actions.seeding import is_current
from alcove.environments import comparing, rendering
from alcove.environments.installed import normalise
from alcove.environments.installed import read as read_installed
from alcove.environments.views import GUARD
from alcove.errors import AlcoveError, EnvironmentBusy, StoreError
from alcove.files import digest, reading
from alcove.files.locking import Busy, Lock
from alcove.store import entries, roots
from alcove.store.layout import entry_path, store_at
from alcove.store.verify import damaged, tripwire
from alcove.transactions import generations, state
from alcove.transactions.tidy import SCRIPT_LINK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alcove.environments.generation import Generation, Placement
    from alcove.environments.layout import Layout
    from alcove.settings import Settings
    from alcove.store.layout import Store

__all__ = ["verify", "verify_store"]


def verify(path: str, settings: Settings, *, whole: bool = False, wait: float = 0.0) -> Verified:
    """Return what is wrong with the environment at `path` (absolute).

    `whole`: and with all of the store that it uses, and of the user's, by hashes. `wait`: where something is wrong it is
    looked at again while nobody changes it, for whom so many seconds may go by; 0 where the caller holds its lock.

    NotAnEnvironment where it is none of ours, NewerFormat where a newer alcove wrote one of its states.
    """
    path = known_as(path)
    try:
        found = _verify(path, settings, whole=whole)
    except (OSError, AlcoveError):
        if not wait:
            raise
        found = None  # somebody may be at work on it, or have taken it away
    if found is not None and not (wait and found.findings):
        return found
    lock = Lock(f"{frame.layout_of(path).private}/lock")
    try:
        if os.path.isfile(lock.path):
            lock.acquire(shared=True, timeout=wait)
    except Busy as busy:
        who = busy.holder or "another process"
        if found is None:
            said = f"{path} is being changed by {who}"
            raise EnvironmentBusy(said, hint="try again when it is done") from None
        return found._replace(told=(*found.told, f"it is being changed by {who}: look again"))
    except OSError:  # not for us to lock
        if found is not None:
            return found
    with lock:
        return _verify(path, settings, whole=whole)


def _verify(path: str, settings: Settings, *, whole: bool) -> Verified:
    layout = frame.layout_of(path)
    generations.refuse_newer(layout)
    found = list(frame.check(layout))
    told = list(frame.notes(layout))
    older: list[Finding] = []
    number = -1
    try:
        shown = frame.shown_of(layout)
    except AlcoveError as error:
        found.append(Finding("slot", "", layout.current, error.message))
        shown = None
    if shown is not None:
        number = shown.number
        found += _generations(layout, shown)
        if os.path.islink(layout.private + "/e"):  # else `frame` told: nothing can be compared
            content = list(_shown(layout, shown, told))
            older = [one for one in content if _is_older(one)]
            found += [one for one in content if one not in older]
            told += _of_older(layout, shown, older)
    found += _entries(layout, settings, shown)
    if whole:
        known = {one.path for one in found if one.part in ("entry", "root")}
        places = dict.fromkeys((mending.store_of(layout, settings)[0], settings.data))
        content = [one for root in places for one in _store(store_at(root))]
        found += [one for one in content if one.path not in known]
    return Verified(layout.root, number, tuple(found), tuple(told), tuple(older))


def _is_older(one: Finding) -> bool:
    """Tell whether an alcove of before left out what is missing."""
    return one.difference is not None and one.difference.kind == "guard" and one.what == "missing"


def _of_older(layout: Layout, shown: Generation, guards: Sequence[Finding]) -> Iterator[str]:
    """Say what this alcove makes otherwise than the one that made the environment."""
    if guards:
        text = f"no {GUARD} in {len(guards)} of its directories, as an older alcove made them"
        yield f"{text}; the next change, or repair, adds it"
    site = layout.slot(layout.shown()) + "/site-packages"
    pips = [one for one in shown.placements if one.record == "seed"]
    if pips and not is_current(site, layout.bin) and not frame.pip_is_gone(site):
        yield "its pip starts another alcove, or is that of another version; repair gives it this one's"


def verify_store(settings: Settings) -> Verified:
    """Return what is wrong with the entries of the user's store, compared by hashes, and with its roots."""
    store = store_at(settings.data)
    return Verified(store.root, -1, tuple(_store(store)), ())


def _store(store: Store) -> Iterator[Finding]:
    try:
        list(roots.every(store))
    except AlcoveError as error:
        yield Finding("root", "", store.roots, error.message)
    for name in entries.names(store):
        found: list[Finding] = []
        try:
            found = _damage(store, name, deep=True, besides="")
        except FileNotFoundError:
            if os.path.lexists(entry_path(store, name)):
                raise
        if os.path.lexists(entry_path(store, name)):  # else `gc` took it meanwhile
            yield from found


def _generations(layout: Layout, shown: Generation) -> Iterator[Finding]:
    numbers = generations.numbers(layout)
    # A change that was stopped right behind the switch has not linked it yet: `tidy` does, and `_shown` says so.
    if shown.number not in numbers and os.path.lexists(f"{layout.private}/state"):
        path = f"{layout.private}/generations/{shown.number}.json"
        yield Finding("generation", "", path, "the state that is shown has no json of its own")
    for number in numbers:
        path = f"{layout.private}/generations/{number}.json"
        try:
            generations.load(layout, number)
        except (AlcoveError, OSError) as error:
            yield Finding("generation", "", path, f"state {number} cannot be read: {error}")


def _entries(layout: Layout, settings: Settings, shown: Generation | None) -> Iterator[Finding]:
    """Look at the entries that the kept generations use: all are there; the files of those shown are as they were."""
    root, _ = mending.store_of(layout, settings)
    store = store_at(root)
    seen = set()
    for generation in [*([shown] if shown else []), *generations.readable(layout)]:
        for placement in generation.placements:
            if placement.source in seen:
                continue
            seen.add(placement.source)
            if placement.source.startswith("e/"):
                yield from _entry(store, placement, layout, watched=generation is shown)
            elif not os.path.isdir(f"{layout.private}/{placement.source}"):
                where = f"{layout.private}/{placement.source}"
                text = f"what others placed of {placement.name} {placement.version} is missing"
                yield Finding("kept", placement.source, where, text)


def _entry(
    store: Store, placement: Placement, layout: Layout, *, watched: bool
) -> Iterator[Finding]:
    directory = placement.source[2:]
    try:
        entry = entries.read(store, directory)
    except StoreError as error:
        shared = roots.sharing(store, directory, besides=layout.root)
        yield Finding("entry", directory, entry_path(store, directory), error.message, shared)
        return
    if entry.sha256 != placement.sha256:
        text = f"is of the wheel {entry.sha256}, and {placement.sha256} was placed"
        yield Finding("entry", directory, entry_path(store, directory), text)
        return
    if watched:
        linked = [f"{entry_path(store, directory)}/lib/{path}" for path in placement.links]
        tripped = not all(tripwire(path, placement.sha256) for path in linked)
        # Sizes and times tell of every edit in place, too, but for one that hides.
        yield from _damage(store, directory, deep=tripped, besides=layout.root, tripped=tripped)
        return
    try:
        entries.view(store, directory)
    except StoreError as error:
        shared = roots.sharing(store, directory, besides=layout.root)
        yield Finding("entry", directory, entry_path(store, directory), error.message, shared)


def _damage(
    store: Store, directory: str, *, deep: bool, besides: str, tripped: bool = False
) -> list[Finding]:
    found = damaged(store, directory, deep=deep)
    if not found and not tripped:
        return []
    rows = ", ".join(f"{one.path} ({one.kind})" for one in found[:5]) or "its time was changed"
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    shared = roots.sharing(store, directory, besides=besides)
    return [Finding("entry", directory, entry_path(store, directory), rows + more, shared)]


def _unsettled(layout: Layout, shown: Generation) -> str:
    """Say why the next change looks closer; "" where there was none yet."""
    if state.is_restored(layout):
        return "it was copied, or something was done to all of it; the next change looks closer"
    if os.path.exists(layout.private + "/state"):
        return "others wrote into site-packages or bin; the next change looks closer"
    return "a change is unfinished; the next one, or repair, tidies up" if shown.number > 0 else ""


def _shown(layout: Layout, shown: Generation, told: list[str]) -> Iterator[Finding]:
    """Look at what stands in the shown slot and around it."""
    slot = rendering.slot(layout, layout.shown(), mode=shown.mode)
    if shown.prefix != layout.root:
        text = f"the environment was moved from {shown.prefix}: its scripts name that place"
        yield Finding("place", "", layout.root, text)
        slot = slot._replace(python=f"{shown.prefix}/{os.path.relpath(layout.python, layout.root)}")
    elif state.read(layout) is None and (text := _unsettled(layout, shown)):
        told.append(text)
    present = {
        one.dist_info.rpartition("/")[2]
        for one in read_installed(slot.site_packages).distributions
        if one.location == slot.site_packages  # what is on its path besides is not in it
    }
    mine = shown.placed()
    # An egg is a directory of nobody's to the environment: it stays, and no later command takes it in.
    earlier = partial(stashes.earlier, layout)
    yield from stashes.findings(slot.site_packages, earlier)
    told += stashes.of_others(slot.site_packages, earlier)
    new = sorted(one for one in present - mine.keys() if one.endswith(".dist-info"))
    told += [f"others placed {name.removesuffix('.dist-info')}" for name in new]
    others = {normalise(name.partition("-")[0]) for name in new}
    taken = set()
    for name, placement in mine.items():
        foreign = _foreign(layout, slot.site_packages, placement)
        if (
            not os.path.isdir(f"{slot.site_packages}/{name}")
            and normalise(placement.name) in others
        ):
            foreign = "replaced"
        if foreign:
            taken.add(name)
            told.append(f"others {foreign} {placement.name} {placement.version}")
            continue
        try:
            wrong = comparing.differences(slot, placement)
        except StoreError:
            continue  # told of the entry
        for one in wrong:
            yield Finding(
                "script" if one.kind == "script" else "distribution",
                placement.name,
                f"{slot.path}/{one.path}",
                one.what + (", and the store's own file with it" if one.shared else ""),
                difference=one,
                dist_info=name,
            )
    rest = [one for one in shown.placements if one.dist_info not in taken]
    yield from _outside(layout, rest, told)


def _foreign(layout: Layout, site: str, placement: Placement) -> str:
    """Return "removed" or "replaced" where another installer did that with a distribution, else ""."""
    info = f"{site}/{placement.dist_info}"
    if not os.path.isdir(info):
        return "removed" if not any(map(os.path.lexists, _places(site, placement))) else ""
    if placement.record == "kept":
        kept = f"{layout.private}/{placement.source}/dist-info"
        return "replaced" if comparing.is_written_anew(info, kept) else ""
    if not placement.source.startswith("e/"):
        return ""
    try:
        installer = reading.content(f"{info}/INSTALLER").strip()
    except OSError:
        return ""
    return "" if installer in (b"alcove", b"") else "replaced"


def _places(site: str, placement: Placement) -> list[str]:
    return [f"{site}/{path}" for path in (*placement.links, *placement.trees, *placement.files)]


def _outside(layout: Layout, placements: Sequence[Placement], told: list[str]) -> Iterator[Finding]:
    """Look at the links of scripts in `bin`, and at the data files."""
    for placement in placements:
        yield from _script_links(layout, placement, told)
        yield from _data(layout, placement, told)


def _script_links(layout: Layout, placement: Placement, told: list[str]) -> Iterator[Finding]:
    for launcher in placement.launchers:
        path = f"{layout.bin}/{launcher.name}"
        try:
            if os.readlink(path) != SCRIPT_LINK + launcher.name:
                yield Finding("link", placement.name, path, "leads elsewhere")
        except FileNotFoundError:
            yield Finding("link", placement.name, path, "missing")
        except OSError:
            if os.path.isfile(path):
                told.append(f"{path} was placed by others")
            else:
                yield Finding("link", placement.name, path, "is no link any more")


def _data(layout: Layout, placement: Placement, told: list[str]) -> Iterator[Finding]:
    for file in placement.data:
        path = f"{layout.root}/{file.path}"
        try:
            if digest.sha256_of(path) == file.sha256:
                continue
        except OSError:
            what = "is no file any more" if os.path.lexists(path) else "missing"
            yield Finding("data", placement.name, path, what, data=file.path)
            continue
        if file.path.startswith("etc/"):
            told.append(f"{path} was changed by hand and is kept")
        else:
            yield Finding("data", placement.name, path, "changed", data=file.path)

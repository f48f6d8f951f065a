"""What an environment shows, and what is wrong with it, read without any code that changes environments."""

from __future__ import annotations

import hashlib
import os
import tempfile
from typing import TYPE_CHECKING, NamedTuple

from alcove.environments import generation as generations
from alcove.environments import rendering, views
from alcove.store import entries, verify
from alcove.store.layout import store_at
from alcove.transactions import foreign, state

if TYPE_CHECKING:
    from alcove.environments.layout import Layout

__all__ = ["Seen", "data_of", "seen", "store_faults", "visible", "wrong"]

_KNOWN = {"current", "a", "b", "generations", "state", "store", "e", "lock", "kept"}
_built: dict[str, dict[str, str]] = {}


class Seen(NamedTuple):
    """All that a user of an environment can see: modules and scripts; everything else."""

    modules: dict[str, str]
    data: dict[str, str]


def seen(layout: Layout) -> Seen:
    """Return what the environment shows."""
    return Seen(visible(layout), data_of(layout))


def visible(layout: Layout) -> dict[str, str]:
    """Return the content of all that can be imported and run, by path, links followed; bytecode does not count."""
    found: dict[str, str] = {}
    for directory, names, files in os.walk(layout.site_packages, followlinks=True):
        names[:] = [name for name in names if name != "__pycache__"]
        place = os.path.relpath(directory, layout.site_packages)
        found[f"site/{place}/"] = "directory"
        for name in files:
            found[f"site/{place}/{name}"] = _content(f"{directory}/{name}")
    for name in os.listdir(layout.bin):
        path = f"{layout.bin}/{name}"
        if os.path.isfile(path):  # a link to nothing is no script
            interpreter = name.startswith("python")
            found[f"bin/{name}"] = os.readlink(path) if interpreter else _content(path)
    return found


def data_of(layout: Layout) -> dict[str, str]:
    """Return all that lies in an environment outside of modules and scripts: kind and content by path."""
    found: dict[str, str] = {}
    for directory, names, files in os.walk(layout.root):
        place = os.path.relpath(directory, layout.root)
        if place == ".":
            names[:] = [name for name in names if name not in (".alcove", "lib", "bin")]
        for name in names:
            path = f"{directory}/{name}"
            found[f"{place}/{name}/"] = os.readlink(path) if os.path.islink(path) else "directory"
        for name in files:
            path = f"{directory}/{name}"
            link = f"link {os.readlink(path)}" if os.path.islink(path) else ""
            found[f"{place}/{name}"] = link or _content(path)
    return found


def wrong(layout: Layout, *, used: bool = True) -> list[str]:
    """Return what a tidy environment would not have: leftovers, links to nothing, slots that are not what they say.

    `used`: a command has looked at it before, and wrote down that all is in line.
    """
    faults = [f".alcove/{name}" for name in os.listdir(layout.private) if name not in _KNOWN]
    for directory, _, files in os.walk(layout.root):
        faults += [f"{directory}/{name}" for name in files if name.endswith(".tmp")]
    for name in os.listdir(layout.bin):
        path = f"{layout.bin}/{name}"
        if os.path.islink(path) and not os.path.exists(path):
            faults.append(f"{path} leads to nothing")
    shown = layout.shown()
    for name in ("a", "b"):
        if os.path.lexists(layout.slot(name)):
            faults += _slot(layout, name)
        elif name == shown:
            faults.append("the shown slot is missing")
    faults += _numbered(layout, shown, used=used)
    site = layout.site_packages
    above = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(site))))
    if above != os.path.realpath(layout.root):
        faults.append(f"three levels above site-packages is {above}")
    return faults


def _slot(layout: Layout, name: str) -> list[str]:
    path = layout.slot(name)
    names = set(os.listdir(path))
    if names != {"site-packages", "bin", "slot.json"}:
        return [f"slot {name} holds {sorted(names)}"]
    want = generations.load(f"{path}/slot.json")
    key = f"{want.prefix} {want.mode} {want.placements!r}"
    if key not in _built:
        _built[key] = _from_scratch(layout, want)
    have, right = _tree(path), _built[key]
    for own in _own(f"{path}/site-packages", want, right):
        for one in list(have):
            if f"{one}/".startswith(f"site-packages/{own}/"):
                del have[one]
    del have["slot.json"]
    for placement in want.placements:
        # What others placed stands as they left it until it is shown again.
        for link in placement.dist_links if placement.record == "kept" else ():
            start = f"site-packages/{placement.dist_info}/{link}"
            for one in [*have, *right]:
                if f"{one}/".startswith(f"{start}/"):
                    have[one] = right.get(one, "")
    return [
        f"slot {name}: {one} is {have.get(one)} and should be {right.get(one)}"
        for one in sorted(have.keys() | right.keys())
        if have.get(one, "") != right.get(one, "")
    ]


def _own(site: str, want: generations.Generation, right: dict[str, str]) -> list[str]:
    """Return what is the user's in a slot's site-packages, and in the directories there that are placed whole."""
    added = foreign.edited(site, want.placements)
    beside = foreign.find(site, want.placements)
    return [*beside, *(one for one in added if f"site-packages/{one}" not in right)]


def _from_scratch(layout: Layout, want: generations.Generation) -> dict[str, str]:
    """Build a generation from its json alone, and return what stands there then."""
    with tempfile.TemporaryDirectory() as folder:
        slot = rendering.slot(layout, "a", mode=want.mode)
        python = f"{want.prefix}/bin/python"
        slot = slot._replace(path=f"{folder}/a", twin="", python=python)
        views.make_slot(slot)
        for placement in want.placements:
            views.show(slot, placement)
        return _tree(slot.path)


def _tree(root: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for directory, names, files in os.walk(root):
        place = os.path.relpath(directory, root)
        names[:] = [name for name in names if name != "__pycache__"]
        for name in [*names, *files]:
            path = f"{directory}/{name}"
            if os.path.islink(path):
                kind = f"link {os.readlink(path)}"
            elif os.path.isdir(path):
                kind = "directory"
            else:
                kind = _content(path)
            found[os.path.normpath(f"{place}/{name}")] = kind
    return found


def _numbered(layout: Layout, shown: str, *, used: bool) -> list[str]:
    faults = []
    folder = f"{layout.private}/generations"
    for name in os.listdir(folder):
        found = generations.load(f"{folder}/{name}")
        if f"{found.number}.json" != name:
            faults.append(f"generations/{name} is number {found.number}")
    now = generations.load(f"{layout.slot(shown)}/slot.json")
    try:
        if generations.load(f"{folder}/{now.number}.json") != now:
            faults.append(f"generations/{now.number}.json is not what is shown")
    except FileNotFoundError:
        faults.append(f"generations/{now.number}.json is missing")
    known = state.read(layout)
    if used and (known is None or known.number != now.number):
        faults.append(f"state is {known}")
    return faults


def store_faults(root: str) -> list[str]:
    """Return what is wrong with the store at `root` after a collection: damage, and what killed processes left."""
    store = store_at(root)
    faults: list[str] = []
    for name in entries.names(store):
        faults += [f"{name}: {one}" for one in verify.damaged(store, name, deep=True)]
    for directory in (store.entries, store.roots):
        if os.path.isdir(directory):
            faults += [name for name in os.listdir(directory) if name.startswith(".")]
    return faults


def _content(path: str) -> str:
    with open(path, "rb") as stream:
        content = stream.read()
    mark = "x" if os.stat(path).st_mode & 0o100 else "-"
    return f"{mark} {hashlib.sha256(content).hexdigest()[:12]}"

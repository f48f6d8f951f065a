"""A quick look at an environment: what it holds, when it changed, what is missing. No lock, and nothing of it is changed."""

from __future__ import annotations

import os

from alcove.environments.layout import BIN, open_layout
from alcove.errors import AlcoveError
from alcove.records import NamedTuple

__all__ = ["BROKEN", "Look", "of_others", "of_ours", "used"]


BROKEN = "broken"
"""The `stamp` of one that could not be looked at."""


class Look(NamedTuple):
    """What one look tells; `generation` -1 and `store` "" where it cannot tell.

    `distributions`: how many it holds, pip not counted: nobody asked for it, and `freeze` and `diff` leave it out, too.
    `entries`: directories of the store (at `store`, absolute) that it shows; `missing`: those of them that are not there.
    `changed`: seconds since 1970; `stamp`: another text whenever its content may have changed. `library`: the folder below
    lib/ that it fills ("python3.12"), of ours only.
    """

    distributions: int = 0
    generation: int = -1
    store: str = ""
    private: bool = False
    entries: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    changed: int = 0
    outside: bool = False
    stamp: str = ""
    library: str = ""


def of_ours(path: str) -> Look:
    """Look at the environment of alcove's at `path` (absolute); an empty look where it is broken."""
    from alcove.actions.moved import known_as
    from alcove.actions.reading import counted, shown
    from alcove.actions.stores import store_root
    from alcove.transactions import state

    try:
        layout = open_layout(known_as(path))
        generation = shown(layout)
        store = store_root(layout)
        noted = state.read(layout)
        site, scripts = state.stamps(layout)
    except (AlcoveError, OSError):
        return Look(stamp=BROKEN)
    sources = {one.source[2:] for one in generation.placements if one.source.startswith("e/")}
    missing = [name for name in sources if not os.path.isdir(f"{layout.private}/e/{name}")]
    there = os.path.exists(f"{layout.private}/state")
    return Look(
        distributions=counted(generation),
        generation=generation.number,
        store=store,
        private=store == layout.private,
        entries=tuple(sorted(sources)),
        missing=tuple(sorted(missing)),
        changed=generation.time,
        # a state that is there and does not hold: others wrote into it, or it was moved
        outside=there and noted is None and not state.is_restored(layout),
        stamp=f"{generation.number} {site} {scripts}",
        library=layout.library,
    )


def of_others(path: str) -> Look:
    """Look at an environment that venv, virtualenv, uv or another tool made at `path` (absolute)."""
    times, count = [0], 0
    for site in _sites(path):
        try:
            names = os.listdir(site)
            times.append(os.stat(site).st_mtime_ns)
        except OSError:
            continue
        count += sum(
            name.endswith((".dist-info", ".egg-info", ".egg-link")) and not name.startswith("pip-")
            for name in names
        )
    stamp = " ".join(map(str, times))
    return Look(distributions=count, changed=max(times) // 10**9, stamp=stamp)


def used(path: str) -> int:
    """Return when a Python of the environment at `path` (absolute) last started, or it was activated; 0 for unknown.

    Python reads the `.pth` files of site-packages when it starts, a shell the activation script. A file system that keeps
    no access times, or has not seen one since the file was written, tells nothing.
    """
    files = [
        os.path.join(path, BIN, name) for name in ("activate", "activate.fish", "activate.csh")
    ]
    for site in _sites(path):
        try:
            names = os.listdir(site)
        except OSError:
            continue
        files += [os.path.join(site, name) for name in names if name.endswith(".pth")]
    newest = 0
    for file in files:
        try:
            facts = os.stat(file)
        except OSError:
            continue
        if facts.st_atime_ns > facts.st_mtime_ns and facts.st_atime_ns > facts.st_ctime_ns:
            newest = max(newest, int(facts.st_atime))
    return newest


def _sites(path: str) -> list[str]:
    """Return the site-packages directories of an environment, by their names."""
    if os.name == "nt":
        return [os.path.join(path, "Lib", "site-packages")]
    try:
        names = os.listdir(os.path.join(path, "lib"))
    except OSError:
        return []
    return [
        os.path.join(path, "lib", name, "site-packages")
        for name in sorted(names)
        if name.startswith(("python", "pypy"))
    ]
